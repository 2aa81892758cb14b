"""JSON Lines: an object a line, read as the rows of a table with its keys as headings; questions with their answers
are kept by hand so."""

import json
from pathlib import Path

from retrieval.documents.decode import decode
from retrieval.documents.spreadsheets.sheets import document_of, sheet_of
from retrieval.documents.structure.tables import CELL_LIMIT, Cell
from retrieval.errors import DocumentError
from retrieval.types import Document


def read_jsonl(path: Path, data: bytes) -> Document:
    columns: dict[str, int] = {}
    rows: dict[int, dict[int, Cell]] = {}
    count = 0
    for number, line in enumerate(decode(data).split("\n"), 1):
        if line.strip():
            cells = {columns.setdefault(key, len(columns)): Cell(text) for key, text in _texts(path, number, line)}
            count += len(cells)
            if count > CELL_LIMIT:
                raise DocumentError(path, f"has more than {CELL_LIMIT:,} values; split it", "limits")
            rows[len(rows) + 1] = cells
    heads = {column: Cell(key, is_heading=True) for key, column in columns.items()}
    return document_of(path, [sheet_of(path, "", {0: heads, **rows})])


def _texts(path: Path, number: int, line: str) -> list[tuple[str, str]]:
    """Keys and values of the object, those that are texts or numbers."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise DocumentError(path, f"line {number} is no JSON object; mend it", "broken")
    if "question" in value and not isinstance(value.get("answer"), str):
        # Questions that are to be asked one after another: they would be found before what answers them.
        raise DocumentError(
            path, f"line {number} has a question without its answer; give it an `answer`, or leave the file out",
            "questions",
        )  # fmt: skip
    shown = ((_line(key), _line(_shown(member))) for key, member in value.items())
    return [(key, text) for key, text in shown if key and text]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "；".join(filter(None, map(_shown, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def _line(text: str) -> str:
    return " ".join(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
