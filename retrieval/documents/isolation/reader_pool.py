"""As many readers as files are read at the same time. They stay for the next file, and the first is taken first, so
that who reads one file after the other has one process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Stoppable(Protocol):
    """What a pool asks of a reader."""

    def stop(self) -> None: ...

    def forget(self) -> None: ...


R = TypeVar("R", bound=Stoppable)


class ReaderPool(Generic[R]):
    """Readers, each in the hands of one thread at a time; `make` makes one more when all are."""

    def __init__(self, make: Callable[[], R]) -> None:
        self._make = make
        self.first = make()
        self._every, self._free = [self.first], [self.first]
        self._changing = Lock()

    @contextmanager
    def borrowed(self) -> Iterator[R]:
        """A reader that nobody else uses meanwhile."""
        with self._changing:
            if self._free:
                reader = min(self._free, key=self._every.index)
                self._free.remove(reader)
            else:
                reader = self._make()
                self._every.append(reader)
        try:
            yield reader
        finally:
            with self._changing:
                self._free.append(reader)

    def stop(self) -> None:
        """End all of them, also in the middle of a file."""
        with self._changing:
            every = [*self._every]
        for reader in every:
            reader.stop()

    def forget(self) -> None:
        """In a fork: they belong to the process that was forked, whose other threads may have held some."""
        self._changing = Lock()
        self._free = [*self._every]
        for reader in self._every:
            reader.forget()
