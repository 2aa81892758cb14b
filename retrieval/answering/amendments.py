"""What became of a rule that is quoted: 将“180天”修改为“270天” or 同时废止 in a later paper that names the rule."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.answering.citations import cite
from retrieval.answering.quotes import about
from retrieval.answering.refusal import language_of
from retrieval.query.paper import FILE, file_number
from retrieval.query.times import asked_time
from retrieval.ranking.evidence import sentence_spans
from retrieval.reasons import Reason, ReasonCode
from retrieval.text.codes import NUMBER
from retrieval.text.fold import fold
from retrieval.text.numbers import integer
from retrieval.types import Answer, Hit, Quote, StoredPassage

_CHANGES = re.compile(
    r"(?:第(?P<article>" + NUMBER + r")条[^“”\"]*)?[“\"](?P<old>[^“”\"]+)[”\"][^“”\"]{0,6}"
    r"(?:修改|修订|修正|调整|变更|更改|改)[为成]:?[“\"]"
)
_ENDS = re.compile(rf"《(?P<title>[^》]+)》(?:\((?P<file>{FILE})\))?[^。;《》]{{0,30}}废止")
_ARTICLE = re.compile(rf"(?:^|[。;\s])第({NUMBER})条")
_IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:正式)?(?:施行|实施|执行|生效)")
_SHORTEST = 4
"""Characters of the title of a rule that another paper may be said to name."""

TextOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Later:
    """What a later paper says of the rule: [start, end) of a passage."""

    code: ReasonCode
    stored: StoredPassage
    start: int
    end: int


def with_what_became(
    answer: Answer, hits: Sequence[Hit], count: int, text_of: TextOf, today: datetime.date
) -> Answer:
    """The answer, with at most `count` citations, and what changed or ended the rule that it quotes, as far as that
    stands in the hits and is in force on `today`; as it is where it was asked what held before. `text_of` gives the
    folded text of a document."""
    if not answer.quotes or answer.tally is not None or asked_time(answer.question, is_number=False).is_of_the_past:
        return answer
    first = answer.quotes[0]
    citation = answer.citations[first.citation - 1]
    rule = fold(citation.text[first.start : first.end])
    title, own = fold(citation.title), text_of(citation.document_id)
    if len(title) < _SHORTEST:
        return answer
    others = [hit.stored for hit in hits if hit.stored.document.document_id != citation.document_id]
    for later in (later for stored in others for later in _said_of(rule, title, own, stored, text_of)):
        if _is_in_force(text_of(later.stored.document.document_id), today):
            return _beside(answer, later, count)
    return answer


def _said_of(rule: str, title: str, own: str, stored: StoredPassage, text_of: TextOf) -> Iterator[_Later]:
    """What the passage says of the rule of that title; `own` is the text of its document."""
    for start, end in sentence_spans(stored):
        sentence = fold(stored.text[start:end])
        span = start, start + len(stored.text[start:end].rstrip())
        if any(match["title"] == title and _is_ended(own, match) for match in _ENDS.finditer(sentence)):
            yield _Later("repealed", stored, *span)
        elif any(_is_changed(rule, match) for match in _CHANGES.finditer(sentence)) and (
            f"《{title}》" in text_of(stored.document.document_id)
        ):
            yield _Later("amended", stored, *span)


def _is_ended(own: str, end: re.Match[str]) -> bool:
    """Whether it is this paper that is ended, and no older one of its title, which it may have ended itself."""
    if end["file"]:
        return file_number(end["file"]).is_borne_by(own)
    return not any(match["title"] == end["title"] for match in _ENDS.finditer(own))


def _is_changed(rule: str, change: re.Match[str]) -> bool:
    """Whether the rule has the words that are changed, in the article in which they are, as far as both say it."""
    wanted = None if change["article"] is None else integer(change["article"])
    for words in re.finditer(re.escape(change["old"]), rule):
        articles = [integer(match[1]) for match in _ARTICLE.finditer(rule, 0, words.start())]
        if not articles or wanted in (None, articles[-1]):
            return True
    return False


def _is_in_force(text: str, today: datetime.date) -> bool:
    """Whether the paper says of no later day that it begins then."""
    days = [tuple(map(int, match.groups())) for match in _IN_FORCE.finditer(text)]
    return all(day <= (today.year, today.month, today.day) for day in days[-1:])


def _beside(answer: Answer, later: _Later, count: int) -> Answer:
    """The answer with one more quote, its passage among the citations, where there is room for it."""
    reason = Reason(later.code, language_of(answer.question), title=later.stored.passage.context.title)
    told = replace(answer, reason=reason, figures=())
    citations, passage_id = answer.citations, later.stored.passage.passage_id
    number = next((citation.number for citation in citations if citation.passage_id == passage_id), None)
    if number is None:
        number = min(len(citations) + 1, count)
        if number in {quote.citation for quote in answer.quotes}:
            return told
        citations = (*citations[: number - 1], cite(number, later.stored))
    if any(quote.citation == number and quote.start <= later.start < quote.end for quote in answer.quotes):
        return told
    text = later.stored.text[later.start : later.end]
    quotes = (*answer.quotes, Quote(number, later.start, later.end, about(later.stored, text)))
    shown = "\n".join(citations[quote.citation - 1].text[quote.start : quote.end] for quote in quotes)
    return replace(told, citations=citations, quotes=quotes, answer=shown)
