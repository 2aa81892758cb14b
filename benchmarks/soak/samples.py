"""What a process holds, every few seconds, and the rules of what it may hold."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SPARE = 8
"""Open files or threads more than half-way through that there may be at the end, and sockets more at rest after the
run than before it."""
SPARE_MAPPINGS = 36
"""The same of mappings: words come and go by segments of six mapped files, with each of hundreds of commits."""
MOST_SOCKETS = 72
"""The bot has 64 connections to Telegram at most, one to wait for news, and a few of its own."""
SPARE_BYTES = 12e6
"""Bytes by which memory may grow in the second half beyond the index's own growth: what an allocator keeps. A leak of
a kilobyte or two for each question is more."""
SLOWER = 2.0
"""The last minute's p95 against the first's at most, while the index grows from a hundred documents to thousands."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Of one process at one moment: seconds since the beginning, bytes, counts."""

    at: float
    memory: int
    """RssAnon: what is its own, without files that are mapped and the system can take back."""
    mapped: int
    files: int
    sockets: int
    threads: int
    mappings: int
    deleted: int
    """Mappings of files that are gone."""


@dataclass(frozen=True, slots=True)
class IndexSize:
    """Of the index at one moment: bytes of all files in use, and of those the logs of SQLite; documents in it."""

    at: float
    documents: int
    size: int
    log: int


def sample(process: int, began: float) -> Sample | None:
    """None when the process is gone."""
    folder = Path("/proc", str(process))
    try:
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        maps = (folder / "maps").read_text().splitlines()
        handles = [_target(handle) for handle in (folder / "fd").iterdir()]
        memory, mapped = (int(status[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile"))
    except (FileNotFoundError, ProcessLookupError, KeyError):
        return None
    deleted = sum(line.endswith("(deleted)") for line in maps)
    sockets = sum(handle.startswith("socket:") for handle in handles)
    files = len(handles) - sockets
    return Sample(
        time.monotonic() - began, memory, mapped, files, sockets, int(status["Threads"]), len(maps), deleted
    )


def _target(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except FileNotFoundError:
        return ""


def index_size(home: Path, documents: int, began: float) -> IndexSize:
    """What lies in the home's index, the newest generation, and the bot's database."""
    generations = sorted((home / "index").glob("gen-*"))
    files = [path for folder in generations[-1:] for path in folder.rglob("*")] + list(home.glob("bot.db*"))
    sizes = {}
    for path in files:
        with suppress(FileNotFoundError):
            sizes[path] = path.stat().st_size
    log = sum(size for path, size in sizes.items() if path.name.endswith("-wal"))
    return IndexSize(time.monotonic() - began, documents, sum(sizes.values()) - log, log)


def judged(name: str, samples: Sequence[Sample], sizes: Sequence[IndexSize]) -> Iterator[tuple[str, bool]]:
    """Each rule of what may grow from the middle of the run to its end, told with its figures, and whether it was
    kept. Of each tenth of the run the median counts, for much is there only for a moment."""
    half, tenth = samples[-1].at / 2, samples[-1].at / 10
    middle = [reading for reading in samples if half - tenth / 2 <= reading.at <= half + tenth / 2]
    end = [reading for reading in samples if reading.at >= samples[-1].at - tenth]

    def grown(what: str) -> tuple[float, float]:
        before, after = (statistics.median(getattr(reading, what) for reading in part) for part in (middle, end))
        return before, after

    for what, spare in (("files", SPARE), ("threads", SPARE), ("mappings", SPARE_MAPPINGS)):
        before, after = grown(what)
        yield f"{name}: {before:.0f} {what} half-way, {after:.0f} at the end", after <= before + spare
    before, after = grown("memory")
    index = sizes[-1].size - min(sizes, key=lambda reading: abs(reading.at - half)).size
    yield (
        f"{name}: memory {(after - before) / 1e6:+.1f} MB in the second half, the index {index / 1e6:+.1f} MB",
        after - before <= max(0, index) + SPARE_BYTES,
    )


def judged_sockets(samples: Sequence[Sample], before: Sample, after: Sample) -> Iterator[tuple[str, bool]]:
    """As `judged`, for the connections of the bot; `before` and `after` are at rest."""
    most = max(reading.sockets for reading in samples)
    yield f"bot: at most {most} sockets", most <= MOST_SOCKETS
    kept = after.sockets <= before.sockets + SPARE
    yield f"bot: {before.sockets} sockets at rest before, {after.sockets} after", kept


def by_minute(samples: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first sample, and of each minute the last."""
    last = {reading["at"] // 60: reading for reading in samples}
    return [reading for reading in samples[:1] if reading not in last.values()] + list(last.values())


def rows(samples: Sequence[Sample] | Sequence[IndexSize]) -> list[dict[str, Any]]:
    """For JSON."""
    return [{name: round(value, 1) for name, value in asdict(reading).items()} for reading in samples]
