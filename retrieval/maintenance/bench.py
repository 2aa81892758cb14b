"""What answering costs with the present index, model and machine."""

import platform
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.compiled import cores
from retrieval.errors import NotFoundError
from retrieval.service import KnowledgeBase

_STAGES = ("embed", "search", "read", "answer")


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over a number of runs."""

    runs: int
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> "Latency":
        p50, p95, p99 = (round(float(np.percentile(milliseconds, p)), 2) for p in (50, 95, 99))
        return cls(len(milliseconds), p50, p95, p99)


def machine() -> dict[str, Any]:
    """Processor, cores, system and Python."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def texts_of(base: KnowledgeBase, count: int) -> list[str]:
    """So many texts of passages, drawn evenly from the index, again from the start when it has fewer.

    Raises NotFoundError when nothing is indexed."""
    records = [record for record in base.documents() if record.passages]
    if not records:
        raise NotFoundError("There is nothing to measure with. Run `wenju index PATH` on your documents first.")
    drawn = records[:: max(1, len(records) // count)]
    texts = [stored.text for record in drawn for stored in base.passages_of(record.document_id)]
    step = max(1, len(texts) // count)
    return [texts[number * step % len(texts)] for number in range(count)]


def questions_of(texts: Sequence[str]) -> list[str]:
    """The beginnings of the passages as questions: words that the index knows, in lengths that people type."""
    starts = (" ".join(text[: 8 + number % 24].split()) for number, text in enumerate(texts))
    return [start if any(map(str.isalnum, start)) else f"{number}?" for number, start in enumerate(starts)]


def warm(base: KnowledgeBase, questions: Sequence[str]) -> tuple[Latency, dict[str, Latency]]:
    """Latency of one question after another in a process that has answered before, in all and by stage."""
    base.ask(questions[0])
    timings = [base.ask(question).timing_ms for question in questions]
    stages = {stage: Latency.of([timing[stage] for timing in timings]) for stage in _STAGES}
    return Latency.of([timing["total"] for timing in timings]), stages


def timed(run: Callable[[], object], runs: int) -> Latency:
    """Latency of something that is done anew each time."""
    milliseconds = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        milliseconds.append((time.perf_counter() - started) * 1000)
    return Latency.of(milliseconds)


def passages_per_second(base: KnowledgeBase, texts: Sequence[str]) -> float:
    """Passages through the model in a second, as an ingest sends them."""
    embedder = base.embedder()
    embedder.embed_passages(texts)  # kernels are prepared for each shape when it is first met
    started = time.perf_counter()
    embedder.embed_passages(texts)
    return round(len(texts) / (time.perf_counter() - started), 1)


def peak_memory() -> int | None:
    """Bytes that this process has held at most, None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
