"""PDF, by PDFium."""

from pathlib import Path

import pypdfium2

from retrieval.documents.articles import find_articles
from retrieval.documents.layout import paragraphs_of_lines
from retrieval.documents.pdf_layout import page_text, without_running_lines
from retrieval.documents.titles import first_line, metadata_title
from retrieval.errors import DocumentError
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
            pages = without_running_lines([_page_text(page) for page in pdf])
        except pypdfium2.PdfiumError as error:
            raise DocumentError(path, f"a page of this PDF is broken: {error}", "broken") from error
        title = metadata_title(pdf.get_metadata_dict().get("Title"))
    if not any(page.strip() for page in pages):
        raise DocumentError(path, "holds no text (a scan?); run text recognition (OCR) on it first", "no_text")
    text = "\n".join(pages)
    starts = [0]
    for page in pages[:-1]:
        starts.append(starts[-1] + len(page) + 1)
    paragraphs, articles = find_articles(text, paragraphs_of_lines(text, starts), title or first_line(text))
    title = title or (articles[0].title if articles else first_line(text))
    date = next((article.date for article in articles if article.date), None)
    return Document(path, title, text, paragraphs, date, page_starts=tuple(starts), articles=articles)


def _page_text(page: object) -> str:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    try:
        text = page_text(textpage)
    finally:
        textpage.close()
        page.close()  # type: ignore[attr-defined]
    # PDFium marks a word divided at the end of a line with U+0002 in place of the hyphen.
    return text.replace("\x02", "-").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
