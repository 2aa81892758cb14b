"""DOCX, by python-docx; text wherever a word processor shows it."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx

from retrieval.documents.assemble import Block, assemble
from retrieval.documents.titles import metadata_title
from retrieval.errors import DocumentError
from retrieval.types import Document

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that is shown elsewhere: what a fallback stands in for, and the place that moved text has left.
_REPEATED = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    f"{_WORD}moveFrom",
}
_SPACES = {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"}
_OLE = b"\xd0\xcf\x11\xe0"
UNPACKED_LIMIT = 200 * 2**20
"""Bytes that a DOCX may unpack to: a small archive can hold gigabytes."""


def read_docx(path: Path, data: bytes) -> Document:
    if data.startswith(_OLE):
        raise DocumentError(
            path, "is protected by a password, or a legacy .doc; save a plain .docx copy", "protected"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > UNPACKED_LIMIT:
            reason = f"unpacks to {unpacked >> 20} MB; at most {UNPACKED_LIMIT >> 20} MB are read"
            raise DocumentError(path, reason)
        document = docx.Document(io.BytesIO(data))
        blocks = [block for block in _blocks(document, document.element.body) if block.text]
        title = metadata_title(document.core_properties.title)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not a DOCX file that can be opened (broken or cut short)", "broken") from error
    return assemble(path, blocks, title=title)


def _blocks(document: Any, element: Any) -> Iterator[Block]:
    """Paragraphs and table rows in reading order, also those in content controls."""
    for child in element.iterchildren():
        if child.tag == f"{_WORD}p":
            yield Block(_text(child), _level(document, child))
        elif child.tag == f"{_WORD}tr":
            cells = (_text(cell) for cell in child.iter(f"{_WORD}tc") if _row_of(cell) is child)
            yield Block(" | ".join(cell for cell in cells if cell))
        elif child.tag not in _REPEATED:
            yield from _blocks(document, child)


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(f"{_WORD}tr"), None)


def _text(element: Any) -> str:
    """All text below the element on one line; deleted text has another tag."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        for child in node.iterchildren():
            if child.tag == f"{_WORD}t":
                pieces.append(child.text or "")
            elif child.tag in _SPACES:
                pieces.append(" ")
            elif child.tag not in _REPEATED:
                walk(child)
                if child.tag == f"{_WORD}p":
                    pieces.append(" ")

    walk(element)
    return " ".join("".join(pieces).split())


def _level(document: Any, paragraph: Any) -> int:
    """Level of a heading by its style; 0 for body text."""
    from docx.text.paragraph import Paragraph

    style = Paragraph(paragraph, document).style
    name = (style.name or "").lower() if style is not None else ""
    heading = _HEADING.search(name)
    if heading:
        return min(max(int(heading[1]), 1), 6)
    return 1 if name == "title" else 0
