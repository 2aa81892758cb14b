"""Texts of pages to a document: for what came without structure, a PDF or a scan."""

from collections.abc import Sequence, Set
from pathlib import Path

from retrieval.documents.pages.running_lines import without_running_lines
from retrieval.documents.structure.articles import find_articles
from retrieval.documents.structure.layout import paragraphs_of_lines
from retrieval.documents.structure.titles import first_line, title_or_name
from retrieval.left_out import LeftOut
from retrieval.types import Document


def document_of_pages(
    path: Path, texts: Sequence[str], settled: Set[str], title: str = "", recognised: Sequence[int] = ()
) -> Document:
    """A document with the texts as its pages. `settled` are lines that are whole paragraphs, `recognised` the indices
    of pages that text recognition read."""
    pages = without_running_lines(texts)
    text = "\n".join(pages)
    starts = [0]
    for page in pages[:-1]:
        starts.append(starts[-1] + len(page) + 1)
    line = title or first_line(text)
    paragraphs, articles = find_articles(text, paragraphs_of_lines(text, starts, settled), line)
    title = title or title_or_name(articles[0].title if articles else line, path)
    date = next((article.date for article in articles if article.date), None)
    told = (LeftOut("recognised", tuple(str(number + 1) for number in recognised)),) if recognised else ()
    return Document(path, title, text, paragraphs, date, None, tuple(starts), articles, told)
