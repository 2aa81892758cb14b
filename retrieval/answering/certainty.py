"""How sure it is that the best sentence answers, once it was read, and that the documents speak of the matter at all:
two logistic functions, fitted on documents that the reader was not trained on (`make calibrate-reader`).
"""

from collections.abc import Mapping, Sequence, Set
from math import exp, log1p

from retrieval.answering.checks.objections import CODE, PLACE
from retrieval.answering.confidence import confidence_features, log_odds, logistic
from retrieval.answering.extent import extent
from retrieval.answering.versions.changes import changes_in
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence, sentence_texts
from retrieval.text.fold import fold
from retrieval.text.tokens import is_unspaced
from retrieval.types import Hit, beside

_FORMS = ("kind", "unit", "focus", "open")
"""Of the features of evidence those that say what form the sentence has."""
_FAR = 4.0
_NOTHING = -12.0
"""Stands for the log odds of a sentence that was not read."""


def certainty_features(question: Question, best: Evidence, hits: Sequence[Hit]) -> dict[str, float]:
    """What both functions are made of.

    `squared` is the log odds squared with their sign, `margin` how far they lie above those of the likeliest sentence
    that may answer and is not quoted, `lead` how far above those of the likeliest that is of another place or number
    (of a row that lacks the cell the reader is as little sure as of the rows beside it), `rivals` the log of one and
    the odds of all sentences that may answer and are not quoted together, `neighbours` how many sentences are quoted
    beside the best one and `widened` whether there are any, `evidence` what evidence alone would say; shares are of
    the question's tokens, all of one weight, in [0, 1]."""
    hit = hits[best.hit]
    reading = hit.readings.get(best.sentence)
    context, passage = hit.stored.passage.context, hit.stored.passage
    texts = [fold(text) for text in sentence_texts(hit.stored)]
    sentence, quoted = texts[best.sentence], {texts[i] for i in extent(hit, best.sentence)}
    known = fold(beside("", hit.stored.document.path.stem, context.title, passage.section, context.place))
    tokens, held = question.terms.weights.keys(), question.terms.held(sentence)
    around = question.terms.held(f"{known}\n{fold(hit.stored.text)}")
    foreign = question.is_foreign and any(map(is_unspaced, hit.stored.text))
    logit, kinds = _NOTHING if reading is None else reading.logit, question.asked.kinds
    rivals = _rivals(quoted, hits)
    set_aside = [own.logit for each in hits for own in each.readings.values() if own.objection in (PLACE, CODE)]
    return {
        "constant": 1.0,
        "logit": logit,
        "squared": logit * abs(logit) / 5,
        "margin": _capped(logit - max(rivals, default=_NOTHING)),
        "lead": _capped(logit - max(set_aside, default=_NOTHING)),
        "rivals": log1p(sum(map(exp, rivals))),
        "neighbours": len(quoted) - 1.0,
        "widened": float(len(quoted) > 1),
        "evidence": log_odds("confidence", confidence_features(question, best, hits)),
        "held": len(held) / max(1, len(tokens)),
        "around": len(around | held) / max(1, len(tokens)),
        "foreign": float(foreign),
        **{name: float(getattr(best.features, name)) for name in _FORMS},
        "asks_why": float("why" in kinds),
        "asks_number": float("number" in kinds),
        "asks_person": float("person" in kinds),
        "asks_time": float("time" in kinds),
        "asks_nothing": float(not kinds),
    }


def _capped(difference: float) -> float:
    return max(-_FAR, min(_FAR, difference))


def _rivals(quoted: Set[str], hits: Sequence[Hit]) -> list[float]:
    """The log odds of the sentences that may answer and are not quoted; passages overlap, so that one sentence may
    have been read in several, and counts once, where it is the likeliest. What changes a rule (将第九条修改为“…”) is
    told beside it, and is no rival; nor is what the quote itself says to have changed."""
    found: dict[str, float] = {}
    changed = {change.old for text in quoted for change in changes_in(text) if change.old}
    for hit in hits:
        texts = sentence_texts(hit.stored)
        for number, reading in hit.readings.items():
            text = fold(texts[number])
            if reading.objection is not None or text in quoted or any(old in text for old in changed):
                continue
            if not any(changes_in(text)):
                found[text] = max(reading.logit, found.get(text, reading.logit))
    return list(found.values())


def certainty(features: Mapping[str, float]) -> float:
    """Probability that the best sentence answers the question."""
    return logistic("certainty", features)


def topic_certainty(features: Mapping[str, float]) -> float:
    """Probability that the documents speak of what is asked at all: they do where they answer it, and, as likely as
    the second function says, where they do not."""
    sure = certainty(features)
    return sure + (1 - sure) * logistic("told", features)
