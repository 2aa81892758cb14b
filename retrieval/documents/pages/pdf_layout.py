"""What stands beside each other on the page of a PDF: columns are read one after the other, tables row by row.

PDFium gives the text in the order in which it was written, and that may be line by line across all columns. Where
several lines in a row have gaps at the same places, the pieces between the gaps are columns: of a table where they
are mostly short or figures, else of text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

from retrieval.documents.structure.layout import CLOSED, STARTS_ANEW, space_between
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
_LETTER = 12.0
"""Points of a letter: a line that ends so near the right edge of its column was cut there."""
_FULL = 0.85
"""Share of the characters of the longest line from which on another was cut as well: figures are narrower."""
_ENDING = 20
"""Characters of a line's end that tell whether it is closed."""
_STOP = re.compile("[。，；！？.,;!?]")
_SHORT = 9
"""Characters of a cell; a line of a column of text has more."""
_FIGURE = re.compile(r"\D{0,3}\d[\d,.]*\D{0,3}")


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


def page_text(textpage: PageText, settled: set[str]) -> str:
    """The text of a page in reading order. Lines that are whole paragraphs, made of those of a column, are `settled`:
    they say nothing of the width of the page's lines."""
    blocks = list(_blocks(lines_of(pieces_of(textpage))))
    if not any(len(columns) > 1 for _, columns in blocks):
        return textpage.get_text_bounded()
    return "\n".join(_written(textpage, blocks, settled))


def written(textpage: PageText, lines: Sequence[Line], settled: set[str]) -> Iterator[str]:
    """The lines in reading order, columns one after the other, tables row by row; `settled` as in `page_text`."""
    return _written(textpage, _blocks(lines), settled)


def pieces_of(textpage: PageText) -> list[Piece]:
    boxes = (textpage.get_rect(number) for number in range(textpage.count_rects()))
    return [Piece(left, right, bottom, top) for left, bottom, right, top in boxes]


def lines_of(pieces: Sequence[Piece]) -> list[Line]:
    """The pieces of each line from left to right, lines from the top."""
    if len(pieces) < 2:
        return [[*pieces]] if pieces else []
    usual = max(_LETTERS, median([piece.top - piece.bottom for piece in pieces]))
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
    _, _, bottom, top = piece
    _, _, own_bottom, own_top = other
    if abs(bottom - own_bottom) <= _SAME_LINE:
        return True
    return own_bottom <= (bottom + top) / 2 <= own_top or bottom <= (own_bottom + own_top) / 2 <= top


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[float]]]:
    """Runs of lines with where their columns begin; one where there are none."""
    start = 0
    while start < len(lines):
        end, columns = _block_at(lines, start)
        yield list(lines[start:end]), columns
        start = end


def _block_at(lines: Sequence[Line], start: int) -> tuple[int, list[float]]:
    """Where the block ends that begins at `start`, and its columns."""
    if not _has_gaps(lines[start]):
        return start + 1, [0.0]
    end, rows, best = start + 1, 1, (start + 1, [0.0])
    free = _gaps(lines[start])
    while end < len(lines):
        free = [gap for wider in free for gap in _crossed(wider, lines[end])]
        if not free:
            break
        has_gaps = _has_gaps(lines[end])
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


def _has_gaps(line: Line) -> bool:
    return any(piece.left - before.right >= _GAP for before, piece in pairwise(line))


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
    return bisect_right(columns, x + 1.0, 1) - 1


def _written(
    textpage: PageText, blocks: Iterable[tuple[list[Line], list[float]]], settled: set[str]
) -> Iterator[str]:
    above = ""
    for lines, columns in blocks:
        if len(columns) == 1:
            for line in lines:
                above = " ".join(text_in(textpage, part) for part in _parts(line))
                yield above
            continue
        rows = [["" for _ in columns] for _ in lines]
        places: list[dict[int, tuple[float, float]]] = [{} for _ in lines]
        for row, edges, line in zip(rows, places, lines, strict=True):
            for part in _parts(line):
                column = _column(part[0].left, columns)
                row[column] = f"{row[column]} {text_in(textpage, part)}".strip()
                edges[column] = edges.get(column, part[0])[0], part[-1].right
        if _is_table(rows):
            grid = grid_of([[Cell(text) for text in row] for row in rows])
            yield from (block.text for block in table_blocks(grid, unit_of(above)))
        else:
            for column in range(len(columns)):
                own = [(row[column], *edges[column]) for row, edges in zip(rows, places, strict=True) if row[column]]
                said = [*_paragraphs(own)] if own else []  # blanks may stand in a column alone
                settled.update(said)
                yield from (*said, "")


def _paragraphs(lines: Sequence[tuple[str, float, float]]) -> Iterator[str]:
    """The lines of a column of text, each with its left and right edge in points: those that its width broke as one.
    A column is as wide as its longest line, and its paragraphs may be indented."""
    left, right = min(left for _, left, _ in lines), max(right for _, _, right in lines)
    most = max(len(text) for text, _, _ in lines)
    full = [edge >= right - _LETTER or len(text) >= _FULL * most for text, _, edge in lines]
    is_prose = len(lines) > _ROWS and 2 * sum(full) >= len(lines) and any(_STOP.search(text) for text, _, _ in lines)
    said = ""
    for number, (text, begins, _) in enumerate(lines):
        was_cut = is_prose and said and full[number - 1] and begins <= left + _LETTER
        if was_cut and not CLOSED.search(said[-_ENDING:]) and not STARTS_ANEW.match(text):
            said = on_one_line(said, text)
            continue
        if said:
            yield said
        said = text
    yield said


def on_one_line(text: str, following: str) -> str:
    """Both as one line, with a space between where their script has such."""
    is_apart = space_between(f"{text}\n{following}", len(text), len(text) + 1) is not None
    return f"{text} {following}" if is_apart else text + following


def text_in(textpage: PageText, part: Line) -> str:
    texts = [textpage.get_text_bounded(left, bottom, right, top) for left, right, bottom, top in part]
    return " ".join("".join(texts).split())


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    figures = sum(_FIGURE.fullmatch(cell) is not None for cell in cells)
    return figures > 0.3 * len(cells) or median(map(len, cells)) <= _SHORT
