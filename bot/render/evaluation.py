"""An evaluation → tables for the terminal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.console import out
from bot.render.visible import visible

if TYPE_CHECKING:
    from retrieval.evaluation.compare import ChangedQuestion, Comparison, Difference
    from retrieval.evaluation.run import Evaluation

_OF_ANSWERABLE = ("hit@1", "hit@5", "mrr@10", "highlight", "kept", "complete@5", "told")
_OF_UNANSWERABLE = ("refused", "not_answered")
_MOST_CHANGES = 40


def show(evaluation: "Evaluation", comparison: "Comparison | None") -> None:
    """The metrics with their intervals, by kind of question, latency, and what changed."""
    console = out()
    declined = sum(item.question.why is not None for item in evaluation.items)
    console.print(
        f"{len(evaluation.items):,} questions ({declined:,} without an answer), {evaluation.documents:,} documents"
    )
    console.print(_metrics(evaluation, comparison))
    for names in (_OF_ANSWERABLE, _OF_UNANSWERABLE):
        table = _kinds(evaluation, names)
        if table.row_count:
            console.print(table)
    latency = evaluation.latency
    console.print(
        f"latency {latency['p50']:.0f} ms (p50), {latency['p95']:.0f} ms (p95), {latency['mean']:.0f} ms mean"
    )
    if comparison is not None:
        _changes(console, comparison)


def _metrics(evaluation: "Evaluation", comparison: "Comparison | None") -> Table:
    before = {} if comparison is None else {difference.metric: difference for difference in comparison.differences}
    table = _table("metric", "", "95%", "questions", *(("before", "change", "95%") if comparison else ()))
    for name, value in evaluation.means.items():
        if value is not None or name in before:
            spread = _span(evaluation.intervals[name])
            row = [name, _share(value), spread, f"{evaluation.counts[name]:,}"]
            table.add_row(*row, *(_difference(before.get(name)) if comparison else ()))
    return table


def _difference(difference: "Difference | None") -> tuple[str, str, str]:
    if difference is None:
        return "", "", ""
    change = "" if difference.change is None else f"{difference.change:+.3f}"
    spread = "" if difference.interval is None else "{:+.3f} to {:+.3f}".format(*difference.interval)
    return _share(difference.before), change, spread


def _kinds(evaluation: "Evaluation", names: Iterable[str]) -> Table:
    """The kinds of question that can judge one of the metrics."""
    groups = {
        kind: group for kind, group in evaluation.kinds.items() if any(group[name] is not None for name in names)
    }
    shown = [name for name in names if any(group[name] is not None for group in groups.values())]
    table = _table("kind", "questions", *shown)
    for kind, group in groups.items():
        table.add_row(Text(visible(kind)), f"{group['questions']:,}", *(_share(group[name]) for name in shown))
    return table


def _changes(console: Console, comparison: "Comparison") -> None:
    if comparison.common is None:
        console.print("Which questions changed is not known: the earlier result was made without --items.")
        return
    better = sum(change.is_better for change in comparison.changes)
    console.print(
        f"{comparison.common:,} questions were asked both times: {better:,} fare better, "
        f"{len(comparison.changes) - better:,} worse"
    )
    for change in sorted(comparison.changes, key=lambda change: change.is_better)[:_MOST_CHANGES]:
        console.print(visible(_change(change)), markup=False)
    if len(comparison.changes) > _MOST_CHANGES:
        console.print(f"… and {len(comparison.changes) - _MOST_CHANGES:,} more")


def _change(change: "ChangedQuestion") -> str:
    values = ", ".join(f"{name} {before:.2g} → {now:.2g}" for name, (before, now) in change.values.items())
    return f"{'+' if change.is_better else '-'} {change.id} {change.question}: {values}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _span(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}"
