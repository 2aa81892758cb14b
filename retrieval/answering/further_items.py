"""How many items of a list follow behind those that are quoted: a quote has room for 200 characters of them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from retrieval.query.question import Question
from retrieval.text.lists import is_lead_in, mark_of
from retrieval.types import Answer, Citation, Document, Paragraph, quote


def with_further_items(answer: Answer, question: Question, document_of: Callable[[str], Document | None]) -> Answer:
    """The answer, whose first quote says how many items follow it, where it quotes a list that goes on: one that was
    asked for, or that a line leads to. A single item that answers is no list."""
    if not answer.quotes or answer.tally is not None:
        return answer
    first = answer.quotes[0]
    citation = answer.citations[first.citation - 1]
    document = document_of(citation.document_id)
    if document is None:  # removed a moment ago
        return answer
    start, end = _offset(citation, first.start), _offset(citation, first.end - 1)
    quoted = [
        number
        for number, paragraph in enumerate(document.paragraphs)
        if paragraph.spans[0][0] <= end and start < paragraph.spans[-1][1]
    ]
    if not quoted:
        return answer
    leads = is_lead_in(quote(document.text, document.paragraphs[quoted[0]].spans))
    mark = _mark(document, document.paragraphs[quoted[-1]])
    if mark is None or not (leads or "list" in question.asked.kinds):
        return answer
    rest = document.paragraphs[quoted[-1] + 1 :]
    following = sum(1 for _ in takewhile(lambda paragraph: _mark(document, paragraph) == mark, rest))
    return replace(answer, quotes=(replace(first, following=following), *answer.quotes[1:]))


def _offset(citation: Citation, at: int) -> int:
    """Where in the document the character stands that is at that place of the citation's text."""
    for start, end in citation.spans:
        if at < end - start:
            return start + at
        at -= end - start
    return citation.spans[-1][1]


def _mark(document: Document, paragraph: Paragraph) -> str | None:
    """The kind of mark before an item, which may be none of the paragraph's own text; None for what is no item."""
    if paragraph.level:
        return None
    begins = document.text.rfind("\n", 0, paragraph.spans[0][0]) + 1
    return mark_of(document.text[begins : paragraph.spans[-1][1]])
