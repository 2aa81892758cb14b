"""Hits to an answer: one of three outcomes, quotes, citations."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from config.settings import AnswerSettings
from retrieval.answering.certainty import certainty, certainty_features, topic_certainty
from retrieval.answering.checks.holders import states_holder
from retrieval.answering.checks.objections import CODE, KIND, PLACE, UNREAD
from retrieval.answering.checks.phones import states_phone
from retrieval.answering.citations import cite, quoted_text
from retrieval.answering.confidence import confidence, confidence_features, relevance
from retrieval.answering.extent import quoted
from retrieval.answering.figures import disagreeing, states_figure
from retrieval.answering.quotes import about
from retrieval.query.asked.unasked import asks_nothing
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from retrieval.ranking.evidence import (
    Evidence,
    cut_to_clauses,
    rank_sentences,
    second_evidence,
    sentence_spans,
)
from retrieval.readings import Objection
from retrieval.reasons import Reason
from retrieval.types import Answer, Hit, Quote

CITATIONS = 5
_STATED = 0.8
"""Probability that a figure beside the very thing that is asked answers, who came into the very office, or a
telephone number right behind the very name, whatever the reader makes of it. Of the questions calibrated on, all 8
such figures were right: too few to say more."""
_MIDDLE, _SPREAD = 20.0, 4.0
"""Evidence scores from about 5 (unrelated) to 35; a citation shows them between 0 and 1, in the same order."""
ANSWERED: Final = "answered"
RELATED: Final = "related"
NOT_FOUND: Final = "not_found"


def compose(
    question: Question,
    hits: Sequence[Hit],
    settings: AnswerSettings,
    count: int = CITATIONS,
    *,
    is_read: bool | None = None,
) -> Answer:
    """The answer to show with at most `count` citations, `timing_ms` yet empty. `answered` needs a sentence that is
    likely enough to answer, and that holds the form of what is asked. `is_read`: a reader has read for it (None:
    where one of the hits shows it), though what it read may have sunk below what it did not."""
    ranked = rank_sentences(hits[:CITATIONS])
    if not ranked:
        return not_found(question, Reason("no_answer", question.language))
    was_read = any(hit.readings for hit in hits) if is_read is None else is_read
    sure, near, objection = _judged(question, ranked[0], hits, was_read)
    answered, related = settings.thresholds(read=was_read)
    is_elsewhere = objection == PLACE or (objection == CODE and question.named is not None)
    if is_elsewhere or (near < related and not question.has_unreadable_name):
        refusal = not_found(question, Reason("no_answer", question.language))
        return replace(refusal, confidence=sure, relevance=near)
    citations = tuple(cite(number, hit.stored, _shown(hit), hit.also) for number, hit in enumerate(hits[:count], 1))
    if sure < answered or objection is not None or asks_nothing(question):
        reason = Reason("only_related", question.language)
        closest = _quote(ranked[0], hits[ranked[0].hit], question) if ranked[0].hit < len(citations) else None
        return Answer(question.as_shown, RELATED, sure, reason, None, (), citations, {}, near, closest=closest)
    second = second_evidence(
        question, hits[:CITATIONS], [evidence for evidence in ranked if _may_stand(evidence, hits)]
    )
    shown = [ranked[0], second] if second else [ranked[0]]
    quotes = tuple(_quote(evidence, hits[evidence.hit], question) for evidence in shown)
    answer = quoted_text(quotes, citations)
    figures = disagreeing(question, hits[: min(count, CITATIONS)], ranked)
    differ = Reason("figures_differ", question.language) if figures else None
    return Answer(question.as_shown, ANSWERED, sure, differ, answer, quotes, citations, {}, near, figures=figures)


def _may_stand(evidence: Evidence, hits: Sequence[Hit]) -> bool:
    """Whether no check objects to the sentence, as far as it was read."""
    reading = hits[evidence.hit].readings.get(evidence.sentence)
    return reading is None or reading.objection is None


def _judged(
    question: Question, best: Evidence, all_hits: Sequence[Hit], was_read: bool
) -> tuple[float, float, Objection | None]:
    """Confidence, relevance, and the check that objects to the best sentence: one that all others fail as well, for
    whatever passes stands before it."""
    hits = all_hits[:CITATIONS]
    if not was_read:
        features = confidence_features(question, best, hits)
        objection: Objection | None = KIND if features["lacking"] else None
        return round(confidence(features), 4), round(relevance(features), 4), objection
    features = certainty_features(question, best, hits)
    reading = hits[best.hit].readings.get(best.sentence)
    if reading is None:  # nothing that was read passes: what stands against the likeliest of it
        read = [candidate for hit in all_hits for candidate in hit.readings.values()]
        likeliest = max(read, key=lambda candidate: candidate.logit, default=None)
        objection = (likeliest.objection if likeliest else None) or UNREAD
    else:
        objection = reading.objection
    sure = certainty(features)
    near, by_name = topic_certainty(features), reading is not None and reading.is_named
    stated = any(states(question, hits, best) for states in (states_figure, states_holder, states_phone))
    by_form = by_name or stated
    if objection is None and by_form:
        sure = max(sure, _STATED)
        near = max(near, sure) if by_name else near
    return round(sure, 4), round(near, 4), objection


def not_found(question: QuestionText, reason: Reason) -> Answer:
    """The answer when nothing is shown; nothing was computed for it yet."""
    return Answer(question.as_shown, NOT_FOUND, 0.0, reason, None, (), (), {"total": 0.0})


def only_related(question: Question, composed: Answer) -> Answer:
    """The same passages without the answer."""
    reason = Reason("only_related", question.language)
    return replace(composed, status=RELATED, reason=reason, answer=None, quotes=(), figures=(), tally=None)


def _shown(hit: Hit) -> float:
    return round(1 / (1 + math.exp((_MIDDLE - hit.score) / _SPREAD)), 4)


def _quote(evidence: Evidence, hit: Hit, question: Question) -> Quote:
    spans, text = sentence_spans(hit.stored), hit.stored.text
    numbers = quoted(hit, evidence.sentence, question)
    start = spans[numbers[0]][0]
    sentences = text[start : spans[numbers[-1]][1]].rstrip()
    first, last = cut_to_clauses(sentences, question.terms)
    return Quote(evidence.hit + 1, start + first, start + last, about(hit.stored, sentences[first:last]))
