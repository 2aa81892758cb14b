"""The sample documents that ship with Wenju: an index of Wenju's own, kept in step with them."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from retrieval.errors import BusyError, IndexMismatchError, NotFoundError, StorageError, WenjuError
from retrieval.ingestion.ingest import Progress
from retrieval.service import KnowledgeBase, ignore

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "corpus"
_FOLDER = "samples"
"""Of their index, in the home."""


def open_samples(settings: Settings, notify: Callable[[str], None] = ignore) -> KnowledgeBase:
    """The sample documents in an index of their own, which may hold nothing yet; the caller closes it."""
    return KnowledgeBase(settings, notify, folder=_FOLDER)


def are_samples(base: KnowledgeBase) -> bool:
    """Whether these are the sample documents."""
    return base.folder == _FOLDER


def refresh(samples: KnowledgeBase, progress: Callable[[Progress], None], folder: Path = SAMPLES) -> None:
    """Bring the index of the samples up to date with the folder. One that does not fit the settings is made anew; one
    that cannot be written is left as it is when it can answer."""
    if not folder.is_dir():
        raise StorageError(f"The sample documents are missing from {folder}. Install Wenju again.")
    try:
        _update(samples, folder, progress)
    except (BusyError, StorageError):
        if not _can_answer(samples):
            raise


def _update(samples: KnowledgeBase, folder: Path, progress: Callable[[Progress], None]) -> None:
    try:
        samples.add([folder], prune=True, confirmed=True, progress=progress)
    except IndexMismatchError:
        samples.rebuild(progress)
        samples.add([folder], prune=True, confirmed=True, progress=progress)
    # Another installation that shares the home had its copies indexed. They go last: until then their vectors, which
    # are the same, save the model the work.
    for record in samples.documents():
        if folder not in record.path.parents:
            with suppress(NotFoundError):  # another process was faster
                samples.remove(record.document_id)


def _can_answer(samples: KnowledgeBase) -> bool:
    try:
        samples.check()
        return bool(samples.documents())
    except WenjuError:
        return False
