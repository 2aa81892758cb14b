"""CSV and TSV: the cells as they stand in the file, whatever parts them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from retrieval.documents.decode import decode
from retrieval.documents.spreadsheets.sheets import document_of, sheet_of
from retrieval.documents.structure.tables import CELL_LIMIT, Cell
from retrieval.errors import DocumentError
from retrieval.types import Document

_DELIMITERS = ",\t;"
_LOOKED_AT = 100
"""Lines that tell what parts the cells."""
_DECLARED = re.compile(r'sep=([^"\n])\n')
"""What Excel takes the delimiter from."""
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How programs keep a spreadsheet from taking 00123 for a number."""


def read_delimited(path: Path, data: bytes) -> Document:
    text = decode(data)
    rows: dict[int, dict[int, Cell]] = {}
    count, row = 0, list[str]()
    try:
        for number, row in enumerate(_rows(text)):
            cells = {column: Cell(cleaned) for column, value in enumerate(row) if (cleaned := _cleaned(value))}
            count += len(cells)
            if count > CELL_LIMIT:
                raise DocumentError(path, f"has more than {CELL_LIMIT:,} cells; split it", "limits")
            rows[number] = cells
    except csv.Error as error:
        limit = f"{csv.field_size_limit():,}"
        reason = f"holds a cell of more than {limit} characters (a quotation mark without its end?)"
        raise DocumentError(path, reason, "broken") from error
    if text.count('"') % 2 and any("\n" in cell for cell in row):
        reason = "has a quotation mark without its end, so that what follows it would be one cell; mend it"
        raise DocumentError(path, reason, "broken")
    return document_of(path, [sheet_of(path, "", rows)])


def _rows(text: str) -> Iterator[list[str]]:
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _delimiter(text)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The one that parts most lines into as many cells each, more than one."""
    lines = [line for line in text[: _LOOKED_AT * 1000].split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        return times, width

    return max(_DELIMITERS, key=fit)


def _cleaned(cell: str) -> str:
    as_text = _AS_TEXT.fullmatch(cell.strip())
    return " ".join((as_text[1] if as_text else cell).split())
