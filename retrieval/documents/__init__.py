"""Files to documents: one reader a format."""

from collections.abc import Callable
from pathlib import Path

from retrieval.documents.decode import UndecodableError
from retrieval.documents.html import read_html
from retrieval.documents.markdown import read_markdown
from retrieval.documents.pdf import read_pdf
from retrieval.documents.plain import read_plain
from retrieval.documents.word import read_docx
from retrieval.errors import DocumentError
from retrieval.types import Document

_READERS: dict[str, Callable[[Path, bytes], Document]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
_LEGACY = {".doc": ".docx", ".wps": ".docx", ".rtf": ".docx"}


def load(path: Path, max_megabytes: float) -> bytes:
    """The bytes of a file whose type Wenju reads.

    Raises DocumentError when the type is unknown, the file is empty, too large or cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in _LEGACY:
        raise DocumentError(path, f"{suffix} is a legacy format; save it as {_LEGACY[suffix]} and index that")
    if suffix not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise DocumentError(path, f"unknown type {suffix or '(no suffix)'}; Wenju reads {known}")
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
        raise DocumentError(path, "is empty")
    return data


def parse(path: Path, data: bytes) -> Document:
    """The document that the bytes of the file hold. Raises DocumentError when there is no text to be had."""
    try:
        document = _READERS[path.suffix.lower()](path, data)
    except UndecodableError as error:
        raise DocumentError(path, str(error)) from error
    except RecursionError as error:
        raise DocumentError(path, "is nested too deeply to be read") from error
    if not any(character.isalnum() for character in document.text):
        raise DocumentError(path, "holds no text")
    return document
