"""Pages of PDFs as pictures, with boxes around what is quoted: a look at the paper, beside the text."""

from bisect import bisect_right

from retrieval.documents import load
from retrieval.documents.isolation.packed import Picture
from retrieval.documents.isolation.reader_process import draw
from retrieval.errors import NotFoundError
from retrieval.ingestion.ingest import sha256_of
from retrieval.service import KnowledgeBase

__all__ = ["Picture", "page_of", "picture_of"]


def page_of(base: KnowledgeBase, passage_id: str, start: int | None, end: int | None) -> tuple[str, int, str]:
    """The SHA-256 of the passage's file, the number of the page on which [start, end) of its document begins (None:
    the passage), and what stands there. Raises NotFoundError, also where there is nothing to be drawn."""
    stored = base.passage(passage_id)
    if stored.document.path.suffix.lower() != ".pdf":
        raise NotFoundError(f"{stored.document.name} is no PDF: it has no pages that could be drawn.")
    spans = stored.passage.spans
    first = max(spans[0][0], spans[0][0] if start is None else start)
    last = min(spans[-1][1], spans[-1][1] if end is None else end)
    if first >= last:
        raise NotFoundError(f"Nothing of the passage {passage_id} stands at {start} to {end}.")
    document = base.text(stored.document.document_id)
    return stored.document.sha256, bisect_right(document.page_starts, first), document.text[first:last]


def picture_of(base: KnowledgeBase, passage_id: str, page: int, quoted: str) -> Picture:
    """The page of the passage's file, drawn in a process of its own. Raises NotFoundError when the file is not the
    one that was indexed, and DocumentError."""
    record, limits = base.passage(passage_id).document, base.settings.documents
    data = load(record.path, limits.max_megabytes)
    if sha256_of(data) != record.sha256:
        raise NotFoundError(f"{record.name} has changed since it was indexed.")
    return draw(record.path, data, limits, page, quoted)
