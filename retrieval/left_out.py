"""What a reader left out of a file or could not be sure of, so that it is told and not lost in silence."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Literal

LeftOutKind = Literal[
    "hidden_sheets",
    "empty_sheets",
    "formulas",
    "hidden_slides",
    "pictures",
    "charts",
    "embedded_files",
    "attachments",
    "parts",
    "recognised",
]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is of one kind: the names of hidden sheets, of sheets that hold nothing, of sheets with formulas that have
    no value, and so on; of slides their numbers; of parts of a web page how they
    begin. `recognised` are the numbers of pages of which nothing was left out,
    but that were read by text recognition (OCR), which may misread."""

    kind: LeftOutKind
    names: tuple[str, ...]


@cache
def recognises() -> bool:
    """Whether the extra that reads the text of pictures is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def how_to_recognise() -> str:
    """What to do where a picture was not read, or nothing was found in it."""
    if recognises():
        return "; text recognition (OCR) found none, or had no time for it (setting documents.ocr_seconds)"
    how = "`pip install 'wenju[ocr]'` (or `make install-ocr`)"
    return f"; {how} has scans and pictures read by text recognition (OCR)"
