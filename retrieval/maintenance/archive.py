"""The file of a backup: a ZIP, its members stored as they are, and `manifest.json` with the size and SHA-256 of each.

Nothing is compressed: documents that were sent are so mostly already, vectors hardly can be, and no member can unpack
to more than the file has.
"""

import hashlib
import json
import os
import shutil
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from retrieval.errors import StorageError
from retrieval.frozen_dict import freeze

MANIFEST, FORMAT = "manifest.json", "wenju-backup/1"
INDEX = "index.db"
"""The member that holds the dump of the index."""
_MANIFEST_BYTES = 64 * 2**20
_LOCAL_HEADER = 30
"""Bytes of what stands in a ZIP before the name of a member."""
_CHUNK = 2**20
_GARBLED = (zipfile.BadZipFile, struct.error, EOFError, RuntimeError, ValueError, KeyError, TypeError)
"""What zipfile and json raise over a file of somebody's making, where nothing is unpacked."""
_FORBIDDEN = set("/\\:")
_INVISIBLE = ("Cc", "Cf", "Cs")
"""Control characters, those that turn text around, half characters."""
_NAME_BYTES = 255

Put = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies in a home beside the index and belongs in a backup: SQLite databases by name, and folders of files.

    When a database is restored, its function gets a copy that is whole; it checks and mends the copy, raising
    WenjuError if it cannot be used, and returns what puts it in the place of the live one. Files of a folder whose
    names begin with `unfinished` are left out."""

    databases: Mapping[str, Callable[[Path], Put]] = field(default_factory=dict)
    folders: Sequence[str] = ()
    unfinished: str = ".incoming-"

    def __post_init__(self) -> None:
        freeze(self, "databases")


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is the database's, or folder/file."""

    name: str
    size: int
    sha256: str


def is_plain(name: str) -> bool:
    """Whether a file of this name may be backed up and put back: it leads nowhere, and shows what it is."""
    if _FORBIDDEN & set(name) or any(unicodedata.category(character) in _INVISIBLE for character in name):
        return False
    return name not in {"", ".", ".."} and len(name.encode()) <= _NAME_BYTES


class DamagedBackupError(Exception):
    """The file cannot be used; says why."""


class Archive:
    """A backup that is read. What it holds is known and bounded when it is open; nothing of it is trusted."""

    def __init__(self, place: str, file: BinaryIO, beside: Beside) -> None:
        """The file is read as it was opened, though another may take its name meanwhile; `place` is its path or
        address."""
        self.place, self._file, self._zip = place, file, zipfile.ZipFile(file)
        infos = {info.filename: info for info in self._zip.infolist()}
        told = infos.get(MANIFEST)
        if told is None or not _is_stored(told) or told.file_size > _MANIFEST_BYTES:
            raise DamagedBackupError("it is no backup made by `wenju backup`")
        manifest = json.loads(self._zip.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise DamagedBackupError(f"it has the format {str(manifest['format'])[:40]}; update Wenju first")
        self.members = {
            member["name"]: Member(member["name"], member["size"], member["sha256"]) for member in manifest["members"]
        }
        if len(infos) != len(self._zip.infolist()) or infos.keys() - {MANIFEST} != self.members.keys():
            raise DamagedBackupError("it does not hold what its manifest says")
        for member in self.members.values():
            _check(member, infos[member.name], beside)
        self.made = str(manifest.get("made", ""))[:40]
        self.size = sum(member.size for member in self.members.values())
        if INDEX not in self.members or self.size > file.seek(0, os.SEEK_END):
            raise DamagedBackupError("it does not hold what its manifest says")

    @property
    def name(self) -> str:
        """Of the backup, in the folder in which it lies."""
        return self.place.rpartition("/")[2]

    def extract(self, name: str, target: Path) -> None:
        """Write a member to a new file, whole and as it was backed up. Raises StorageError."""
        member, digest, size = self.members[name], hashlib.sha256(), 0
        with reading(self.place), self._zip.open(name) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > member.size:
                    break
                digest.update(chunk)
                file.write(chunk)
            if (size, digest.hexdigest()) != (member.size, member.sha256):
                raise DamagedBackupError(f"its part {name} does not match its checksum")
            file.flush()
            os.fsync(file.fileno())

    def go_on(self, name: str, target: Path, progress: Callable[[int, int], None]) -> None:
        """The same to a file that may hold the beginning of it: only the rest is read. `progress` is told what part
        is done, in megabytes, and of how much. What is not as it was backed up is deleted. Raises StorageError."""
        member, digest, have = self.members[name], hashlib.sha256(), 0
        with reading(self.place), target.open("a+b") as file:
            file.seek(0)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                have += len(chunk)
            self._file.seek(self._begin(name) + have)
            while have < member.size and (chunk := self._file.read(min(_CHUNK, member.size - have))):
                file.write(chunk)
                digest.update(chunk)
                have += len(chunk)
                progress(have // _CHUNK, member.size // _CHUNK)
            file.flush()
            os.fsync(file.fileno())
            if (have, digest.hexdigest()) != (member.size, member.sha256):
                target.unlink()
                raise DamagedBackupError(f"its part {name} does not match its checksum")

    def _begin(self, name: str) -> int:
        """Where the bytes of a member begin in the file (APPNOTE.TXT of PKWARE, 4.3.7: behind its local header, whose
        last two fields tell how long a name and extra field follow)."""
        header = self._zip.getinfo(name).header_offset
        self._file.seek(header + _LOCAL_HEADER - 4)
        name_length, extra_length = struct.unpack("<HH", self._file.read(4))
        return header + _LOCAL_HEADER + int(name_length) + int(extra_length)


@contextmanager
def opened(path: Path, beside: Beside) -> Iterator[Archive]:
    """Raises StorageError for a file that cannot be read, is damaged or is no backup."""
    with ExitStack() as stack:
        with reading(str(path)):
            if not path.is_file():
                raise StorageError(f"There is no backup {path}." if not path.exists() else f"{path} is not a file.")
            archive = Archive(str(path), stack.enter_context(path.open("rb")), beside)
        yield archive


def check_space(folder: Path, size: int) -> None:
    """Raise StorageError unless so many bytes of a backup have room in the folder."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StorageError(
            f"There is no space for {size / 2**20:,.0f} MB of the backup: {folder} has {free / 2**20:,.0f} MB free. "
            "Nothing was changed."
        )


@contextmanager
def reading(place: str) -> Iterator[None]:
    """Whatever a file from outside makes the library trip over, in one line."""
    try:
        yield
    except DamagedBackupError as error:
        raise StorageError(f"{place} cannot be restored: {error}. Nothing was changed.") from error
    except _GARBLED as error:
        raise StorageError(
            f"{place} cannot be restored: it is damaged, or no backup made by `wenju backup`. Nothing was changed."
        ) from error
    except OSError as error:
        raise StorageError(
            f"{error.filename or place} cannot be read or written: {error.strerror or error}. Check free space and "
            "permissions. Nothing was changed."
        ) from error


class ArchiveWriter:
    """A backup that is written."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self.members: list[Member] = []

    def add(self, path: Path, name: str) -> None:
        """Raises OSError; FileNotFoundError before anything is written."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o600 << 16
        with path.open("rb") as source, self._zip.open(info, "w", force_zip64=True) as member:
            while chunk := source.read(_CHUNK):
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members.append(Member(name, size, digest.hexdigest()))

    def finish(self, **facts: Any) -> None:
        """Write the manifest: what stands in it besides the members is for people."""
        members = [{"name": member.name, "size": member.size, "sha256": member.sha256} for member in self.members]
        info = zipfile.ZipInfo(MANIFEST)
        info.external_attr = 0o600 << 16
        manifest = {"format": FORMAT, **facts, "members": members}
        self._zip.writestr(info, json.dumps(manifest, ensure_ascii=False, indent=1))


def _check(member: Member, info: zipfile.ZipInfo, beside: Beside) -> None:
    """Raises DamagedBackupError unless the member can be nothing but a plain file where one of its kind belongs."""
    folder, _, name = member.name.rpartition("/")
    known = member.name in {INDEX, *beside.databases} if not folder else folder in beside.folders
    if not known or not is_plain(name):
        raise DamagedBackupError(f"it holds {member.name[:80]!r}, which belongs in no backup")
    is_file = (info.external_attr >> 16) & 0o170000 in (0, 0o100000) and not info.is_dir()
    if not is_file or not _is_stored(info) or info.file_size != member.size:
        raise DamagedBackupError(f"its part {member.name} is not stored as a plain file of its size")


def _is_stored(info: zipfile.ZipInfo) -> bool:
    """As it is: not packed, not encrypted."""
    is_encrypted = info.flag_bits & 1
    return info.compress_type == zipfile.ZIP_STORED and not is_encrypted and info.file_size == info.compress_size
