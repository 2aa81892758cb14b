"""The models of a knowledge base, each loaded when it is first needed."""

import threading
from collections.abc import Callable

from config.settings import Settings
from retrieval.embedding.base import Embedder, ModelIdentity
from retrieval.embedding.engine import open_embedder
from retrieval.errors import WenjuError
from retrieval.reading.base import Reader
from retrieval.reading.engine import open_reader

Notify = Callable[[str], None]


class Models:
    """Safe to use from several threads. `embedder` and `reader` take the place of those that the settings name."""

    def __init__(self, settings: Settings, notify: Notify, embedder: Embedder | None, reader: Reader | None) -> None:
        self._settings = settings
        self._notify = notify
        self._embedder = embedder
        self._reader = reader
        self._reader_was_opened = reader is not None
        self._loading = threading.Lock()

    @property
    def loaded_identity(self) -> ModelIdentity | None:
        """That of the embedding model, where it is loaded already."""
        return self._embedder.identity if self._embedder else None

    def embedder(self) -> Embedder:
        with self._loading:
            self._embedder = self._embedder or open_embedder(self._settings, self._notify)
            return self._embedder

    def reader(self) -> Reader | None:
        """None where the settings name none. One that cannot be had is told once, and questions are answered without
        it: an answer that is less sure is better than none."""
        with self._loading:
            if not self._reader_was_opened:
                self._reader_was_opened = True
                try:
                    self._reader = open_reader(self._settings, self._notify)
                except WenjuError as error:
                    self._notify(f"{error} Until then questions are answered without a reader, less reliably.")
            return self._reader
