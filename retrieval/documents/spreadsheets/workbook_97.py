"""XLS, the workbooks of Excel 97 to 2003 and of WPS (ET), by python-calamine: the values of their sheets, without
their number formats."""

import io
import re
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from retrieval.documents.spreadsheets.cell_format import display_text
from retrieval.documents.spreadsheets.sheets import Area, Sheet, document_of, sheet_of
from retrieval.documents.structure.tables import CELL_LIMIT, Cell
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut, LeftOutKind
from retrieval.types import Document

_PROTECTED = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}\x2f\x00", re.DOTALL)
"""The beginning of a workbook (BOF) and, right behind it, how it is encrypted (FILEPASS; [MS-XLS] 2.4.117)."""
_HIDDEN = "holds hidden sheets alone; show those that are to be read, and save it"


def read_xls(path: Path, data: bytes) -> Document:
    try:
        return _read(path, data)
    except (DocumentError, MemoryError, RecursionError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise DocumentError(path, "is not an XLS file that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, data: bytes) -> Document:
    if _PROTECTED.search(data):
        raise DocumentError(path, "is protected by a password; save a copy without one", "protected")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    told: dict[LeftOutKind, list[str]] = {"hidden_sheets": [], "empty_sheets": []}
    sheets: list[Sheet] = []
    for known in book.sheets_metadata:
        if known.typ != SheetTypeEnum.WorkSheet:
            continue
        if known.visible != SheetVisibleEnum.Visible:
            told["hidden_sheets"].append(known.name)
            continue
        sheet = book.get_sheet_by_name(known.name)
        if sheet.total_height * sheet.total_width > 16 * CELL_LIMIT:  # all of them come at once
            raise DocumentError(path, f"has more than {CELL_LIMIT:,} cells in one sheet; split it", "limits")
        rows = _rows(sheet)
        merged = [Area(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
        if any(rows.values()):
            sheets.append(sheet_of(path, known.name, rows, merged))
        else:
            told["empty_sheets"].append(known.name)
    if not sheets and told["hidden_sheets"]:
        raise DocumentError(path, _HIDDEN, "hidden")
    left_out = tuple(LeftOut(kind, tuple(names)) for kind, names in told.items() if names)
    return document_of(path, sheets, left_out=left_out)


def _rows(sheet: Any) -> dict[int, dict[int, Cell]]:
    """The cells that hold anything, by row and column."""
    rows = enumerate(sheet.to_python(skip_empty_area=False))
    texts = ((number, enumerate(map(display_text, row))) for number, row in rows)
    return {number: {column: Cell(text) for column, text in row if text} for number, row in texts}
