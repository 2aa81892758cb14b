"""The types of files that Wenju reads, as people are told; `retrieval/documents` has a reader for each."""

SUFFIXES = (".txt", ".md", ".html", ".pdf", ".docx", ".xlsx", ".ods", ".csv", ".tsv")
TYPES = " ".join(SUFFIXES)
