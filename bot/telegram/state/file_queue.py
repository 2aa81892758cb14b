"""Whose file is read next: two of one name in the order of their arrival, and large ones beside small ones."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueuedFile:
    """A file among those of its name. It `waits` when another is before it; `ahead` counts those of its chat."""

    ahead: int
    before: asyncio.Event | None
    of_its_size: asyncio.Lock

    @property
    def waits(self) -> bool:
        return (self.before is not None and not self.before.is_set()) or self.of_its_size.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self.before is not None:
            await self.before.wait()
        async with self.of_its_size:
            yield


class FileQueue:
    """One large file is read at a time, and one small one."""

    def __init__(self) -> None:
        self._large, self._small = asyncio.Lock(), asyncio.Lock()
        self._last: dict[str, asyncio.Event] = {}
        self._held = Counter[int]()

    @contextmanager
    def join(self, name: str, chat_id: int, *, is_large: bool) -> Iterator[QueuedFile]:
        """Held until the file is done with."""
        mine, before = asyncio.Event(), self._last.get(name)
        self._last[name] = mine
        ahead = self._held[chat_id]
        self._held[chat_id] += 1
        try:
            yield QueuedFile(ahead, before, self._large if is_large else self._small)
        finally:
            mine.set()
            self._held[chat_id] -= 1
            if not self._held[chat_id]:
                del self._held[chat_id]
            if self._last.get(name) is mine:
                del self._last[name]
