"""Many may look, or one may change: a lock for what is searched all the time and seldom grows."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Gate:
    """Those who look do not wait for each other; who changes waits until none looks, and none begins meanwhile."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._looking = 0
        self._is_closed = False

    @contextmanager
    def looking(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._is_closed)
            self._looking += 1
        try:
            yield
        finally:
            with self._condition:
                self._looking -= 1
                self._condition.notify_all()

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._is_closed)
            self._is_closed = True
            self._condition.wait_for(lambda: self._looking == 0)
        try:
            yield
        finally:
            with self._condition:
                self._is_closed = False
                self._condition.notify_all()
