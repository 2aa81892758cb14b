"""Tables as lines that stand on their own: each cell behind the heading of its column.

    村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420

Whoever finds or quotes such a line need not look up what its figures are. A table of keys and values becomes a line a
pair (办理时限：25个工作日); one without headings keeps its rows as they are, cell beside cell.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.documents.assemble import Block

COLUMN_LIMIT, ROW_LIMIT = 200, 20_000
"""What merged cells may cover: a few bytes say colspan="1000000"."""
_LINE = 160
"""Characters of a line; a longer row becomes several, each with the cell that names the row."""
_LABEL = 24
"""Characters of a heading at most."""
_WHOLE = 200
"""Characters of a line that is not cut into sentences: as much as an answer shows."""
_BETWEEN = " | "
_FIGURE = re.compile(r"[^\w]*\d[\d,.]*\s*\D{0,6}")
_BARE = re.compile(r"-?\d[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?\D{0,6}")
_NUMBERING = re.compile(r"序号|编号|no\.?|№", re.IGNORECASE)
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[\s\u3000]+(?=[\u3400-\u9fff：:])")
_COLON = re.compile(r"[：:]\s*$")
_UNIT = re.compile(r"[（(]?\s*(?:计量)?单位\s*[：:]\s*(?P<unit>[^、，,；;()（）]{1,10})[)）]?")
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


def grid_of(rows: Sequence[Sequence[Cell]]) -> Grid:
    """The table with each merged cell repeated over what it covers, every row as long as the longest."""
    grid: Grid = []
    open_cells: dict[int, tuple[Cell, int]] = {}
    for row in rows[:ROW_LIMIT]:
        line: list[Cell] = []
        waiting = iter(row)
        following = next(waiting, None)
        while len(line) < COLUMN_LIMIT and (following is not None or len(line) in open_cells):
            column = len(line)
            if column in open_cells:
                cell, left = open_cells.pop(column)
                line.append(cell)
                if left > 1:
                    open_cells[column] = (cell, left - 1)
            elif following is not None:
                for _ in range(max(1, min(following.columns, COLUMN_LIMIT - column))):
                    if following.rows > 1:
                        open_cells[len(line)] = (following, following.rows - 1)
                    line.append(following)
                following = next(waiting, None)
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [[*line, *[Cell("")] * (width - len(line))] for line in grid]


def unit_of(text: str) -> str:
    """万元 of the line （单位：万元） above a table; empty where it names several or is no such line."""
    match = _UNIT.fullmatch(text.strip())
    return match["unit"].strip() if match else ""


def table_blocks(grid: Grid, unit: str = "") -> Iterator[Block]:
    """The lines of a table; `unit` is that of all figures."""
    grid = [row for row in grid if any(cell.text for cell in row)]
    while grid and _is_one(grid[0]) and len(grid) > 1 and len(grid[0]) > 1:
        yield Block(grid.pop(0)[0].text)
    if _is_of_pairs(grid):
        yield from _pairs(grid)
    elif (count := _heading_rows(grid)) == 0:
        yield from (Block(_BETWEEN.join(cell.text for cell in _unmerged(row) if cell.text)) for row in grid)
    else:
        labels = _labels(grid[:count], grid[count:], unit)
        yield from (Block(line, whole=True) for line in _lines(labels, grid[count:]))


def _lines(labels: Sequence[str], rows: Grid) -> Iterator[str]:
    group = ""
    key = _key_column(labels, rows)
    for row in rows:
        if _is_one(row) and len(row) > 1:
            group = row[0].text
            yield group
            continue
        cells = [f"{label}：{cell.text}" if label else cell.text for label, cell in zip(labels, row, strict=True)]
        named = [i for i in range(key + 1) if row[i].text]
        before = [*([group] if group else []), *(cells[i] for i in named)]
        line, held = [*before], False
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
        figures = sum(_BARE.fullmatch(row[column].text) is not None for row in rows)
        if unit and label and not re.search("[（(]", label) and figures > len(rows) / 2:
            label = f"{label}（{unit}）"
        labels.append(label)
    return labels


def _heading_rows(grid: Grid) -> int:
    """How many rows at the top are headings, 0 where the first one is a row like all others."""
    if len(grid) < 2 or len(grid[0]) < 2 or not _may_head(grid[0]):
        return 0
    first, second = grid[0], grid[1]
    plainly = all(cell.is_heading for cell in first) or sum(bool(_HEADING.search(c.text)) for c in first) > 1
    if len(first) == 2 and not plainly and _share([row[1].text for row in grid[1:]]) <= 0.5:
        return 0
    merged = any(a is b for a, b in pairwise(first)) or any(a is b for a, b in zip(first, second, strict=True))
    return 2 if merged and len(grid) > 2 and _may_head(second) else 1


def _may_head(row: Sequence[Cell]) -> bool:
    held = [cell.text for cell in row if cell.text]
    return (
        len(held) > len(row) / 2
        and all(len(text) <= _LABEL for text in held)
        and not any(_FIGURE.fullmatch(text) and not _YEAR.fullmatch(text) for text in held)
    )


def _is_of_pairs(grid: Grid) -> bool:
    """Whether each row is a key and its value, once or more often: 文号：| … | 发布日期：| …"""
    if not grid or len(grid[0]) % 2 or len(grid[0]) > 6:
        return False
    keys = [row[i] for row in grid for i in range(0, len(row), 2) if row[i].text]
    values = [row[i] for row in grid for i in range(1, len(row), 2)]
    if not keys or any(len(key.text) > _LABEL for key in keys):
        return False
    marked = sum(bool(_COLON.search(key.text)) or key.is_heading for key in keys)
    if marked == len(keys) and not any(value.is_heading for value in values):
        return True
    return len(grid[0]) == 2 and len(grid) > 2 and _heading_rows(grid) == 0 and _share([k.text for k in keys]) == 0


def _pairs(grid: Grid) -> Iterator[Block]:
    for row in grid:
        for i in range(0, len(row), 2):
            key, value = row[i].text, row[i + 1].text
            if row[i] is row[i + 1]:
                yield Block(key)
            elif key and value:
                line = f"{_tight(_COLON.sub('', key))}：{value}"
                yield Block(line, whole=len(line) <= _WHOLE)
            elif key or value:
                yield Block(key or value)


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
