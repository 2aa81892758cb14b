"""PPTX: the slides of a presentation as its pages, each a section with its title, text, tables and notes (ECMA-376,
part 1, chapters 19 and 21)."""

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.table_lines import table_lines
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import SPAN_LIMIT, Cell
from retrieval.documents.structure.titles import TITLE_LENGTH, property_title
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document

_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLES, _FURNITURE = ("title", "ctrTitle"), ("sldNum", "dt", "ftr", "hdr", "sldImg")
_SLIDE_LIMIT = 5_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def read_pptx(path: Path, data: bytes) -> Document:
    try:
        with zipfile.ZipFile(unzipped(path, data, ".ppt")) as archive:
            return _read(path, _Parts(archive), left_out_of(data))
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not a PPTX file that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, parts: "_Parts", others: tuple[LeftOut, ...]) -> Document:
    slides = parts.slides()
    if len(slides) > _SLIDE_LIMIT:
        raise DocumentError(path, f"has {len(slides):,} slides; at most {_SLIDE_LIMIT:,} are read", "limits")
    blocks: list[Block] = []
    pages: list[int] = []
    hidden: list[str] = []
    for number, name in enumerate(slides, 1):
        pages.append(len(blocks))
        slide = parts.read(name)
        if slide.get("show") in ("0", "false"):
            hidden.append(str(number))
        else:
            blocks += _slide(parts, name, slide, 1 if number == 1 else 2)
    if hidden and not blocks:
        raise DocumentError(path, "holds hidden slides alone; show those that are to be read, and save it", "hidden")
    left_out = (*([LeftOut("hidden_slides", tuple(hidden))] if hidden else []), *others)
    return assemble(path, blocks, title=parts.title(), left_out=left_out, pages=pages)


class _Parts:
    """What the archive holds, by name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def read(self, name: str) -> Any:
        return etree.fromstring(self._archive.read(name), _PARSER)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Kind and name of the parts that the part speaks of, by id."""
        folder, file = posixpath.split(name)
        with suppress(KeyError):  # a part that speaks of none
            relations = self.read(posixpath.join(folder, "_rels", f"{file}.rels"))
            return {
                relation.get("Id"): (relation.get("Type").rpartition("/")[2], _within(folder, relation.get("Target")))
                for relation in relations.iterchildren(f"{_RELATIONS}Relationship")
                if relation.get("TargetMode") != "External"
            }
        return {}

    def slides(self) -> list[str]:
        """In the order in which they are shown."""
        main = next(name for kind, name in self.related("").values() if kind == "officeDocument")
        related = self.related(main)
        presentation = self.read(main)
        if presentation.tag != f"{_SLIDES}presentation":
            raise ValueError("another kind of file")
        slides = presentation.findall(f"{_SLIDES}sldIdLst/{_SLIDES}sldId")
        return [related[slide.get(f"{_OFFICE}id")][1] for slide in slides]

    def title(self) -> str:
        with suppress(KeyError, etree.XMLSyntaxError):
            return property_title(self.read("docProps/core.xml").findtext("{*}title"))
        return ""


def _within(folder: str, target: str) -> str:
    return posixpath.normpath(target[1:] if target.startswith("/") else posixpath.join(folder, target))


class _Shape(NamedTuple):
    kind: str
    blocks: list[Block]


def _slide(parts: _Parts, name: str, slide: Any, level: int) -> Iterator[Block]:
    """Its title first, wherever it was drawn; where it has none, a short first line."""
    related = parts.related(name)
    shapes = [shape for shape in _shapes(parts, slide, related) if shape.kind not in _FURNITURE and shape.blocks]
    titles = [shape for shape in shapes if shape.kind in _TITLES]
    others = [block for shape in shapes if shape.kind not in _TITLES for block in shape.blocks]
    title = " ".join(block.text for shape in titles for block in shape.blocks)
    if not title and others and len(others[0].text) <= TITLE_LENGTH // 2 and not others[0].whole:
        title = others.pop(0).text
    if title:
        yield Block(title, level)
    yield from others
    for kind, note in related.values():
        if kind == "notesSlide":
            for shape in _shapes(parts, parts.read(note), {}):
                yield from shape.blocks if shape.kind not in _FURNITURE else ()


def _shapes(parts: _Parts, element: Any, related: dict[str, tuple[str, str]]) -> Iterator[_Shape]:
    above = ""
    for child in element.iterchildren(tag="*"):
        if child.tag == f"{_SLIDES}sp":
            place = child.find(f"{_SLIDES}nvSpPr/{_SLIDES}nvPr/{_SLIDES}ph")
            blocks = list(_paragraphs(child.find(f"{_SLIDES}txBody")))
            above = blocks[-1].text if blocks else ""
            yield _Shape("" if place is None else place.get("type") or "body", blocks)
        elif child.tag == f"{_SLIDES}graphicFrame":
            for table in child.iter(f"{_DRAWING}tbl"):
                yield _Shape("table", list(_table(table, unit_of(above))))
            for diagram in child.iter(f"{_DIAGRAM}relIds"):
                _, data = related.get(diagram.get(f"{_OFFICE}dm") or "", ("", ""))
                yield _Shape("diagram", list(_paragraphs(parts.read(data))) if data else [])
        elif child.tag != _FALLBACK:  # groups, and what holds them
            yield from _shapes(parts, child, related)


def _paragraphs(element: Any) -> Iterator[Block]:
    texts = () if element is None else map(_text, element.iter(f"{_DRAWING}p"))
    yield from (Block(text) for text in texts if text)


def _text(paragraph: Any) -> str:
    pieces: list[str] = []
    for child in paragraph.iterchildren(f"{_DRAWING}r", f"{_DRAWING}fld", f"{_DRAWING}br"):
        is_number = child.tag == f"{_DRAWING}fld" and child.get("type") == "slidenum"
        text = " " if child.tag == f"{_DRAWING}br" else child.findtext(f"{_DRAWING}t") or ""
        pieces.append("" if is_number else text)
    return " ".join("".join(pieces).split())


def _table(table: Any, unit: str) -> Iterator[Block]:
    properties = table.find(f"{_DRAWING}tblPr")
    is_headed = properties is not None and properties.get("firstRow") in ("1", "true")
    rows = [
        [
            Cell(
                " ".join(block.text for block in _paragraphs(cell)),
                _count(cell, "gridSpan"),
                _count(cell, "rowSpan"),
                is_headed and number == 0,
            )
            for cell in row.iterchildren(f"{_DRAWING}tc")
            if not (_is_covered(cell, "hMerge") or _is_covered(cell, "vMerge"))
        ]
        for number, row in enumerate(table.iterchildren(f"{_DRAWING}tr"))
    ]
    yield from table_lines(rows, unit)


def _is_covered(cell: Any, name: str) -> bool:
    return cell.get(name) in ("1", "true")


def _count(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return max(1, min(int(value), SPAN_LIMIT)) if value.isdecimal() and len(value) < 9 else 1
