"""What became of the rules that an answer shows: 将“180天”修改为“270天” or 同时废止 in a later paper."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

from retrieval.answering.citations import cite, quoted_text
from retrieval.answering.library.papers import PaperExcerpt
from retrieval.answering.quotes import about
from retrieval.answering.versions.later_papers import LaterPapers, RuleUpdate
from retrieval.index.base import PassageIndex
from retrieval.query.asked.times import asked_time
from retrieval.query.message.courtesy import language_of
from retrieval.reasons import Reason
from retrieval.text.sentences import split_clauses
from retrieval.types import Answer, Citation, Hit, Quote


def with_what_became(
    answer: Answer,
    hits: Sequence[Hit],
    count: int,
    index: PassageIndex,
    text_of: Callable[[str], str],
    today: datetime.date,
    *,
    everywhere: bool,
) -> Answer:
    """The answer, with at most `count` citations, each with what became of the rule that it shows, and with what
    changed or ended the rule that it quotes, as far as that stands in the hits (`everywhere`: in the index) and is in
    force on `today`; as it is where it was asked what held before. `text_of` gives the folded text of a document of
    the index."""
    if not answer.citations or asked_time(answer.question, is_number=False).is_of_the_past:
        return answer
    given = None if everywhere else [hit.stored for hit in hits]
    papers = LaterPapers(index, text_of, today, given)
    marked = tuple(
        replace(citation, became=_reason(answer, later))
        if (later := papers.last_of(citation, (0, len(citation.text)))) is not None
        else citation
        for citation in answer.citations
    )
    answer = replace(answer, citations=marked)
    if not answer.quotes or answer.tally is not None:
        return answer
    return _beside(answer, _updates(papers, answer.citations[answer.quotes[0].citation - 1], answer.quotes[0]), count)


def with_excerpt(answer: Answer, excerpt: PaperExcerpt, count: int) -> Answer:
    """The answer with one more quote, its passage among the citations, where there is room for it."""
    citations, passage_id = answer.citations, excerpt.stored.passage.passage_id
    number = next((citation.number for citation in citations if citation.passage_id == passage_id), None)
    if number is None:
        number = min(len(citations) + 1, count)
        if number in {quote.citation for quote in answer.quotes}:
            return answer
        citations = (*citations[: number - 1], cite(number, excerpt.stored))
    if any(quote.citation == number and quote.start <= excerpt.start < quote.end for quote in answer.quotes):
        return answer
    quotes = (*answer.quotes, Quote(number, excerpt.start, excerpt.end, about(excerpt.stored, excerpt.text)))
    return replace(answer, citations=citations, quotes=quotes, answer=quoted_text(quotes, citations))


def _reason(answer: Answer, later: RuleUpdate) -> Reason:
    return Reason(later.code, language_of(answer.question), title=later.stored.passage.context.title)


def _updates(papers: LaterPapers, citation: Citation, quoted: Quote) -> list[RuleUpdate]:
    """What ended the rule that is quoted, or else changed its clauses, each once: of a list of three items the first
    and the third may have changed."""
    clauses = split_clauses(citation.text[quoted.start : quoted.end])
    spans = [(quoted.start + start, quoted.start + end) for start, end in clauses]
    found = dict.fromkeys(filter(None, (papers.last_of(citation, span) for span in spans)))
    return list(found)[:1] if any(update.change is None for update in found) else list(found)


def _beside(answer: Answer, updates: Sequence[RuleUpdate], count: int) -> Answer:
    for update in updates:
        answer = replace(answer, reason=_reason(answer, update), figures=())
        for excerpt in update.together:
            answer = with_excerpt(answer, excerpt, count)
    return answer
