"""ODS: the cells of an OpenDocument spreadsheet, whose file holds the text of each as it is shown (OpenDocument 1.3,
part 3, chapter 9)."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml.etree import iterparse

from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.spreadsheets.sheets import Area, document_of, sheet_of
from retrieval.documents.structure.tables import CELL_LIMIT, Cell
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SPACES = (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break")
_ROWS, _COLUMNS = 1_048_576, 16_384
"""As many as a sheet may have."""


def read_ods(path: Path, data: bytes) -> Document:
    try:
        with zipfile.ZipFile(unzipped(path, data, ".xls")) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise DocumentError(path, "is protected by a password; save a copy without one", "protected")
            with archive.open("content.xml") as content:
                return _read(path, content, left_out_of(data))
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not an ODS file that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, content: Any, others: tuple[LeftOut, ...]) -> Document:
    hidden_styles: set[str] = set()
    hidden, empty, shown = list[str](), list[str](), list[_Rows]()
    rows = _Rows(path, "")
    tags = (f"{_STYLE}style", f"{_TABLE}table", f"{_TABLE}table-row")
    for event, element in iterparse(content, events=("start", "end"), tag=tags, resolve_entities=False):
        if event == "start" and element.tag == f"{_TABLE}table":
            rows = _Rows(path, " ".join(element.get(f"{_TABLE}name", "").split()))
        elif event == "end" and element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden_styles.add(element.get(f"{_STYLE}name"))
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            rows.take(element)
            element.clear()
        elif event == "end" and element.get(f"{_TABLE}style-name") in hidden_styles:
            hidden.append(rows.name)
        elif event == "end" and rows.cells:
            shown.append(rows)
        elif event == "end":
            empty.append(rows.name)
    if hidden and not shown:
        raise DocumentError(path, "holds hidden sheets alone; show those that are to be read, and save it", "hidden")
    left_out = [LeftOut("hidden_sheets", tuple(hidden))] if hidden else []
    left_out += [LeftOut("empty_sheets", tuple(empty))] if empty else []
    sheets = [sheet_of(path, sheet.name, sheet.cells, sheet.merged) for sheet in shown]
    return document_of(path, sheets, left_out=(*left_out, *others))


class _Rows:
    """The cells with text of a sheet, by row and column, and what is merged."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.cells: dict[int, dict[int, Cell]] = {}
        self.merged: list[Area] = []
        self._path = path
        self._next = self._count = 0

    def take(self, row: Any) -> None:
        """The next row, as often as it says that it is there. Raises DocumentError when that is too much."""
        times = _number(row, "number-rows-repeated", _ROWS)
        cells = dict(self._cells(row)) if self._next < _ROWS else {}
        for number in range(self._next, self._next + (times if cells else 0)):
            self.cells[number] = {column: Cell(cell.text) for column, cell in cells.items()}  # alike, not merged
            self._count += len(cells)
            self._refuse_many()
        self._next += times

    def _cells(self, row: Any) -> Iterator[tuple[int, Cell]]:
        column = 0
        for element in row.iterchildren(*_CELLS):
            times = _number(element, "number-columns-repeated", _COLUMNS)
            text = _text(element) if element.tag == _CELLS[0] else ""
            across = _number(element, "number-columns-spanned", _COLUMNS)
            down = _number(element, "number-rows-spanned", _ROWS)
            if text and across * down > 1:
                self.merged.append(Area(self._next, column, self._next + down - 1, column + across - 1))
            if text and column + times > _COLUMNS:
                reason = f"has more than {_COLUMNS:,} columns in one sheet; split it"
                raise DocumentError(self._path, reason, "limits")
            yield from ((at, Cell(text)) for at in range(column, column + (times if text else 0)))
            column += times

    def _refuse_many(self) -> None:
        if self._count > CELL_LIMIT:
            raise DocumentError(self._path, f"has more than {CELL_LIMIT:,} cells in one sheet; split it", "limits")


def _number(element: Any, name: str, most: int) -> int:
    value = element.get(f"{_TABLE}{name}") or "1"
    return max(1, min(int(value), most)) if value.isdecimal() and len(value) < 9 else 1


def _text(cell: Any) -> str:
    """Its paragraphs on one line; notes beside a cell are no text of it."""
    pieces: list[str] = []

    def walk(element: Any) -> None:
        pieces.append(element.text or "")
        for child in element.iterchildren(tag="*"):
            if child.tag in _SPACES:
                pieces.append(" ")
            else:
                walk(child)
            pieces.append(child.tail or "")

    for paragraph in cell.iterchildren(f"{_TEXT}p"):
        walk(paragraph)
        pieces.append(" ")
    return " ".join("".join(pieces).split())
