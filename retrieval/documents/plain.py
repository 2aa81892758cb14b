"""Plain text."""

from pathlib import Path

from retrieval.documents.decode import decode
from retrieval.documents.layout import paragraphs_of_lines
from retrieval.documents.titles import first_line
from retrieval.types import Document


def read_plain(path: Path, data: bytes) -> Document:
    text = decode(data)
    return Document(path, first_line(text), text, paragraphs_of_lines(text))
