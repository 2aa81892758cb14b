"""What a reader left out of a file → a line for each kind of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.left_out import LeftOut, LeftOutKind

_NAMED = 20
"""Names told one by one; beyond it a count says enough."""
_LINES: dict["LeftOutKind", str] = {
    "hidden_sheets": "hidden sheets are not read",
    "empty_sheets": "there is nothing in these sheets",
    "hidden_slides": "hidden slides are not read",
    "pictures": "what stands in pictures is not read",
    "charts": "charts are not read",
    "embedded_files": "files inside of it are not read",
    "recognised": "read by text recognition (OCR), so compare what matters with the picture; pages",
    "attachments": "attachments are not read; save and index those that are wanted",
    "parts": "these parts of the page stand beside its article and are not read; they begin",
    "formulas": "formulas were never calculated; open it in a spreadsheet program and save it; in these sheets",
}


def not_whole(left_out: Sequence["LeftOut"], without_text: Sequence[int] = ()) -> Iterator[str]:
    """One line a kind; `without_text` are the numbers of pages that hold none."""
    from retrieval.left_out import how_to_recognise

    if without_text:
        pages = _some([str(number) for number in without_text])
        which = f"page {pages}" if len(without_text) == 1 else f"each of the pages {pages}"
        yield f"{which} holds no text (a scan?){how_to_recognise()}"
    for omission in left_out:
        yield f"{_LINES[omission.kind]}: {_some(omission.names)}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
