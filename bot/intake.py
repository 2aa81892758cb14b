"""Files that come through a door: put beside the index, read, and deleted again with their document."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config.formats import CONTAINERS, PICTURES, SUFFIXES
from retrieval.errors import DocumentFault, StorageError
from retrieval.left_out import LeftOut, recognises
from retrieval.service import KnowledgeBase, Progress, ignore
from retrieval.types import DocumentRecord

UPLOADS, INCOMING = "uploads", ".incoming-"
_NAME_BYTES = 200
_NEW, _OLD = INCOMING, ".before-"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """What became of a file. `name` is the document's, which differs from the file's where it was known already.
    `superseded` is one of which a newer version was taken in before."""

    outcome: Literal["added", "changed", "unchanged", "same_content", "not_added", "not_added_kept", "superseded"]
    name: str
    passages: int = 0
    reason: str = ""
    kind: DocumentFault = "other"
    pages: tuple[int, ...] = ()
    """Pages that hold no text."""
    left_out: tuple[LeftOut, ...] = ()
    document_id: str = ""
    """Of what is in the index now; empty where nothing is known of it."""


def suffixes() -> tuple[str, ...]:
    """Those of files that are read here: of pictures where text recognition is installed."""
    return SUFFIXES + (PICTURES if recognises() else ())


def uploads_folder(base: KnowledgeBase) -> Path:
    return base.settings.home / UPLOADS


def digest_of(path: Path) -> str:
    """The SHA-256 of the file, as the index keeps it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def delete_upload(base: KnowledgeBase, record: DocumentRecord) -> bool:
    """Delete the file if it is one that was sent; others belong to somebody else, as does a newer version."""
    path = record.path
    if path.parent != uploads_folder(base):
        return False
    if path.exists() and digest_of(path) == record.sha256:
        path.unlink(missing_ok=True)
    return True


def delete_left(base: KnowledgeBase, sha256: str) -> None:
    """Delete a sent file of that digest whose document is gone. `base` is the one that sees all documents."""
    known = {record.path for record in base.documents()}
    for path in uploads_folder(base).glob("[!.]*"):
        if path not in known and path.is_file() and digest_of(path) == sha256:
            path.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """A file name out of one from outside: no folder, nothing hidden, no character that means something elsewhere,
    at most 200 bytes with its suffix."""
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")[-1]
    flat = "".join("_" if unicodedata.category(character)[0] == "C" else character for character in flat)
    flat = re.sub(r'[<>:"|?*]', "_", flat).strip(" .") or "document"
    stem, suffix = Path(flat).stem, Path(flat).suffix
    room = _NAME_BYTES - len(suffix.encode())
    return stem.encode()[: max(room, 1)].decode(errors="ignore") + suffix if room > 0 else "document"


def stored_file(base: KnowledgeBase, name: str) -> bytes:
    """What lies there under the name, nothing where no such file does; the version before one that a killed process
    did not finish. Raises StorageError."""
    path = uploads_folder(base) / name
    with _storage_errors(path):
        for known in (path.with_name(_OLD + name), path):
            with suppress(FileNotFoundError):
                return known.read_bytes()
    return b""


def take_in(
    base: KnowledgeBase, name: str, data: bytes | Path, progress: Callable[[Progress], None] = ignore
) -> ReceivedFile:
    """Put the data, or a file of them that is moved, beside the index and read it. The version before stays, in the
    index and on the disk, unless the new one can be read. Raises BusyError, StorageError and the like; then all
    is as it was."""
    path = uploads_folder(base) / name
    if path.suffix.lower() in CONTAINERS:
        return ReceivedFile(
            "not_added", name, 0, "holds several documents; unpack it, and send them one by one", "type"
        )
    known = base.documents()
    digest = hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else digest_of(data)
    same = {record.path: record for record in known if record.sha256 == digest}
    if path in same:
        with _in_place(path, data) as keep:  # whatever a killed process left there
            keep()
        return ReceivedFile("unchanged", name, same[path].passages, document_id=same[path].document_id)
    for record in same.values():
        return ReceivedFile("same_content", record.name, record.passages, document_id=record.document_id)
    with _in_place(path, data) as keep:
        report = base.add([path], progress=progress)
        if report.failures:
            failure = report.failures[0]
            replaced = any(record.path == path for record in known)
            return ReceivedFile("not_added_kept" if replaced else "not_added", name, 0, failure.reason, failure.kind)
        keep()
    added = base.find(str(path))
    pages, left_out = tuple(report.without_text.get(path, ())), report.left_out.get(path, ())
    outcome: Literal["changed", "added"] = "changed" if report.changed else "added"
    return ReceivedFile(
        outcome, name, added.passages, pages=pages, left_out=left_out, document_id=added.document_id
    )  # fmt: skip


@contextmanager
def _in_place(path: Path, data: bytes | Path) -> Iterator[Callable[[], None]]:
    """The data under the path; when the block does not call what it is given, what was there before is put back. A
    process killed within leaves the version before under a name of its own, and the next try begins with it."""
    new, old = path.with_name(_NEW + path.name), path.with_name(_OLD + path.name)
    placed, kept = False, False

    def keep() -> None:
        nonlocal kept
        kept = True

    try:
        with _storage_errors(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if old.exists():
                old.replace(path)
            if isinstance(data, bytes):
                new.write_bytes(data)
            else:
                data.replace(new)
            if path.exists():
                path.replace(old)
            new.replace(path)
            placed = True
        yield keep
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        if kept:
            old.unlink(missing_ok=True)
        elif old.exists():
            old.replace(path)
        elif placed:
            path.unlink(missing_ok=True)


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}. Check free space and permissions."
        ) from error
