"""XLSX, by openpyxl: the values of its sheets, as they were calculated when it was saved."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lxml.etree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.spreadsheets.cell_format import chinese_date_format, display_text
from retrieval.documents.spreadsheets.sheets import Area, Sheet, document_of, sheet_of
from retrieval.documents.structure.tables import CELL_LIMIT, Cell
from retrieval.documents.structure.titles import property_title
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut, LeftOutKind
from retrieval.types import Document

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_UNCALCULATED = "holds formulas that were never calculated; open it in a spreadsheet program and save it"
_HIDDEN = "holds hidden sheets alone; show those that are to be read, and save it"


def read_xlsx(path: Path, data: bytes) -> Document:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would not keep when it saved the file
            return _read(path, data)
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not an XLSX file that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, data: bytes) -> Document:
    archive = unzipped(path, data, ".xls")
    book = load_workbook(archive, read_only=True, data_only=True, keep_links=False)
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    sheets: list[Sheet] = []
    empty: list[str] = []
    uncalculated: list[str] = []
    with zipfile.ZipFile(archive) as members:
        for sheet in (worksheet for worksheet in book.worksheets if worksheet.sheet_state == "visible"):
            # openpyxl tells neither what is merged nor which formulas have no value, unless it loads the whole file.
            with members.open(sheet._worksheet_path) as xml:
                layout = _Layout.of(path, xml)
            if layout.uncalculated:
                uncalculated.append(sheet.title)
            rows = dict(_rows(book, sheet, layout))
            if any(rows.values()):
                sheets.append(sheet_of(path, sheet.title, rows, layout.merged))
            elif not layout.uncalculated:
                empty.append(sheet.title)
    if not sheets and uncalculated:
        raise DocumentError(path, _UNCALCULATED, "formulas")
    if not sheets and hidden:
        raise DocumentError(path, _HIDDEN, "hidden")
    told: dict[LeftOutKind, list[str]] = {"hidden_sheets": hidden, "empty_sheets": empty, "formulas": uncalculated}
    left_out = tuple(LeftOut(kind, tuple(names)) for kind, names in told.items() if names)
    # Charts show what cells hold.
    left_out += tuple(omission for omission in left_out_of(data) if omission.kind != "charts")
    return document_of(path, sheets, title=property_title(book.properties.title), left_out=left_out)


def _rows(book: Any, sheet: Any, layout: "_Layout") -> Iterator[tuple[int, dict[int, Cell]]]:
    if not layout.last_row:
        return
    sheet.reset_dimensions()  # else each row is as wide as the file says that the widest is
    rows = sheet.iter_rows(min_row=1, max_row=layout.last_row)
    for number, row in enumerate(islice(rows, layout.last_row), 1):
        texts = {column: _text(book, cell) for column, cell in enumerate(row, 1) if cell.value is not None}
        yield number, {column: Cell(text) for column, text in texts.items() if text}


def _text(book: Any, cell: Any) -> str:
    value, code = cell.value, cell.number_format or "General"
    if isinstance(value, int | float) and not isinstance(value, bool):
        chinese = chinese_date_format(cell.style_array.numFmtId)
        if chinese is not None:
            with suppress(OverflowError, ValueError):  # 20260715, typed as a number: shown as one
                value, code = from_excel(value, book.epoch), chinese
    return display_text(value, code)


@dataclass(slots=True)
class _Layout:
    """The last row with a value, what is merged, and how many formulas were saved without their value."""

    last_row: int = 0
    cells: int = 0
    uncalculated: int = 0
    merged: list[Area] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, xml: Any) -> "_Layout":
        """Of the XML of a sheet. Raises DocumentError where it has too many cells, ValueError where it is none."""
        layout = cls()
        row = column = 0
        for event, element in iterparse(
            xml, events=("start", "end"), tag=("{*}row", "{*}c", "{*}mergeCell"), resolve_entities=False
        ):
            kind = element.tag.rpartition("}")[2]
            if kind == "row" and event == "start":
                row, column = int(float(element.get("r") or row + 1)), 0
            elif kind == "c" and event == "end":
                row, column = _place(element.get("r")) if element.get("r") else (row, column + 1)
                layout._take(element, row, column)
            elif kind == "mergeCell" and event == "end":
                first, _, last = (element.get("ref") or "").partition(":")
                layout.merged.append(Area(*_place(first), *_place(last or first)))
            if event == "end" and kind != "c":
                _forget(element)
            if max(layout.cells, len(layout.merged)) > CELL_LIMIT:
                raise DocumentError(path, f"has more than {CELL_LIMIT:,} cells in one sheet; split it", "limits")
        return layout

    def _take(self, cell: Any, row: int, column: int) -> None:
        if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
            raise ValueError("a cell beyond what a sheet can hold")
        value, is_formula = cell.findtext("{*}v"), cell.find("{*}f") is not None
        if value or cell.find("{*}is") is not None:
            self.cells += 1
            self.last_row = max(self.last_row, row)
        elif is_formula and cell.get("t") != "str":  # a text may be empty
            self.uncalculated += 1


def _place(reference: str) -> tuple[int, int]:
    """Row and column, from 1, of C7."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise ValueError("no place in a sheet")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _forget(element: Any) -> None:
    """What was read already, for a million rows take memory also when they are empty."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
