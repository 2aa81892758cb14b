"""Which rows of a table sum up others, or are parts of others: such are never added, counted or ranked."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from retrieval.answering.tables.cell_figures import Column, column_of
from retrieval.answering.tables.read_back import LabelledCell, Row, Table

TOTAL_WORDS = "合计|总计|小计|共计|总数"
_TOTAL = re.compile(
    rf"^(?:{TOTAL_WORDS})|^[^\d,，。；;]{{0,8}}(?:{TOTAL_WORDS}|累计|汇总)数?(?:[(（][^()（）]*[)）])?[:：]?$"
    r"|^全[县镇乡市区村]$|^计$|^(?:sub|grand )?total$|^sum$"
)
_GRAND = re.compile(
    r"^(?:合计|总计|共计|总数|全[县镇乡市区村](?:合计|总计)?|(?:grand )?total|sum)"
    r"(?:[人户个]?数)?(?:\d+[人户个])?(?:[(（][^()（）]*[)）])?[:：]?$"
)
_PART = re.compile(r"^其中|^#|平均|均值|^average")
_PERHAPS = re.compile(rf"{TOTAL_WORDS}|累计|汇总|total")
_NUMBER = re.compile(r"[(（]?(?:\d{1,4}|[一二三四五六七八九十]{1,3})[)）、．.]?|[①-⑳]")
_FEWEST = 2
"""Rows that a total sums up, at least."""
_LONGEST = 500
"""And at most, where it bears no word that says so."""


def is_total(row: Row, table: Table) -> bool:
    """Whether it sums up others."""
    return _says(_TOTAL, row, table)


def is_grand_total(row: Row, table: Table) -> bool:
    return _says(_GRAND, row, table)


def is_part(row: Row, table: Table) -> bool:
    """Whether it says of another row what is in it, or an average."""
    return _says(_PART, row, table)


def is_doubtful(row: Row, table: Table) -> bool:
    """Whether it may be a total, but is not surely one."""
    return _says(_PERHAPS, row, table) and not is_total(row, table)


def _says(pattern: re.Pattern[str], row: Row, table: Table) -> bool:
    return any(pattern.search(cell.text) for cell in _naming(row, table))


def _naming(row: Row, table: Table) -> Iterator[LabelledCell]:
    """The cell that names the row, and the next one where that is the name of a group: a remark names nothing."""
    cells = [cell for cell in row.cells if cell.text and not _NUMBER.fullmatch(cell.text)]
    yield from cells[:1]
    if len(cells) > 1 and cells[0].label and cells[0] in table.shared:
        yield cells[1]


def hides_total(table: Table, rows: Sequence[Row], column: Column | None) -> bool:
    """Whether one of the rows is perhaps a total without the word: its figures are the sums of neighbours. Where no
    column that may be added is asked about, all of them must be so."""
    own = [row for row in table.rows if not is_total(row, table)]
    labels = [column.label] if column is not None and column.may_be_added else table.labels
    columns = [addend for label in labels if (addend := column_of(label, own)) is not None and addend.may_be_added]
    if not columns:
        return False
    figures = dict(zip(own, zip(*(addend.amounts for addend in columns), strict=True), strict=True))
    known = [
        tuple(amount.value if amount else None for amount in figures[row]) if row in figures else None
        for row in table.rows
    ]
    chosen = {*rows}
    return any(
        row in chosen
        and figure is not None
        and any(_sums_up(figure, side) for side in (known[at + 1 :], known[:at][::-1]))
        for at, (row, figure) in enumerate(zip(table.rows, known, strict=True))
    )


_Figures = tuple[Decimal | None, ...]


def _sums_up(figures: _Figures, side: Sequence[_Figures | None]) -> bool:
    """Whether the figures are the sums of the first of the rows at their side, as far as the next total."""
    told = [at for at, figure in enumerate(figures) if figure is not None]
    if not any(figures[at] for at in told):
        return False
    sums, added = [Decimal(0)] * len(figures), 0
    for row in side:
        if row is None:
            return False
        added += any(row[at] is not None for at in told)
        for at in told:
            sums[at] += row[at] or 0
        if added >= _FEWEST and all(sums[at] == figures[at] for at in told):
            return True
        if added >= _LONGEST or any(sums[at] > (figures[at] or 0) > 0 for at in told):
            return False
    return False
