"""The text of the pages of a PDF, its ruled tables read by their lines, and all else as `pdf_layout` finds it.

A table that goes on over the end of a page has its headings on the first page alone: they are carried over to where
the next page begins with a table of the same columns.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from retrieval.documents.pages.pdf_layout import (
    Line,
    PageText,
    Piece,
    lines_of,
    on_one_line,
    page_text,
    pieces_of,
    text_in,
    written,
)
from retrieval.documents.pages.ruled import RuledGrid, ruled_grids
from retrieval.documents.structure.layout import EDGE
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import Cell, Grid, grid_of, has_headings, headings_of, table_blocks

_NEAR = 3.0
"""Points by which columns of two pages may lie apart, and by which text may reach over the line of its cell."""
_HEAD_LINES, _CLOSE = 3, 14.0
"""Lines above a table that may head its columns, and points between them and between the last and the table."""
_FILLED = 2
"""Rows with text in two columns that a table has at least: a drawing has fewer."""


class _Open(NamedTuple):
    """A table that may go on over the page: where its columns begin, its headings, and the unit of its figures."""

    xs: tuple[float, ...]
    headings: Grid
    unit: str


class PageReader:
    """Reads the pages of a file one after the other."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self.settled: set[str] = set()
        """Lines that are whole paragraphs."""

    def text(self, page: Any, textpage: PageText) -> str:
        """The text of PDFium's page in reading order."""
        grids = ruled_grids(page)
        pieces = pieces_of(textpage) if grids else []
        tables = [*_tables(grids, pieces)]
        before, self._open = self._open, None
        if not tables:
            return page_text(textpage, self.settled)
        rest = [piece for piece in pieces if not any(table.holds(*_middle(piece)) for table in tables)]
        said: list[str] = []
        for table in tables:
            above = [piece for piece in rest if _middle(piece)[1] > table.ys[0]]
            rest = [piece for piece in rest if _middle(piece)[1] <= table.ys[0]]
            lines, grid = _with_head(textpage, table, lines_of(above), _read(textpage, table, pieces))
            own = [*written(textpage, lines, self.settled)]
            unit = unit_of(own[-1]) if own else ""
            goes_on = before is not None and len(own) <= EDGE and _is_like(before, table, grid)
            headings = before.headings if before is not None and goes_on else headings_of(grid)
            unit = unit or (before.unit if before is not None and goes_on else "")
            blocks = table_blocks([*headings, *grid] if goes_on else grid, unit)
            said += [*own, *(block.text for block in blocks)]
            self._open, before = _Open(table.xs, headings, unit) if headings else None, None
        below = [*written(textpage, lines_of(rest), self.settled)]
        if len(below) > EDGE:
            self._open = None
        return "\n".join([*said, *below])


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.left + piece.right) / 2, (piece.bottom + piece.top) / 2


def _tables(grids: Sequence[RuledGrid], pieces: Sequence[Piece]) -> Iterator[RuledGrid]:
    """The grids that hold a table, and that nothing stands beside: columns of text are found without them."""
    places = [_middle(piece) for piece in pieces]
    for grid in grids:
        beside = any(grid.ys[-1] < y < grid.ys[0] and not grid.holds(x, y) for x, y in places)
        held = {number for x, y in places if grid.holds(x, y) for number in grid.across(x, x, y)}
        columns = Counter(grid.regions[number].row for number in held)
        if not beside and sum(count > 1 for count in columns.values()) >= _FILLED:
            yield _below_band(grid, places)


def _below_band(grid: RuledGrid, places: Sequence[tuple[float, float]]) -> RuledGrid:
    """The table without a row at its top that is one cell and holds texts over several columns: what no lines divide
    stands above the table."""
    band = grid.regions[0]
    held = {bisect_right(grid.xs, x) for x, y in places if band.bottom < y < band.top and grid.holds(x, y)}
    return grid.from_row(band.rows) if band.columns == len(grid.xs) - 1 and len(held) > 1 else grid


def _read(textpage: PageText, table: RuledGrid, pieces: Sequence[Piece]) -> Grid:
    """The cells of the table, each with what stands in it, blank ones too."""
    held: list[list[Piece]] = [[] for _ in table.regions]
    for piece in pieces:
        x, y = _middle(piece)
        if not table.holds(x, y):
            continue
        numbers = table.across(min(piece.left + _NEAR, x), max(piece.right - _NEAR, x), y)
        for number in numbers:
            region = table.regions[number]
            left, right = max(piece.left, region.left), min(piece.right, region.right)
            held[number].append(piece._replace(left=left, right=right) if len(numbers) > 1 else piece)
    rows: list[list[Cell]] = [[] for _ in table.ys[1:]]
    for region, own in zip(table.regions, held, strict=True):
        rows[region.row].append(Cell(_text(textpage, own), region.columns, region.rows))
    return grid_of(rows)


def _with_head(textpage: PageText, table: RuledGrid, lines: list[Line], grid: Grid) -> tuple[list[Line], Grid]:
    """The lines above a table without those that head its columns outside its lines, and the cells with these."""
    if has_headings(grid):
        return lines, grid
    held: list[list[Piece]] = [[] for _ in table.xs[1:]]
    rest, top = [*lines], table.ys[0]
    while rest and len(lines) - len(rest) < _HEAD_LINES and rest[-1][0].bottom - top <= _CLOSE:
        places = [{bisect_right(table.xs, x) - 1 for x in (p.left + _NEAR, p.right - _NEAR)} for p in rest[-1]]
        columns = [min(place) for place in places if len(place) == 1 and 0 <= min(place) < len(held)]
        if len(columns) < len(places) or len({*columns}) < 2:
            break
        for column, piece in zip(columns, rest[-1], strict=True):
            held[column].append(piece)
        top = max(piece.top for piece in rest.pop())
    labels = [_text(textpage, own) for own in held]
    headed = [[*map(Cell, labels)], *grid]
    is_plain = len({*labels}) == len(labels)  # else what tells them apart stands over several of them
    return (rest, headed) if is_plain and headings_of(headed) else (lines, grid)


def _text(textpage: PageText, pieces: Sequence[Piece]) -> str:
    """What stands in a cell, its lines as one."""
    text = ""
    for line in lines_of(pieces):
        said = text_in(textpage, line)
        text = on_one_line(text, said) if text else said
    return text


def _is_like(before: _Open, table: RuledGrid, grid: Grid) -> bool:
    """Whether the table goes on with that of the page before: the same columns, and no headings of its own."""
    is_alike = len(before.xs) == len(table.xs) and all(
        abs(a - b) <= _NEAR for a, b in zip(before.xs, table.xs, strict=True)
    )
    return is_alike and not has_headings(grid)
