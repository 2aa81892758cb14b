"""Tantivy's files: what is wrong with them, and what killed writers left among them.

Tantivy writes checksums and does not look at them again. Each file of a segment ends with a footer: JSON that has the
CRC-32 of all before it, the length of that JSON, and a magic number, both u32 (tantivy's `directory/footer.rs`).
"""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.errors import StorageError

TEMPORARY = ".tmp"
"""Begins the names of files that are to replace another."""
_SEGMENT = re.compile(r"[0-9a-f]{32}\..*")
"""Files of a segment; both of tantivy's lists, `.managed.json` and `meta.json`, call it by these digits."""
_MAGIC = 1337
_END = struct.Struct("<II")
_PIECE = 2**20


class DamagedWordsError(Exception):
    """The files of the word index cannot be read; they are a cache and can be made anew."""


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """What tantivy makes of damaged files, panics of Rust among them, as DamagedWordsError."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, ValueError | OSError) and type(error).__name__ != "PanicException":
            raise
        raise DamagedWordsError(f"{folder} cannot be read: {error}") from error


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise StorageError(
            f"The word index in {folder} cannot be written: {error}. The documents are safe in the database; "
            "free some space or mend the permissions, and the next run brings it up to date."
        ) from error


def clear(folder: Path) -> None:
    """Take away files that were to replace another, segments on neither list, and of those on it what a commit that
    never came would have taken out: the next commit gives its file the same name. The caller is the only writer."""
    lists = [path.read_text("utf-8", "replace") for path in folder.glob("*.json")]
    known, taken_out = "".join(lists).replace("-", ""), {path.name for path in _taken_out(folder)}
    for path in folder.iterdir():
        is_strange = _SEGMENT.fullmatch(path.name) and path.name[:32] not in known
        if is_strange or path.name.startswith(TEMPORARY) or (path.suffix == ".del" and path.name not in taken_out):
            path.unlink()


def _taken_out(folder: Path) -> Iterator[Path]:
    """Of each segment of the last commit the file that says what was taken out of it."""
    for segment in _meta(folder)["segments"]:
        if segment["deletes"] is not None:
            yield folder / f"{_digits(segment)}.{segment['deletes']['opstamp']}.del"


def _meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
    return meta


def _digits(segment: dict[str, Any]) -> str:
    digits: str = segment["segment_id"].replace("-", "")
    return digits


def damaged_files(folder: Path) -> list[Path]:
    """Files of the last commit that are not what was written. Those that another process takes away in the meantime,
    or writes for the next commit, are left out."""
    try:
        files = [*_taken_out(folder)]
        for segment in _meta(folder)["segments"]:
            files += [path for path in folder.glob(f"{_digits(segment)}.*") if path.suffix != ".del"]
        return [path for path in files if not _is_sound(path)]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [folder / "meta.json"]


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _END.size))
            length, magic = _END.unpack(file.read())
            left = size - _END.size - length
            if magic != _MAGIC or left < 0:
                return False
            file.seek(left)
            told = json.loads(file.read(length))["crc"]
            file.seek(0)
            crc = 0
            while left and (piece := file.read(min(left, _PIECE))):
                crc = zlib.crc32(piece, crc)
                left -= len(piece)
            return bool(crc == told)
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
