"""The archives that office programs save (DOCX, PPTX, XLSX, ODT, ODS) and books (EPUB), unpacked within limits before
their readers see them."""

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut, LeftOutKind

UNPACKED_LIMIT = 200 * 2**20
"""Bytes that an archive may unpack to: a small one can hold gigabytes."""
MEMBER_LIMIT = 10_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What office programs pack with. Of the others zipfile unpacks a whole member at once, whatever is asked for."""
_PIECE = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
"""How legacy files begin, and those that a password protects."""


_KEPT = (".xml", ".rels")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".emf", ".wmf")
_PICTURE_BYTES = 20_000
"""A smaller picture is an emblem, a line or a bullet; none of them holds text that people miss."""


def unzipped(path: Path, data: bytes, legacy: str, kept: tuple[str, ...] = _KEPT) -> io.BytesIO:
    """The archive with its XML (what ends in one of the suffixes `kept`) unpacked and anything else left empty. What
    the members say of their sizes is added up first; then none is unpacked further than it says. `legacy` is the
    suffix of the format before. Raises DocumentError, and zipfile's errors where it is broken."""
    protected = f"is protected by a password, or a legacy {legacy}; save a plain {path.suffix.lower()} copy"
    if data.startswith(_OLE):
        raise DocumentError(path, protected, "protected")
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
                raise DocumentError(path, protected, "protected")
            with plain.open(zipfile.ZipInfo(name), "w") as copy:
                if name.lower().endswith(kept):
                    _copy(archive, member, copy)
    unpacked.seek(0)
    return unpacked


def left_out_of(data: bytes) -> tuple[LeftOut, ...]:
    """What an archive holds that no reader of it reads: pictures, charts, files put into the document."""
    found: dict[LeftOutKind, list[str]] = {"pictures": [], "charts": [], "embedded_files": []}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename)
            if name.parent.name == "docProps":
                continue  # a small picture of the document itself
            if name.suffix.lower() in _PICTURES and member.file_size >= _PICTURE_BYTES:
                found["pictures"].append(name.name)
            elif name.parent.name == "embeddings":
                found["embedded_files"].append(name.name)
            elif name.parent.name == "charts" and name.suffix == ".xml":
                found["charts"].append(name.name)
    return tuple(LeftOut(kind, tuple(names)) for kind, names in found.items() if names)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: Any) -> None:
    if member.compress_type not in _METHODS:
        raise zipfile.BadZipFile("packed by another method")
    with archive.open(member) as packed:
        while piece := packed.read(_PIECE):
            copy.write(piece)
