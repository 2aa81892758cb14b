"""Does a question fit a table, word by word? Only then are its rows counted or computed with.

Whatever the question says must be found: as the heading of a column, as what a cell says, or beside the table (title,
section, the line above). And the table must be of what is asked, and of no part of it: 示范村 are not all villages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from retrieval.answering.tables.cell_figures import Column, base_of, column_of, same_class
from retrieval.answering.tables.named_rows import narrowed
from retrieval.answering.tables.read_back import Row, Table
from retrieval.answering.tables.told_beside import (
    FILLING,
    is_of_place,
    is_told,
    is_unmodified,
    is_whole,
    place_before,
    without_count,
)
from retrieval.answering.tables.totals import is_doubtful, is_part, is_total
from retrieval.query.over_rows import GAP, RowsQuestion
from retrieval.text.lexicon import PLACE_WORDS, PLACES

NUMBERING = re.compile(r"序号|编号|no\.?|№", re.IGNORECASE)
_NAMES_PERSON = re.compile(r"姓名|名字|户主|人员|负责人|^name$")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_PLACE = re.compile(rf"{PLACE_WORDS}|[{PLACES}]")
_IS_PLACE = re.compile(rf"(?:{_PLACE.pattern})$")
_SCALED = re.compile("单位[:：].*[百千万亿]")
"""What a line above says of the unit (单位：万人), and not of which columns."""
_GENERIC = "面积|数量|总数|人数|数|总量|总|情况"
"""What a question may add to a heading (耕地面积: 耕地), or leave out."""
_COUNTED_UNITS = ("人", "户", "个", "名", "位")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """The rows that are asked about, totals and parts left out; `column` is that of the figures that are asked, over
    `rows`; `name` the heading of the column that names a row. `values` are the cells that the question names."""

    table: Table
    rows: tuple[Row, ...]
    column: Column | None
    label: str | None
    name: str
    values: tuple[str, ...]


def fit(asked: RowsQuestion, table: Table, beside: Sequence[str]) -> Fit | None:
    """None where anything of the question is not found, or may mean more than one thing. `beside` is what is known
    of the document, folded: its title, file name, folder, section, county."""
    own = tuple(row for row in table.rows if not is_total(row, table) and not is_part(row, table))
    name = _name_column(table, own, asked.sort)
    if not own or name is None or _is_mixed(asked, table, own, name):
        return None
    compared = name if name and asked.wish in ("maximum", "minimum") else None
    rest = without_count(asked.rest, len(own))
    found_rows = narrowed(rest, own, place_before(beside[0]) if beside else "", compared)
    if found_rows is None:
        return None
    rows, rest, values = found_rows
    if asked.wish != "cell" and len(rows) < len(own) and any(_is_place_of(value, beside) for value in values):
        return None
    needs_figure = asked.bound is not None or asked.wish not in ("rows", "count")
    label, column = None, None
    if needs_figure and table.labels:
        found = _column(asked, table, own, rest, name)
        if found is None:
            return None
        label, said, left = found
        if said and not is_unmodified(rest, said, base_of(label), name, (*beside, *table.near)):
            return None
        rest = left
        column = _of_rows(column_of(label, own), own, rows)
        if column is not None and not column.unit and any(_SCALED.search(line) for line in table.above):
            return None
    elif needs_figure:
        return None
    elif values:
        for other in sorted(table.labels, key=len, reverse=True):
            rest = rest.replace(base_of(other), GAP)
    context = [*beside, *table.near]
    if not is_told(rest, context, asked.sort) or not is_of_place(asked.rest, values, context):
        return None
    if asked.wish == "rows" and not (values or asked.bound or asked.sort):
        return None
    if asked.wish == "cell" or (asked.wish == "rows" and not all(_IS_PLACE.search(value) for value in values)):
        return Fit(table, rows, column, label, name, tuple(values))
    if not is_whole(asked.rest, table, beside[0]):
        return None
    return Fit(table, rows, column, label, name, tuple(values))


def _is_mixed(asked: RowsQuestion, table: Table, own: Sequence[Row], name: str) -> bool:
    """Whether some rows are no villages where villages are asked for, or may be totals."""
    if asked.wish == "cell":
        return False
    texts = [cell.text for row in own if (cell := row.cell(name) if name else row.cells[0]) is not None]
    of_sort = sum(text.endswith(asked.sort) for text in texts) if _PLACE.fullmatch(asked.sort) else 0
    return 0 < of_sort < len(texts) or any(is_doubtful(row, table) for row in own)


def _is_place_of(value: str, beside: Sequence[str]) -> bool:
    """Whether the cell says the place that the whole table is of: 左云县 above its towns."""
    return _IS_PLACE.search(value) is not None and any(value in name for name in beside)


def _of_rows(column: Column | None, own: Sequence[Row], rows: Sequence[Row]) -> Column | None:
    """The column over some of the rows that it was read from."""
    if column is None:
        return None
    chosen = {*rows}
    return Column(
        column.label, tuple(amount for row, amount in zip(own, column.amounts, strict=True) if row in chosen)
    )


def _name_column(table: Table, rows: Sequence[Row], sort: str) -> str | None:
    """The heading of the column that names a row, empty for a list; None where rows are not of the sort asked."""
    if not table.labels:
        firsts = [row.cells[0].text for row in rows]
        if sort == "人":
            return "" if all(_PERSON.fullmatch(first) for first in firsts) else None
        return "" if not sort or all(first.endswith(sort) for first in firsts) else None
    for label in table.labels:
        texts = [cell.text for row in rows if (cell := row.cell(label))]
        if NUMBERING.fullmatch(label) or not texts or column_of(label, rows) is not None:
            continue
        is_name = len(texts) == len(rows) and len({*texts}) == len(rows)
        if not sort and is_name:
            return label
        if not sort:  # of persons in several villages, whoever it is
            if not (_is_of_groups(texts) or _NAMES_PERSON.search("".join(table.labels))):
                return None
            continue
        of_sort = (
            _NAMES_PERSON.search(label) if sort == "人" else sort in label or all(t.endswith(sort) for t in texts)
        )
        if of_sort:
            return label if is_name else None
    return None


def _is_of_groups(texts: Sequence[str]) -> bool:
    """Whether the column tells groups of rows, each one below the other: 东片, 东片, 西片, 西片."""
    groups = [text for text, _ in groupby(texts)]
    return len(groups) == len({*groups}) < len(texts)


def _column(
    asked: RowsQuestion, table: Table, rows: Sequence[Row], rest: str, name: str
) -> tuple[str, str, str] | None:
    """The heading that the question names, the words by which it does, and what is left of it."""
    labels = [label for label in table.labels if label != name and not NUMBERING.fullmatch(label)]
    exact = [label for label in labels if len(base_of(label)) >= _SHORTEST and base_of(label) in rest]
    longest = [
        label for label in exact if not any(label != other and base_of(label) in base_of(other) for other in exact)
    ]
    if len(longest) == 1:
        label, said = longest[0], base_of(longest[0])
    elif longest:
        return None
    else:
        loose = [
            (label, said)
            for label in labels
            if (said := _without_generic(base_of(label))) in rest and len(said) >= _SHORTEST
        ]
        pieces = [piece for part in rest.split(GAP) if len(piece := FILLING.sub("", part)) >= _SHORTEST]
        loose = loose or [(label, said) for label in labels for said in pieces if _is_all_of(base_of(label), said)]
        unit = asked.unit or (asked.bound.unit if asked.bound else "")
        loose = loose or [(label, "") for label in labels if unit and is_of_unit(unit, label, rows)]
        if len(loose) != 1:
            return None
        label, said = loose[0]
    column = column_of(label, rows)
    if asked.wish != "cell" and column is None:
        return None
    if asked.unit and column is not None and column.unit and not same_class(asked.unit, column.unit):
        return None
    rest = GAP.join(GAP if said and FILLING.sub("", part) == said else part for part in rest.split(GAP))
    rest = rest.replace(said, GAP) if said else rest
    return label, said, re.sub(rf"(?:{_GENERIC})(?={GAP}|$)|(?<={GAP})(?:{_GENERIC})", GAP, rest)


def _is_all_of(base: str, said: str) -> bool:
    """Whether the heading says no more than what is asked: 人口数 is 人口, and 流动人口 is not."""
    return said in base and not re.sub(
        rf"{_GENERIC}|合计|小计|[全共]|年末|年底|\d+年?", "", base.replace(said, "", 1)
    )


def _without_generic(base: str) -> str:
    return re.sub(rf"(?:{_GENERIC})$", "", base) or base


def is_of_unit(unit: str, label: str, rows: Sequence[Row]) -> bool:
    column = column_of(label, rows)
    if column is None or (column.unit and not same_class(unit, column.unit)):
        return False
    base = base_of(label)
    if unit in _COUNTED_UNITS:  # 劳动力（人） are not all people
        return re.sub(_GENERIC, "", base) in ("", unit, f"{unit}口")
    return bool(column.unit)
