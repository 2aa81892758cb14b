"""A document as JSON, for the way from the process that read it: unlike a pickle it can hold nothing but values."""

import json
from pathlib import Path
from typing import Any

from retrieval.types import Article, Document, Paragraph


def pack(document: Document) -> dict[str, Any]:
    """All of it but its path."""
    return {
        "title": document.title,
        "text": document.text,
        "paragraphs": [(one.spans, one.level, one.article) for one in document.paragraphs],
        "date": document.date,
        "url": document.url,
        "page_starts": document.page_starts,
        "articles": [(one.title, one.date) for one in document.articles],
    }


def unpack(path: Path, packed: dict[str, Any]) -> Document:
    """The document again. Raises what a reply of another form makes of it."""
    known = {
        **packed,
        "paragraphs": tuple(
            Paragraph(tuple((start, end) for start, end in spans), level, article)
            for spans, level, article in packed["paragraphs"]
        ),
        "page_starts": tuple(packed["page_starts"]),
        "articles": tuple(Article(title, date) for title, date in packed["articles"]),
    }
    return Document(path, **known)


def to_bytes(value: dict[str, Any]) -> bytes:
    """A line of ASCII."""
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
