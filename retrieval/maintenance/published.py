"""Backups in an object store, which knows no renaming, and in which what is being written may be seen half.

So a note beside the backups, written last, tells which is the newest, how large it is and what its index is. A backup
that is not as the note says is none yet, and a backup without a note is seen by nobody who follows.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import ConfirmationRequired, NotFoundError, StorageError
from retrieval.index.base import NOTHING, IndexStore
from retrieval.index.following import FollowedBackup
from retrieval.index.sqlite_files import storage_errors
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.archive import INDEX, Archive, Beside, is_plain, opened, reading
from retrieval.maintenance.backup import BackupReport, back_up, working_folder
from retrieval.maintenance.object_store import ObjectStore, check_address

NOTE, _FORMAT = "wenju-newest.json", "wenju-newest/1"
_NOTE_BYTES = 64 * 2**10


@dataclass(frozen=True, slots=True)
class _Note:
    """What is published of the newest backup: its name, when it was made, its bytes, the SHA-256 of its index."""

    backup: str
    made: str
    size: int
    sha256: str


def publish(
    home: Path,
    store: IndexStore,
    address: str,
    beside: Beside,
    *,
    force: bool,
    progress: Callable[[Progress], None],
) -> BackupReport:
    """Write the backup to this address, and then the note. It is made in the home first, which needs the room.

    Raises NotFoundError when nothing is indexed, ConfirmationRequired when there is something already, StorageError.
    """
    objects, name = _divided(address)
    objects.check_writable()
    if not store.exists():
        raise NotFoundError(NOTHING)
    if not force and objects.has(name):
        raise ConfirmationRequired(f"{address} is there already.", "replace_backup", other="another")
    with storage_errors(home):
        home.mkdir(parents=True, exist_ok=True)  # there is none where the index lies elsewhere
    with storage_errors(home), working_folder(home) as work:
        whole = work / name
        report = back_up(home, store, whole, beside, force=False, progress=progress)
        with opened(whole, beside) as archive:
            note = _Note(name, archive.made, report.size, archive.members[INDEX].sha256)
        objects.put(whole, name, lambda done, total: progress(Progress(done >> 20, total >> 20, whole)))
    objects.write(NOTE, json.dumps({"format": _FORMAT, **asdict(note)}, indent=1).encode())
    return report


@contextmanager
def opened_at(place: Path | str, beside: Beside) -> Iterator[Archive]:
    """The backup in a file, or at an address. Raises StorageError."""
    if isinstance(place, Path):
        with opened(place, beside) as archive:
            yield archive
        return
    objects, name = _divided(place)
    with _archive(objects, name, None, beside) as archive:
        yield archive


@contextmanager
def newest_published(address: str, beside: Beside, now: FollowedBackup | None) -> Iterator[Archive | None]:
    """The backup that the note names; None when it is the one that is followed now. Raises StorageError."""
    objects = ObjectStore(address)
    note = _read(objects)
    if now == FollowedBackup(objects.address, note.backup, note.made, note.sha256):
        yield None
        return
    with _archive(objects, note.backup, note.size, beside) as archive:
        if (archive.made, archive.members[INDEX].sha256) != (note.made, note.sha256):
            raise StorageError(
                f"{archive.place} is not the one that {NOTE} names: another may be on its way. What was there goes "
                "on answering."
            )
        yield archive


def _read(objects: ObjectStore) -> _Note:
    data = objects.read(NOTE, _NOTE_BYTES)
    if data is None:
        raise StorageError(
            f"There is no {NOTE} in {objects.address}, and so no backup. On the machine that indexes, write one: "
            f"`wenju backup {objects.path('wenju.zip')}`, by the address that the store has there."
        )
    try:
        told = json.loads(data)
        if told.pop("format") != _FORMAT:
            raise StorageError(f"{objects.path(NOTE)} has another format. Update Wenju here first.")
        note = _Note(**told)
        if not is_plain(note.backup) or [*map(type, asdict(note).values())] != [str, str, int, str]:
            raise ValueError(note)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StorageError(
            f"{objects.path(NOTE)} is garbled, or just being written. What was there goes on answering. If it stays "
            "so, back up again on the machine that indexes."
        ) from error
    return note


@contextmanager
def _archive(objects: ObjectStore, name: str, size: int | None, beside: Beside) -> Iterator[Archive]:
    place = objects.path(name)
    with closing(objects.open(name, size)) as file:
        with reading(place):
            archive = Archive(place, file, beside)
        yield archive


def _divided(address: str) -> tuple[ObjectStore, str]:
    """The folder and the name in it."""
    check_address(address)  # before it is shown
    folder, _, name = address.rpartition("/")
    if not is_plain(name) or name == NOTE:
        raise StorageError(f"{address} names no file. Name one in a folder: {address.rstrip('/')}/wenju.zip.")
    return ObjectStore(folder), name
