"""Rows of tables as RTF tells them: what is merged before the cells, then cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from retrieval.documents.assemble import Block
from retrieval.documents.table_lines import table_lines
from retrieval.documents.tables import CELL_LIMIT, Cell


@dataclass(slots=True)
class TableRows:
    """Those of the table at hand."""

    is_open: bool = False
    """Whether a row has begun and not ended."""
    _merged: list[tuple[bool, bool]] = field(default_factory=list)
    """Of each cell of the row: whether it goes on from its left, from above."""
    _left: bool = False
    _above: bool = False
    _is_heading: bool = False
    _cells: list[str] = field(default_factory=list)
    _rows: list[list[Cell]] = field(default_factory=list)
    _count: int = 0

    def set(self, word: str) -> None:
        """What is said of the row."""
        if word == "trowd":
            self._merged.clear()
            self._left = self._above = self._is_heading = False
            self.is_open = True
        elif word == "trhdr":
            self._is_heading = True
        elif word == "clmrg":
            self._left = True
        elif word == "clvmrg":
            self._above = True
        elif word == "cellx":
            self._merged.append((self._left, self._above))
            self._left = self._above = False

    def end_cell(self, text: str) -> None:
        self._count += 1
        if self._count > CELL_LIMIT:
            raise ValueError("too many cells")
        self._cells.append(text)
        self.is_open = True

    def end_row(self) -> None:
        above = self._rows[-1] if self._rows else []
        row: list[Cell] = []
        for i, text in enumerate(self._cells):
            goes_left, goes_up = self._merged[i] if i < len(self._merged) else (False, False)
            if goes_left and row:
                row.append(row[-1])
            else:
                row.append(above[i] if goes_up and i < len(above) else Cell(text, is_heading=self._is_heading))
        if row:
            self._rows.append(row)
        self._cells.clear()
        self.is_open = False

    def blocks(self, unit: str) -> Iterator[Block]:
        """The lines of the table that ended here, if any did."""
        if self._cells:
            self.end_row()
        rows, self._rows, self._count = self._rows, [], 0
        yield from table_lines(rows, unit)
