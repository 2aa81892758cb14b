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
MEMBER_LIMIT = 10_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What word processors pack with. Of the others zipfile unpacks a whole member at once, whatever is asked for."""
_PIECE = 1 << 20
_PROTECTED = "is protected by a password, or a legacy .doc; save a plain .docx copy"


def read_docx(path: Path, data: bytes) -> Document:
    if data.startswith(_OLE):
        raise DocumentError(path, _PROTECTED, "protected")
    try:
        document = docx.Document(_unpacked(path, data))
        blocks = [block for block in _blocks(document.element.body, _levels(document)) if block.text]
        title = metadata_title(document.core_properties.title)
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not a DOCX file that can be opened (broken or cut short)", "broken") from error
    return assemble(path, blocks, title=title)


def _unpacked(path: Path, data: bytes) -> io.BytesIO:
    """The archive with its XML unpacked and anything else left empty. What the members say of their sizes is added up
    first; then none is unpacked further than it says. Raises DocumentError."""
    unpacked = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(unpacked, "w") as plain:
        members = {member.filename: member for member in archive.infolist()}
        if len(archive.infolist()) > MEMBER_LIMIT:
            raise DocumentError(path, f"has more than {MEMBER_LIMIT:,} members; that is no document", "limits")
        size = sum(member.file_size for member in archive.infolist())
        if size > UNPACKED_LIMIT:
            reason = f"unpacks to {size >> 20} MB; at most {UNPACKED_LIMIT >> 20} MB are read"
            raise DocumentError(path, reason, "limits")
        for name, member in members.items():
            if member.flag_bits & 1:
                raise DocumentError(path, _PROTECTED, "protected")
            with plain.open(zipfile.ZipInfo(name), "w") as copy:
                if name.lower().endswith((".xml", ".rels")):
                    _copy(archive, member, copy)
    unpacked.seek(0)
    return unpacked


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: Any) -> None:
    if member.compress_type not in _METHODS:
        raise zipfile.BadZipFile("packed by another method")
    with archive.open(member) as packed:
        while piece := packed.read(_PIECE):
            copy.write(piece)


def _blocks(element: Any, levels: dict[str | None, int]) -> Iterator[Block]:
    """Paragraphs and table rows in reading order, also those in content controls."""
    for child in element.iterchildren():
        if child.tag == f"{_WORD}p":
            yield Block(_text(child), levels.get(child.style, levels[None]))
        elif child.tag == f"{_WORD}tr":
            cells = (_text(cell) for cell in child.iter(f"{_WORD}tc") if _row_of(cell) is child)
            yield Block(" | ".join(cell for cell in cells if cell))
        elif child.tag not in _REPEATED:
            yield from _blocks(child, levels)


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


def _levels(document: Any) -> dict[str | None, int]:
    """Level of a heading by the id of its style, and under None that of paragraphs without one."""
    levels: dict[str | None, int] = {None: 0}
    for style in document.styles.element.iterchildren(f"{_WORD}style"):
        if style.get(f"{_WORD}type") == "paragraph":
            level = _level_of(style.name_val)
            levels[style.styleId] = level
            if style.get(f"{_WORD}default") in ("1", "true", "on"):
                levels[None] = level
    return levels


def _level_of(name: str | None) -> int:
    name = (name or "").lower()
    heading = _HEADING.search(name)
    if heading:
        return min(max(int(heading[1]), 1), 6)
    return 1 if name == "title" else 0
