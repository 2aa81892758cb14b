"""Tables and lists of a document, read back from its lines: 村名：柳树沟村 | 人口：1286 is a row, 1. … an item."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from retrieval.answering.tables.above import LinesAbove
from retrieval.text.fold import fold
from retrieval.text.lists import is_lead_in, is_row, mark_before
from retrieval.types import Document, Paragraph, Span, quote

_BETWEEN = " | "
_LINE = 160
"""Characters from which on `documents.structure.tables` makes several lines of a row."""
_LABELLED = re.compile(r"(?P<label>(?:[^：:(（|]|[(（][^)）|]*[)）]){1,60}?)[：:](?P<text>.+)", re.DOTALL)
_COLON = re.compile("[：:]")
_PIECES = re.compile(r"[，,、；;（）()\s]+")
_ITEMS = 4
"""Items from which on lines in a row are a list."""
_ITEM = 80
"""Characters of an item that is like a row, at most."""


class LabelledCell(NamedTuple):
    """Folded, without spaces; `raw` is the text as it stands. The label of an item's cells is empty."""

    label: str
    text: str
    raw: str

    @property
    def pieces(self) -> set[str]:
        """What the cell says, whole and in its parts."""
        return {self.text, *(squeezed(piece) for piece in _PIECES.split(fold(self.raw)) if piece)}


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of a row, at its span in the text of its document; a long row has several."""

    span: Span
    text: str
    cells: tuple[LabelledCell, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table or an item of a list."""

    lines: tuple[RowLine, ...]

    @cached_property
    def cells(self) -> tuple[LabelledCell, ...]:
        return tuple(dict.fromkeys(cell for line in self.lines for cell in line.cells))

    def cell(self, label: str) -> LabelledCell | None:
        return next((cell for cell in self.cells if cell.label == label), None)

    def line(self, label: str | None) -> RowLine:
        """The line that holds the cell."""
        return next((line for line in self.lines if any(cell.label == label for cell in line.cells)), self.lines[0])


@dataclass(frozen=True)
class Table:
    """`labels` are empty for a list. `near` is the heading and the line above it where that leads to it, folded;
    `above` all headings that it stands under and the lines above it, whatever they are."""

    rows: tuple[Row, ...]
    labels: tuple[str, ...]
    near: tuple[str, ...]
    above: tuple[str, ...]

    @cached_property
    def shared(self) -> frozenset[LabelledCell]:
        """Cells that stand in several rows."""
        found = Counter(cell for row in self.rows for cell in row.cells)
        return frozenset(cell for cell, times in found.items() if times > 1)


def squeezed(text: str) -> str:
    """Folded, without spaces."""
    return "".join(fold(text).split())


def _squeezed(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(squeezed(text) for text in texts)


@lru_cache(maxsize=2)
def tables_of(document: Document) -> tuple[Table, ...]:
    """The tables and the lists of the document, in order; kept for the next question, since ten thousand rows take a
    second to read back."""
    return (*_tables(document), *_lists(document))


def _tables(document: Document) -> Iterator[Table]:
    above = LinesAbove()
    run, known = list[RowLine](), set[str]()
    loose: list[RowLine] = []
    group: RowLine | None = None
    for read, paragraph in _lines(document):
        cells = cells_of(read.text) if run or _BETWEEN in read.text else ()
        line = RowLine(read.span, read.text, cells)
        if run and not paragraph.level and _goes_on(run[0], known, cells, group):
            run.append(line)
            known.update(cell.label for cell in cells)
            group = None
            continue
        if run and group is None and not paragraph.level and len(cells) == 1 and not cells[0].label:
            group = line  # the name of a group of rows, or the end
            continue
        if run:
            yield _table(run, above)
            above.after_table(group.text if group else None)
        run, group = [], None
        if paragraph.level:
            above.head(paragraph.level, line.text)
        elif _BETWEEN in line.text and is_row(fold(line.text)):
            run = [*_with_label(loose, _first_label(cells)), line]
            known = {cell.label for row in run for cell in row.cells}
        elif _COLON.search(line.text[:-1]):
            loose.append(line)  # perhaps a row of which all other cells are empty
            above.say(line.text)
            continue
        else:
            above.say(line.text)
        loose = []
    if run:
        yield _table(run, above)


def _lines(document: Document) -> Iterator[tuple[RowLine, Paragraph]]:
    for paragraph in document.paragraphs:
        span = (paragraph.spans[0][0], paragraph.spans[-1][1])
        yield RowLine(span, quote(document.text, paragraph.spans), ()), paragraph


def cells_of(line: str) -> tuple[LabelledCell, ...]:
    """The cells of a line of a row."""
    found = []
    for piece in line.split(_BETWEEN):
        match = _LABELLED.fullmatch(piece.strip())
        label, raw = (match["label"], match["text"].strip()) if match else ("", piece.strip())
        found.append(LabelledCell(squeezed(label), squeezed(raw), raw))
    return tuple(found)


def _with_label(loose: Sequence[RowLine], label: str) -> list[RowLine]:
    """The last of the lines, as far as they have nothing but it."""
    found: list[RowLine] = []
    for line in reversed(loose):
        cells = cells_of(line.text)
        if len(cells) != 1 or cells[0].label != label:
            break
        found.insert(0, RowLine(line.span, line.text, cells))
    return found


def _first_label(cells: Sequence[LabelledCell]) -> str:
    return next(cell.label for cell in cells if cell.label)


def _goes_on(first: RowLine, known: Collection[str], cells: Sequence[LabelledCell], group: RowLine | None) -> bool:
    """Whether the line is a row of the same table: its headings are, but for the name of a group before them."""
    own = [cell.label for cell in cells if cell.label]
    if not own or sum(not cell.label for cell in cells) > 1:
        return False
    if group is not None and (cells[0].label or cells[0].raw != group.text):
        return False
    begins = own[0] == _first_label(first.cells) or (own[0] in known and len(own) > 1)
    return begins and 2 * sum(label in known for label in own) >= len(own)


def _table(run: Sequence[RowLine], above: LinesAbove) -> Table:
    rows: list[list[RowLine]] = []
    for line in run:
        if rows and _is_rest(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    labels = dict.fromkeys(cell.label for line in run for cell in line.cells if cell.label)
    return Table(
        tuple(Row(tuple(lines)) for lines in rows), tuple(labels), _squeezed(above.near()), _squeezed(above.whole())
    )


def _is_rest(before: Sequence[RowLine], line: RowLine) -> bool:
    """Whether the line is what had no room in the one before: it begins with what names the row, and the next of its
    cells would have been too long for that."""
    last, held = before[-1], {cell.label for row in before for cell in row.cells}
    shared = 0
    while shared < min(len(last.cells), len(line.cells)) and last.cells[shared] == line.cells[shared]:
        shared += 1
    rest = line.cells[shared:]
    if not shared or not rest or any(cell.label in held for cell in rest):
        return False
    following = line.text.split(_BETWEEN)[shared]
    return len(_BETWEEN.join([last.text, following])) > _LINE


def _lists(document: Document) -> Iterator[Table]:
    """Items one below the other, each with its parts as cells: 1. 赵建国，石桥镇，助理社会工作师证."""
    above = LinesAbove()
    run: list[Row] = []
    of_run: str | None = None
    for line, paragraph in [*_lines(document), (None, None)]:
        is_text = line is not None and paragraph is not None and not paragraph.level
        mark = _mark(document.text, line) if line is not None and is_text else None
        if run and mark != of_run:
            if len(run) >= _ITEMS:
                yield Table(tuple(run), (), _squeezed(above.near()), _squeezed(above.whole()))
            above.after_table(None)
            run = []
        of_run = mark
        if line is not None and mark is not None:
            cells = [
                LabelledCell("", squeezed(piece), piece) for piece in _PIECES.split(_unmarked(line.text)) if piece
            ]
            run.append(Row((RowLine(line.span, line.text, tuple(cells)),)))
        elif line is not None and paragraph is not None and paragraph.level:
            above.head(paragraph.level, line.text)
        elif line is not None:
            above.say(line.text)


def _mark(text: str, line: RowLine) -> str | None:
    """The kind of mark of the document's line where it is an item, though the mark may be none of the paragraph's
    text."""
    if (
        len(line.text) > _ITEM
        or _BETWEEN in line.text
        or is_lead_in(line.text)
        or re.search("[。；]", line.text[:-1])
    ):
        return None
    return mark_before(text, *line.span)


def _unmarked(item: str) -> str:
    return re.sub(r"^\s*(?:[-•·●*]|[(（]?\w{1,3}[)）、．.]|[①-⑳])\s*", "", item).rstrip("。；;")
