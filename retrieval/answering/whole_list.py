"""A list is quoted from its first item on, as far as 200 characters reach, and how many items follow is told."""

from collections.abc import Callable
from dataclasses import replace

from retrieval.answering.citations import quoted_text
from retrieval.query.question import Question
from retrieval.ranking.evidence import ANSWER_LENGTH
from retrieval.text.lists import is_lead_in, mark_before
from retrieval.types import Answer, Citation, Document, Paragraph, Quote, quote


def with_whole_list(answer: Answer, question: Question, document_of: Callable[[str], Document | None]) -> Answer:
    """The answer, whose first quote is all of a list that was asked for, itself or by its heading, and not one of its
    items, and says how many items follow it. A single item that answers another question is no list."""
    if not answer.quotes or answer.tally is not None:
        return answer
    first = answer.quotes[0]
    citation = answer.citations[first.citation - 1]
    leads, section = is_lead_in(_first_line(citation, first)), question.section
    is_list = leads or "list" in question.asked.kinds
    if not is_list and section is None:
        return answer
    document = document_of(citation.document_id)
    if document is None:  # removed a moment ago
        return answer
    start, end = _offset(citation, first.start), _offset(citation, first.end - 1)
    paragraphs = document.paragraphs
    quoted = [i for i, own in enumerate(paragraphs) if own.spans[0][0] <= end and start < own.spans[-1][1]]
    mark = _mark(document, paragraphs[quoted[-1]]) if quoted else None
    if mark is None:
        return answer
    since = until = quoted[-1]
    while since and _mark(document, paragraphs[since - 1]) == mark:
        since -= 1
    while until + 1 < len(paragraphs) and _mark(document, paragraphs[until + 1]) == mark:
        until += 1
    above = paragraphs[since - 1] if since and paragraphs[since - 1].level else None
    if not is_list and not (section and above and section.is_headed_by(quote(document.text, above.spans))):
        return answer
    shown = first if leads else _from_first_item(citation, first, paragraphs[since : until + 1])
    end = _offset(citation, shown.end - 1)
    following = sum(own.spans[0][0] > end for own in paragraphs[since : until + 1])
    quotes = (replace(shown, following=following), *answer.quotes[1:])
    return replace(answer, quotes=quotes, answer=quoted_text(quotes, answer.citations))


def _first_line(citation: Citation, quoted: Quote) -> str:
    """What the quote says as far as the document sets it on one line."""
    end = next((at for at in citation.breaks if quoted.start < at < quoted.end), quoted.end)
    return citation.text[quoted.start : end]


def _from_first_item(citation: Citation, quoted: Quote, items: tuple[Paragraph, ...]) -> Quote:
    """The items from the first one in the citation on, as many as have room; the quote as it is where these do not
    reach as far as it does."""
    found = [(_place(citation, own.spans[0][0]), _place(citation, own.spans[-1][1] - 1)) for own in items]
    spans = [(first, last + 1) for first, last in found if first is not None and last is not None]
    start = min((quoted.start, *(first for first, _ in spans)))  # it may begin with the heading of the list
    end = max((last for _, last in spans if last - start <= ANSWER_LENGTH), default=quoted.end)
    return replace(quoted, start=start, end=end) if quoted.end <= end else quoted


def _offset(citation: Citation, at: int) -> int:
    """Where in the document the character stands that is at that place of the citation's text."""
    for start, end in citation.spans:
        if at < end - start:
            return start + at
        at -= end - start
    return citation.spans[-1][1]


def _place(citation: Citation, offset: int) -> int | None:
    """The other way; None where the citation has not that character."""
    before = 0
    for start, end in citation.spans:
        if start <= offset < end:
            return before + offset - start
        before += end - start
    return None


def _mark(document: Document, paragraph: Paragraph) -> str | None:
    """The kind of mark before an item; None for what is no item."""
    return None if paragraph.level else mark_before(document.text, paragraph.spans[0][0], paragraph.spans[-1][1])
