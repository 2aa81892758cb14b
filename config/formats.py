"""The types of files that Wenju reads, as people are told; `retrieval/documents` has a reader for each."""

SUFFIXES = tuple(".txt .md .html .pdf .docx .pptx .odt .rtf .epub .eml .xlsx .xls .ods .csv .tsv .jsonl".split())
TYPES = " ".join(SUFFIXES)
