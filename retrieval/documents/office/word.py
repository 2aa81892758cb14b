"""DOCX, by python-docx; text wherever a word processor shows it."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any

import docx
from docx.oxml import parse_xml

from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.office.word_numbers import Numbers
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.dates import told_date
from retrieval.documents.structure.table_lines import table_lines
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import NAME, SPAN_LIMIT, WHOLE, Cell
from retrieval.documents.structure.titles import property_title
from retrieval.errors import DocumentError
from retrieval.types import Document

_HEADING = re.compile(r"(?:heading|标题)\s*(\d)")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that is shown elsewhere: what a fallback stands in for, and the place that moved text has left.
_REPEATED = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    f"{_WORD}moveFrom",
}
_SPACES = {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"}
_PAGE = re.compile(r"[\d\s/—–-]|第|页|共|page|of", re.IGNORECASE)


def read_docx(path: Path, data: bytes) -> Document:
    try:
        document = docx.Document(unzipped(path, data, ".doc"))
        body = _Body(document)
        blocks = [block for block in (*body.blocks(document.element.body), *body.edges()) if block.text]
        title = property_title(document.core_properties.title)
        left_out = left_out_of(data)
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not a DOCX file that can be opened (broken or cut short)", "broken") from error
    date = told_date("\n".join(block.text for block in blocks))
    return assemble(path, blocks, title=title, date=date, left_out=left_out)


class _Body:
    """Paragraphs and tables in reading order, with what a reader sees beside their text: numbers before them, notes
    below them, and what stands at the edges of the pages."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._levels, self._numbers = _levels(document), Numbers(document)
        self._notes: dict[tuple[str, str], str] = {}
        for kind in ("footnote", "endnote"):
            for part in self._parts(f"{kind}s"):
                for note in part.iterchildren(f"{_WORD}{kind}"):
                    self._notes[kind, note.get(f"{_WORD}id") or ""] = _text(note)

    def blocks(self, element: Any) -> Iterator[Block]:
        """Those below the element, also in content controls."""
        last = ""
        for child in element.iterchildren():
            if child.tag == f"{_WORD}p":
                last = _text(child)
                yield self._paragraph(child, last)
                yield from map(Block, self._notes_of(child))
            elif child.tag == f"{_WORD}tbl":
                yield from self._table(child, unit_of(last))
                yield from map(Block, self._notes_of(child))
            elif child.tag not in _REPEATED:
                yield from self.blocks(child)

    def edges(self) -> Iterator[Block]:
        """What the headers and footers of the pages say, each once; the numbers of pages say nothing."""
        texts = (_text(part) for kind in ("header", "footer") for part in self._parts(kind))
        yield from (Block(text) for text in dict.fromkeys(texts) if len(_PAGE.sub("", text)) > 2)

    def _parts(self, kind: str) -> Iterator[Any]:
        for relation in self._document.part.rels.values():
            if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
                yield parse_xml(relation.target_part.blob)

    def _paragraph(self, element: Any, text: str) -> Block:
        number = self._numbers.before(element)  # an empty one counts as well
        return Block(f"{number}{text}" if text else "", self._levels.get(element.style, self._levels[None]))

    def _table(self, table: Any, unit: str) -> Iterator[Block]:
        numbers = {paragraph: self._numbers.before(paragraph) for paragraph in table.iter(f"{_WORD}p")}
        yield from _table_blocks(table, unit, numbers)

    def _notes_of(self, element: Any) -> Iterator[str]:
        for kind in ("footnote", "endnote"):
            for reference in element.iter(f"{_WORD}{kind}Reference"):
                yield self._notes.get((kind, reference.get(f"{_WORD}id") or ""), "")


def _table_blocks(table: Any, unit: str, numbers: Mapping[Any, str]) -> Iterator[Block]:
    """Its lines; below a row that holds tables theirs, each behind what the row says."""

    def text(cell: Any) -> str:
        return _text(cell, numbers, {f"{_WORD}tbl"})

    if next(table.iterdescendants(f"{_WORD}tbl"), None) is None:
        yield from table_lines(_merged(table, text), unit)
        return
    for row in _rows(table):  # it lays a page out
        cells = list(_cells(row))
        told = " | ".join(filter(None, map(text, cells)))
        yield Block(told)
        before = f"{told} | " if 0 < len(told) <= NAME else ""
        for cell in cells:
            for inner in (nested for nested in cell.iter(f"{_WORD}tbl") if _parent(nested, "tc") is cell):
                for block in _table_blocks(inner, unit_of(text(cell)) or unit, numbers):
                    line = f"{before}{block.text}" if block.text else ""
                    yield Block(line, whole=block.whole and len(line) <= WHOLE)


def _parent(element: Any, tag: str) -> Any:
    return next(element.iterancestors(f"{_WORD}{tag}"), None)


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in table.iter(f"{_WORD}tr") if _parent(row, "tbl") is table)


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row.iter(f"{_WORD}tc") if _parent(cell, "tr") is row)


def _merged(table: Any, text: Callable[[Any], str]) -> list[list[Cell]]:
    """The cells of each row; one that goes on from above has the very cell above it, column by column."""
    above: dict[int, Cell] = {}
    rows = []
    for row in _rows(table):
        line: list[Cell] = []
        is_heading = row.find(f"{_WORD}trPr/{_WORD}tblHeader") is not None
        column = 0
        for element in _cells(row):
            span, merge = _property(element, "gridSpan"), element.find(f"{_WORD}tcPr/{_WORD}vMerge")
            width = max(1, min(int(span), SPAN_LIMIT)) if span and span.isdecimal() else 1
            goes_on = merge is not None and merge.get(f"{_WORD}val") in (None, "continue") and column in above
            cell = above[column] if goes_on else Cell(text(element), 1, 1, is_heading)
            line += [cell] * width
            above.update(dict.fromkeys(range(column, column + width), cell))
            column += width
        rows.append(line)
    return rows


def _property(cell: Any, name: str) -> str | None:
    found = cell.find(f"{_WORD}tcPr/{_WORD}{name}")
    return None if found is None else found.get(f"{_WORD}val")


def _text(element: Any, numbers: Mapping[Any, str] = MappingProxyType({}), without: Set[str] = frozenset()) -> str:
    """All text below the element on one line, `numbers` before their paragraphs, but for the tags `without`; deleted
    text has another tag."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        for child in node.iterchildren():
            if child.tag == f"{_WORD}t":
                pieces.append(child.text or "")
            elif child.tag in _SPACES:
                pieces.append(" ")
            elif child.tag == f"{_WORD}noBreakHyphen":
                pieces.append("-")
            elif child.tag not in _REPEATED and child.tag not in without:
                begin = len(pieces)
                walk(child)
                if len(pieces) > begin and numbers.get(child):
                    pieces.insert(begin, numbers[child])
                if child.tag == f"{_WORD}p":
                    pieces.append(" ")

    walk(element)
    return " ".join("".join(pieces).split())


def _levels(document: Any) -> dict[str | None, int]:
    """Level of a heading by the id of its style, and under None that of paragraphs without one."""
    levels: dict[str | None, int] = {None: 0}
    for style in document.styles.element.iterchildren(f"{_WORD}style"):
        if style.get(f"{_WORD}type") == "paragraph":
            level = _level_of(style.name_val)
            levels[style.styleId] = level
            if style.get(f"{_WORD}default") in ("1", "true", "on"):
                levels[None] = level
    return levels


def _level_of(name: str | None) -> int:
    name = (name or "").lower()
    heading = _HEADING.search(name)
    if heading:
        return min(max(int(heading[1]), 1), 6)
    return 1 if name == "title" else 0
