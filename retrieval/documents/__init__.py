"""Files to documents: one reader a format."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from config.formats import PICTURES
from retrieval.documents.archives.containers import pieces
from retrieval.documents.decode import UndecodableError
from retrieval.documents.isolation import libreoffice
from retrieval.errors import DocumentError
from retrieval.left_out import how_to_recognise, recognises
from retrieval.text.places import named_places
from retrieval.types import Document, quote

_READERS = {
    ".txt": "plain.plain_text.read_plain",
    ".text": "plain.plain_text.read_plain",
    ".md": "plain.markdown.read_markdown",
    ".markdown": "plain.markdown.read_markdown",
    ".html": "web.html.read_html",
    ".htm": "web.html.read_html",
    ".pdf": "pages.pdf.read_pdf",
    ".docx": "office.word.read_docx",
    ".xlsx": "spreadsheets.workbook.read_xlsx",
    ".xls": "spreadsheets.workbook_97.read_xls",
    ".ods": "spreadsheets.opendocument.read_ods",
    ".pptx": "office.slides.read_pptx",
    ".odt": "office.opendocument_text.read_odt",
    ".rtf": "office.rich_text.read_rtf",
    ".epub": "archives.book.read_epub",
    ".eml": "archives.mail.read_eml",
    ".jsonl": "spreadsheets.json_lines.read_jsonl",
    ".csv": "spreadsheets.delimited.read_delimited",
    ".tsv": "spreadsheets.delimited.read_delimited",
    **dict.fromkeys(PICTURES, "pages.picture.read_picture"),
}
"""The folder, the file and the function by suffix; imported when first needed, since asking needs none of them."""
SENTENCE_LIMIT = 200_000
"""Sentences of a document: more than 20 MB of prose have. Each is kept and embedded on its own."""
_SAMPLE = "# 左云县\n\n左云县有网格员。\n".encode()
_PAGE = b"<html><body><article><p>" + _SAMPLE * 20 + b"</p></article></body></html>"
_SHORT_PAGE = b"<html><body><p>" + _SAMPLE + b"</p></body></html>"
"""A page of so few words is read by another library as well, which loads its lists of words then."""
_SAMPLES = dict.fromkeys((".html", ".htm"), (_PAGE, _SHORT_PAGE))
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")


def load(path: Path, max_megabytes: float) -> bytes:
    """The bytes of a file whose type Wenju reads.

    Raises DocumentError when the type is unknown, the file is empty, too large or cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in _ARCHIVES:
        raise DocumentError(path, "is an archive; unpack it, and index the folder", "type")
    if suffix in PICTURES and not recognises():
        raise DocumentError(path, f"is a picture{how_to_recognise()}", "type")
    if suffix not in _READERS and suffix not in libreoffice.SUFFIXES:
        known = ", ".join(sorted({*_READERS, *libreoffice.SUFFIXES}))
        raise DocumentError(path, f"unknown type {suffix or '(no suffix)'}; Wenju reads {known}", "type")
    try:
        if path.exists() and not path.is_file():
            raise DocumentError(path, "is not a file (a pipe or a device)")
        read, size, limit = list[bytes](), 0, int(max_megabytes * 2**20)
        for piece in pieces(path):
            read.append(piece)
            size += len(piece)
            if size > limit:  # also of a file that grows meanwhile
                whole = max(path.stat().st_size, size) if path.is_file() else size
                raise DocumentError(
                    path,
                    f"has {whole / 2**20:.1f} MB; the limit is {max_megabytes:g} "
                    "(setting documents.max_megabytes, WENJU_DOCUMENTS__MAX_MEGABYTES)",
                )
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror or error}") from error
    data = b"".join(read)
    if not data.strip():
        raise DocumentError(path, "is empty", "empty")
    return data


@cache
def prepare(suffix: str) -> None:
    """Load what reads files of this type, with the tables and the modules that are loaded when first needed."""
    _reader(suffix)
    for sample in _SAMPLES.get(suffix, (_SAMPLE,)):
        with suppress(DocumentError):
            parse(Path(f"sample{suffix}"), sample)
    parse(Path("sample.txt"), _SAMPLE)
    named_places("左云县")  # not every text is looked through for places, and each fork would load their tables


def parse(path: Path, data: bytes) -> Document:
    """The document that the bytes of the file hold. Raises DocumentError when there is no text to be had."""
    try:
        document = _reader(path.suffix.lower())(path, data)
    except UndecodableError as error:
        raise DocumentError(path, str(error), "encoding") from error
    except RecursionError as error:
        raise DocumentError(path, "is nested too deeply to be read", "broken") from error
    shown = (quote(document.text, paragraph.spans) for paragraph in document.paragraphs)
    if not any(character.isalnum() for text in shown for character in text):
        kinds = [omission.kind for omission in document.left_out if omission.kind != "empty_sheets"]
        held = ", ".join(kind.replace("_", " ") for kind in kinds)
        raise DocumentError(path, f"holds no text{f', but {held}, which are not read' if held else ''}", "no_text")
    return document


def refuse_pieces(path: Path, count: int, limit: int = SENTENCE_LIMIT) -> None:
    """Raises DocumentError when a document has more sentences, or the like, than are kept of one."""
    if count > limit:
        raise DocumentError(path, f"has more than {limit:,} sentences or lines; split it", "limits")


def _reader(suffix: str) -> Callable[[Path, bytes], Document]:
    module, _, name = _READERS[suffix].rpartition(".")
    reader: Callable[[Path, bytes], Document] = getattr(import_module(f"retrieval.documents.{module}"), name)
    return reader
