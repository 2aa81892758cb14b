"""Sheets of a workbook, or the one of a CSV file, to a document: each is a section with its tables as lines.

A sheet is no table yet. Above the table stand its caption and the unit of its figures, below it notes and who made
it, and after an empty row there may be a table of its own.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.pairs import is_of_questions, pair_blocks
from retrieval.documents.structure.table_units import is_unit_line, unit_of
from retrieval.documents.structure.tables import CELL_LIMIT, COLUMN_LIMIT, Cell, Grid, has_headings, table_blocks
from retrieval.documents.structure.titles import clean_title, is_title, metadata_title
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document

_LEVEL = 2
"""Of a heading; the title of the document would be 1."""
_NO_NAME = re.compile(
    r"(?:sheet|工作表|表|лист|table|tabelle|feuille?|feuil|hoja|foglio|シート)\s*\d*", re.IGNORECASE
)
_NOTE = re.compile(
    r"(?:[附备]?注|说明|填[表报]人?|制表人?|审[核批]人?|数据来源|资料来源|来源)\s*\d*\s*[：:．.、]|[*※]"
)
_GROUP = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．]")
_FIELD = re.compile(r"[^：:\d]{1,20}[：:]")
_NUMERIC = re.compile(r"[-\d.,%\s]+")


class Area(NamedTuple):
    """What a merged cell covers, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`stretches` are its rows without the empty ones, which part them."""

    name: str
    stretches: tuple[Grid, ...]


def sheet_of(path: Path, name: str, rows: Mapping[int, Mapping[int, Cell]], merged: Iterable[Area] = ()) -> Sheet:
    """The sheet of the cells that hold text, by row and column. Raises DocumentError where it is too large."""
    numbers = sorted(row for row in rows if rows[row])
    columns = sorted({column for row in rows.values() for column in row})
    if len(columns) > COLUMN_LIMIT:
        reason = f"has {len(columns):,} columns in one sheet; at most {COLUMN_LIMIT:,} are read; split it"
        raise DocumentError(path, reason, "limits")
    if len(columns) * len(numbers) > CELL_LIMIT:
        raise DocumentError(path, f"has more than {CELL_LIMIT:,} cells in one sheet; split it", "limits")
    filled = {row: dict(rows[row]) for row in numbers}
    if not _fill(filled, numbers, columns, merged):
        raise DocumentError(path, "has merged cells that cover each other too often", "limits")
    stretches: list[Grid] = []
    for i, row in enumerate(numbers):
        if i == 0 or row > numbers[i - 1] + 1:
            stretches.append([])
        stretches[-1].append([filled[row].get(column) or Cell("") for column in columns])
    return Sheet(name, tuple(stretches))


def _fill(
    filled: dict[int, dict[int, Cell]], numbers: Sequence[int], columns: Sequence[int], merged: Iterable[Area]
) -> bool:
    """Repeat each merged cell over what it covers; whether that is no more than a sheet may hold."""
    left = CELL_LIMIT
    for area in merged:
        cell = filled.get(area.top, {}).get(area.left)
        if cell is None:
            continue
        across = columns[bisect_left(columns, area.left) : bisect_right(columns, area.right)]
        down = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
        left -= len(across) * len(down)
        if left < 0:
            return False
        for row in down:
            for column in across:
                filled[row].setdefault(column, cell)
    return True


def document_of(
    path: Path, sheets: Sequence[Sheet], *, title: str = "", left_out: tuple[LeftOut, ...] = ()
) -> Document:
    """The document; where nothing says how it is called, its file's name does."""
    sections = [list(_blocks(sheet)) for sheet in sheets]
    headings = [block.text for section in sections[:1] for block in section if block.level == _LEVEL]
    heading = headings[0] if len(sheets) == 1 and headings and is_title(headings[0]) else ""
    if (
        heading
        and heading == " ".join(sheets[0].name.split())
        and path.stem not in heading
        and is_title(metadata_title(path.stem))
    ):
        heading = ""  # 工资 says less than 公益岗位.xls
    title = title or heading or path.stem
    blocks = [block for section in sections for block in section if block.text]
    return assemble(path, blocks, title=clean_title(title), left_out=left_out)


class _Table(NamedTuple):
    above: list[str]
    unit: str
    rows: Grid
    below: list[str]


def _blocks(sheet: Sheet) -> Iterator[Block]:
    name = "" if _NO_NAME.fullmatch(sheet.name.strip()) else " ".join(sheet.name.split())
    for number, table in enumerate(_tables(sheet)):
        caption = next((line for line in table.above if not is_unit_line(line)), "") if table.rows else ""
        heading = _heading(name, caption)
        if heading and (caption or not number):
            yield Block(heading, _LEVEL)
        yield from (Block(line) for line in table.above if line != caption or not heading)
        yield from pair_blocks(table.rows) if is_of_questions(table.rows) else table_blocks(table.rows, table.unit)
        yield from map(Block, table.below)


def _heading(name: str, caption: str) -> str:
    """Both, for either may be all that says which year, or which village."""
    if not name or name in caption:
        return caption
    return name if not caption or caption in name else f"{name} · {caption}"


def _tables(sheet: Sheet) -> list[_Table]:
    """What an empty row parts from its headings goes on with the table before."""
    found: list[_Table] = []
    for stretch in sheet.stretches:
        above, unit, rows, below = _parted(stretch)
        if found and rows and not above and found[-1].rows and not has_headings(rows):
            found[-1].rows.extend(rows)
            found[-1].below.extend(below)
        elif found and not found[-1].rows and not found[-1].below:  # a caption, and an empty row below it
            last = found.pop()
            found.append(_Table([*last.above, *above], unit or last.unit, rows, below))
        else:
            found.append(_Table(above, unit, rows, below))
    return found


def _parted(stretch: Grid) -> _Table:
    """The lines above, the table, and the lines below it."""
    first, last = 0, len(stretch)
    while first < last and _is_caption(stretch[first]):
        first += 1
    while last > first and _is_note(stretch[last - 1]):
        last -= 1
    above, below = stretch[:first], stretch[last:]
    units = [unit_of(cell.text) for row in above for cell in row]
    rows = [_as_group(row) for row in stretch[first:last]]
    return _Table([_line(row) for row in above], next(filter(None, units), ""), rows, [_line(row) for row in below])


def _is_caption(row: Sequence[Cell]) -> bool:
    """Whether the row is one text, or tells the unit, beside who reports and when. 2025年 above some of the columns
    is a heading."""
    held = _held(row)
    if any(is_unit_line(cell.text) for cell in held):
        return True
    if len(held) != 1 or _NUMERIC.fullmatch(held[0].text):
        return len(held) > 1 and all(_FIELD.match(cell.text) for cell in held) and len(row) > 2
    covered = [i for i, cell in enumerate(row) if cell is held[0]]
    return len(covered) == 1 or covered[0] == 0


def _is_note(row: Sequence[Cell]) -> bool:
    held = _held(row)
    first = held[0].text
    if len(row) > 2 and len(held) == 1 and row[0] is held[0] and first.endswith("。"):
        return True  # a sentence that leaves all columns but the first one empty
    return bool(_NOTE.match(first)) and (len(held) == 1 or all(_FIELD.match(cell.text) for cell in held))


def _as_group(row: Sequence[Cell]) -> list[Cell]:
    """A row of nothing but 一、种植业 as one merged over the table."""
    held = _held(row)
    is_group = len(held) == 1 and len(row) > 2 and row[0] is held[0] and _GROUP.match(held[0].text)
    return [held[0]] * len(row) if is_group else list(row)


def _held(row: Sequence[Cell]) -> list[Cell]:
    """The cells with text, each merged one once."""
    return [cell for i, cell in enumerate(row) if cell.text and (not i or cell is not row[i - 1])]


def _line(row: Sequence[Cell]) -> str:
    return " | ".join(cell.text for cell in _held(row))
