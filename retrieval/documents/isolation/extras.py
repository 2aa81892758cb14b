"""Which files text recognition (OCR) may be wanted for, and what it is given."""

from pathlib import Path

from config.formats import PICTURES
from retrieval.left_out import recognises

MEGABYTES = 1024
"""Memory that it is given besides: a page of A4 takes three quarters of it."""


def may_recognise(path: Path) -> bool:
    """Whether the file may hold pages that are pictures, and they are read."""
    return path.suffix.lower() in (".pdf", *PICTURES) and recognises()
