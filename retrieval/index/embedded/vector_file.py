"""The file that a cache of vectors starts from.

Magic, u32 length of a JSON header (stamp of the store, kind, bytes in memory), the rows as FAISS writes them, two
SHA-256. The first is of the frame: the header, and all that FAISS writes in small pieces, which says how the rest is
laid out. It is compared before the rows are searched, for a wrong frame can bring FAISS to a fall. The second is of
the whole file; a wrong bit among the rows makes some of them harder to find and does no more, so it is compared when
there is time.
"""

import hashlib
import json
import os
import struct
from pathlib import Path
from typing import IO, Any, NamedTuple

from retrieval.index.embedded.faiss_index import FaissRows, read, write
from retrieval.index.embedded.stamp import Stamp

_MAGIC = b"WJVEC3\n"
_SMALL = 4096
"""Bytes of a piece that counts as frame."""
_SHA256 = hashlib.sha256().digest_size


class Header(NamedTuple):
    """What the file says of itself: the state of the store, the kind of index, its bytes in memory."""

    stamp: Stamp
    kind: str
    memory: int


class DamagedVectorsError(Exception):
    """The file is not what was written."""


class _HashingFile:
    """Passes bytes through and hashes them: those of small pieces, and all."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.frame, self.whole = hashlib.sha256(), hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.whole.update(data)
        self._see(data)
        return self._file.write(data)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._see(data)
        return data

    def _see(self, data: bytes) -> None:
        if len(data) < _SMALL:
            self.frame.update(data)


def write_vectors(path: Path, rows: FaissRows, stamp: Stamp) -> None:
    """Write the file; it replaces the old one whole or not at all."""
    header = json.dumps({"stamp": stamp, "kind": rows.kind, "memory": rows.bytes}).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            hashing = _HashingFile(file)
            for piece in (_MAGIC, struct.pack("<I", len(header)), header):
                hashing.write(piece)
            write(rows, hashing.write)
            hashing.write(hashing.frame.digest())
            file.write(hashing.whole.digest())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_vectors(file: IO[bytes], dimension: int) -> tuple[FaissRows, Header]:
    """The rows, of which nothing is known yet but that they are laid out as they should be. Raises
    DamagedVectorsError."""
    hashing = _HashingFile(file)
    try:
        header = _header(hashing)
        rows = read(header.kind, hashing)
        if hashing.frame.digest() != file.read(_SHA256) or len(file.read(_SHA256)) != _SHA256 or file.read(1):
            raise DamagedVectorsError("the checksum differs")
        if rows.dimension != dimension:
            raise DamagedVectorsError("dimension differs")
    except (ValueError, KeyError, TypeError, RuntimeError, MemoryError, OverflowError, struct.error) as error:
        raise DamagedVectorsError(str(error)) from error
    return rows, header


def read_header(path: Path) -> Header:
    """What the file says of itself, without reading the rest. Raises DamagedVectorsError, or OSError."""
    with path.open("rb") as file:
        try:
            return _header(file)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise DamagedVectorsError(str(error)) from error


def is_sound(file: IO[bytes]) -> bool:
    """Whether the whole file can be read, and its checksum is right."""
    try:
        left = file.seek(0, os.SEEK_END) - _SHA256
        file.seek(0)
        sha256 = hashlib.sha256()
        while left > 0 and (data := file.read(min(left, 2**20))):
            sha256.update(data)
            left -= len(data)
        return sha256.digest() == file.read()
    except OSError:
        return False


def _header(file: Any) -> Header:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("not a vector cache")
    (length,) = struct.unpack("<I", file.read(4))
    header: dict[str, Any] = json.loads(file.read(min(length, 10_000)))
    uuid, seq, token = header["stamp"]
    return Header(Stamp(str(uuid), int(seq), str(token)), str(header["kind"]), int(header["memory"]))
