"""What the scale study found: what is wanted of the largest size, a table of all sizes, and a plot."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.common.plot import PlotLine, lines
from benchmarks.common.ratios import RatioRow

_MB = 1e6
_FLOAT32_VECTOR = 384 * 4
"""Bytes of a vector of the bundled model as the others keep it."""
Sizes = Mapping[str, Any]
Figure = Callable[[Any], float]
_STAGES = {"total": "all of it", "search": "searching", "embed": "embedding"}
_BYTES = ("database_bytes", "words_bytes", "nearest_bytes")
COLUMNS: dict[str, Figure] = {
    "question p50 ms": lambda size: size["questions"]["total"]["p50"],
    "p95 ms": lambda size: size["questions"]["total"]["p95"],
    "of it embedding": lambda size: size["questions"]["embed"]["p50"],
    "nearest vectors p95 ms": lambda size: size["parts"]["nearest"]["p95"],
    "exact float32 scan p95 ms": lambda size: size["parts"]["exact scan"]["p95"],
    "recall@10": lambda size: size["parts"]["recall@10"],
    "words p95 ms": lambda size: size["parts"]["words"]["p95"],
    "opening + first question s": lambda size: _median(size["first"], "seconds"),
    "memory MB": lambda size: size["questions"]["RssAnon"] / _MB,
    "with mapped files MB": lambda size: size["questions"]["VmRSS"] / _MB,
    "disk MB": lambda size: sum(size["stats"][name] for name in _BYTES) / _MB,
    "adding 100 documents s": lambda size: _median(size["adding"], "seconds"),
    "… to an empty index s": lambda size: _median(size["adding_to_nothing"], "seconds"),
    "16 askers, questions/s": lambda size: size["crowd"][1]["per_second"],
    "one asker": lambda size: size["crowd"][0]["per_second"],
}


def rows(results: Mapping[str, Any]) -> list[RatioRow]:
    """What is wanted of the largest size."""
    sizes = list(results["sizes"].values())
    largest, parts = sizes[-1], sizes[-1]["parts"]
    floats = largest["passages"] * _FLOAT32_VECTOR
    first = [
        opening["seconds"] / _median(sizes[min(1, len(sizes) - 1)]["first"], "seconds")
        for opening in largest["first"]
    ]
    added = [
        adding["seconds"] / nothing["seconds"]
        for adding, nothing in zip(largest["adding"], largest["adding_to_nothing"], strict=True)
    ]
    alone, crowd = (askers["per_second"] for askers in largest["crowd"])
    wanted = (
        ("nearest vectors, p95", "exact float32 scan", [parts["nearest"]["p95"] / parts["exact scan"]["p95"]], 0.2),
        ("memory, mapped files too", "float32 vectors", [largest["questions"]["VmRSS"] / floats], 1.0),
        ("opening and first question", f"{sizes[min(1, len(sizes) - 1)]['passages']:,} passages", first, 2.0),
        ("adding 100 documents", "an empty index", added, 1.5),
    )
    return [
        *(RatioRow(name, reference, _rounded(found), limit, False) for name, reference, found, limit in wanted),
        RatioRow("recall@10", "exact float32 scan", (parts["recall@10"],), 0.98, True),
        RatioRow("16 askers at once, questions/s", "one asker", _rounded([crowd / alone]), 1.5, True),
    ]


def _rounded(found: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(figure, 4) for figure in found)


def table(results: Mapping[str, Any]) -> str:
    """All sizes in Markdown, as docs/benchmarks.md shows them."""
    sizes = results["sizes"]
    header = ["", *(f"{size['passages']:,}" for size in sizes.values())]
    cells = [header, ["---"] * len(header), *(_line(name, sizes) for name in COLUMNS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def plot(results: Mapping[str, Any]) -> str:
    """The plot of docs/benchmarks.md."""
    drawn = [
        PlotLine(
            f"{_STAGES[stage]}, {percentile}",
            [(size["passages"], size["questions"][stage][percentile]) for size in results["sizes"].values()],
        )
        for stage, percentile in (("total", "p95"), ("total", "p50"), ("search", "p50"), ("embed", "p50"))
    ]
    return lines("Milliseconds of a warm question", drawn, "passages", logarithmic=True)


def _line(name: str, sizes: Sizes) -> list[str]:
    figures = [COLUMNS[name](size) for size in sizes.values()]
    return [name, *(f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}" for figure in figures)]


def _median(rounds: Sequence[Mapping[str, float]], name: str) -> float:
    return statistics.median(turn[name] for turn in rounds)
