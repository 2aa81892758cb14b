"""Texts of pages to a document: for what came without structure, a PDF or a scan."""

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

from retrieval.documents.pages.running_lines import running_keys, without_header, without_running_lines
from retrieval.documents.structure.articles import find_articles
from retrieval.documents.structure.layout import STARTS_ANEW, paragraphs_of_lines
from retrieval.documents.structure.titles import first_line, is_title, title_or_name
from retrieval.left_out import LeftOut
from retrieval.types import Document

_SHORT = 0.8
"""Share of the longest line of its page that a title has at most."""


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
    line, below = title or first_line(text), _titled(pages[0], running_keys(texts))
    paragraphs, articles = find_articles(text, paragraphs_of_lines(text, starts, settled), line)
    if below and not title and [article.title for article in articles] == [line]:
        articles = (replace(articles[0], title=below),)
    title = title or title_or_name(articles[0].title if articles else line, path)
    date = next((article.date for article in articles if article.date), None)
    told = (LeftOut("recognised", tuple(str(number + 1) for number in recognised)),) if recognised else ()
    return Document(path, title, text, paragraphs, date, None, tuple(starts), articles, told)


def _titled(page: str, running: Set[str]) -> str:
    """The title below the header of the first page, empty where there is no header, or where what stands below it may
    be no title: the first line of a text is as long as the others."""
    below = without_header(page, running)
    line = first_line(below)
    longest = max(map(len, below.split("\n")))
    is_own = below != page.strip() and len(line) <= _SHORT * longest
    return line if is_own and is_title(line) and not STARTS_ANEW.match(line) else ""
