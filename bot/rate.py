"""How fast somebody may ask, at whichever door."""

import time
from collections import defaultdict, deque
from collections.abc import Hashable

_MINUTE = 60.0


class Rate:
    """At most so many within any minute, for each key; kept in memory."""

    def __init__(self, per_minute: int) -> None:
        self._limit = per_minute
        self._taken: defaultdict[Hashable, deque[float]] = defaultdict(deque)
        self._told: dict[Hashable, float] = {}
        self._tidied = 0.0

    def wait(self, key: Hashable, now: float | None = None) -> float:
        """Take one when there is one left: 0, else the seconds until there is."""
        now = time.monotonic() if now is None else now
        if now - self._tidied > _MINUTE:
            self._tidy(now)
        taken = self._taken[key]
        while taken and taken[0] <= now - _MINUTE:
            taken.popleft()
        if len(taken) < self._limit:
            taken.append(now)
            self._told.pop(key, None)
            return 0.0
        return taken[0] + _MINUTE - now

    def tell(self, key: Hashable, now: float | None = None) -> bool:
        """Whether to say that it was too fast: once for each wait, or an answer to a flood would be one too."""
        now = time.monotonic() if now is None else now
        if self._told.get(key, 0.0) > now:
            return False
        self._told[key] = self._taken[key][0] + _MINUTE
        return True

    def _tidy(self, now: float) -> None:
        """Let go of those who have been silent for a minute: nobody is remembered for longer than two."""
        self._tidied = now
        for key in [key for key, taken in self._taken.items() if not taken or taken[-1] <= now - _MINUTE]:
            del self._taken[key]
            self._told.pop(key, None)
