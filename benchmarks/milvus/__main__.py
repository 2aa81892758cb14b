"""`make bench-milvus`: what a question costs who asks when the index lies on a Milvus, and what 100 million passages
would cost, on paper.

The sample documents, with vectors drawn by chance, are put into an embedded index, each several times, so that there
are more passages than either side proposes. That is moved to milvus-lite in a process of its own. The questions are
put to both, sentences not read. Counted is the time that the asking process computes, with all its threads: where
others are at work, the clock tells of them, too. Both models are left out: vectors are drawn, which takes a tenth of
a millisecond, and no sentence is read. So it contains what Python and gRPC do for a question: understanding it,
asking the server and decoding what it answers, scoring and ranking, and putting the answer together.

A process remembers rows that it has read. So each question is asked twice: where no row was read before, as in an
index that is far larger than what is remembered, and where the questions before have read what they share.

What the larger index would cost is reckoned from what a passage of the samples takes. Bytes and calls of a question
do not depend on how much there is, for each side proposes so many passages and no more.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.common.machine import described
from benchmarks.common.results import write
from benchmarks.milvus.paper import Passage, paper
from config.settings import Settings, load_settings
from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.index.base import IndexStore
from retrieval.index.engine import open_store
from retrieval.index.milvus.milvus_store import MilvusStore
from retrieval.index.milvus.packing import pack
from retrieval.index.milvus.schema import AVERAGES
from retrieval.index.moving import documents_of
from retrieval.samples import SAMPLES
from retrieval.service import Beside, KnowledgeBase

WANTED_MS = 15.0
"""At most, of work on the asking side for a question (p50)."""
_COPIES = 6
"""Of each document."""
_DIMENSION = 384
"""Of the bundled model."""


class Drawn:
    """An embedder that gives each text a unit vector by chance, always the same."""

    engine, identity = "drawn by chance", ModelIdentity("drawn", _DIMENSION, "drawn")

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self.embed_passages(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        seeds = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in passages]
        draws = [np.random.default_rng(int.from_bytes(seed, "little")) for seed in seeds]
        rows = np.array([draw.standard_normal(_DIMENSION, np.float32) for draw in draws], np.float32)
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).reshape(-1, _DIMENSION)
        return unit


class Server:
    """The milvus-lite in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.address = self._line()

    def counts(self) -> dict[str, float]:
        """What came since the last time."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return {"calls": 0, "asked": 0, "answered": 0, **json.loads(self._line())}

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def serving(file: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "benchmarks.milvus.server", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Server(process)
        process.communicate()


def opened(settings: Settings) -> KnowledgeBase:
    return KnowledgeBase(settings, embedder=Drawn())


def multiplied(base: KnowledgeBase, store: IndexStore) -> None:
    """Put each document _COPIES times in all."""
    base.add([SAMPLES])
    with documents_of(store) as documents:
        known = list(documents)
    with store.writing(5) as writer:
        for copy in range(1, _COPIES):
            for own in known:
                path = Path(f"/copies/{copy}", own.document.path.name)
                passages = [replace(passage, passage_id=f"{passage.passage_id}-{copy}") for passage in own.passages]
                writer.put(
                    replace(
                        own,
                        document_id=f"{own.document_id}-{copy}",
                        document=replace(own.document, path=path),
                        passages=passages,
                    )
                )
        writer.save_caches(whole=True)


def costs(
    base: KnowledgeBase,
    questions: Sequence[str],
    server: Server | None = None,
    before_each: Callable[[KnowledgeBase], None] = lambda _: None,
) -> dict[str, list[float]]:
    """Of each question: `work_ms` that this process computes, and what the server counted."""
    for question in questions[:10]:
        base.ask(question)
    seen: list[dict[str, float]] = []
    for question in questions:
        if server is not None:
            server.counts()
        before_each(base)
        began = time.process_time()
        base.ask(question)
        took = 1000 * (time.process_time() - began)
        seen.append({"work_ms": took, **(server.counts() if server is not None else {})})
    return {name: [own[name] for own in seen] for name in seen[0]}


def anew(base: KnowledgeBase) -> None:
    """Forget the rows that were read: the index is opened anew, which costs a call."""
    store = base._store
    assert isinstance(store, MilvusStore)
    store._generations._opened = None


def percentiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": float(np.percentile(values, share)) for share in (50, 95)}


def measured_passage(settings: Settings) -> Passage:
    """What a passage of the index takes, on average."""
    passages = entries = texts = data = vectors = documents = 0
    began = time.process_time()
    with closing(open_store(settings.home / "index")) as store, documents_of(store) as indexed:
        for number, document in enumerate(indexed, start=1):
            packed = pack(number, document, AVERAGES)
            documents += 1
            passages += len(packed.passages)
            entries += sum(len(row["words"]) for row in packed.passages)
            texts += sum(len(row["texts"]) for row in packed.passages)
            data += sum(len(row["data"].encode()) for row in packed.passages)
            data += sum(len(row["data"].encode()) for row in [packed.document, *packed.parts])
            vectors += sum(len(row["vectors"]) for row in packed.passages)
    packing_ms = 1000 * (time.process_time() - began)
    return Passage(
        *(_DIMENSION, entries / passages, texts / passages, data / passages, vectors / passages),
        *(passages / documents, packing_ms / passages),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.milvus", description=__doc__)
    parser.add_argument(
        "--questions", type=int, default=30, help="put so many of them: milvus-lite scans, and takes seconds for each"
    )
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    chosen = parser.parse_args()
    lines = (SAMPLES.parent / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][: chosen.questions]
    with TemporaryDirectory() as name, serving(Path(name, "milvus.db")) as server:
        here = load_settings(home=Path(name, "embedded"), reader="none")
        index = {"engine": "milvus", "milvus_uri": server.address, "milvus_timeout": 120}
        there = load_settings(home=Path(name, "milvus"), reader="none", index=index)
        with closing(opened(here)) as embedded, closing(opened(there)) as milvus:
            with closing(open_store(here.home / "index")) as store:
                multiplied(embedded, store)
            embedded.maintenance.backup(Path(name, "backup.zip"), Beside())
            began = time.process_time()
            milvus.maintenance.restore(Path(name, "backup.zip"), Beside())
            moving_ms = 1000 * (time.process_time() - began)
            moved = server.counts()
            passages = int(milvus.stats()["passages"])
            first = costs(milvus, questions, server, anew)
            seen = costs(milvus, questions, server)
            before = costs(embedded, questions)
            passage = measured_passage(here)
    figures: dict[str, Any] = {
        "machine": described(),
        "passages": passages,
        "questions": len(questions),
        "work_ms": {
            "milvus": percentiles(seen["work_ms"]),
            "milvus_no_row_read_before": percentiles(first["work_ms"]),
            "embedded": percentiles(before["work_ms"]),
            "more_than_embedded": percentiles(np.subtract(seen["work_ms"], before["work_ms"]).tolist()),
            "wanted": WANTED_MS,
        },
        **{kind: percentiles(seen[kind]) for kind in ("calls", "asked", "answered")},
        "no_row_read_before": {kind: percentiles(first[kind]) for kind in ("calls", "asked", "answered")},
        "moving": {"work_ms_per_passage": moving_ms / passages, "bytes_per_passage": moved["asked"] / passages},
        "passage": passage._asdict(),
        "paper": paper(passage, seen_bytes=float(np.median(first["answered"])), moving_ms=moving_ms / passages),
    }
    if chosen.json:
        write(chosen.json, figures)
    sys.stdout.write(json.dumps({**figures, "machine": None}, indent=1) + "\n")
    if (p50 := figures["work_ms"]["milvus"]["p50"]) > WANTED_MS:
        raise SystemExit(f"{p50:.1f} ms of work for a question are more than {WANTED_MS:.0f} ms")


if __name__ == "__main__":
    main()
