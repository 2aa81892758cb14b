"""Files are brought into the index. One that comes alone is read and embedded before the index is locked: others may
write meanwhile, which counts where a long file comes before a short one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from config.settings import Settings
from retrieval import documents
from retrieval.documents.discover import absolute, discover
from retrieval.documents.isolation.reader_process import read_alone
from retrieval.embedding.base import Embedder
from retrieval.errors import DocumentError
from retrieval.index.base import IndexStore, PassageIndex
from retrieval.index.lookup import to_prune
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.ingestion.embedded import embed
from retrieval.ingestion.ingest import (
    NOTHING_AHEAD,
    Ingest,
    IngestReport,
    Progress,
    ReadAhead,
    cut,
    refuse_strange_name,
    sha256_of,
    unreadable,
)
from retrieval.ingestion.passages import recipe
from retrieval.ingestion.waits import Waits


@dataclass(frozen=True, slots=True)
class Addition:
    """How files get into the index of a store; `check` raises IndexMismatchError for one of other settings."""

    store: IndexStore
    embedder: Callable[[], Embedder]
    settings: Settings
    check: Callable[[PassageIndex], object]
    progress: Callable[[Progress], None]

    def add(self, paths: Sequence[Path], *, prune: bool, confirmed: bool) -> IngestReport:
        """As `KnowledgeBase.add`."""
        roots = [absolute(path) for path in paths]
        found, waits = discover(roots), Waits()
        if not self.store.exists():
            with waits.on("reading"):
                failures = unreadable(found.files, self.settings)
            if len(failures) == len(found.files):  # nothing to index: as if it had not been tried
                return IngestReport(failures=[*found.failures, *failures])
            with waits.on("model"):
                identity = self.embedder().identity
            self.store.create(ModelAndRecipe(identity, recipe(self.settings.passages)))
        self.check(self.store.current())
        ahead = self._made_ahead(found.files[0], waits) if len(found.files) == 1 else NOTHING_AHEAD
        with self.store.writing(self.settings.index.wait_seconds) as index:
            self.check(index)  # a rebuild may have come between
            gone = to_prune(index.documents(), roots, found, confirmed) if prune else []
            return Ingest(index, self.embedder, self.settings, self.progress, ahead, waits).update(found, gone)

    def _made_ahead(self, path: Path, waits: Waits) -> ReadAhead:
        """What takes long of adding the file; nothing where it is there already, or cannot be read: who adds it finds
        that too, and tells it. Raises BusyError before anything is read."""
        with self.store.writing(self.settings.index.wait_seconds) as index:
            known = index.at(path)
        try:
            refuse_strange_name(path)
            data = documents.load(path, self.settings.documents.max_megabytes)
            sha256 = sha256_of(data)
            if known is not None and known.sha256 == sha256:
                return NOTHING_AHEAD
            with waits.on("reading"):
                prepared = cut(read_alone(path, data, self.settings.documents), sha256, self.settings)
        except DocumentError:
            return NOTHING_AHEAD
        with self.store.writing(self.settings.index.wait_seconds) as index:
            stored = index.known_vectors(prepared.texts)
        missing = {key: text for key, text in prepared.texts.items() if key not in stored}
        now, made = Progress(0, 1, path), ReadAhead(prepared)

        def tell(embedded: int) -> None:
            self.progress(replace(now, passages=made.passages * embedded // len(missing)))

        with waits.on("model"):
            return replace(made, vectors=embed(missing, self.embedder, tell))
