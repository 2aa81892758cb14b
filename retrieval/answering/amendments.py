"""What became of a rule that is quoted: 将“180天”修改为“270天” or 同时废止 in a later paper that names the rule."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.answering.changes import VERBS, Change, changes_in
from retrieval.answering.citations import cite
from retrieval.answering.papers import PaperExcerpt, own_number
from retrieval.answering.quotes import about
from retrieval.answering.refusal import language_of
from retrieval.answering.repeals import ends, is_listed_there, leads_to_ended
from retrieval.index.base import PassageIndex
from retrieval.query.times import asked_time
from retrieval.ranking.evidence import sentence_spans
from retrieval.reasons import Reason, ReasonCode
from retrieval.text.fold import fold
from retrieval.text.lists import is_row
from retrieval.text.times import last_has_come
from retrieval.text.tokens import tokenize
from retrieval.types import Answer, Citation, Hit, Quote, Span, StoredPassage

_IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:正式)?(?:施行|实施|执行|生效)")
_SHORTEST = 4
"""Characters of the title of a rule that another paper may be said to name."""
_BECOMES = ("废止", "失效", *VERBS, "改为", "改成")
_LOOKED_AT, _MOST = 100, 20
"""Passages, and documents, that name a rule beside one of these words, looked at for what became of it."""
_WHOLE = 200
"""Passages of a document that is looked through whole, at most."""


@dataclass(frozen=True, slots=True)
class Later:
    """How a later paper changes a rule (None: it ends it), in that sentence, [start, end), of a passage."""

    change: Change | None
    stored: StoredPassage
    number: int
    start: int
    end: int
    lead: PaperExcerpt | None = None

    @property
    def excerpts(self) -> list[PaperExcerpt]:
        """The sentence, behind the one that leads to the list in which it stands."""
        return [*([self.lead] if self.lead else ()), PaperExcerpt(self.stored, self.start, self.end)]

    @property
    def code(self) -> ReasonCode:
        if self.change is not None:
            return "amended"
        return "repealed" if "废止" in fold(self.excerpts[0].text) else "lapsed"


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
    """The answer, with at most `count` citations, and what changed or ended the rule that it quotes, as far as that
    stands in the hits (`everywhere`: in the index) and is in force on `today`; as it is where it was asked what held
    before. `text_of` gives the folded text of a document of the index."""
    if not answer.quotes or answer.tally is not None or asked_time(answer.question, is_number=False).is_of_the_past:
        return answer
    first = answer.quotes[0]
    citation = answer.citations[first.citation - 1]
    if len(citation.title) < _SHORTEST:
        return answer
    passages = _naming(index, citation) if everywhere else [hit.stored for hit in hits]
    found, is_meant = _became(citation, passages, index, text_of, today)
    ended = next((later for later in found if later.change is None and is_meant(later)), None)
    last = ended or _last_change(*_rule(citation, first), found, is_meant)
    return answer if last is None else _beside(answer, last, count)


def what_became(
    rule: Citation, index: PassageIndex, text_of: Callable[[str], str], today: datetime.date, *, is_ended: bool
) -> Later | None:
    """The newest paper of the index that ends the rule, or else changes it, whatever that is, and is in force."""
    if len(rule.title) < _SHORTEST:
        return None
    found, is_meant = _became(rule, _naming(index, rule), index, text_of, today)
    newest = sorted(found, key=lambda later: later.stored.document.date or "", reverse=True)
    return next((later for later in newest if (later.change is None) is is_ended and is_meant(later)), None)


def _became(
    rule: Citation,
    passages: Sequence[StoredPassage],
    index: PassageIndex,
    text_of: Callable[[str], str],
    today: datetime.date,
) -> tuple[list[Later], Callable[[Later], bool]]:
    """What the passages say that ends the rule or changes any, and whether that is in force and means the rule."""
    others = [stored for stored in passages if stored.document.document_id != rule.document_id]
    found = [*_said_in(others, rule, text_of(rule.document_id), today)]

    def is_meant(later: Later) -> bool:
        in_force = _is_in_force(text_of(later.stored.document.document_id), today)
        change = later.change
        return in_force and (change is None or change.is_of(fold(rule.title), _above(later, index)))

    return found, is_meant


def _naming(index: PassageIndex, rule: Citation) -> list[StoredPassage]:
    """Passages of other documents that may say what became of the rule: they or others beside them name it, by its
    title or its number. Short documents are there whole, for what leads to a list may stand far above its items."""
    number = own_number(index.passages_of(rule.document_id))
    names = [tokenize(rule.title), *([tokenize(number.text)] if number else ())]
    words = [tokenize(word) for word in _BECOMES]
    held = [stored for word in ([], *words) for name in names for stored in index.holding([*name, *word], _LOOKED_AT)]
    others = {stored.document.document_id: stored.document for stored in held}
    others.pop(rule.document_id, None)
    documents = [*others.values()][:_MOST]
    long = [document.document_id for document in documents if document.passages > _WHOLE]
    near = frozenset(index.keys(long, None, None))
    held += [stored for word in words for stored in index.holding(word, _LOOKED_AT, near)]
    whole = [
        stored
        for document in documents
        if document.passages <= _WHOLE
        for stored in index.passages_of(document.document_id)
    ]
    return [*{stored.passage.passage_id: stored for stored in (*whole, *held)}.values()]


def _said_in(passages: Sequence[StoredPassage], rule: Citation, own: str, today: datetime.date) -> Iterator[Later]:
    """What ends the rule, and what changes any; `own` is the folded text of the document of the rule."""
    title, date = fold(rule.title), rule.date or ""
    before, lead = None, None
    for stored in passages:
        if before is None or before.document != stored.document or before.passage.last < stored.passage.first:
            lead = None
        before = stored
        for number, (start, end) in enumerate(sentence_spans(stored)):
            sentence = fold(stored.text[start:end])
            place = number, start, start + len(stored.text[start:end].rstrip())
            if "《" not in sentence and not is_row(sentence):
                lead = PaperExcerpt(stored, *place[1:]) if leads_to_ended(sentence, today) else None
            elif lead and is_listed_there(sentence, title, own, date):
                yield Later(None, stored, *place, lead)
            if ends(sentence, title, own, date, today):
                yield Later(None, stored, *place)
            for change in changes_in(sentence):
                yield Later(change, stored, *place)


def _above(later: Later, index: PassageIndex) -> str:
    """The title of the article in which the sentence stands, and what stands there above it; folded."""
    passage = later.stored.passage
    sentences = {
        number: stored.text[start:end]
        for stored in index.passages_of(later.stored.document.document_id)
        if stored.passage.context.title == passage.context.title
        for number, (start, end) in enumerate(sentence_spans(stored), stored.passage.first)
        if number < passage.first + later.number
    }
    return fold("\n".join((passage.context.title, *sentences.values())))


def _rule(citation: Citation, quoted: Quote) -> tuple[str, Span]:
    """The folded text of the passage, line by line, as far as the quote reaches, and [start, end) of the quote in it:
    what stands above it tells of which article it is."""
    bounds = [0, *(at for at in citation.breaks if at < quoted.start), quoted.start]
    above = fold("\n".join([*(citation.text[start:end] for start, end in pairwise(bounds)), ""]))
    rule = above + fold(citation.text[quoted.start : quoted.end])
    return rule, (len(above), len(rule))


def _last_change(rule: str, within: Span, found: Sequence[Later], is_meant: Callable[[Later], bool]) -> Later | None:
    """What changes the rule, or the last that changes what that has made of it: 60元 to 80元, and 80元 to 40元."""
    last = None
    left = [(later, later.change) for later in found if later.change is not None]
    while step := next(
        ((*both, place) for both in left if (place := both[1].place(rule, within)) and is_meant(both[0])), None
    ):
        last, made, (start, end) = step
        rule = rule[:start] + made.new + rule[end:]
        within = start, start + len(made.new)
        left = [(later, change) for later, change in left if (change.old, change.new) != (made.old, made.new)]
    return last


def _is_in_force(text: str, today: datetime.date) -> bool:
    """Whether the paper says of no later day that it begins then."""
    return last_has_come(_IN_FORCE.finditer(text), today)


def _beside(answer: Answer, later: Later, count: int) -> Answer:
    reason = Reason(later.code, language_of(answer.question), title=later.stored.passage.context.title)
    told = replace(answer, reason=reason, figures=())
    for excerpt in later.excerpts:
        told = with_excerpt(told, excerpt, count)
    return told


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
    shown = "\n".join(citations[quote.citation - 1].text[quote.start : quote.end] for quote in quotes)
    return replace(answer, citations=citations, quotes=quotes, answer=shown)
