"""A stored passage → what is shown of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from retrieval.types import Answer, Citation, Document, Quote, Reprint, Span, StoredPassage


def cite(number: int, stored: StoredPassage, score: float = 0.0, also: Sequence[StoredPassage] = ()) -> Citation:
    """The passage as citation `number`; `also` are passages of other documents that print the same."""
    return Citation(
        number=number,
        document=stored.document.name,
        path=str(stored.document.path),
        url=stored.document.url,
        document_id=stored.document.document_id,
        passage_id=stored.passage.passage_id,
        title=stored.passage.context.title,
        section=stored.passage.section,
        place=stored.passage.context.place,
        date=stored.passage.context.date,
        page=stored.passage.page,
        spans=stored.passage.spans,
        text=stored.text,
        score=score,
        also=tuple(map(_reprint, also)),
        breaks=tuple(_breaks(stored)),
        ocr=stored.ocr,
    )


def quoted_text(quotes: Iterable[Quote], citations: Sequence[Citation]) -> str:
    """What the quotes say, a line each, as `Answer.answer` has it."""
    return "\n".join(citations[quote.citation - 1].text[quote.start : quote.end] for quote in quotes)


def by_page(answer: Answer, document_of: Callable[[str], Document | None]) -> Answer:
    """The answer with each citation naming the page on which begins what is quoted of it, where its passage may begin
    pages before, and whether that was read by text recognition."""
    quotes = {quote.citation: quote for quote in reversed((*answer.quotes, *filter(None, [answer.closest])))}
    citations = (_by_page(citation, quotes.get(citation.number), document_of) for citation in answer.citations)
    return replace(answer, citations=tuple(citations))


def _by_page(citation: Citation, quote: Quote | None, document_of: Callable[[str], Document | None]) -> Citation:
    document = document_of(citation.document_id) if quote is not None and citation.page is not None else None
    if quote is None or document is None:
        return citation
    page, ocr = printed_on(document, citation.spans, quote.start, quote.end)
    return replace(citation, page=page, ocr=ocr)


def printed_on(document: Document, spans: Sequence[Span], start: int, end: int) -> tuple[int | None, bool]:
    """The page on which [start, end) of what the spans quote begins, None where there are none, and whether text
    recognition read any of the pages on which it stands."""
    offsets = [offset for span in spans for offset in range(*span)][start:end]
    if not offsets or (page := document.page_of(offsets[0])) is None:
        return None, False
    names = {name for told in document.left_out if told.kind == "recognised" for name in told.names}
    return page, any(str(number) in names for number in range(page, (document.page_of(offsets[-1]) or page) + 1))


def _breaks(stored: StoredPassage) -> Iterator[int]:
    """Where, in the passage's text, a sentence begins that the document sets on a line of its own: headings, and
    whatever something was left out before (sentences that follow each other on a line touch)."""
    offset = 0
    for before, sentence in pairwise(stored.sentences):
        offset += before.length()
        if before.spans[-1][1] != sentence.spans[0][0] or before.level != sentence.level:
            yield offset


def _reprint(stored: StoredPassage) -> Reprint:
    return Reprint(
        document=stored.document.name,
        path=str(stored.document.path),
        document_id=stored.document.document_id,
        passage_id=stored.passage.passage_id,
        title=stored.passage.context.title,
        date=stored.passage.context.date,
    )
