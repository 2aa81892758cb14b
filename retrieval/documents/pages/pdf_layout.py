"""What stands beside each other on the page of a PDF: columns are read one after the other, tables row by row.

PDFium gives the text in the order in which it was written, and that may be line by line across all columns. Where
several lines in a row have gaps at the same places, the pieces between the gaps are columns: of a table where they
are mostly short or figures, else of text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import Cell, grid_of, table_blocks

_GAP = 9.0
"""Points between two pieces of a line from which on they may be of two columns; a space has about 3."""
_SAME_LINE = 3.0
"""Points by which the pieces of a line may lie higher or lower."""
_ROWS = 3
"""Lines with gaps that make a block of columns at least."""
_COLUMNS = 60
_TALL = 4
"""Times the usual height of a piece beyond which it lies across the text: a stamp, a watermark."""
_LETTERS = 8.0
"""Points of a letter: where the machine lacks a font that the file does not hold, all its letters have no height."""
_SHORT = 9
"""Characters of a cell; a line of a column of text has more."""
_FIGURE = re.compile(r"\D{0,3}\d[\d,.]*\D{0,3}")
EDGE = 2
"""Lines at the top and at the bottom of a page that may be the same on all pages."""
_EDGE_LENGTH = 60
_NUMBER = re.compile(r"\d{1,5}")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:第|page)?\s*\d{1,5}\s*页?(?:\s*(?:/|共|of)\s*\d{1,5}\s*页?)?[\W_]*", re.IGNORECASE
)


class Piece(NamedTuple):
    """Text between two gaps of a line, in points from the left and from the bottom of the page."""

    left: float
    right: float
    bottom: float
    top: float


Line = list[Piece]


class PageText(Protocol):
    """What PDFium tells of the text of a page: its pieces, and what stands within a box."""

    def count_rects(self) -> int: ...

    def get_rect(self, number: int, /) -> tuple[float, float, float, float]: ...

    def get_text_bounded(self, *box: float) -> str: ...


def page_text(textpage: PageText) -> str:
    """The text of a page in reading order."""
    blocks = list(_blocks(lines_of(pieces_of(textpage))))
    if not any(len(columns) > 1 for _, columns in blocks):
        return textpage.get_text_bounded()
    return "\n".join(_written(textpage, blocks))


def written(textpage: PageText, lines: Sequence[Line]) -> Iterator[str]:
    """The lines in reading order, columns one after the other, tables row by row."""
    return _written(textpage, _blocks(lines))


def pieces_of(textpage: PageText) -> list[Piece]:
    boxes = (textpage.get_rect(number) for number in range(textpage.count_rects()))
    return [Piece(left, right, bottom, top) for left, bottom, right, top in boxes]


def lines_of(pieces: Sequence[Piece]) -> list[Line]:
    """The pieces of each line from left to right, lines from the top."""
    usual = max(_LETTERS, median([piece.top - piece.bottom for piece in pieces])) if pieces else _LETTERS
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.bottom, piece.left)):
        if piece.top - piece.bottom > _TALL * usual:
            continue
        if lines and any(_beside(piece, other) for other in lines[-1]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line) for line in lines]


def _beside(piece: Piece, other: Piece) -> bool:
    """Whether both are of one line: a dash hangs in the middle of it."""
    middles = (piece.bottom + piece.top) / 2, (other.bottom + other.top) / 2
    within = other.bottom <= middles[0] <= other.top or piece.bottom <= middles[1] <= piece.top
    return within or abs(piece.bottom - other.bottom) <= _SAME_LINE


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[float]]]:
    """Runs of lines with where their columns begin; one where there are none."""
    start = 0
    while start < len(lines):
        end, columns = _block_at(lines, start)
        yield list(lines[start:end]), columns
        start = end


def _block_at(lines: Sequence[Line], start: int) -> tuple[int, list[float]]:
    """Where the block ends that begins at `start`, and its columns."""
    if len(_parts(lines[start])) < 2:
        return start + 1, [0.0]
    end, rows, best = start + 1, 1, (start + 1, [0.0])
    free = _gaps(lines[start])
    while end < len(lines):
        free = [gap for wider in free for gap in _crossed(wider, lines[end])]
        if not free:
            break
        has_gaps = len(_parts(lines[end])) > 1
        end, rows = end + 1, rows + has_gaps
        if has_gaps and rows >= _ROWS and len(free) < _COLUMNS:
            best = end, [0.0, *(right for _, right in sorted(free))]
    # The longer columns go on below the shorter ones.
    end, columns = best
    while len(columns) > 1 and end < len(lines) and _is_tail(lines, end, columns):
        end += 1
    return end, columns


def _is_tail(lines: Sequence[Line], number: int, columns: Sequence[float]) -> bool:
    line = lines[number]
    pitch = lines[number - 1][0].bottom - line[0].bottom
    usual = lines[number - 2][0].bottom - lines[number - 1][0].bottom
    inside = all(_column(piece.left, columns) == _column(piece.right - 1, columns) for piece in line)
    return inside and _column(line[0].left, columns) > 0 and pitch <= 1.3 * usual


def _parts(line: Line) -> list[Line]:
    """The pieces of a line, those close together as one."""
    parts = [[line[0]]]
    for before, piece in pairwise(line):
        if piece.left - before.right < _GAP:
            parts[-1].append(piece)
        else:
            parts.append([piece])
    return parts


def _gaps(line: Line) -> list[tuple[float, float]]:
    parts = _parts(line)
    return [(a[-1].right, b[0].left) for a, b in pairwise(parts)]


def _crossed(gap: tuple[float, float], line: Line) -> Iterator[tuple[float, float]]:
    """What of the gap the line leaves free."""
    left, right = gap
    for piece in line:
        if piece.left < right and piece.right > left:
            if piece.left - left >= _GAP:
                yield left, piece.left
            left = max(left, piece.right)
    if right - left >= _GAP:
        yield left, right


def _column(x: float, columns: Sequence[float]) -> int:
    return max(i for i, left in enumerate(columns) if left <= x + 1.0 or i == 0)


def _written(textpage: PageText, blocks: Iterable[tuple[list[Line], list[float]]]) -> Iterator[str]:
    above = ""
    for lines, columns in blocks:
        if len(columns) == 1:
            for line in lines:
                above = " ".join(text_in(textpage, part) for part in _parts(line))
                yield above
            continue
        rows = [["" for _ in columns] for _ in lines]
        for row, line in zip(rows, lines, strict=True):
            for part in _parts(line):
                column = _column(part[0].left, columns)
                row[column] = f"{row[column]} {text_in(textpage, part)}".strip()
        if _is_table(rows):
            grid = grid_of([[Cell(text) for text in row] for row in rows])
            yield from (block.text for block in table_blocks(grid, unit_of(above)))
        else:
            for column in range(len(columns)):
                yield from (row[column] for row in rows if row[column])
                yield ""


def text_in(textpage: PageText, part: Line) -> str:
    texts = (textpage.get_text_bounded(piece.left, piece.bottom, piece.right, piece.top) for piece in part)
    return " ".join("".join(texts).split())


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    figures = sum(_FIGURE.fullmatch(cell) is not None for cell in cells)
    return figures > 0.3 * len(cells) or median(map(len, cells)) <= _SHORT


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """The pages without the lines at their edges that most of them have, but for the first that has them: what a
    header says is kept once, and stands in no sentence that goes on over the page. The numbers of pages go all."""
    if len(pages) < _ROWS:
        return list(pages)
    counted = Counter(key for number, page in enumerate(pages) for key in _keys(page, number))
    running = {key for key, count in counted.items() if count > max(EDGE, len(pages) / 2)}
    kept, seen = [], set[str]()
    for number, page in enumerate(pages):
        found = {line: key for line in _edge_lines(page) for key in _forms(line, number) if key in running}
        gone = {line for line, key in found.items() if key in seen or _PAGE_NUMBER.fullmatch(line)}
        kept.append("\n".join(line for line in page.split("\n") if line.strip() not in gone) if gone else page)
        seen |= set(found.values())
    return kept


def _keys(page: str, number: int) -> set[str]:
    return {key for line in _edge_lines(page) for key in _forms(line, number)}


def _forms(line: str, page: int) -> tuple[str, ...]:
    """The line itself, and with its numbers counted from that of the page: as they are where they count the pages."""
    return (line, *(_NUMBER.sub(lambda match: f"\0{int(match[0]) - page}", line, count) for count in (0, 1)))


def _edge_lines(page: str) -> list[str]:
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    return [line for line in (*lines[:EDGE], *lines[EDGE:][-EDGE:]) if len(line) <= _EDGE_LENGTH]
