"""Does a question fit a table, word by word? Only then are its rows counted or computed with.

Whatever the question says must be found: as the heading of a column, as what a cell says, or beside the table (title,
section, the line above). And the table must be of what is asked, and of no part of it: 示范村 are not all villages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from retrieval.answering.tables.cell_figures import Column, base_of, column_of
from retrieval.answering.tables.columns import NUMBERING, goes_as_asked, is_general, named_column
from retrieval.answering.tables.named_rows import narrowed
from retrieval.answering.tables.read_back import Row, Table
from retrieval.answering.tables.told_beside import (
    FILLING,
    are_all_rows,
    is_of_place,
    is_told,
    is_unmodified,
    is_whole,
    place_before,
    without_count,
)
from retrieval.answering.tables.totals import is_doubtful, is_part, is_total
from retrieval.query.asked.bounds import GAP
from retrieval.query.asked.over_rows import RowsQuestion
from retrieval.text.lexicon import PLACE_WORDS, PLACES

_NAMES_PERSON = re.compile(r"姓名|名字|户主|人员|负责人|^name$")
_NAMES_OF_OTHERS = re.compile("户主|负责人")
"""Of a household or a body, whose other people have no row."""
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_PLACE = re.compile(rf"{PLACE_WORDS}|[{PLACES}]")
_BODIES = {"单位", "部门", "机构", "单位名称", "部门名称"}
_IS_PLACE = re.compile(rf"(?:{_PLACE.pattern})$")
_SCALED = re.compile("单位[:：].*[百千万亿]")
"""What a line above says of the unit (单位：万人), and not of which columns."""
_ADMITTED = re.compile("招[生聘收录]")
"""招多少人, where a title or the line above says of all figures that they are of those."""
_LEFT_OUT = re.compile("[拿领交得]到?")
"""Verbs that say nothing of their own beside a heading: 拿补贴的. Which way money goes is looked at before."""


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
    if asked.wish == "count" and asked.sort == "人" and _NAMES_OF_OTHERS.search(name):
        return None
    compared = name if name and asked.wish in ("maximum", "minimum") else None
    rest = without_count(asked.rest, len(own))
    found_rows = narrowed(rest, own, place_before(beside[0]) if beside else "", compared)
    if found_rows is None:
        return None
    rows, rest, values = found_rows
    if asked.wish != "cell" and len(rows) < len(own) and any(_is_place_of(value, beside) for value in values):
        return None
    label, column = None, None
    needs_figure = asked.bound is not None or asked.wish not in ("rows", "count")
    if needs_figure:
        figures = _figures(asked, table, own, rest, name, beside)
        if figures is None:
            return None
        label, rest = figures
        column = _of_rows(column_of(label, own), own, rows) if label is not None else None
        if column is not None and not column.unit and any(_SCALED.search(line) for line in table.above):
            return None
    elif values:
        rest = _without_headings(rest, table, rows, values)
    context = [*beside, *table.near]
    if any(_ADMITTED.search(text) for text in context):
        rest = re.sub(rf"(?<={GAP})招(?={GAP}|$)", GAP, rest)
    # 哪个供水站: what a row is may stand above its name alone.
    is_all_told = is_told(rest, [*context, name], asked.sort, _LEFT_OUT if needs_figure else FILLING)
    if not is_all_told or not is_of_place(asked, values, context):
        return None
    if asked.wish == "rows" and not (values or asked.bound or asked.sort):
        return None
    if not _are_all_asked(asked, table, label, name, values, beside[0]):
        return None
    return Fit(table, rows, column, label, name, tuple(values))


def _figures(
    asked: RowsQuestion, table: Table, own: Sequence[Row], rest: str, name: str, beside: Sequence[str]
) -> tuple[str, str] | None:
    """The heading of the column whose figures are asked for, and the rest of the question without it."""
    found = named_column(asked, table, own, rest, name, beside) if table.labels else None
    if found is None:
        return None
    label, said, left = found
    apart = [_LEFT_OUT.sub(GAP, part) for part in rest.split(said)] if said else []
    if said and not is_unmodified(said.join(apart), said, base_of(label), name, (*beside, *table.near)):
        return None
    return (label, left) if goes_as_asked(left, label, beside[0]) else None


def _without_headings(rest: str, table: Table, rows: Sequence[Row], values: Sequence[str]) -> str:
    """The rest of the question without the headings of the table: 雷大勇包的是哪些村, where he stands under 包村干部,
    and not under 发包方."""
    naming = {cell.label for row in rows for cell in row.cells if cell.text in values}
    pieces = (FILLING.sub("", piece) for piece in rest.split(GAP))
    for piece in [piece for piece in pieces if piece and any(label.startswith(piece) for label in naming)]:
        rest = rest.replace(piece, GAP)
    for label in sorted(table.labels, key=len, reverse=True):
        rest = rest.replace(base_of(label), GAP)
    return rest


def _are_all_asked(
    asked: RowsQuestion, table: Table, label: str | None, name: str, values: Sequence[str], title: str
) -> bool:
    """Whether the rows are all that the question asks about, where it does not name cells that tell which are."""
    is_of_cells = asked.wish == "rows" or (asked.wish == "count" and len(values) == 1)  # 一组的党员: of how many?
    if asked.wish == "cell" or (is_of_cells and not all(_IS_PLACE.search(value) for value in values)):
        return True
    is_of_column = label is not None and not is_general(label)
    are_all = is_of_column and are_all_rows(asked, table, title, asked.sort or name)
    return are_all or is_whole(asked, table, title)


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
            _NAMES_PERSON.search(label)
            if sort == "人"
            else sort in label or all(t.endswith(sort) for t in texts) or {sort, label} <= _BODIES
        )
        if of_sort:
            return label if is_name else None
    return None


def _is_of_groups(texts: Sequence[str]) -> bool:
    """Whether the column tells groups of rows, each one below the other: 东片, 东片, 西片, 西片."""
    groups = [text for text, _ in groupby(texts)]
    return len(groups) == len({*groups}) < len(texts)
