"""Files to documents: one reader a format."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from retrieval.documents.decode import UndecodableError
from retrieval.errors import DocumentError
from retrieval.types import Document

_READERS = {
    ".txt": "plain.read_plain",
    ".text": "plain.read_plain",
    ".md": "markdown.read_markdown",
    ".markdown": "markdown.read_markdown",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".pdf": "pdf.read_pdf",
    ".docx": "word.read_docx",
}
"""By suffix; imported when first needed, since asking needs none of them."""
_LEGACY = {".doc": ".docx", ".wps": ".docx", ".rtf": ".docx"}


def load(path: Path, max_megabytes: float) -> bytes:
    """The bytes of a file whose type Wenju reads.

    Raises DocumentError when the type is unknown, the file is empty, too large or cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in _LEGACY:
        raise DocumentError(path, f"{suffix} is a legacy format; save it as {_LEGACY[suffix]} and index that", "type")
    if suffix not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise DocumentError(path, f"unknown type {suffix or '(no suffix)'}; Wenju reads {known}", "type")
    try:
        if path.exists() and not path.is_file():
            raise DocumentError(path, "is not a file (a pipe or a device)")
        size = path.stat().st_size
        if size > max_megabytes * 2**20:
            raise DocumentError(
                path,
                f"has {size / 2**20:.1f} MB; the limit is {max_megabytes:g} "
                "(setting documents.max_megabytes, WENJU_DOCUMENTS__MAX_MEGABYTES)",
            )
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror or error}") from error
    if not data.strip():
        raise DocumentError(path, "is empty", "empty")
    return data


def parse(path: Path, data: bytes) -> Document:
    """The document that the bytes of the file hold. Raises DocumentError when there is no text to be had."""
    try:
        document = _reader(path.suffix.lower())(path, data)
    except UndecodableError as error:
        raise DocumentError(path, str(error), "encoding") from error
    except RecursionError as error:
        raise DocumentError(path, "is nested too deeply to be read", "broken") from error
    if not any(character.isalnum() for character in document.text):
        raise DocumentError(path, "holds no text", "no_text")
    return document


def _reader(suffix: str) -> Callable[[Path, bytes], Document]:
    module, name = _READERS[suffix].split(".")
    reader: Callable[[Path, bytes], Document] = getattr(import_module(f"retrieval.documents.{module}"), name)
    return reader
