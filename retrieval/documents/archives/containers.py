"""Files that hold documents: archives (ZIP) and mailboxes (MBOX).

A document in one goes by the file's path and its name inside, `a.zip/报告.docx`, `a.mbox/00001.eml`. No such file is
ever written or opened: the name is looked up in the container. So it is indexed, found, checked and pruned as a file
in a folder is.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath

from config.formats import CONTAINERS
from retrieval.errors import DocumentError

DOCUMENT_LIMIT = 2_000
"""Documents of an archive, which is opened anew for each."""
LETTER_LIMIT = 50_000
UNPACKED_LIMIT = 2**30
"""Bytes that an archive may say it unpacks to; none of its members is unpacked further than it says."""
_DIRECTORY_LIMIT = 4 * 2**20
"""Bytes of the list of its members, read at once."""
_PIECE = 1 << 20
_ENCRYPTED, _UTF_8 = 1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the others zipfile unpacks as much at once as a few bytes ask for."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, LookupError)
"""What zipfile stumbles over: another method, a name that no encoding fits, a size that is not true."""


def container_of(path: Path) -> Path | None:
    """The container that the path leads into; None for a file of its own."""
    return next((place for place in path.parents if place.suffix.lower() in CONTAINERS and place.is_file()), None)


def documents_in(path: Path) -> tuple[list[Path], list[DocumentError]]:
    """The paths of the documents in a container, and why others are left out. Raises DocumentError, or OSError."""
    if path.suffix.lower() == ".mbox":
        return [path / _letter(number) for number in range(len(_letters(path)))], []
    with _archive(path) as archive:
        found, strange = _members(archive)
    names = [DocumentError(path, f"holds a file that leads out of it, {name}; it is left out") for name in strange]
    return [path / name for name in sorted(found)], names


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, or of a document in a container. Raises OSError, and DocumentError for what the container
    does not give out."""
    container = container_of(path)
    if container is None:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_PIECE), b"")
    elif container.suffix.lower() == ".mbox":
        yield from _letter_pieces(container, path.relative_to(container).as_posix())
    else:
        yield from _member_pieces(container, path)


# -- archives --------------------------------------------------------------------------------------------------------


class _File(io.FileIO):
    """A file of which zipfile reads no list of millions of members."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_LIMIT:
            raise zipfile.BadZipFile("too long a list of members")
        return super().read(-1 if size is None else size) or b""


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    with _File(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                if len(members) > DOCUMENT_LIMIT:
                    reason = f"holds more than {DOCUMENT_LIMIT:,} files; unpack it, and index the folder"
                    raise DocumentError(path, reason, "limits")
                if (size := sum(member.file_size for member in members)) > UNPACKED_LIMIT:
                    reason = f"unpacks to {size >> 20:,} MB; at most {UNPACKED_LIMIT >> 20:,} MB are read"
                    raise DocumentError(path, reason, "limits")
                yield archive
        except _BROKEN as error:
            reason = "is not an archive that can be opened (broken, cut short, or not ZIP)"
            raise DocumentError(path, reason, "broken") from error


def _members(archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], list[str]]:
    """The files by their names, and the names that lead out of the archive."""
    found, strange = dict[str, zipfile.ZipInfo](), list[str]()
    for member in archive.infolist():
        name = _name(member)
        parts = PurePosixPath(name).parts
        if name.startswith("/") or name[1:2] == ":" or ".." in parts:
            strange.append(name)
        elif not name.endswith("/"):
            found["/".join(parts)] = member
    return found, strange


def _name(member: zipfile.ZipInfo) -> str:
    """As whoever packed it saw it: Windows packs in the encoding of its language, and says nothing of it."""
    name = member.filename
    if not member.flag_bits & _UTF_8:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _member_pieces(container: Path, path: Path) -> Iterator[bytes]:
    with _archive(container) as archive:
        member = _members(archive)[0].get(path.relative_to(container).as_posix())
        if member is None:
            raise FileNotFoundError(2, "it is no longer in the archive")
        if member.flag_bits & _ENCRYPTED:
            raise DocumentError(path, "is protected by a password; unpack it, and index the folder", "protected")
        if member.compress_type not in _METHODS:
            reason = "is packed by a method of its own; unpack it, and index the folder"
            raise DocumentError(path, reason, "broken")
        with archive.open(member) as packed:
            yield from iter(lambda: packed.read(_PIECE), b"")


# -- mailboxes -------------------------------------------------------------------------------------------------------


def _letter(number: int) -> str:
    return f"{number + 1:05}.eml"


def _letters(path: Path) -> tuple[tuple[int, int], ...]:
    status = path.stat()
    return _letters_of(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _letters_of(path: Path, _changed: int, size: int) -> tuple[tuple[int, int], ...]:
    """Where each letter begins and ends: it follows a line that begins with “From ”, after a blank one (RFC 4155)."""
    starts, ends = list[int](), list[int]()
    at, after_blank, at_line = 0, True, True
    with path.open("rb") as file:
        while line := file.readline(_PIECE):
            if at_line and after_blank and line.startswith(b"From "):
                starts.append(at + len(line))
                ends.append(at)
            after_blank = at_line and not line.strip()
            at_line = line.endswith(b"\n")
            at += len(line)
            if at == len(line) and not starts:
                raise DocumentError(path, "is no mailbox (it does not begin with “From ”)", "broken")
            if len(starts) > LETTER_LIMIT:
                raise DocumentError(path, f"holds more than {LETTER_LIMIT:,} letters; split it", "limits")
    return tuple(zip(starts, [*ends, size][1:], strict=True))


def _letter_pieces(container: Path, name: str) -> Iterator[bytes]:
    number = int(name.removesuffix(".eml")) - 1 if name.removesuffix(".eml").isdecimal() else -1
    letters = _letters(container)
    if not 0 <= number < len(letters):
        raise FileNotFoundError(2, "it is no longer in the mailbox")
    start, end = letters[number]
    with container.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(_PIECE, end - start))):
            yield piece
            start += len(piece)
