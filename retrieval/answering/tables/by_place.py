"""Places that a question compares by what a table says of their parts: 石桥镇和河湾乡哪个人口多 over their villages.

A place is told by the row that states its total (石桥镇小计), or by the sum of its rows, where that is sure: each row
has a figure and says of which place it is, none is a part, a total or the same thing twice, and no other table of the
document has more of them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from retrieval.answering.tables.aggregate import Outcome, is_sum_of_others, may_be_merged
from retrieval.answering.tables.cell_figures import Column, column_of, unit_in
from retrieval.answering.tables.columns import NUMBERING
from retrieval.answering.tables.fitting import Fit
from retrieval.answering.tables.read_back import LabelledCell, Row, Table
from retrieval.answering.tables.totals import TOTAL_WORDS, hides_total, is_doubtful, is_part, is_total
from retrieval.frozen_dict import freeze
from retrieval.query.asked.over_rows import RowsQuestion
from retrieval.tally import PlaceSum

_PLACE = re.compile(r"[\u4e00-\u9fff]+(?:[镇乡县区市旗]|街道|苏木)")
"""What lies in a county, and larger: 示范村 and 一般村 are sorts of villages."""
_TOTAL = re.compile(rf"(?:{TOTAL_WORDS})$")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ByPlace:
    """A table with one row for each place that the question names, under the heading `label`; `added` are the rows of
    which each is the sum, named under the heading `name`; none where the document states it."""

    table: Table
    label: str
    name: str
    added: Mapping[str, tuple[Row, ...]]

    def __post_init__(self) -> None:
        freeze(self, "added")

    def told(self, fitted: Fit, result: Outcome) -> tuple[Fit, Outcome]:
        """What comes of its rows, as it is shown: where rows were added, these, of each place in turn, with the sums,
        that which is asked for first."""
        column = fitted.column
        if not self.added or column is None:
            return fitted, result
        values = {
            _text(row, self.label): amount.value
            for row, amount in zip(fitted.rows, column.amounts, strict=True)
            if amount is not None
        }
        places = sorted(values, key=values.__getitem__, reverse=result.kind == "maximum")
        rows = tuple(row for turn in zip_longest(*(self.added[place] for place in places)) for row in turn if row)
        sums = tuple(PlaceSum(place, f"{values[place].normalize():f}", len(self.added[place])) for place in places)
        told = Outcome("compared", rows, len(rows), result.value, places=sums)
        return replace(fitted, name=self.name), told


def by_place(asked: RowsQuestion, table: Table, tables: Sequence[Table]) -> ByPlace | None:
    """None where the table does not tell the places of a comparison surely; `tables` are all of its document."""
    if asked.wish not in ("maximum", "minimum") or any(is_part(row, table) for row in table.rows):
        return None
    stated = _stated(asked, table)
    summed = _summed(asked, table) if stated is not None or not _states_any(asked, table) else None
    found = stated or summed
    if found is None or any(_tells_of(other, found) for other in tables if other is not table):
        return None
    return found if stated is None or summed is None else _agreeing(stated, summed)


def _stated(asked: RowsQuestion, table: Table) -> ByPlace | None:
    """The rows that state the totals of the places."""
    found: list[tuple[str, str, Row]] = []
    for row in table.rows:
        named = _place_of_total(row) if is_total(row, table) else None
        if named is not None and named.text in asked.rest:
            found.append((named.label, named.text, _renamed(row, named)))
    labels, places = {label for label, _, _ in found}, {place for _, place, _ in found}
    if len(labels) != 1 or len(places) < _FEWEST or len(places) < len(found) or _overlap(places):
        return None
    label = labels.pop()
    return ByPlace(_with_rows(table, [row for _, _, row in found]), label, label, {})


def _states_any(asked: RowsQuestion, table: Table) -> bool:
    """Whether a row states the total of a place that the question names."""
    totals = (_place_of_total(row) for row in table.rows if is_total(row, table))
    return any(place is not None and place.text in asked.rest for place in totals)


def _place_of_total(row: Row) -> LabelledCell | None:
    """The cell that names the place which the row sums up, without the word for it: 石桥镇合计, or beside 小计."""
    for cell in row.cells:
        place = _TOTAL.sub("", cell.text)
        if _PLACE.fullmatch(place) and (place != cell.text or any(_TOTAL.fullmatch(c.text) for c in row.cells)):
            return LabelledCell(cell.label, place, place)
    return None


def _renamed(row: Row, named: LabelledCell) -> Row:
    """The row on its own lines, named by its place alone."""

    def cells(own: Sequence[LabelledCell]) -> tuple[LabelledCell, ...]:
        told = (named if cell.label == named.label else cell for cell in own)
        return tuple(cell for cell in told if not _TOTAL.fullmatch(cell.text))

    return Row(tuple(replace(line, cells=cells(line.cells)) for line in row.lines))


def _summed(asked: RowsQuestion, table: Table) -> ByPlace | None:
    """A row for each place with the sums of the rows that lie there."""
    rows = [row for row in table.rows if not is_total(row, table)]
    labels = [label for label in table.labels if len(_named(asked, label, rows)) >= _FEWEST]
    if len(labels) != 1 or any(is_doubtful(row, table) for row in rows):
        return None
    label, name = labels[0], _name_of_rows(table, rows, labels[0])
    places, told = _named(asked, label, rows), {_text(row, label) for row in rows}
    is_of_place_itself = any(cell.label != label and cell.text in told for row in rows for cell in row.cells)
    if name is None or is_of_place_itself or not all(map(_PLACE.fullmatch, told)) or _overlap(told):
        return None
    columns = [column for other in table.labels if other != label and (column := _addend(other, rows)) is not None]
    added = {place: tuple(row for row in rows if _text(row, label) == place) for place in places}
    sums = [_sum_of(own, LabelledCell(label, place, place), table, rows, columns) for place, own in added.items()]
    return ByPlace(_with_rows(table, sums), label, name, added)


def _named(asked: RowsQuestion, label: str, rows: Sequence[Row]) -> list[str]:
    """The places under the label that the question names."""
    texts = dict.fromkeys(_text(row, label) for row in rows)
    return [text for text in texts if _PLACE.fullmatch(text) and text in asked.rest]


def _name_of_rows(table: Table, rows: Sequence[Row], label: str) -> str | None:
    """The heading of the column that names the rows; None where it has a name twice: a village of two years would be
    added twice."""
    for other in table.labels:
        if other != label and not NUMBERING.fullmatch(other) and column_of(other, rows) is None:
            texts = [_text(row, other) for row in rows]
            return other if all(texts) and len({*texts}) == len(texts) else None
    return None


def _addend(label: str, rows: Sequence[Row]) -> Column | None:
    column = column_of(label, rows)
    is_addend = column is not None and column.may_be_added and not may_be_merged(rows, column.amounts, label)
    return column if is_addend else None


def _sum_of(
    own: Sequence[Row], named: LabelledCell, table: Table, rows: Sequence[Row], columns: Sequence[Column]
) -> Row:
    """The place with the sums of the columns over its own rows, as far as each of them has a figure."""
    cells = [named]
    for column in columns:
        amounts = [amount for row, amount in zip(rows, column.amounts, strict=True) if row in own]
        values = [amount.value for amount in amounts if amount is not None]
        if len(values) == len(amounts) and not is_sum_of_others(values) and not hides_total(table, own, column):
            text = f"{sum(values, Decimal(0)):f}{'' if unit_in(column.label) else column.unit}"
            cells.append(LabelledCell(column.label, text, text))
    return Row((replace(own[0].lines[0], cells=tuple(cells)),))


def _agreeing(stated: ByPlace, summed: ByPlace) -> ByPlace | None:
    """What is stated, without the figures that are not the sums; None where they are of other places."""
    sums = {_text(row, summed.label): row for row in summed.table.rows}
    if {*sums} != {_text(row, stated.label) for row in stated.table.rows}:
        return None

    def agrees(cell: LabelledCell, row: Row) -> bool:
        own = sums[_text(row, stated.label)]
        column = column_of(cell.label, [row, own]) if own.cell(cell.label) else None
        return column is None or cell.label == summed.label or column.amounts[0] == column.amounts[1]

    rows = [
        Row(tuple(replace(line, cells=tuple(cell for cell in line.cells if agrees(cell, row))) for line in row.lines))
        for row in stated.table.rows
    ]
    return replace(stated, table=_with_rows(stated.table, rows))


def _with_rows(table: Table, rows: Sequence[Row]) -> Table:
    held = {cell.label for row in rows for cell in row.cells}
    return replace(table, rows=tuple(rows), labels=tuple(label for label in table.labels if label in held))


def _tells_of(table: Table, found: ByPlace) -> bool:
    """Whether the table has more of the places."""
    places = {_text(row, found.label) for row in found.table.rows}
    return any(_text(row, found.label) in places for row in table.rows)


def _overlap(places: Collection[str]) -> bool:
    """Whether one of the names is part of another: 石桥镇 of 大石桥镇."""
    return any(place != other and place in other for place in places for other in places)


def _text(row: Row, label: str) -> str:
    cell = row.cell(label)
    return "" if cell is None else cell.text
