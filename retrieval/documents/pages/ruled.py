"""Tables by their ruled lines: the lines that a page draws make a grid, and its cells are where they say, also those
that are blank and those that reach over several columns or rows.

Lines are the edges of paths that are stroked, and filled rectangles too thin to be anything else, as word processors
draw them (ISO 32000-1, 8.5). Three lines of which none stands upright make no grid.
"""

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pypdfium2 import raw

_THIN = 3.0
"""Points up to which a filled rectangle is a line."""
_SNAP = 2.5
"""Points by which lines may miss each other that are meant to meet."""
_SHORTEST = 4.0
_PATHS, _SEGMENTS, _LINES, _CELLS = 10_000, 4_000, 300, 10_000
"""Of a page, of a path, of a page in either direction, and of a table: what has more is a drawing."""
_FEWEST = 3
"""Lines in either direction that make a table of two columns and two rows."""


class Rule(NamedTuple):
    """A line: at `at` across, from `start` to `end` along it, in points."""

    at: float
    start: float
    end: float


class Region(NamedTuple):
    """A cell, merged over columns and rows, in points; `row` and `column` are those of its upper left corner."""

    row: int
    column: int
    rows: int
    columns: int
    left: float
    bottom: float
    right: float
    top: float


class RuledGrid(NamedTuple):
    """Where columns and rows of a table begin and end, in points, rows from the top; its cells, row by row; and in
    each row and column the number of the cell that reaches over it."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]
    owners: Mapping[tuple[int, int], int]

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]

    def from_row(self, first: int) -> "RuledGrid":
        """Its rows from this one on, into which no cell reaches from above."""
        kept = [number for number, region in enumerate(self.regions) if region.row >= first]
        regions = tuple(self.regions[number]._replace(row=self.regions[number].row - first) for number in kept)
        numbers = {number: i for i, number in enumerate(kept)}
        owners = {(row - first, column): numbers[own] for (row, column), own in self.owners.items() if own in numbers}
        return RuledGrid(self.xs, self.ys[first:], regions, owners)

    def across(self, left: float, right: float, y: float) -> list[int]:
        """The numbers of the cells from `left` to `right`, in points."""
        row = bisect_right(self.ys, -y, 1, len(self.ys) - 1, key=float.__neg__) - 1
        first, last = (bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1 for x in (left, right))
        if last <= first:
            return [self.owners[row, first]]
        return [*dict.fromkeys(self.owners[row, column] for column in range(first, last + 1))]


def ruled_grids(page: Any) -> list[RuledGrid]:
    """The tables that the lines of the page make, from the top. `page` is PDFium's."""
    level, upright = list[Rule](), list[Rule]()
    for start, end in _edges(page.raw):
        (x, y), (x_end, y_end) = min(start, end), max(start, end)
        if abs(y - y_end) <= 1 and x_end - x >= _SHORTEST:
            level.append(Rule((y + y_end) / 2, x, x_end))
        elif abs(x - x_end) <= 1 and abs(y_end - y) >= _SHORTEST:
            upright.append(Rule((x + x_end) / 2, min(y, y_end), max(y, y_end)))
    level, upright = _joined(level), _joined(upright)
    if not _FEWEST <= len(level) <= _LINES or not _FEWEST <= len(upright) <= _LINES:
        return []
    grids = (_grid(own_level, own_upright) for own_level, own_upright in _connected(level, upright))
    return sorted(filter(None, grids), key=lambda grid: -grid.ys[0])


Point = tuple[float, float]


def _edges(page: Any) -> Iterator[tuple[Point, Point]]:
    """The straight edges of what the page strokes, and the middle lines of thin rectangles."""
    paths = 0
    for number in range(raw.FPDFPage_CountObjects(page)):
        path = raw.FPDFPage_GetObject(page, number)
        if raw.FPDFPageObj_GetType(path) != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if paths > _PATHS:
            return
        fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
        if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
            continue
        for points in _outlines(path):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            width, height = max(xs) - min(xs), max(ys) - min(ys)
            if stroke.value and min(width, height) > _THIN:
                yield from pairwise(points)
            elif min(width, height) <= _THIN:
                x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
                yield ((min(xs), y), (max(xs), y)) if width > height else ((x, min(ys)), (x, max(ys)))


def _outlines(path: Any) -> Iterator[list[Point]]:
    """The parts of a path, each with its points on the page; none where it is curved."""
    count, matrix, x, y = raw.FPDFPath_CountSegments(path), raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    if not 1 < count <= _SEGMENTS or not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    points: list[Point] = []
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO or not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        a, b = x.value, y.value
        points.append((matrix.a * a + matrix.c * b + matrix.e, matrix.b * a + matrix.d * b + matrix.f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Those that go on from each other, or are drawn twice, as one."""
    joined: list[Rule] = []
    for at, group in _levels(rules):
        lines: list[Rule] = []
        for rule in sorted(group, key=lambda rule: rule.start):
            if lines and rule.start <= lines[-1].end + _SNAP:
                lines[-1] = Rule(at, lines[-1].start, max(lines[-1].end, rule.end))
            else:
                lines.append(Rule(at, rule.start, rule.end))
        joined += lines
    return joined


def _levels(rules: Iterable[Rule]) -> Iterator[tuple[float, list[Rule]]]:
    """Those that lie on one line, with where it is."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    for group in groups:
        yield sum(rule.at for rule in group) / len(group), group


def _connected(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines of each table: those that meet."""
    left = {*upright}
    for first in upright:
        if first not in left:
            continue
        left.remove(first)
        own_upright, own_level, waiting = [first], dict[Rule, None](), [first]
        while waiting:
            line = waiting.pop()
            met = [rule for rule in level if _meet(rule, line) and rule not in own_level]
            own_level |= dict.fromkeys(met)
            also = [rule for rule in left if any(_meet(other, rule) for other in met)]
            left.difference_update(also)
            own_upright += also
            waiting += also
        yield [*own_level], own_upright


def _meet(level: Rule, upright: Rule) -> bool:
    return _covers(level, upright.at) and _covers(upright, level.at)


def _covers(rule: Rule, at: float) -> bool:
    return rule.start - _SNAP <= at <= rule.end + _SNAP


def _grid(level: Sequence[Rule], upright: Sequence[Rule]) -> RuledGrid | None:
    """None where the lines make no cells beside and below each other."""
    xs = tuple(at for at, _ in _levels(upright))
    ys = tuple(at for at, _ in _levels(level))[::-1]
    if len(xs) < _FEWEST or len(ys) < _FEWEST or (len(xs) - 1) * (len(ys) - 1) > _CELLS:
        return None
    owners: dict[tuple[int, int], int] = {}
    regions: list[Region] = []
    on_xs, on_ys = _on_edges(upright, xs), _on_edges(level, ys)
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in owners:
                continue
            columns = _reach(on_xs, column, (ys[row] + ys[row + 1]) / 2)
            while any((row, other) in owners for other in range(column, column + columns)):
                columns -= 1
            rows = _reach(on_ys, row, (xs[column] + xs[column + 1]) / 2)
            own = ((a, b) for a in range(row, row + rows) for b in range(column, column + columns))
            owners |= dict.fromkeys(own, len(regions))
            edges = xs[column], ys[row + rows], xs[column + columns], ys[row]
            regions.append(Region(row, column, rows, columns, *edges))
    return RuledGrid(xs, ys, tuple(regions), owners)


def _on_edges(rules: Sequence[Rule], edges: Sequence[float]) -> list[list[Rule]]:
    return [[rule for rule in rules if abs(rule.at - edge) <= _SNAP] for edge in edges]


def _reach(on_edges: Sequence[Sequence[Rule]], first: int, along: float) -> int:
    """Over how many columns a cell reaches that begins at an edge: as far as the next line that is drawn."""
    for number in range(first + 1, len(on_edges) - 1):
        if any(rule.start <= along <= rule.end for rule in on_edges[number]):
            return number - first
    return len(on_edges) - 1 - first
