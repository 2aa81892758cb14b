"""A stored passage → what is shown of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from retrieval.types import Citation, Quote, Reprint, StoredPassage


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
