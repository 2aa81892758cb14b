"""Tables as lines that stand on their own: each cell behind the heading of its column.

    村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420

Whoever finds or quotes such a line need not look up what its figures are. A table of keys and values becomes a line a
pair (办理时限：25个工作日); one without headings keeps its rows as they are, cell beside cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.table_units import unit_under

SPAN_LIMIT = 200
"""Columns or rows that a merged cell may cover: a few bytes say colspan="1000000"."""
COLUMN_LIMIT = 1_000
"""Columns of a table that hold anything: none that people read has more."""
CELL_LIMIT = 1_000_000
_LINE = 160
"""Characters of a line; a longer row becomes several, each with the cell that names the row."""
_LABEL, NAME = 24, 40
"""Characters of a heading, and of what names a row, at most."""
WHOLE = 200
"""Characters of a line that is not cut into sentences: as much as an answer shows."""
_BETWEEN = " | "
_FIGURE = re.compile(r"[^\w]*\d[\d,.]*\s*\D{0,6}")
_BARE = re.compile(r"-?\d[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?\D{0,6}")
_HEADING_ROWS, _DIGITS = 4, 0.4
"""At most, and share of digits in a figure, a date or a telephone number."""
_NUMBERING = re.compile(r"序号|编号|no\.?|№", re.IGNORECASE)
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[\s\u3000]+(?=[\u3400-\u9fff：:（(])")
_COLON = re.compile(r"[：:]\s*$")
_HEADING = re.compile(
    r"(?:序号|编号|姓\s*名|名\s*称|项\s*目|内\s*容|单\s*位|部\s*门|类\s*别|类\s*型|地\s*区|时\s*间|日\s*期|金\s*额|数\s*量|"
    r"标\s*准|备\s*注|职\s*务|电\s*话|地\s*址|指\s*标|县|镇|村|街道|社区|学校|机构|name|item|date|no\.?|type|amount)$",
    re.IGNORECASE,
)


class Cell(NamedTuple):
    """Text of a cell on one line, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1
    is_heading: bool = False


Grid = list[list[Cell]]
_EMPTY = Cell("")


def grid_of(rows: Iterable[Sequence[Cell]]) -> Grid:
    """The table with each merged cell repeated over what it covers, every row as long as the longest. Raises
    ValueError where that would be more than CELL_LIMIT cells."""
    grid: Grid = []
    open_cells: dict[int, tuple[Cell, int]] = {}
    width = 0
    for row in rows:
        line: list[Cell] = []
        waiting = iter(row)
        following = next(waiting, None)
        while following is not None or any(column >= len(line) for column in open_cells):
            cell, left = open_cells.pop(len(line), (None, 0))
            if cell is not None:
                if left > 1:
                    open_cells[len(line)] = (cell, left - 1)
                line.append(cell)
            elif following is not None:
                for _ in range(max(1, min(following.columns, SPAN_LIMIT))):
                    if following.rows > 1:
                        open_cells[len(line)] = (following, min(following.rows, SPAN_LIMIT) - 1)
                    line.append(following)
                following = next(waiting, None)
            else:
                line.append(_EMPTY)
        grid.append(line)
        width = max(width, len(line))
        if width * len(grid) > CELL_LIMIT:
            raise ValueError("a table of too many cells")
    return [[*line, *[_EMPTY] * (width - len(line))] for line in grid]


def has_headings(grid: Grid) -> bool:
    """Whether a table begins here; else its rows are like those of the table before."""
    return _heading_rows(grid) > 0 or _is_of_pairs(grid)


def headings_of(grid: Grid) -> Grid:
    """The rows of headings with which the table begins."""
    rows = [row for row in grid if any(cell.text for cell in row)]
    while rows and _is_one(rows[0]):
        rows.pop(0)
    return rows[: _heading_rows(rows)]


def table_blocks(grid: Grid, unit: str = "") -> Iterator[Block]:
    """The lines of a table; `unit` is that of its figures, as `unit_of` gives it."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    while grid and _is_one(grid[0]) and len(grid) > 1 and len(grid[0]) > 1:
        yield Block(grid.pop(0)[0].text)
    if _is_of_pairs(grid):
        yield from _pairs(grid)
    elif (count := _heading_rows(grid)) == 0:
        yield from (Block(_BETWEEN.join(cell.text for cell in _unmerged(row) if cell.text)) for row in grid)
    else:
        labels = _labels(grid[:count], grid[count:], unit)
        yield from (Block(line, whole=len(line) <= WHOLE) for line in _lines(labels, grid[count:]))


def _lines(labels: Sequence[str], rows: Grid) -> Iterator[str]:
    group = ""
    key = _key_column(labels, rows)
    for row in rows:
        if _is_one(row) and len(row) > 1:
            group = row[0].text if len(row[0].text) <= NAME else ""
            yield row[0].text
            continue
        cells = [f"{label}：{cell.text}" if label else cell.text for label, cell in zip(labels, row, strict=True)]
        named = [i for i in range(key + 1) if row[i].text]
        before = [*([group] if group else []), *(cells[i][:NAME] for i in named)]
        line, held = [*([group] if group else []), *(cells[i] for i in named)], False
        for i in range(key + 1, len(row)):
            if not row[i].text or (row[i] is row[i - 1] and labels[i] == labels[i - 1]):
                continue
            if held and len(_BETWEEN.join([*line, cells[i]])) > _LINE:
                yield _BETWEEN.join(line)
                line = [*before]
            line.append(cells[i])
            held = True
        if line:
            yield _BETWEEN.join(line)


def _labels(headings: Grid, rows: Grid, unit: str) -> list[str]:
    """One a column: what stands above it in all rows of headings, each text once."""
    labels = []
    for column, parts in enumerate(zip(*headings, strict=True)):
        label = "·".join(dict.fromkeys(_tight(cell.text) for cell in parts if cell.text))
        if own := unit_under(label, unit):
            told = [row[column].text for row in rows if row[column].text]
            figures, years = (sum(form.fullmatch(text) is not None for text in told) for form in (_BARE, _YEAR))
            own = own if years < figures > len(told) / 2 else ""
        labels.append(f"{label}（{own}）" if own else label)
    return labels


def _heading_rows(grid: Grid) -> int:
    """How many rows at the top are headings, 0 where the first one is a row like all others."""
    if len(grid) < 2 or len(grid[0]) < 2 or not _may_head(grid[0]):
        return 0
    plainly = all(cell.is_heading for cell in grid[0]) or sum(bool(_HEADING.search(c.text)) for c in grid[0]) > 1
    if not plainly and not any(_is_of_values(grid, column) for column in range(len(grid[0]))):
        return 0
    count = 1
    while count + 1 < len(grid) and count < _HEADING_ROWS and _goes_on(grid[count - 1], grid[count]):
        count += 1
    return count


def _goes_on(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether the row of headings is divided by the row below it, or reaches into it."""
    merged = any(a is b for a, b in pairwise(row)) or any(a is b for a, b in zip(row, below, strict=True))
    return merged and _may_head(below)


def _may_head(row: Sequence[Cell]) -> bool:
    held = [cell.text for cell in row if cell.text]
    return (
        len(held) > len(row) / 2
        and all(len(text) <= _LABEL for text in held)
        and not any((_is_value(text) and not _YEAR.fullmatch(text)) or _COLON.search(text) for text in held)
    )


def _is_of_values(grid: Grid, column: int) -> bool:
    """Whether the column is mostly figures, dates or telephones below its first cell, which is none."""
    below = [row[column].text for row in grid[1:] if row[column].text and not _is_one(row)]
    values = sum(map(_is_value, below))
    return values > len(below) / 2 or (len(grid[0]) > 2 and values >= len(below) / 2 > 0)


def _is_value(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= _DIGITS * len(text.replace(" ", "")) > 0


def _is_of_pairs(grid: Grid) -> bool:
    """Whether each row is a key and its value, once or more often: 文号：| … | 发布日期：| …"""
    if not grid or len(grid[0]) % 2 or len(grid[0]) > 6:
        return False
    pairs = [pair for row in grid for pair in _pairs_of(row)]
    keys, values = [key for key, _ in pairs if key.text], [value for _, value in pairs]
    if not keys or any(len(key.text) > _LABEL for key in keys):
        return False
    marked = sum(bool(_COLON.search(key.text)) or key.is_heading for key in keys)
    if marked == len(keys) and not any(value.is_heading for value in values):
        return True
    return len(grid[0]) == 2 and len(grid) > 2 and _heading_rows(grid) == 0 and _share([k.text for k in keys]) == 0


def _pairs(grid: Grid) -> Iterator[Block]:
    for key, value in (pair for row in grid for pair in _pairs_of(row)):
        if key is value:
            yield Block(key.text)
        elif key.text and value.text:
            line = f"{_tight(_COLON.sub('', key.text))}：{value.text}"
            yield Block(line, whole=len(line) <= WHOLE)
        elif key.text or value.text:
            yield Block(key.text or value.text)


def _pairs_of(row: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
    """(key, value) of the row; a value may be merged over what would be further pairs."""
    own = [cell for i, cell in enumerate(row) if not i or cell is not row[i - 1] or not cell.text]
    if len(own) == 1:
        return [(own[0], own[0])]
    return [(own[i], own[i + 1] if i + 1 < len(own) else _EMPTY) for i in range(0, len(own), 2)]


def _key_column(labels: Sequence[str], rows: Grid) -> int:
    """The column that names a row: the first that holds no figures or running numbers."""
    for column, label in enumerate(labels):
        texts = [row[column].text for row in rows if row[column].text]
        if texts and not _NUMBERING.fullmatch(label) and _share(texts) <= 0.5:
            return column
    return 0


def _share(texts: Sequence[str]) -> float:
    """Share of the texts that are figures."""
    return sum(bool(_FIGURE.fullmatch(text)) for text in texts) / max(1, len(texts))


def _is_one(row: Sequence[Cell]) -> bool:
    return all(cell is row[0] for cell in row)


def _unmerged(row: Sequence[Cell]) -> list[Cell]:
    return [cell for i, cell in enumerate(row) if not i or cell is not row[i - 1]]


def _tight(text: str) -> str:
    """文 号 as 文号."""
    return _SPACED.sub("", text)
