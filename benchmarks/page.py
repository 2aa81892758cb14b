"""Results as a page with plots that needs nothing beside it."""

import html
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.common.rows import spread

_STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #ccc }
td.missed { color: #a00; font-weight: bold } svg { max-width: 100%; height: auto }"""


def page(results: Mapping[str, Any]) -> str:
    """What `side_by_side` found."""
    return whole("Wenju side by side", _side_by_side(results))


def whole(title: str, parts: Iterator[str]) -> str:
    """A page of these parts."""
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f"{head}<style>{_STYLE}</style><h1>{html.escape(title)}</h1>\n" + "\n".join(parts) + "\n</html>\n"


def table(header: Iterable[str], lines: Sequence[Sequence[object]]) -> str:
    """Cells as they are; one that says MISSED stands out."""
    rows = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    return f"<table><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in header)}</tr>{rows}</table>"


def machine(results: Mapping[str, Any]) -> str:
    """What it was seen on, escaped."""
    one = results["machine"]
    instructions = f" ({', '.join(one['instructions'])})" if "instructions" in one else ""  # older results lack them
    return html.escape(f"{one['processor']}{instructions}, {one['cores']} cores, {one['memory_gb']} GB")


def ratios(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as `Row.json` gives them."""
    return table(("", "against", "ratio (median)", "spread", "wanted", ""), [_line(row) for row in rows])


def plot(draw: Callable[[Any], None], width: float = 8, height: float = 3.5) -> str:
    """What `draw` draws on a matplotlib axes, as SVG with text that can be selected."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "wenju", "font.family": "sans-serif"}):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()[file.getvalue().index("<svg") :]


def _side_by_side(results: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"<p>{machine(results)}; "
        f"{results['passages']:,} passages of {html.escape(results['documents'])}. "
        f"{html.escape(', '.join(f'{name} {version}' for name, version in results['versions'].items()))}.</p>"
    )
    yield ratios(results["table"])
    sides = [name for name in ("wenju", "langchain", "txtai") if name in results]
    yield "<h2>One warm question</h2>"
    yield plot(lambda axes: _latencies(axes, {name: results[name]["rounds_ms"] for name in sides}))
    figures = {
        name: [*results[name]["question_ms"].values(), results[name]["hit@1"], results[name]["hit@5"]]
        for name in sides
    }
    columns = ("", "p50 ms", "p95 ms", "right document first", "among five")
    yield table(columns, [(name, *own) for name, own in figures.items()])
    yield "<h2>Indexing the same documents</h2>"
    yield plot(lambda axes: _seconds(axes, results["indexing_seconds"]))


def _line(row: Mapping[str, Any]) -> tuple[object, ...]:
    sign = "≥" if row["at_least"] else "≤"
    met = "met" if row["met"] else "MISSED"
    return (
        row["name"],
        row["reference"],
        f"{row['median']:.2f}",
        spread(row["ratios"]),
        f"{sign} {row['wanted']:g}",
        met,
    )


def _cell(value: object) -> str:
    return f"<td{' class=missed' if value == 'MISSED' else ''}>{html.escape(str(value))}</td>"


def _latencies(axes: Any, rounds: Mapping[str, Sequence[float]]) -> None:
    axes.boxplot(list(rounds.values()), orientation="horizontal", tick_labels=list(rounds))
    axes.set(xlabel="median milliseconds of a round of questions", xlim=(0, None))
    axes.invert_yaxis()


def _seconds(axes: Any, seconds: Mapping[str, Sequence[float]]) -> None:
    for number, own in enumerate(seconds.values()):
        axes.barh(number, min(own), color="C0")
        axes.plot(own, [number] * len(own), "k|")
    axes.set(yticks=range(len(seconds)), yticklabels=list(seconds), xlabel="seconds; bar: the fastest round")
    axes.invert_yaxis()
