"""The checksums of the caches, compared once and at leisure: in a thread of its own, after the first answer."""

import threading
from collections.abc import Callable

_PATIENCE = 1.0
"""Seconds that closing waits for a comparison: enough for a hundred thousand passages, a part of it for a million."""


class Inspection:
    """`is_sound` may take long and changes nothing; `mend` is called when it says no. Neither raises."""

    def __init__(self, is_sound: Callable[[], bool], mend: Callable[[], None]) -> None:
        self._is_sound, self._mend = is_sound, mend
        self._mending = threading.RLock()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="inspection", daemon=True)
        self._begun = threading.Lock()

    def begin(self) -> None:
        """The first call begins it."""
        if self._begun.acquire(blocking=False):
            self._thread.start()

    def end(self) -> None:
        """Wait a moment for the comparison, and to its end for what is being mended."""
        if self._thread.is_alive() and self._thread is not threading.current_thread():  # which may collect garbage
            self._thread.join(_PATIENCE)
        with self._mending:
            self._is_over = True

    def _run(self) -> None:
        if not self._is_sound():
            with self._mending:
                if not self._is_over:
                    self._mend()
