"""The line in front of the model, and the threads behind it: the event loop of a door is never kept waiting."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
_GUESSED_SECONDS = 0.1
_SMOOTHING = 0.1
_PATIENCE = 60


class TooBusyError(Exception):
    """The line in front of the model is full; `seconds` is about how long it takes to clear."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"full for {seconds:.0f} s")
        self.seconds = seconds


class TooSlowError(Exception):
    """The answer took longer than a setting allows."""


class WaitingLine:
    """At most `queue` questions wait or are answered, `askers` at the same time, each for `seconds` at most."""

    def __init__(self, queue: int, askers: int, seconds: float) -> None:
        self._queue = queue
        self._seconds = seconds
        self._places = askers
        self._pace = _GUESSED_SECONDS
        self._futures: set[Future[Any]] = set()
        self._askers = ThreadPoolExecutor(askers, "ask")
        self._workers = ThreadPoolExecutor(2, "work")
        self._writers = ThreadPoolExecutor(3, "write")
        self._unhurried = ThreadPoolExecutor(1, "unhurried")
        self.waiting = 0
        """Questions in line or at the model."""

    async def ask(self, question: Callable[[], T]) -> T:
        """What it gives, computed in a thread when its turn comes. Raises TooBusyError at once when the line is full,
        and TooSlowError."""
        if self.waiting >= self._queue:
            raise TooBusyError(self.waiting * self._pace / self._places)

        def timed() -> tuple[T, float]:
            began = time.perf_counter()
            found = question()
            return found, time.perf_counter() - began

        self.waiting += 1
        try:
            found, seconds = await asyncio.wait_for(self._run(self._askers, timed), self._seconds)
        except TimeoutError:
            raise TooSlowError from None
        finally:
            self.waiting -= 1
        self._pace += _SMOOTHING * (seconds - self._pace)
        return found

    async def work(self, task: Callable[..., T], *arguments: Any) -> T:
        """The task's result, from a thread that questions do not wait for."""
        return await self._run(self._workers, task, *arguments)

    async def write(self, task: Callable[..., T], *arguments: Any) -> T:
        """As `work`, for what changes the index: it may take minutes, or wait for another writer."""
        return await self._run(self._writers, task, *arguments)

    def begin(self, task: Callable[..., Any], *arguments: Any) -> None:
        """The task, some time, for nobody waits for it."""
        self._submit(self._unhurried, task, *arguments)

    async def unhurried(self, task: Callable[..., T], *arguments: Any) -> T:
        """As `begin`, with its result."""
        return await self._run(self._unhurried, task, *arguments)

    def let_pass(self) -> None:
        """For what is unhurried: wait while there are questions, though not for ever."""
        until = time.monotonic() + _PATIENCE
        while self.waiting and time.monotonic() < until:
            time.sleep(_GUESSED_SECONDS)

    def close(self) -> bool:
        """Begin nothing more; whether no thread is at work any more."""
        for threads in (self._askers, self._workers, self._writers, self._unhurried):
            threads.shutdown(wait=False, cancel_futures=True)
        return not any(future.running() for future in list(self._futures))  # threads discard meanwhile

    async def _run(self, threads: ThreadPoolExecutor, task: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.wrap_future(self._submit(threads, task, *arguments))

    def _submit(self, threads: ThreadPoolExecutor, task: Callable[..., T], *arguments: Any) -> Future[T]:
        future = threads.submit(copy_context().run, partial(task, *arguments))  # it goes on for the same viewer
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future
