"""The caches beside the store, vectors and words: brought up to date by replay, made anew where they are damaged."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from retrieval.errors import StorageError
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.inspection import Inspection
from retrieval.index.embedded.lexical_files import DamagedWordsError
from retrieval.index.embedded.lexical_index import LexicalIndex
from retrieval.index.embedded.vector_index import VectorIndex
from retrieval.index.sqlite_files import storage_errors

VECTORS, WORDS = "vectors.faiss", "words"
_REPAIR_SECONDS = 5
"""How long a question waits for a writer before it is answered without damaged words."""
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_log = logging.getLogger(__name__)


class Caches:
    """`lock` is held by who writes words or the file of the vectors. Threads share the caches, and one at a time
    brings them up to date."""

    def __init__(self, folder: Path, store: DocumentDatabase, lock: FileLock, dimension: int) -> None:
        self.vectors = VectorIndex(folder / VECTORS, dimension)
        self.words = LexicalIndex(folder / WORDS)
        self._folder, self._store, self._lock = folder, store, lock
        self._one = threading.RLock()
        self._damaged: list[Callable[[], None]] = []
        self.inspection = Inspection(self._are_sound, self._mend)

    def refresh(self) -> None:
        """See what other processes have indexed. Words that a crash left behind are replayed here, unless a
        writer is at work: it will publish within seconds."""
        with self._one:
            self.vectors.catch_up(self._store)
            if not self.words.is_behind(self._store):
                return
            try:
                with self._lock.acquire(timeout=0):
                    self.words.catch_up(self._store)
            except (Timeout, OSError, StorageError):
                return

    def publish(self) -> None:
        """Bring the words up to date. The caller holds the lock."""
        with self._one:
            self.words.catch_up(self._store)

    def save(self, *, whole: bool = False) -> None:
        """Write what makes the next opening quick, when much has changed or with `whole`. The caller holds the
        lock."""
        with self._one, storage_errors(self._folder):
            if whole or self.vectors.is_stale(self._store):
                self.vectors.save(self._store)

    def look_up(self, look: Callable[[], dict[_Key, _Value]], without: dict[_Key, _Value]) -> dict[_Key, _Value]:
        """What the words say; damaged words are made anew first, and if that cannot be, `without`."""
        try:
            return look()
        except DamagedWordsError as error:
            _log.warning("%s; it is rebuilt from the database", error)
        try:
            self._make_words_anew()
            return look()
        except (Timeout, OSError, StorageError, DamagedWordsError) as error:
            _log.warning("Answering from the vectors alone: %s", error)
            return without

    def close(self) -> None:
        self.inspection.end()
        self.vectors.close()

    def _are_sound(self) -> bool:
        checks = (self.vectors.is_sound, self._make_vectors_anew), (self.words.is_sound, self._make_words_anew)
        self._damaged = [mend for is_sound, mend in checks if not is_sound()]
        return not self._damaged

    def _mend(self) -> None:
        for mend in self._damaged:
            try:
                mend()
            except (Timeout, OSError, StorageError) as error:
                _log.warning("What is damaged stays so for now: %s", error)

    def _make_vectors_anew(self) -> None:
        with self._one:
            self.vectors.make_anew(self._store)
        self.vectors.wait()  # while questions are answered
        with self._lock.acquire(timeout=0):
            self.save()

    def _make_words_anew(self) -> None:
        with self._one, self._lock.acquire(timeout=_REPAIR_SECONDS):
            self.words.discard()
            self.words.catch_up(self._store)
