"""What several threads ask for at the same moment, run as one batch: a model takes little longer for it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock

from retrieval.embedding.base import Vectors


class MicroBatcher:
    """`run` from many threads: while one batch runs, what comes in waits and makes the next.

    A lone caller waits for nobody. `run` is never called by two threads at once."""

    def __init__(self, run: Callable[[Sequence[str]], Vectors]) -> None:
        self._run = run
        self._running, self._changing = Lock(), Lock()
        self._waiting: list[tuple[Sequence[str], Future[Vectors]]] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The vectors of these texts. Raises what `run` raises, in all whose texts were in the batch."""
        mine: Future[Vectors] = Future()
        with self._changing:
            self._waiting.append((texts, mine))
        with self._running:
            if not mine.done():  # else it was in the batch that ran while this one waited
                with self._changing:
                    batch, self._waiting = self._waiting, []
                self._run_all(batch)
        return mine.result()

    def _run_all(self, batch: Sequence[tuple[Sequence[str], Future[Vectors]]]) -> None:
        try:
            vectors = self._run([text for texts, _ in batch for text in texts])
        except BaseException as error:  # noqa: BLE001 - raised in every thread that waits for the batch
            for _, future in batch:
                future.set_exception(error)
            return
        start = 0
        for texts, future in batch:
            future.set_result(vectors[start : start + len(texts)])
            start += len(texts)
