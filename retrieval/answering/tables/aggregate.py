"""Rows that fit a question → what is counted or computed over them, or nothing where it might be wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from retrieval.answering.tables.cell_figures import Amount, Column
from retrieval.answering.tables.fitting import Fit
from retrieval.answering.tables.read_back import Row
from retrieval.answering.tables.totals import hides_total, is_grand_total, is_part, is_total
from retrieval.query.asked.bounds import Bound
from retrieval.query.asked.over_rows import RowsQuestion
from retrieval.tally import PlaceSum, TallyKind
from retrieval.text.lexicon import PLACE_WORDS, PLACES, UNITS

_LEVELS = {kind: level for level, kinds in enumerate(("县市区旗", "镇乡", "村")) for kind in kinds}
_LEVELS |= {"街道": 1, "苏木": 1, "社区": 2, "嘎查": 2, "片": -1, "片区": -1}
_KIND = re.compile(rf"(?:{PLACE_WORDS}|片区?|[{PLACES}])$")
_OUTER = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])")
_SAYS_NOTHING = re.compile(r"[-—–−/…]*|无|暂无|没有|不详|未知|不明|n/?a")
_CENTS = Decimal("0.01")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """`rows` are to be shown, `count` of them matched, were added or compared; `kind` is None where one row states
    what is asked, and nothing was computed; `places` where rows were added for each."""

    kind: TallyKind | None
    rows: tuple[Row, ...]
    count: int
    value: Decimal | None = None
    blank: int = 0
    places: tuple[PlaceSum, ...] = ()


NOTHING_SAID = Outcome(None, (), 0)
"""The one cell that is asked about is blank."""


def outcome(asked: RowsQuestion, found: Fit) -> Outcome | None:
    """None where the rows do not bear what is asked of them."""
    bounded = _bounded(asked.bound, found)
    if bounded is None:
        return None
    rows, amounts = bounded
    if asked.wish == "cell":
        return _cell(found)
    if not rows:
        return None
    if (asked.wish != "rows" or asked.bound is not None) and _are_of_levels(found):
        return None
    if (asked.wish == "count" or asked.bound is not None) and hides_total(found.table, rows, found.column):
        return None
    blank = sum(amount is None for amount in found.column.amounts) if found.column is not None else 0
    if asked.wish == "rows":
        return Outcome("rows", rows, len(rows), blank=blank)
    if asked.wish == "count":
        return Outcome("count", rows, len(rows), Decimal(len(rows)), blank)
    if found.column is None or asked.bound is not None:
        return None
    if asked.wish in ("sum", "average"):
        return _added(asked, found, rows, amounts)
    return _extreme(asked, found, found.column, rows, amounts)


def _cell(found: Fit) -> Outcome | None:
    """The row of the one that is asked about."""
    cell = found.rows[0].cell(found.label or "") if found.values and len(found.rows) == 1 else None
    if cell is None or _SAYS_NOTHING.fullmatch(cell.text):
        return None
    return Outcome(None, found.rows, 1)


def _bounded(bound: Bound | None, found: Fit) -> tuple[tuple[Row, ...], tuple[Amount | None, ...]] | None:
    """The rows whose figure lies within what is asked; None where the units do not meet."""
    column = found.column
    amounts = column.amounts if column is not None else (None,) * len(found.rows)
    if bound is None:
        return found.rows, amounts
    if column is None or not column.may_be_ranked or not _meet(bound, column):
        return None
    kept = [
        (row, amount)
        for row, amount in zip(found.rows, amounts, strict=True)
        if amount is not None and bound.holds(amount.size if bound.unit else amount.value)
    ]
    return tuple(row for row, _ in kept), tuple(amount for _, amount in kept)


def _meet(bound: Bound, column: Column) -> bool:
    known = next((amount for amount in column.amounts if amount is not None), None)
    if known is None:
        return False
    if not bound.unit:
        return not column.unit
    if not column.unit:
        return UNITS.get(bound.unit) in ("people", "any", "户") or bound.unit in column.label
    return known.kind == UNITS.get(bound.unit)


def _added(
    asked: RowsQuestion, found: Fit, rows: tuple[Row, ...], amounts: Sequence[Amount | None]
) -> Outcome | None:
    column, label = found.column, found.label or ""
    assert column is not None
    if asked.wish == "sum":
        stated = _stated(found, label)
        if len(stated) == 1:
            return Outcome(None, (stated[0],), 1)
        if stated:
            return None
    values = [amount.value for amount in amounts if amount is not None]
    may = column.may_be_added if asked.wish == "sum" else column.may_be_averaged
    if not may or len(values) < _FEWEST or may_be_merged(rows, amounts, label):
        return None
    if is_sum_of_others(values) or hides_total(found.table, rows, column):
        return None
    total = sum(values, Decimal(0))
    value = total if asked.wish == "sum" else (total / len(values)).quantize(_CENTS, ROUND_HALF_UP)
    held = tuple(row for row, amount in zip(rows, amounts, strict=True) if amount is not None)
    kind: TallyKind = "sum" if asked.wish == "sum" else "average"
    return Outcome(kind, held, len(values), value, len(rows) - len(values))


def _stated(found: Fit, label: str) -> list[Row]:
    """Rows of the table that state the very total."""
    totals = [row for row in found.table.rows if is_total(row, found.table) and row.cell(label) is not None]
    if not found.values:
        return [row for row in totals if is_grand_total(row, found.table)]
    return [row for row in totals if all(any(value in c.text for c in row.cells) for value in found.values)]


def _extreme(
    asked: RowsQuestion, found: Fit, column: Column, rows: tuple[Row, ...], amounts: Sequence[Amount | None]
) -> Outcome | None:
    values = [amount.value for amount in amounts if amount is not None]
    if not column.may_be_ranked or len(values) < _FEWEST or hides_total(found.table, rows, column):
        return None
    if column.may_be_added and is_sum_of_others(values):
        return None
    kind: TallyKind = "maximum" if asked.wish == "maximum" else "minimum"
    best = max(values) if kind == "maximum" else min(values)
    first = tuple(
        row for row, amount in zip(rows, amounts, strict=True) if amount is not None and amount.value == best
    )
    return Outcome(kind, first, len(values), best, len(rows) - len(values))


def is_sum_of_others(values: Sequence[Decimal]) -> bool:
    """Whether one of the figures is the sum of all others: a total without the word."""
    total = sum(values, Decimal(0))
    return len(values) > _FEWEST and any(2 * value == total for value in values if value)


def may_be_merged(rows: Sequence[Row], amounts: Sequence[Amount | None], label: str) -> bool:
    """Whether the figures may be one cell over several rows, which stands in the line of each: then rows that have
    another cell in common have the figure in common."""
    others = {cell.label for row in rows for cell in row.cells} - {label}
    for other in others:
        texts = [cell.text if (cell := row.cell(other)) else "" for row in rows]
        runs = [[*run] for _, run in groupby(zip(texts, amounts, strict=True), key=lambda pair: pair[0])]
        longer = [run for run in runs if len(run) > 1 and run[0][0]]
        if longer and all(len({amount for _, amount in run}) == 1 for run in longer):
            return True
    return False


def _are_of_levels(found: Fit) -> bool:
    """Whether some rows lie in others: a county and its towns, 一、种植业 and 1. 玉米."""
    rows = [row for row in found.table.rows if not is_total(row, found.table)]
    named = [row.cell(found.name) if found.name else row.cells[0] for row in rows]
    names = [cell.text for cell in named if cell is not None]
    levels = {_LEVELS[match[0]] for name in names if (match := _KIND.search(name)) and match[0] in _LEVELS}
    outer = sum(_OUTER.match(name) is not None for name in names)
    return len(levels) > 1 or 0 < outer < len(names) or any(is_part(row, found.table) for row in found.table.rows)
