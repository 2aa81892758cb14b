"""The index of one machine: SQLite is the truth, FAISS and tantivy are caches that replay it."""

import os
import weakref
from collections.abc import Collection, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.index.base import (
    IndexedDocument,
    LexicalStatistics,
    PassageVectors,
    SearchedText,
    TermStatistics,
)
from retrieval.index.embedded.caches import VECTORS, WORDS, Caches
from retrieval.index.embedded.database_file import create_database, upgrade
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.stamp import NO_STAMP
from retrieval.index.embedded.writing import only_writer, write_lock
from retrieval.index.model_and_recipe import ModelAndRecipe
from retrieval.index.sqlite_files import storage_errors
from retrieval.types import Document, DocumentRecord, StoredPassage

DATABASE = "index.db"


class EmbeddedIndex:
    """A PassageWriter in one folder. Any number of processes read; `writing` makes one of them the writer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = DocumentDatabase(folder / DATABASE)
        self._meta = self._store.meta()
        self._lock = write_lock(folder.parent)
        self._caches = Caches(folder, self._store, self._lock, int(self._meta["dimension"]))
        self._vectors, self._words = self._caches.vectors, self._caches.words
        self._counted = NO_STAMP, 0
        # Once: by `close`, or when nobody holds it any more. After a rebuild others may still be reading it.
        self._close = weakref.finalize(self, _close, self._caches, self._store)

    @classmethod
    def create(cls, folder: Path, model: ModelIdentity, recipe: str) -> "EmbeddedIndex":
        """Open the index in the folder; make an empty one first where there is none."""
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / DATABASE).exists():
                upgrade(folder / DATABASE)
            else:
                create_database(folder / DATABASE, model, recipe)
        return cls(folder)

    @property
    def made_by(self) -> ModelAndRecipe:
        made = self._meta
        return ModelAndRecipe(
            ModelIdentity(made["model"], int(made["dimension"]), made["fingerprint"]), made["recipe"]
        )

    def writing(self, wait_seconds: float) -> AbstractContextManager[None]:
        """Be the only writer. Raises BusyError when another process stays it for longer than that."""
        return only_writer(self._lock, self.folder, wait_seconds)

    def put(self, document: IndexedDocument) -> None:
        self._store.put(document)

    def remove(self, document_ids: Iterable[str]) -> None:
        self._store.remove(document_ids)

    def publish(self) -> None:
        self._caches.publish()

    def save_caches(self, *, whole: bool = False) -> None:
        """Write what makes the next opening quick, when much has changed or with `whole`."""
        self._caches.save(whole=whole)

    def documents(self, first: int = 0, count: int | None = None) -> list[DocumentRecord]:
        return self._store.records(first=first, count=count)

    def count(self) -> int:
        stamp = self._store.stamp()
        if self._counted[0] != stamp:  # it is asked for with each refusal, and counting goes through all
            self._counted = stamp, self._store.counts()[0]
        return self._counted[1]

    def at(self, path: Path) -> DocumentRecord | None:
        return self._store.at(path)

    def documents_named(self, name: str) -> list[DocumentRecord]:
        return self._store.documents_named(name)

    def is_empty(self) -> bool:
        return self._store.is_empty()

    def document(self, document_id: str) -> Document | None:
        return self._store.document(document_id)

    def passage(self, passage_id: str) -> StoredPassage | None:
        return self._store.passage(passage_id)

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        return self._store.passages_of(document_id)

    def known_vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        return self._store.vectors.known(keys)

    def search_words(self, tokens: Sequence[str], count: int, within: Collection[int] | None = None) -> list[int]:
        self._caches.refresh()
        return list(self._caches.look_up(lambda: self._words.search(tokens, count, within), {}))

    def search_vectors(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> list[int]:
        self._caches.refresh()
        return list(self._vectors.search(vector, count, within))

    def texts(self, keys: Sequence[int]) -> dict[int, SearchedText]:
        return {key: SearchedText(text, beside) for key, text, beside in self._store.texts(keys)}

    def vectors(self, keys: Sequence[int]) -> PassageVectors:
        found = self._store.vectors.of(keys)
        self._caches.inspection.begin()  # the last that a first question asks for
        return found

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        return self._store.keys(document_ids, since, until)

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        return self._store.load(keys)

    def holding(self, tokens: Sequence[str], count: int, within: frozenset[int] | None = None) -> list[StoredPassage]:
        self._caches.refresh()
        found = self._caches.look_up(lambda: self._words.holding(tokens, count, within), {})
        return list(self._store.load(list(found)).values())

    def statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> TermStatistics:
        wanted = set(tokens)
        self._caches.refresh()
        frequencies = self._caches.look_up(
            lambda: {token: self._words.document_frequency(token, within) for token in wanted},
            dict.fromkeys(wanted, 0),
        )
        return TermStatistics(len(self._vectors) if within is None else len(within), frequencies)

    def lexical_statistics(self, tokens: Iterable[str], within: frozenset[int] | None = None) -> LexicalStatistics:
        wanted = set(tokens)
        self._caches.refresh()
        fields = self._caches.look_up(lambda: self._words.statistics(wanted, within), {})
        return LexicalStatistics(len(self._vectors) if within is None else len(within), fields)

    def state(self) -> Hashable:
        return self._store.stamp()

    def stats(self) -> dict[str, int | str]:
        """Counts, what made the index, and what it costs on disk and in the memory of a process that answers.

        The words are mapped: the system keeps of them in memory what it has room for. The store reads through a page
        cache of its own, besides the system's."""
        documents, passages, characters, vectors = self._store.counts()
        files = _sizes(self.folder)
        words_bytes = sum(size for path, size in files.items() if self.folder / WORDS in path.parents)
        kind, memory = self._vectors.cost()
        return {
            "documents": documents,
            "passages": passages,
            "characters": characters,
            "vectors": vectors,
            "vector_bytes": vectors * int(self._meta["dimension"]) * 2,
            "database_bytes": sum(size for path, size in files.items() if path.name.startswith(DATABASE)),
            "words_bytes": words_bytes,
            "nearest_bytes": sum(size for path, size in files.items() if path.name.startswith(VECTORS)),
            "disk_bytes": sum(files.values()),
            "nearest": kind,
            "store_memory_bytes": self._store.cache_bytes(),
            "words_mapped_bytes": words_bytes,
            "nearest_memory_bytes": memory,
            "model": f"{self._meta['model']} ({self._meta['dimension']})",
            "recipe": self._meta["recipe"],
            "folder": str(self.folder),
        }

    def integrity(self) -> str | None:
        """What SQLite finds wrong with the database, None when nothing."""
        return self._store.integrity()

    def close(self) -> None:
        self._close()


def _close(caches: Caches, store: DocumentDatabase) -> None:
    caches.close()
    store.close()


def _sizes(folder: Path) -> dict[Path, int]:
    """Bytes of each file below the folder; what another process takes away in the meantime is left out."""
    sizes = {}
    for root, _, names in os.walk(folder):
        for path in (Path(root, name) for name in names):
            with suppress(FileNotFoundError):
                sizes[path] = path.stat().st_size
    return sizes
