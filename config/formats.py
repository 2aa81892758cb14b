"""The types of files that Wenju reads, as people are told; `retrieval/documents` has a reader for each."""

TYPES = ".txt .md .html .pdf .docx .pptx .odt .rtf .epub .eml .xlsx .xls .ods .csv .tsv .jsonl"
SUFFIXES = tuple(TYPES.split())
OLDER = (".doc", ".wps", ".ppt")
"""Read where LibreOffice is installed, or where they are only called so."""
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
"""Read where text recognition (OCR) is installed."""
CONTAINERS = (".zip", ".mbox")
"""What holds documents, each read as one of its own."""
