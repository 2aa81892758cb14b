"""Questions of several threads at once run as one batch."""

import threading
import time
from collections.abc import Sequence

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.embedding.micro_batcher import MicroBatcher


class Slow:
    """The length of each text, after a moment; keeps what each run was given."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self._at_work = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        assert self._at_work.acquire(blocking=False), "two runs at once"
        self.runs.append(list(texts))
        time.sleep(0.05)
        self._at_work.release()
        if "bad" in texts:
            raise ValueError("bad")
        return np.array([[len(text)] for text in texts], np.float32)


def at_once(batcher: MicroBatcher, asked: Sequence[Sequence[str]]) -> list[object]:
    """What each of so many threads got, or the error."""
    results: list[object] = [None] * len(asked)
    ready = threading.Barrier(len(asked))

    def ask(number: int) -> None:
        ready.wait()
        try:
            results[number] = batcher(asked[number])[:, 0].tolist()
        except ValueError as error:
            results[number] = error

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_alone_is_run_alone() -> None:
    run = Slow()
    assert MicroBatcher(run)(["a", "bb"])[:, 0].tolist() == [1, 2]
    assert run.runs == [["a", "bb"]]


def test_each_gets_its_own_and_those_who_waited_are_run_together() -> None:
    run = Slow()
    asked = [["x" * number, "y"] for number in range(16)]
    assert at_once(MicroBatcher(run), asked) == [[number, 1] for number in range(16)]
    assert len(run.runs) <= 3
    assert sum(map(len, run.runs)) == 32


def test_an_error_reaches_all_in_the_batch_and_nobody_after_it() -> None:
    run = Slow()
    batcher = MicroBatcher(run)
    results = at_once(batcher, [["bad"]] + [["fine"]] * 7)
    assert isinstance(results[0], ValueError)
    batch = next(texts for texts in run.runs if "bad" in texts)
    assert sum(isinstance(result, ValueError) for result in results) == len(batch)
    assert all(result == [4] for result in results if not isinstance(result, ValueError))
    assert batcher(["later"])[:, 0].tolist() == [5]


def test_nothing_asked_is_nothing() -> None:
    assert MicroBatcher(lambda texts: np.zeros((len(texts), 3), np.float32))([]).shape == (0, 3)
