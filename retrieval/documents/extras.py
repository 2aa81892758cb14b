"""Whether the extra that recognises text (OCR) is installed, and which files it may be wanted for."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
MEGABYTES = 1024
"""Memory that it is given besides: a page of A4 takes three quarters of it."""


@cache
def recognises() -> bool:
    """Whether the text of pictures is read."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def may_recognise(path: Path) -> bool:
    """Whether the file may hold pages that are pictures, and they are read."""
    return path.suffix.lower() in (".pdf", *PICTURES) and recognises()


def how_to_recognise() -> str:
    """What to do for a file of pictures that was not read; nothing where they are read."""
    return "" if recognises() else "; `pip install wenju[ocr]` (or `make install-ocr`) has scans and pictures read"
