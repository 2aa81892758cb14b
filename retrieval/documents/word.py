"""DOCX, by python-docx."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from retrieval.documents.assemble import Block, assemble
from retrieval.documents.titles import metadata_title
from retrieval.errors import DocumentError
from retrieval.types import Document

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)")
UNPACKED_LIMIT = 200 * 2**20
"""Bytes that a DOCX may unpack to: a small archive can hold gigabytes."""


def read_docx(path: Path, data: bytes) -> Document:
    import docx
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > UNPACKED_LIMIT:
            reason = f"unpacks to {unpacked >> 20} MB; at most {UNPACKED_LIMIT >> 20} MB are read"
            raise DocumentError(path, reason)
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, LxmlError) as error:
        raise DocumentError(path, "is not a DOCX file that can be opened (broken or cut short)") from error
    blocks = [block for block in _blocks(document) if block.text]
    return assemble(path, blocks, title=metadata_title(document.core_properties.title))


def _blocks(document: object) -> Iterator[Block]:
    """Paragraphs and table rows in reading order."""
    for item in document.iter_inner_content():  # type: ignore[attr-defined]
        if hasattr(item, "rows"):
            for row in item.rows:
                cells = dict.fromkeys(_one_line(cell.text) for cell in row.cells)  # merged cells come repeated
                yield Block(" | ".join(cell for cell in cells if cell))
        else:
            yield Block(_one_line(item.text), _level(item.style.name if item.style else ""))


def _level(style: str | None) -> int:
    name = (style or "").lower()
    heading = _HEADING.search(name)
    if heading:
        return min(max(int(heading[1]), 1), 6)
    return 1 if name == "title" else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())
