"""A backup put back: looked through first, laid down beside what there is, and then put in its place."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from retrieval.errors import ConfirmationRequired, StorageError
from retrieval.index.base import IndexStore
from retrieval.index.following import refuse_to_write
from retrieval.index.sqlite_files import storage_errors, sync_folder
from retrieval.index.upkeep import Replacement
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.archive import INDEX, Archive, Beside, Put, check_space
from retrieval.maintenance.published import opened_at

_STAGE = "restore.tmp"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back. `kept` is where the index lies that was there before, when it is damaged."""

    documents: int
    files: int
    kept: Path | None


def restore(
    settings: Settings,
    store: IndexStore,
    file: Path | str,
    beside: Beside,
    *,
    confirmed: bool,
    progress: Callable[[Progress], None],
) -> RestoreReport:
    """Put all of a backup back, from a file or an address. Until everything in it is found whole nothing is changed;
    then the databases beside the index are changed, each in one transaction, then the files, then the index, in one
    step. Killed between these it can be run again. A process that answers goes on, and answers its next question
    from what was restored.

    Raises ConfirmationRequired when there is something that it would replace, BusyError while another process
    writes, ReadOnlyError where the index follows another, StorageError.
    """
    if store.folder is not None:
        refuse_to_write(store.folder)
    home, wait_seconds = settings.home, settings.index.wait_seconds
    with opened_at(file, beside) as archive, store.replacing(wait_seconds) as replacement:
        if not confirmed:
            _refuse_to_replace(home, replacement.document_count(), archive)
        with storage_errors(home):
            home.mkdir(parents=True, exist_ok=True)  # there is none where the index lies elsewhere
        check_space(home, archive.size)
        with _staged(home) as stage:
            puts = _laid_down(archive, stage, replacement.dump(), beside, progress)
            documents = _made_ready(replacement, file)
            files = _file_puts(home, stage, archive)
            for put in [*puts, *files]:
                put()
            kept = replacement.switch()
    return RestoreReport(documents, len(files), kept)


def _refuse_to_replace(home: Path, held: int | None, archive: Archive) -> None:
    there = [name for name in archive.members if name != INDEX and "/" not in name and (home / name).exists()]
    if held == 0 and not there:
        return
    index = "an index that cannot be read" if held is None else f"an index of {held} documents" if held else ""
    raise ConfirmationRequired(
        f"Nothing was changed: this would replace {' and '.join(filter(None, [index, *there]))} in {home}.",
        "confirm_replacement",
    )


@contextmanager
def _staged(home: Path) -> Iterator[Path]:
    """An empty folder for what is to be put in its place; what a killed restore left is cleared away."""
    stage = home / _STAGE
    with storage_errors(stage):
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _laid_down(
    archive: Archive, stage: Path, dump: Path, beside: Beside, progress: Callable[[Progress], None]
) -> list[Put]:
    """Write all members beside what there is, each checked; and what puts the databases in their place."""
    for done, name in enumerate(archive.members):
        progress(Progress(done, len(archive.members), Path(name)))
        target = dump if name == INDEX else stage / name
        with storage_errors(target):
            target.parent.mkdir(mode=0o700, exist_ok=True)
        archive.extract(name, target)
    return [put(stage / name) for name, put in beside.databases.items() if name in archive.members]


def _made_ready(replacement: Replacement, file: Path | str) -> int:
    """The number of documents, when the dump can be used."""
    wrong = replacement.why_unusable()
    if wrong:
        raise StorageError(f"{file} cannot be restored: {wrong}. Nothing was changed.")
    return replacement.prepare()


def _file_puts(home: Path, stage: Path, archive: Archive) -> list[Put]:
    """What moves each file from the stage to its folder, where nothing but a file may be in its way."""
    puts: list[Put] = []
    for name in (name for name in archive.members if "/" in name):
        target = home / name
        if target.is_dir() or (target.parent.exists() and not target.parent.is_dir()):
            raise StorageError(f"{target} is in the way. Move it away, and restore again. Nothing was changed.")
        puts.append(lambda source=stage / name, target=target: _move(source, target))  # type: ignore[misc]
    return puts


def _move(source: Path, target: Path) -> None:
    with storage_errors(target):
        target.parent.mkdir(mode=0o700, exist_ok=True)
        source.replace(target)
        sync_folder(target.parent)
