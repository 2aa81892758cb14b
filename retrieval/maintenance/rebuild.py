"""Making an index anew: another model, another way of cutting, or a better reader."""

from collections.abc import Callable
from functools import partial

from config.settings import DocumentSettings, Settings
from retrieval import documents
from retrieval.documents.isolation.reader_process import read
from retrieval.embedding.base import Embedder
from retrieval.errors import DocumentError
from retrieval.index.base import IndexStore, PassageIndex
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.ingestion.batches import PreparedDocument
from retrieval.ingestion.ingest import Ingest, IngestReport, Progress, cut, sha256_of
from retrieval.ingestion.passages import recipe
from retrieval.types import Document, DocumentRecord


def rebuild(
    old: PassageIndex,
    store: IndexStore,
    embedder: Embedder,
    settings: Settings,
    progress: Callable[[Progress], None],
) -> IngestReport:
    """Fill the next generation with all documents of the old index and switch to it when it is whole.

    The caller holds the write lock. When this is interrupted, or a document cannot be cut by the present settings
    (DocumentError), the old index stays in use.
    """
    records = old.documents()
    with store.rebuilding(ModelAndRecipe(embedder.identity, recipe(settings.passages))) as new:
        ingest = Ingest(new, lambda: embedder, settings, progress)
        ingest.take(((record.path, partial(_read_again, old, record, settings)) for record in records), len(records))
        if ingest.report.failures:  # the old index has it still, and stays
            raise ingest.report.failures[0]
        new.save_caches(whole=True)
    return ingest.report


def _read_again(old: PassageIndex, record: DocumentRecord, settings: Settings) -> PreparedDocument:
    return cut(_document(old, record, settings.documents), record.sha256, settings)


def _document(old: PassageIndex, record: DocumentRecord, limits: DocumentSettings) -> Document:
    """Read from the file while it is the one that was indexed, for readers improve; else as the index kept it."""
    try:
        data = documents.load(record.path, limits.max_megabytes)
        if sha256_of(data) == record.sha256:
            return read(record.path, data, limits)
    except DocumentError:
        pass
    kept = old.document(record.document_id)
    assert kept is not None, "the write lock keeps documents from being removed"
    return kept
