"""ODT: the paragraphs, lists and tables of an OpenDocument text, with the numbers that are shown before them
(OpenDocument 1.3, part 3)."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from retrieval.documents.office.opendocument_lists import Lists
from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.dates import told_date
from retrieval.documents.structure.table_lines import table_lines
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import CELL_LIMIT, SPAN_LIMIT, Cell
from retrieval.documents.structure.titles import property_title
from retrieval.errors import DocumentError
from retrieval.types import Document

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SPACES = (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break")
# Contents pages, deleted text, notes beside the text, marks of reading (ruby), forms: no text of the document.
_PASSED = (
    f"{_TEXT}table-of-content", f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}ruby-text",
    f"{_OFFICE}forms", f"{_TEXT}sequence-decls", f"{_TEXT}note-citation",
)  # fmt: skip
_APART = (f"{_TEXT}note", f"{_DRAW}text-box", f"{_DRAW}frame", f"{_DRAW}custom-shape")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_TITLE_STYLE = "Title"
_EDGES = [f"{edge}{pages}" for edge in ("header", "footer") for pages in ("", "-first", "-left")]
"""Of all pages, of the first one, and of those with even numbers where they have their own."""


def read_odt(path: Path, data: bytes) -> Document:
    try:
        with zipfile.ZipFile(unzipped(path, data, ".doc")) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise DocumentError(path, "is protected by a password; save a copy without one", "protected")
            parts: dict[str, Any] = {
                name: etree.fromstring(archive.read(name), _PARSER) if name in archive.namelist() else None
                for name in ("content.xml", "styles.xml", "meta.xml")
            }
        body = parts["content.xml"].find(f"{_OFFICE}body/{_OFFICE}text")
        reader = _Body(path, parts["content.xml"], parts["styles.xml"])
        blocks = [*reader.blocks(body), *_edges(parts["styles.xml"])]
        meta = parts["meta.xml"]
        title = property_title(
            meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") if meta is not None else ""
        )
        date = told_date("\n".join(block.text for block in blocks))
        return assemble(path, blocks, title=title, date=date, left_out=left_out_of(data))
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not an ODT file that can be opened (broken or cut short)", "broken") from error


class _Body:
    """Paragraphs, lists and tables in reading order."""

    def __init__(self, path: Path, content: Any, styles: Any) -> None:
        self._path = path
        trees = [tree for tree in (styles, content) if tree is not None]
        self._lists = Lists(trees)
        self._titles = {
            style.get(f"{_STYLE}name")
            for tree in trees
            for style in tree.iter(f"{_STYLE}style")
            if style.get(f"{_STYLE}parent-style-name") == _TITLE_STYLE
        } | {_TITLE_STYLE}
        self._left = CELL_LIMIT

    def blocks(self, element: Any, style: str = "", depth: int = 0) -> Iterator[Block]:
        """Those below the element, which is `depth` lists deep."""
        above = ""
        for child in element.iterchildren(tag="*"):
            if child.tag in (f"{_TEXT}h", f"{_TEXT}p"):
                found = list(self._paragraph(child))
                above = found[-1].text if found else ""
                yield from found
            elif child.tag == f"{_TEXT}list":
                yield from self._list(child, style, depth + 1)
            elif child.tag == f"{_TABLE}table":
                yield from self._table(child, unit_of(above))
            elif child.tag not in _PASSED:
                yield from self.blocks(child, style, depth)

    def _list(self, element: Any, style: str, depth: int) -> Iterator[Block]:
        style = self._lists.begin(element, style)
        for item in element.iterchildren(f"{_TEXT}list-item", f"{_TEXT}list-header"):
            number = self._lists.before(item, style, depth) if item.tag == f"{_TEXT}list-item" else ""
            for block in self.blocks(item, style, depth):
                yield block._replace(text=f"{number}{block.text}") if number else block
                number = ""

    def _paragraph(self, element: Any) -> Iterator[Block]:
        """The paragraph, and behind it what is anchored in it: its notes, and text boxes."""
        level = 0
        if element.tag == f"{_TEXT}h":
            level = min(max(_number(element, f"{_TEXT}outline-level"), 1), 6)
        elif element.get(f"{_TEXT}style-name") in self._titles:
            level = 1
        text = _text(element)
        if text:
            yield Block(f"{self._lists.before_heading(level) if element.tag == f'{_TEXT}h' else ''}{text}", level)
        for child in _anchored(element):
            yield from self.blocks(child)

    def _table(self, table: Any, unit: str) -> Iterator[Block]:
        rows = [self._cells(row) for row in _rows(table)]
        rows = [row for row in rows if any(cell.text for cell in row)]
        if next(table.iterdescendants(f"{_TABLE}table"), None) is None:
            yield from table_lines(rows, unit)
        else:  # it lays a page out
            yield from (Block(" | ".join(cell.text for cell in row if cell.text)) for row in rows)

    def _cells(self, row: Any) -> list[Cell]:
        is_heading = row.getparent().tag == f"{_TABLE}table-header-rows"
        cells: list[Cell] = []
        for element in row.iterchildren(f"{_TABLE}table-cell"):
            text = " ".join(block.text for block in self.blocks(element))
            across, down = (_number(element, f"{_TABLE}number-{what}-spanned") or 1 for what in ("columns", "rows"))
            times = min(_number(element, f"{_TABLE}number-columns-repeated") or 1, SPAN_LIMIT)
            cells += [Cell(text, across, down, is_heading) for _ in range(times)]
        self._left -= len(cells)
        if self._left < 0:
            raise DocumentError(self._path, f"has more than {CELL_LIMIT:,} cells; split it", "limits")
        return cells


def _rows(table: Any) -> Iterator[Any]:
    own = (row for row in table.iter(f"{_TABLE}table-row"))
    return (row for row in own if next(row.iterancestors(f"{_TABLE}table"), None) is table)


def _edges(styles: Any) -> Iterator[Block]:
    """What the headers and footers of the pages say, each once; the numbers of pages say nothing."""
    if styles is None:
        return
    edges = styles.iter(*(f"{_STYLE}{kind}" for kind in _EDGES))
    texts = (" ".join(filter(None, map(_text, edge.iter(f"{_TEXT}p")))) for edge in edges)
    yield from (Block(text) for text in dict.fromkeys(texts) if sum(map(str.isalpha, text)) > 2)


def _anchored(element: Any) -> Iterator[Any]:
    for child in element.iterchildren(tag="*"):
        if child.tag in _APART:
            yield child
        elif child.tag not in _PASSED:
            yield from _anchored(child)


def _text(element: Any) -> str:
    """Text of the paragraph on one line, without what is anchored in it."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        pieces.append(node.text or "")
        for child in node.iterchildren(tag="*"):
            if child.tag in _SPACES:
                pieces.append(" ")
            elif child.tag == f"{_TEXT}page-number":
                pass
            elif child.tag not in _PASSED and child.tag not in _APART:
                walk(child)
            pieces.append(child.tail or "")

    walk(element)
    return " ".join("".join(pieces).split())


def _number(element: Any, name: str) -> int:
    value = element.get(name) or ""
    return min(int(value), SPAN_LIMIT) if value.isdecimal() and len(value) < 9 else 0
