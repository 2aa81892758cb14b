"""PDF, by PDFium."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2

from retrieval.documents.pages.page_texts import document_of_pages
from retrieval.documents.pages.pdf_tables import PageReader
from retrieval.documents.pages.printed_text import PrintedText
from retrieval.documents.structure.titles import property_title
from retrieval.errors import DocumentError
from retrieval.left_out import how_to_recognise, recognises
from retrieval.types import Document

PAGE_LIMIT = 5000
"""Pages of a PDF: a few bytes can make a million."""


def read_pdf(path: Path, data: bytes) -> Document:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() and b"/Encrypt" in data:
            raise DocumentError(path, "is protected by a password; save a copy without one", "protected") from error
        raise DocumentError(path, "is not a PDF that can be opened (broken or cut short)", "broken") from error
    with pdf:
        if len(pdf) > PAGE_LIMIT:
            raise DocumentError(path, f"has {len(pdf):,} pages; at most {PAGE_LIMIT:,} are read", "limits")
        try:
            reader = PageReader()
            texts = [_page_text(page, reader) for page in pdf]
            recognised = _recognised(pdf, texts, reader.settled) if recognises() else {}
        except pypdfium2.PdfiumError as error:
            raise DocumentError(path, f"a page of this PDF is broken: {error}", "broken") from error
        title = property_title(pdf.get_metadata_dict().get("Title"))
    texts = [recognised.get(number, text) for number, text in enumerate(texts)]
    if len(recognised) == len(texts):
        title = ""  # the scanner's, and no document's
    if not any(text.strip() for text in texts):
        raise DocumentError(path, f"holds no text (a scan?){how_to_recognise()}", "no_text")
    return document_of_pages(path, texts, reader.settled, title, list(recognised))


def _recognised(pdf: Any, texts: Sequence[str], settled: set[str]) -> dict[int, str]:
    """What stands on the pages that hold something and no text, by index, as far as the time reaches."""
    seen = [i for i, text in enumerate(texts) if not text.strip() and any(pdf[i].get_objects(max_depth=1))]
    if not seen:
        return {}
    from retrieval.documents.pages.recognition import DOTS, SIDE, Recogniser

    recogniser, found = Recogniser(), dict[int, str]()
    for number in seen:
        page = pdf[number]
        scale = min(DOTS / 72, SIDE / max(page.get_size()))
        text = recogniser.text(page.render(scale=scale, may_draw_forms=False).to_numpy()[:, :, :3])
        page.close()
        if text is None:
            break
        if text:
            found[number] = text
    settled |= recogniser.settled
    return found


def _page_text(page: Any, reader: PageReader) -> str:
    textpage = page.get_textpage()
    try:
        text = reader.text(page, PrintedText(textpage))
    finally:
        textpage.close()
        page.close()
    # PDFium marks a word divided at the end of a line with U+0002 in place of the hyphen.
    return text.replace("\x02", "-").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
