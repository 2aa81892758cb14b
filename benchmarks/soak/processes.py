"""The two processes of the soak: the bot, and a writer that adds, changes and removes documents all the time.

`python -m benchmarks.soak.processes bot EMBEDDER` and `… writer EMBEDDER FOLDER SECONDS DOCUMENTS REBUILDS`. The
writer says on its standard output, a line of JSON each, what it begins to change and what is done, with the time.
"""

import itertools
import json
import random
import signal
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.soak.truth import Change, names, sentence
from bot.telegram.application import TelegramBot
from bot.telegram.logs import set_up_logs
from config.settings import load_settings
from retrieval.embedding.base import Embedder, ModelIdentity, Vectors
from retrieval.service import KnowledgeBase
from retrieval.text.tokens import tokenize

BEFORE = 100
"""Documents that are there before the first question."""
_STEP = 0.5
"""Seconds from one beginning to the next at least."""
_MOST = 40
"""Documents added at once at most: while they are, the truth about all of them is open."""
_PRUNED_EVERY = 20


class Bigrams:
    """Unit vectors that count a text's tokens, each in one of 256 places: near are texts that share characters. The
    real model takes so much of two cores that 2,000 documents would leave nothing for questions."""

    engine = "bigrams"
    identity = ModelIdentity("bigrams", 256, "1")

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._embed(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        return self._embed(passages)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        counts = np.full((len(texts), self.identity.dimension), 0.01, np.float32)
        for row, text in zip(counts, texts, strict=True):
            for token in tokenize(text):
                row[zlib.crc32(token.encode()) % len(row)] += 1
        unit: Vectors = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return unit


class Writer:
    """Changes documents through a knowledge base, as `wenju index` would, and tells of each change."""

    def __init__(self, base: KnowledgeBase, folder: Path) -> None:
        self._base = base
        self._folder = folder
        self._random = random.Random(11)
        self._unused = iter(names())
        self._numbers = itertools.count(1001)
        self._there: list[str] = []
        self.added = 0

    def add(self, count: int, changed: int = 0) -> None:
        """So many new documents, and as many of the old with another number, in one run."""
        new = list(itertools.islice(self._unused, count))
        old = self._random.sample(self._there, min(changed, len(self._there)))
        changes: list[Change] = [(name, next(self._numbers)) for name in (*new, *old)]
        with _ChangeAnnouncer(changes):
            for name, number in changes:
                assert number is not None
                self._path(name).write_text(sentence(name, number), "utf-8")
            report = self._base.add([self._path(name) for name, _ in changes])
        assert (len(report.added), len(report.changed)) == (len(new), len(old)), report
        self._there += new
        self.added += len(new)

    def remove(self) -> None:
        """One document, by name; its file is left."""
        (name,) = self._leaving(1)
        with _ChangeAnnouncer([(name, None)]):
            self._base.remove(str(self._path(name)))
        self._path(name).unlink()

    def prune(self, count: int) -> None:
        """So many documents, whose files go first."""
        gone = self._leaving(count)
        with _ChangeAnnouncer([(name, None) for name in gone]):
            for name in gone:
                self._path(name).unlink()
            report = self._base.add([self._folder], prune=True)
        assert len(report.removed) == count, report

    def rebuild(self) -> None:
        """Make the index anew; nothing that is asked may notice."""
        self._base.rebuild()

    def _leaving(self, count: int) -> list[str]:
        return [self._there.pop(self._random.randrange(len(self._there))) for _ in range(count)]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.txt"


class _ChangeAnnouncer:
    """Says that the changes begin, and when they are done, that they are."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes

    def __enter__(self) -> None:
        tell("began", self._changes)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            tell("done", self._changes)


def tell(what: str, changes: Sequence[Change] = (), **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, "at": time.monotonic(), "changes": changes, **more}) + "\n")
    sys.stdout.flush()


def write(base: KnowledgeBase, folder: Path, seconds: float, documents: int, rebuilds: int) -> None:
    """Index so many documents, evenly over the time, with changes and removals between."""
    writer = Writer(base, folder)
    writer.add(BEFORE)
    tell("ready")
    sys.stdin.readline()  # until the bot is ready too
    began, longest = time.monotonic(), 0.0
    due_rebuilds = [began + seconds * (n + 1) / (rebuilds + 1) for n in range(rebuilds)]
    for turn in itertools.count(1):
        started = time.monotonic()
        due = round(documents * min(1.0, (started - began) / seconds)) + BEFORE - writer.added
        writer.add(min(due, _MOST), changed=3)
        writer.remove()
        if turn % _PRUNED_EVERY == 0:
            writer.prune(3)
        took = time.monotonic() - started
        longest = max(longest, took)
        if due_rebuilds and time.monotonic() > due_rebuilds[0]:
            due_rebuilds.pop(0)
            writer.rebuild()
        if started > began + seconds and writer.added >= documents + BEFORE:
            break
        time.sleep(max(0.0, _STEP - took))
    tell("finished", added=writer.added - BEFORE, turns=turn, longest_turn_seconds=round(longest, 2))


def _knowledge_base(embedder: str) -> KnowledgeBase:
    known: dict[str, Callable[[], Embedder | None]] = {"bigrams": Bigrams, "model": lambda: None}
    return KnowledgeBase(load_settings(), embedder=known[embedder]())


def main() -> None:
    """One of the two, until it is done or told to end."""
    side, embedder, *arguments = sys.argv[1:]
    from bot.cli import share_one_heap

    share_one_heap()
    with closing(_knowledge_base(embedder)) as base:
        if side == "writer":
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            folder, seconds, documents, rebuilds = arguments
            write(base, Path(folder), float(seconds), int(documents), int(rebuilds))
            return
        settings = base.settings.telegram
        set_up_logs(settings)
        serving = TelegramBot(settings, base)
        serving.run()
        serving.finish()


if __name__ == "__main__":
    main()
