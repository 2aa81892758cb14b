"""Files to index: what is new or changed by content is read, cut, embedded and stored, one transaction a document.

Three stages work at the same time, each a batch ahead of the next: reading and cutting, embedding, storing. So the
memory taken is that of three batches, and of what is read beside a long file, however many files there are.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from config.settings import Settings
from retrieval import documents
from retrieval.documents.discover import Discovery
from retrieval.documents.isolation.reader_process import read
from retrieval.documents.structure.layout import shown_pages_without_text
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.compiled import cores
from retrieval.errors import DocumentError
from retrieval.frozen_dict import freeze
from retrieval.index.base import IndexedDocument, PassageWriter, text_key
from retrieval.ingestion.batches import Batch, PreparedDocument, Reading, Source, batches_ahead
from retrieval.ingestion.embedded import embed
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.ingestion.waits import Wait, Waits
from retrieval.left_out import LeftOut
from retrieval.types import Document, DocumentRecord, quote


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest has come: `done` of `total` files are stored, or need not be; `path` is one at hand,
    `passages` were embedded so far."""

    done: int
    total: int
    path: Path
    passages: int = 0


@dataclass(slots=True)
class IngestReport:
    """What became of the files. `passages` and `embedded` (texts sent through the model) count this run;
    `without_text` are pages that hold none, `left_out` what else was not read, by file; `waited` are seconds."""

    added: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    unchanged: int = 0
    removed: list[Path] = field(default_factory=list)
    failures: list[DocumentError] = field(default_factory=list)
    passages: int = 0
    embedded: int = 0
    without_text: dict[Path, list[int]] = field(default_factory=dict)
    left_out: dict[Path, tuple[LeftOut, ...]] = field(default_factory=dict)
    waited: dict[Wait, float] = field(default_factory=dict)


def document_id_of(path: Path) -> str:
    """16 hexadecimal digits; a document keeps its id when its content changes."""
    return hashlib.blake2b(str(path).encode("utf-8"), digest_size=8).hexdigest()


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unreadable(files: Sequence[Path], settings: Settings) -> list[DocumentError]:
    """Why the files before the first readable one cannot be read; as many as there are files when none can."""
    failures: list[DocumentError] = []
    for path in files:
        try:
            refuse_strange_name(path)
            read(path, documents.load(path, settings.documents.max_megabytes), settings.documents)
        except DocumentError as error:
            failures.append(error)
        else:
            break
    return failures


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A file as it was read, and the vectors of its texts that were not known, before the index was locked for it."""

    prepared: PreparedDocument | None = None
    vectors: Mapping[bytes, Vectors] = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self, "vectors")

    @property
    def passages(self) -> int:
        return len(self.prepared.indexed.passages) if self.prepared is not None else 0

    def of(self, path: Path, sha256: str) -> PreparedDocument | None:
        """What was read from this very file; None for another."""
        made = self.prepared
        is_it = made is not None and (made.indexed.document.path, made.indexed.sha256) == (path, sha256)
        return made if is_it else None


NOTHING_AHEAD = ReadAhead()


class Ingest:
    """One run over some files. The caller holds the index's write lock."""

    def __init__(
        self,
        index: PassageWriter,
        embedder: Callable[[], Embedder],
        settings: Settings,
        progress: Callable[[Progress], None],
        ahead: ReadAhead = NOTHING_AHEAD,
        waits: Waits | None = None,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings
        self._progress = progress
        self._ahead = ahead
        self._waits = waits or Waits()
        self.report = IngestReport(embedded=len(ahead.vectors), waited=self._waits.seconds)

    def update(self, found: Discovery, gone: Sequence[DocumentRecord]) -> IngestReport:
        """Add the files that were found, take out the documents that are gone, and make both findable."""
        self.report.failures.extend(found.failures)
        self.add(found.files)
        with self._waits.on("disk"):
            if gone:
                self._index.remove([record.document_id for record in gone])
                self.report.removed.extend(record.path for record in gone)
            self._index.publish()
            self._index.save_caches(whole=bool(gone))
        return self.report

    def add(self, files: Sequence[Path]) -> None:
        """Bring the index up to date with the files. One that cannot be read is reported, and what the index had of
        it is kept."""
        self.take(((path, partial(self._prepare, path)) for path in files), len(files))

    def carry(self, read: Iterable[tuple[Document, str]], total: int) -> None:
        """Index documents that were read already, each with the SHA-256 of its file."""
        cuts = ((document.path, partial(cut, document, sha256, self._settings)) for document, sha256 in read)
        self.take(cuts, total)

    def take(self, sources: Iterable[Source], total: int) -> None:
        """Index what the sources give, in their order, as many read at a time as the settings allow."""
        reading = Reading(self._settings.documents.processes or cores())
        now = Progress(0, total, Path())
        storing: Future[int] | None = None
        vectors: dict[bytes, Vectors] = {}
        with ThreadPoolExecutor(1) as storer, closing(batches_ahead(sources, reading)) as batches:
            for batch in batches:
                now = replace(now, path=batch.files[-1])
                self._progress(replace(now, passages=max(now.passages, self._ahead.passages)))
                vectors = self._vectors(batch, vectors, now)
                now = self._stored(storing, now)
                storing = storer.submit(self._store, batch, vectors)
                self.report.failures.extend(batch.failures)
                for document in (entry.indexed.document for entry in batch.prepared):
                    if pages := shown_pages_without_text(document):
                        self.report.without_text[document.path] = pages
                    if document.left_out:
                        self.report.left_out[document.path] = document.left_out
                self.report.unchanged += len(batch.files) - len(batch.prepared) - len(batch.failures)
                now = replace(now, passages=now.passages + batch.passages())
        self._waits.add("reading", reading.waited)
        if storing is not None:
            self._progress(self._stored(storing, now))

    def _stored(self, storing: Future[int] | None, now: Progress) -> Progress:
        """How far it is when that is stored."""
        with self._waits.on("disk"):
            return now if storing is None else replace(now, done=now.done + storing.result())

    def _prepare(self, path: Path) -> PreparedDocument | None:
        refuse_strange_name(path)
        data = documents.load(path, self._settings.documents.max_megabytes)
        sha256 = sha256_of(data)
        known = self._index.at(path)
        if known is not None and known.sha256 == sha256:
            return None
        made = self._ahead.of(path, sha256) or cut(read(path, data, self._settings.documents), sha256, self._settings)
        return replace(made, is_new=known is None)

    def _vectors(self, batch: Batch, in_store: dict[bytes, Vectors], now: Progress) -> dict[bytes, Vectors]:
        """The vectors of the batch's texts: those of the batch that is being stored, those that were made ahead or
        that the index has, and the rest through the model."""
        texts = batch.texts
        vectors = {key: in_store[key] for key in texts.keys() & in_store.keys()}
        vectors |= {key: self._ahead.vectors[key] for key in texts.keys() & self._ahead.vectors.keys()}
        with self._waits.on("disk"):
            vectors |= self._index.known_vectors(texts.keys() - vectors.keys())
        missing = {key: texts[key] for key in texts.keys() - vectors.keys()}

        def tell(embedded: int) -> None:
            self._progress(replace(now, passages=now.passages + batch.passages() * embedded // len(missing)))

        self.report.embedded += len(missing)
        with self._waits.on("model"):
            return vectors | embed(missing, self._embedder, tell)

    def _store(self, batch: Batch, vectors: dict[bytes, Vectors]) -> int:
        """How many files are done with it."""
        for entry in batch.prepared:
            self._index.put(replace(entry.indexed, vectors={key: vectors[key] for key in entry.texts}))
            (self.report.added if entry.is_new else self.report.changed).append(entry.indexed.document.path)
            self.report.passages += len(entry.indexed.passages)
        if batch.prepared:
            self._index.publish()
        return len(batch.files)


def cut(document: Document, sha256: str, settings: Settings) -> PreparedDocument:
    """The document in passages and sentences, as one that is new."""
    document_id = document_id_of(document.path)
    sentences = sentences_of(document, settings.passages.size)
    passages = passages_of(document, document_id, sentences, settings.passages)
    searched = [
        *(passage.searched(quote(document.text, passage.spans)) for passage in passages),
        *(quote(document.text, sentence.spans) for sentence in sentences),
    ]
    texts = {text_key(text): text for text in searched}
    indexed = IndexedDocument(document_id, sha256, document, sentences, passages, {})
    return PreparedDocument(indexed, texts, is_new=True)


def refuse_strange_name(path: Path) -> None:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise DocumentError(path, "its name is not valid UTF-8; rename it") from None
