"""Files to index: what is new or changed by content is read, cut, embedded and stored, one transaction a document."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings
from retrieval import documents
from retrieval.embedding.base import Embedder, Vectors
from retrieval.errors import DocumentError
from retrieval.index.base import IndexedDocument, PassageIndex
from retrieval.index.rows import text_key
from retrieval.passages import passages_of, sentences_of
from retrieval.types import Document, quote

_BATCH_TEXTS = 128
"""Texts embedded at a time, over the borders of documents: enough that batches of like length waste little padding,
few enough that progress is seen and an interruption costs seconds."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest has come: `done` of `total` files looked at; `path` is the one at hand."""

    done: int
    total: int
    path: Path


@dataclass(slots=True)
class IngestReport:
    """What became of the files. `passages` and `embedded` (texts sent through the model) count this run."""

    added: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    unchanged: int = 0
    removed: list[Path] = field(default_factory=list)
    failures: list[DocumentError] = field(default_factory=list)
    passages: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document that is cut but not embedded; `texts` are those that want a vector, by key."""

    indexed: IndexedDocument
    texts: dict[bytes, str]
    is_new: bool


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
            documents.parse(path, documents.load(path, settings.documents.max_megabytes))
        except DocumentError as error:
            failures.append(error)
        else:
            break
    return failures


class Ingest:
    """One run over some files. The caller holds the index's write lock."""

    def __init__(self, index: PassageIndex, embedder: Callable[[], Embedder], settings: Settings) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings
        self._known = {record.path: record for record in index.documents()}
        self._waiting: list[_Prepared] = []
        self.report = IngestReport()

    def add(self, files: Sequence[Path], progress: Callable[[Progress], None]) -> None:
        """Bring the index up to date with the files. One that cannot be read is reported, and what the index had of
        it is kept."""
        for number, path in enumerate(files):
            progress(Progress(number, len(files), path))
            try:
                prepared = self._prepare(path)
            except DocumentError as error:
                self.report.failures.append(error)
                continue
            if prepared is None:
                self.report.unchanged += 1
            else:
                self._enqueue(prepared)
        self.finish()
        if files:
            progress(Progress(len(files), len(files), files[-1]))

    def carry(self, document: Document, sha256: str) -> None:
        """Index a document that was read already; it is stored by `finish` at the latest."""
        self._enqueue(self._cut(document, sha256))

    def finish(self) -> None:
        """Embed and store what waits."""
        self._store(self._waiting)
        self._waiting = []

    def _enqueue(self, prepared: _Prepared) -> None:
        self._waiting.append(prepared)
        if sum(len(one.texts) for one in self._waiting) >= _BATCH_TEXTS:
            self.finish()

    def _prepare(self, path: Path) -> _Prepared | None:
        _refuse_strange_name(path)
        data = documents.load(path, self._settings.documents.max_megabytes)
        sha256 = sha256_of(data)
        known = self._known.get(path)
        if known is not None and known.sha256 == sha256:
            return None
        return self._cut(documents.parse(path, data), sha256)

    def _cut(self, document: Document, sha256: str) -> _Prepared:
        document_id = document_id_of(document.path)
        cutting = self._settings.passages
        sentences = sentences_of(document, cutting.size)
        passages = passages_of(document, document_id, sentences, cutting)
        spans = [*(passage.spans for passage in passages), *(sentence.spans for sentence in sentences)]
        texts = {text_key(text): text for text in (quote(document.text, own) for own in spans)}
        indexed = IndexedDocument(document_id, sha256, document, sentences, passages, {})
        return _Prepared(indexed, texts, document.path not in self._known)

    def _store(self, batch: Sequence[_Prepared]) -> None:
        if not batch:
            return
        vectors = self._vectors({key: text for prepared in batch for key, text in prepared.texts.items()})
        for prepared in batch:
            one = prepared.indexed
            own = {key: vectors[key] for key in prepared.texts}
            self._index.put(
                IndexedDocument(one.document_id, one.sha256, one.document, one.sentences, one.passages, own)
            )
            (self.report.added if prepared.is_new else self.report.changed).append(one.document.path)
            self.report.passages += len(one.passages)
        self._index.publish()

    def _vectors(self, texts: dict[bytes, str]) -> dict[bytes, Vectors]:
        vectors = self._index.known_vectors(texts)
        missing = sorted(texts.keys() - vectors.keys(), key=lambda key: len(texts[key]))
        if missing:
            made = self._embedder().embed_passages([texts[key] for key in missing])
            vectors.update(zip(missing, made, strict=True))
            self.report.embedded += len(missing)
        return vectors


def _refuse_strange_name(path: Path) -> None:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise DocumentError(path, "its name is not valid UTF-8; rename it") from None
