"""Rows of tables as RTF tells them: how far each cell reaches and what is merged, then cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.table_lines import table_lines
from retrieval.documents.structure.tables import CELL_LIMIT, SPAN_LIMIT, Cell


class _CellProperties(NamedTuple):
    """What is said of a cell before its text: whether it goes on from its left, from above; where its right edge
    is, in twips."""

    goes_left: bool = False
    goes_up: bool = False
    edge: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    properties: list[_CellProperties]
    is_heading: bool

    def widths(self, edges: Sequence[int]) -> list[int]:
        """How many of the columns with these right edges each cell covers: a row may be told with fewer and wider
        cells. Tables drawn by hand have edges that hardly meet, so that the nearest is taken."""
        widths, at = list[int](), 0
        for left, cell in zip(range(len(self.cells), 0, -1), self.properties, strict=False):
            gaps = [abs(edge - cell.edge) for edge in edges[at:]]
            nearest = at + gaps.index(min(gaps))
            end = min(nearest + 1, len(edges) - left + 1)
            widths.append(end - at)
            at = end
        return widths


@dataclass(slots=True)
class TableRows:
    """The rows of the table at hand."""

    is_open: bool = False
    """Whether a row has begun and not ended."""
    _properties: list[_CellProperties] = field(default_factory=list)
    _left: bool = False
    _above: bool = False
    _is_heading: bool = False
    _cells: list[str] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _count: int = 0

    def set(self, word: str, number: int) -> None:
        """What is said of the row."""
        if word == "trowd":
            self._properties = []
            self._left = self._above = self._is_heading = False
            self.is_open = True
        elif word == "trhdr":
            self._is_heading = True
        elif word == "clmrg":
            self._left = True
        elif word == "clvmrg":
            self._above = True
        elif word == "cellx":
            self._properties.append(_CellProperties(self._left, self._above, number))
            self._left = self._above = False

    def end_cell(self, text: str) -> None:
        self._count += 1
        if self._count > CELL_LIMIT:
            raise ValueError("too many cells")
        self._cells.append(text)
        self.is_open = True

    def end_row(self) -> None:
        if self._cells:
            self._rows.append(_Row(self._cells, self._properties, self._is_heading))
        self._cells = []
        self.is_open = False

    def blocks(self, unit: str) -> Iterator[Block]:
        """The lines of the table that ended here, if any did."""
        self.end_row()
        rows, self._rows, self._count = self._rows, [], 0
        yield from table_lines(_grid(rows), unit)


def _grid(rows: Sequence[_Row]) -> list[list[Cell]]:
    """Each cell repeated over what it covers. The columns are those of the row with most cells."""
    most = max((len(row.cells) for row in rows), default=0)
    edges = next(([cell.edge for cell in row.properties] for row in rows if len(row.cells) == most), [])
    grid: list[list[Cell]] = []
    for row in rows:
        above, line = grid[-1] if grid else [], list[Cell]()
        is_wider = len(row.cells) < most == len(edges) and len(row.properties) >= len(row.cells)
        is_small = most <= SPAN_LIMIT and most * len(rows) <= CELL_LIMIT
        widths = row.widths(edges) if is_wider and is_small else [1] * len(row.cells)
        for i, (text, width) in enumerate(zip(row.cells, widths, strict=True)):
            own = row.properties[i] if i < len(row.properties) else _CellProperties()
            cell = Cell(text, is_heading=row.is_heading)
            if own.goes_left and line:
                cell = line[-1]
            elif own.goes_up and len(line) < len(above):
                cell = above[len(line)]
            line += [cell] * width
        grid.append(line)
    return grid
