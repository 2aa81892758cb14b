"""Plain text."""

from pathlib import Path

from retrieval.documents.decode import decode
from retrieval.documents.structure.articles import find_articles
from retrieval.documents.structure.layout import paragraphs_of_lines
from retrieval.documents.structure.titles import first_line, title_or_name
from retrieval.types import Document


def read_plain(path: Path, data: bytes) -> Document:
    text = decode(data)
    line = first_line(text)
    paragraphs, articles = find_articles(text, paragraphs_of_lines(text), line)
    title = title_or_name(articles[0].title if articles else line, path)
    date = next((article.date for article in articles if article.date), None)
    return Document(path, title, text, paragraphs, date, articles=articles)
