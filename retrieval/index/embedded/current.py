"""The index that is in use, opened: after a rebuild or a restore the new one."""

import threading

from retrieval.errors import NotFoundError
from retrieval.index.embedded.generations import Generations
from retrieval.index.embedded.index import EmbeddedIndex

NOTHING = "Nothing is indexed yet. Run `wenju index PATH` on your documents first."


class CurrentIndex:
    """Opens the generation in use when it is asked for. Safe to use from several threads."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._open: EmbeddedIndex | None = None
        self._opening = threading.Lock()

    def get(self) -> EmbeddedIndex:
        """Raises NotFoundError when nothing is indexed."""
        with self._opening:
            folder = self._generations.current()
            if self._open is None or self._open.folder != folder:
                if not self._generations.exists():
                    raise NotFoundError(NOTHING)
                self._open = self._generations.open()  # the one before is closed when no thread reads it any more
            return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None
