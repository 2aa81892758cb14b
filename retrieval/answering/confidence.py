"""How sure it is that the best sentence answers, and that the documents speak of the matter at all: two logistic
functions of the same features, fitted on questions with and without an answer (`make fit`)."""

import math
from collections.abc import Mapping, Sequence

from retrieval.coefficients import coefficients
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence, sentence_texts
from retrieval.text.divisions import short_name
from retrieval.text.fold import fold_all
from retrieval.text.tokens import is_unspaced
from retrieval.types import Hit


def confidence_features(question: Question, best: Evidence, hits: Sequence[Hit]) -> dict[str, float]:
    """What the confidence is made of. Shares are of the question's weight, in [0, 1]."""
    hit, features = hits[best.hit], best.features
    context = hit.stored.passage.context
    known = "\n".join(part for part in (context.title, hit.stored.passage.section, context.place) if part)
    quoted = [h.stored.text for h in hits]
    *texts, said, sentence = fold_all(
        [*quoted, f"{known}\n{hit.stored.text}", sentence_texts(hit.stored)[best.sentence]]
    )
    anywhere = frozenset[str]().union(*map(question.terms.held, texts))
    foreign = question.is_foreign and any(map(is_unspaced, hit.stored.text))
    others = [h.score for h in hits if h is not hit]
    unsaid = [name for name in question.names if short_name(name) not in said]
    found = {
        "score": best.score,
        "margin": best.score - (sum(others) / len(others) if others else best.score),
        "cosine": features.cosine,
        "cosine_before": features.cosine_before,
        "body": features.body,
        "anywhere": question.body.share(anywhere),
        "unsaid": question.unsaid,
        "open": features.open,
        "lacking": float(question.asked.lacked_by(sentence)),
        "place_unsaid": len(unsaid) / max(1, len(question.names)),
    }
    return {
        "constant": 1.0,
        "foreign": float(foreign),
        "foreign_cosine": foreign * found["cosine"],
        "foreign_subject": foreign * (features.subject + features.subject_known),
        **{name: value * (not foreign) for name, value in found.items()},
    }


def confidence(features: Mapping[str, float]) -> float:
    """Probability that the best sentence answers the question."""
    return logistic("confidence", features)


def relevance(features: Mapping[str, float]) -> float:
    """Probability that the documents speak of what is asked at all, whether or not they answer it."""
    return logistic("relevance", features)


def logistic(name: str, features: Mapping[str, float]) -> float:
    """1 / (1 + e^-s), s the log odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds(name, features)))))


def log_odds(name: str, features: Mapping[str, float]) -> float:
    """The sum of the features, weighed by the coefficients of that name."""
    return sum(weight * features[feature] for feature, weight in coefficients(name).items())
