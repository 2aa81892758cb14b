"""Rows of cells to lines, whatever the table holds and whatever size it has."""

from collections.abc import Iterator, Sequence

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.pairs import is_of_questions, pair_blocks
from retrieval.documents.structure.tables import Cell, grid_of, table_blocks


def table_lines(rows: Sequence[Sequence[Cell]], unit: str = "") -> Iterator[Block]:
    """The lines of the table; of one too large for its merged cells its rows as they are."""
    try:
        grid = grid_of(rows)
        blocks = list(pair_blocks(grid) if is_of_questions(grid) else table_blocks(grid, unit))
    except ValueError:
        blocks = [Block(" | ".join(cell.text for cell in row if cell.text)) for row in rows]
    yield from (block for block in blocks if block.text)
