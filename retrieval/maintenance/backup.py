"""One file with all that cannot be made again: the index's database, and what lies beside the index."""

import datetime
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from retrieval.errors import ConfirmationRequired, NotFoundError, StorageError
from retrieval.index.base import NOTHING, IndexStore
from retrieval.index.sqlite_files import copy_database, sync_folder
from retrieval.index.upkeep import Dump
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.archive import INDEX, ArchiveWriter, Beside, is_plain

_WORK = ".wenju-backup-"
_FORGOTTEN = 3600
"""Seconds without a write after which the working folder of another backup is that of a killed one."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What is in the backup: documents of the index, files that lay beside it, bytes of it all."""

    documents: int
    files: int
    size: int


def back_up(
    home: Path,
    store: IndexStore,
    file: Path,
    beside: Beside,
    *,
    force: bool,
    progress: Callable[[Progress], None],
) -> BackupReport:
    """Write the backup beside its name, and give it its name when it is whole and on the disk.

    Raises NotFoundError when nothing is indexed, ConfirmationRequired when the file is there already, StorageError.
    """
    if not store.exists():
        raise NotFoundError(NOTHING)
    own = [] if store.folder is None else [store.folder]
    _check_target(file, [*own, *(home / folder for folder in beside.folders)], force)
    with _errors(file):
        _files(home, beside)  # a name is refused before anything is written
    with _errors(file), working_folder(file.parent) as work:
        whole = work / "whole"
        whole.touch(mode=0o600, exist_ok=False)  # it holds what people asked
        with whole.open("wb") as raw, zipfile.ZipFile(raw, "w") as zipped:
            writing = ArchiveWriter(zipped)
            index, dump = _index_copy(store, work, progress)
            _move_in(writing, index, INDEX)
            for name in beside.databases:
                if (home / name).exists():
                    _move_in(writing, _copy(home / name, work, progress), name)
            files = _add_files(writing, home, beside, progress)
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            writing.finish(wenju=metadata.version("wenju"), schema=dump.version, made=now, documents=dump.documents)
            zipped.close()
            raw.flush()
            os.fsync(raw.fileno())
        _name(whole, file, force)
        return BackupReport(dump.documents, files, file.stat().st_size)


def _check_target(file: Path, backed_up: Sequence[Path], force: bool) -> None:
    if file.is_dir():
        raise StorageError(f"{file} is a folder. Name a file for the backup, for example {file / 'wenju.backup'}.")
    if not file.parent.is_dir():
        raise StorageError(f"There is no folder {file.parent} for the backup. Make it, or name another.")
    if file.exists() and not force:
        raise _is_there(file)
    if any(folder.resolve() in file.resolve().parents for folder in backed_up):
        raise StorageError(f"{file} would lie among what is backed up. Name a file in another folder.")


def _is_there(file: Path) -> ConfirmationRequired:
    return ConfirmationRequired(f"{file} is there already.", "replace_backup", other="another file")


def _index_copy(store: IndexStore, work: Path, progress: Callable[[Progress], None]) -> tuple[Path, Dump]:
    copy = work / INDEX
    return copy, store.dump(copy, lambda done, total: progress(Progress(done, total, copy)))


def _copy(path: Path, work: Path, progress: Callable[[Progress], None]) -> Path:
    copy = work / path.name
    copy_database(path, copy, lambda done, total: progress(Progress(done, total, path)))
    return copy


def _move_in(writing: ArchiveWriter, copy: Path, name: str) -> None:
    writing.add(copy, name)
    copy.unlink()


def _files(home: Path, beside: Beside) -> list[tuple[Path, str]]:
    """The plain files of the folders, each with its name in the backup; links are not followed. Raises StorageError
    for one that could not be put back."""
    found = [
        (path, f"{folder}/{path.name}")
        for folder in beside.folders
        if (home / folder).is_dir()
        for path in sorted((home / folder).iterdir())
        if path.is_file() and not path.is_symlink() and not path.name.startswith(beside.unfinished)
    ]
    for path, _ in found:
        if not is_plain(path.name):
            raise StorageError(
                f"The file {path.name!r} in {path.parent} could not be restored: its name holds \\, : or a character "
                "that is not shown. Rename it, or move it away, and back up again."
            )
    return found


def _add_files(writing: ArchiveWriter, home: Path, beside: Beside, progress: Callable[[Progress], None]) -> int:
    """How many there are. One that is taken away meanwhile is left out."""
    paths = _files(home, beside)
    for done, (path, name) in enumerate(paths):
        progress(Progress(done, len(paths), path))
        with suppress(FileNotFoundError):
            writing.add(path, name)
    return sum("/" in member.name for member in writing.members)


def _name(whole: Path, file: Path, force: bool) -> None:
    if force:
        whole.replace(file)
    else:
        try:
            file.hardlink_to(whole)
        except FileExistsError:
            raise _is_there(file) from None
        except OSError:  # a file system without hard links
            if file.exists():
                raise _is_there(file) from None
            whole.replace(file)
    sync_folder(file.parent)


@contextmanager
def working_folder(parent: Path) -> Iterator[Path]:
    """In this one, readable by its owner alone. Those of killed backups are cleared away."""
    for folder in parent.glob(f"{_WORK}*"):
        with suppress(OSError):
            if time.time() - max(path.stat().st_mtime for path in [folder, *folder.iterdir()]) > _FORGOTTEN:
                shutil.rmtree(folder, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _errors(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The backup {file} cannot be written: {error.strerror or error}. Check free space and permissions; it "
            "needs room for the database twice while it is made."
        ) from error
