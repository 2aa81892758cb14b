"""The types of files that Wenju reads, as people are told; `retrieval/documents` has a reader for each."""

TYPES = ".txt .md .html .pdf .docx .pptx .odt .rtf .epub .eml .xlsx .xls .ods .csv .tsv .jsonl"
SUFFIXES = tuple(TYPES.split())
CONTAINERS = (".zip", ".mbox")
"""What holds documents, each read as one of its own."""
