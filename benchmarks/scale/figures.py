"""The scale study as tables and plots."""

import html
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common.rows import Row
from benchmarks.page import machine, plot, ratios, table, whole

_MB = 1e6
_FLOAT32_VECTOR = 384 * 4
"""Bytes of a vector of the bundled model as the others keep it."""
Sizes = Mapping[str, Any]
Figure = Callable[[Any], float]
_BYTES = ("database_bytes", "words_bytes", "nearest_bytes")
COLUMNS: dict[str, Figure] = {
    "question p50 ms": lambda one: one["questions"]["total"]["p50"],
    "p95 ms": lambda one: one["questions"]["total"]["p95"],
    "of it embedding": lambda one: one["questions"]["embed"]["p50"],
    "nearest vectors p95 ms": lambda one: one["parts"]["nearest"]["p95"],
    "exact float32 scan p95 ms": lambda one: one["parts"]["exact scan"]["p95"],
    "recall@10": lambda one: one["parts"]["recall@10"],
    "words p95 ms": lambda one: one["parts"]["words"]["p95"],
    "opening + first question s": lambda one: _median(one["first"], "seconds"),
    "memory MB": lambda one: one["questions"]["RssAnon"] / _MB,
    "with mapped files MB": lambda one: one["questions"]["VmRSS"] / _MB,
    "disk MB": lambda one: sum(one["stats"][name] for name in _BYTES) / _MB,
    "adding 100 documents s": lambda one: _median(one["adding"], "seconds"),
    "… to an empty index s": lambda one: _median(one["adding_to_nothing"], "seconds"),
    "16 askers, questions/s": lambda one: one["crowd"][1]["per_second"],
    "one asker": lambda one: one["crowd"][0]["per_second"],
}


def page(results: Mapping[str, Any]) -> str:
    """The whole study."""
    return whole("Wenju against the size of its index", _parts(results))


def rows(results: Mapping[str, Any]) -> list[Row]:
    """What is wanted of the largest size."""
    sizes = list(results["sizes"].values())
    largest, parts = sizes[-1], sizes[-1]["parts"]
    floats = largest["passages"] * _FLOAT32_VECTOR
    first = [one["seconds"] / _median(sizes[min(1, len(sizes) - 1)]["first"], "seconds") for one in largest["first"]]
    added = [
        one["seconds"] / nothing["seconds"]
        for one, nothing in zip(largest["adding"], largest["adding_to_nothing"], strict=True)
    ]
    alone, crowd = (one["per_second"] for one in largest["crowd"])
    wanted = (
        ("nearest vectors, p95", "exact float32 scan", [parts["nearest"]["p95"] / parts["exact scan"]["p95"]], 0.2),
        ("memory, mapped files too", "float32 vectors", [largest["questions"]["VmRSS"] / floats], 1.0),
        ("opening and first question", f"{sizes[min(1, len(sizes) - 1)]['passages']:,} passages", first, 2.0),
        ("adding 100 documents", "an empty index", added, 1.5),
    )
    return [
        *(Row(name, reference, _rounded(found), limit, False) for name, reference, found, limit in wanted),
        Row("recall@10", "exact float32 scan", (parts["recall@10"],), 0.98, True),
        Row("16 askers at once, questions/s", "one asker", _rounded([crowd / alone]), 1.5, True),
    ]


def _rounded(found: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(one, 4) for one in found)


def plot_file(results: Mapping[str, Any], path: Path) -> None:
    """The plot of docs/benchmarks.md."""
    path.write_text(plot(lambda axes: _questions(axes, results["sizes"])), encoding="utf-8")


def _parts(results: Mapping[str, Any]) -> Iterator[str]:
    sizes = results["sizes"]
    real = max(one["real_passages"] for one in sizes.values())
    yield (
        f"<p>{machine(results)}. "
        f"The first {real:,} passages are {html.escape(results['source'])}; beyond, documents of real sentences in "
        "new orders, with vectors near real ones.</p>"
    )
    yield ratios([row.json() for row in rows(results)])
    yield table(("", *(f"{one['passages']:,}" for one in sizes.values())), [_line(name, sizes) for name in COLUMNS])
    yield "<h2>A question</h2>" + plot(lambda axes: _questions(axes, sizes))
    yield "<h2>Nearest vectors</h2>" + plot(lambda axes: _nearest(axes, sizes))
    for one in sizes.values():
        yield f"<h3>FAISS's kinds of index over {one['passages']:,} vectors</h3>"
        yield table(_KINDS.values(), [[kind[name] for name in _KINDS] for kind in one["kinds"]])
    yield "<h2>Memory and disk</h2>" + plot(lambda axes: _bytes(axes, sizes))
    yield "<h2>Opening and adding</h2>" + plot(lambda axes: _seconds(axes, sizes))


def _line(name: str, sizes: Sizes) -> list[str]:
    figures = [COLUMNS[name](one) for one in sizes.values()]
    return [name, *(f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}" for figure in figures)]


def _questions(axes: Any, sizes: Sizes) -> None:
    for stage in ("total", "embed", "search", "answer"):
        for percentile, style in (("p50", "o-"), ("p95", "o:")):
            values = [one["questions"][stage][percentile] for one in sizes.values()]
            axes.plot(_passages(sizes), values, style, label=f"{stage} {percentile}", color=_COLOURS[stage])
    _finish(axes, "milliseconds of a warm question")


def _nearest(axes: Any, sizes: Sizes) -> None:
    for part in ("nearest", "exact scan", "words", "vectors read"):
        axes.plot(_passages(sizes), [one["parts"][part]["p95"] for one in sizes.values()], "o-", label=f"{part} p95")
    _finish(axes, "milliseconds")


def _bytes(axes: Any, sizes: Sizes) -> None:
    for name in ("memory MB", "with mapped files MB", "disk MB"):
        axes.plot(
            _passages(sizes), [COLUMNS[name](one) for one in sizes.values()], "o-", label=name.removesuffix(" MB")
        )
    _finish(axes, "MB")


def _seconds(axes: Any, sizes: Sizes) -> None:
    for name in ("opening + first question s", "adding 100 documents s", "… to an empty index s"):
        axes.plot(
            _passages(sizes), [COLUMNS[name](one) for one in sizes.values()], "o-", label=name.removesuffix(" s")
        )
    _finish(axes, "seconds")


_KINDS = {
    "kind": "",
    "build_seconds": "to build, s",
    "bytes": "bytes a vector",
    "p50": "p50, ms",
    "p95": "p95, ms",
    "recall@10": "recall@10",
}
_COLOURS = {"total": "black", "embed": "C0", "search": "C1", "answer": "C2"}


def _finish(axes: Any, label: str) -> None:
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=label)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def _passages(sizes: Sizes) -> list[int]:
    return [one["passages"] for one in sizes.values()]


def _median(rounds: Sequence[Mapping[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in rounds)
