"""Which sentence of the candidates answers: features of each sentence, weighed by fitted coefficients."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.coefficients import coefficients
from retrieval.features import Closeness, SentenceFeatures
from retrieval.query.question import Question
from retrieval.query.words.terms import Terms
from retrieval.text.fold import fold_all
from retrieval.text.places import last_place
from retrieval.text.sentences import split_clauses
from retrieval.types import Hit, Span, StoredPassage, quote

ANSWER_LENGTH = 200
"""Characters of an answer at most; a longer sentence is cut to the clauses that answer."""
_COSINE_FLOOR = 0.75
"""Cosines of this family of models crowd between about 0.75 (unrelated) and 0.95 (the same)."""
_COSINE_RANGE = 0.2
_SHARES = SentenceFeatures._fields[2:10]
"""Those that tell what share of the question is held, `overlap` to `body_around`."""
_BEFORE = 4
"""Sentences before it that may name what a sentence is about."""
_STATEMENT_END = re.compile(r"[。！；…!;.][”’」』）)\]\"']*$")
_QUESTION_END = re.compile(r"[？?][”’」』）)\]\"']*$")
_SECOND_OVERLAP = 0.5
"""Share of the second half's tokens that a second quote must hold."""
_SECOND_WEIGHT = 20.0
"""What the second half of a question weighs against the whole of it when its own sentence is looked for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentence number `sentence` of hit number `hit` (both 0-based): its cosine to the question, its features and
    their weighed sum."""

    hit: int
    sentence: int
    cosine: float
    features: SentenceFeatures
    score: float


class _Parts(NamedTuple):
    """Shares of the three parts of a question, in the order of `Question.share_weights`, each of shape (rows,)."""

    of_terms: NDArray[np.float64]
    of_subject: NDArray[np.float64]
    of_body: NDArray[np.float64]


def scores_of(features: Sequence[SentenceFeatures]) -> tuple[float, ...]:
    """The weighed sum of each sentence's features."""
    weights = coefficients("evidence")
    scores = np.asarray(features, np.float64) @ np.array([weights[name] for name in SentenceFeatures._fields])
    return tuple(scores.tolist())


def is_question(sentence: str) -> bool:
    return _QUESTION_END.search(sentence) is not None


def features_of(
    question: Question,
    passages: Sequence[StoredPassage],
    closeness: Sequence[Closeness],
    cosines: Sequence[Sequence[float]],
) -> list[list[SentenceFeatures]]:
    """Features of the sentences of each passage. `closeness` is that of the passages; `cosines` are those of their
    sentences to the question."""
    raw = [sentence_texts(passage) for passage in passages]
    folded = iter(fold_all([*map(_title, passages), *(text for sentences in raw for text in sentences)]))
    titles = list(islice(folded, len(passages)))
    texts = [list(islice(folded, len(sentences))) for sentences in raw]
    # 问：…？答：… the answer takes on its question.
    answered = [[i > 0 and is_question(sentences[i - 1]) for i in range(len(sentences))] for sentences in texts]
    shares = _shares(question, titles, texts, answered)
    every = zip(passages, titles, texts, answered, shares, closeness, cosines, strict=True)
    return [list(_rows(question, *fields)) for fields in every]


def _rows(
    question: Question,
    passage: StoredPassage,
    title: str,
    texts: Sequence[str],
    answered: Sequence[bool],
    shares: Sequence[Sequence[float]],
    passage_closeness: Closeness,
    cosines: Sequence[float],
) -> Iterator[SentenceFeatures]:
    """Of each sentence of one passage; all texts folded."""
    close = [(cosine - _COSINE_FLOOR) / _COSINE_RANGE for cosine in cosines]
    place = last_place(title, question.places)
    asked = question.asked
    for i, text in enumerate(texts):
        place = last_place(text, question.places, place)
        values = (  # in their order: by name it takes thrice as long, and there are hundreds
            max(close[i], close[i - 1]) if answered[i] else close[i],
            close[i - 1] if i else close[i],
            *shares[i],
            asked.held_by(text),
            question.unit_held_by(text),
            question.focus_held_by(text),
            place is not None and place not in question.places,
            passage.sentences[i].level > 0,
            _STATEMENT_END.search(text) is None,
            *passage_closeness,
        )
        yield SentenceFeatures._make(values)


def _title(passage: StoredPassage) -> str:
    context = passage.passage.context
    return "\n".join(part for part in (context.title, passage.passage.section, context.place) if part)


def _shares(
    question: Question, titles: Sequence[str], texts: Sequence[Sequence[str]], answered: Sequence[Sequence[bool]]
) -> list[list[list[float]]]:
    """The features `_SHARES` of each sentence of each passage, for all of them at once."""
    # One passage under the other, empty rows between them as before the first: nothing reaches across.
    starts = np.cumsum([_BEFORE, *(len(sentences) + _BEFORE for sentences in texts)]).tolist()
    holds = question.terms.holds([*titles, *(text for sentences in texts for text in sentences)])
    known = np.repeat(holds[: len(titles)], [len(sentences) + _BEFORE for sentences in texts], axis=0)
    held = np.zeros((starts[-1] + 1, holds.shape[1]), bool)
    taken, first = np.zeros(len(known), bool), len(titles)
    for start, sentences, flags in zip(starts, texts, answered, strict=False):
        held[start : start + len(sentences)] = holds[first : first + len(sentences)]
        taken[start - _BEFORE : start - _BEFORE + len(sentences)] = flags
        first += len(sentences)

    def near(offset: int) -> NDArray[np.bool_]:
        """Shape (rows, tokens): which tokens the row so many below each row holds (negative: above); the rows are the
        sentences of all passages, with the empty ones before each."""
        return held[_BEFORE + offset : _BEFORE + offset + len(known)]

    own_held = near(0) | (near(-1) & taken[:, None])
    before = near(-1) | near(-2) | near(-3) | near(-4)
    around = near(-2) | near(-1) | near(1)
    sets = [own_held, known & ~own_held, around & ~own_held & ~known, (before | known) & ~own_held]
    of_own, of_known, of_around, of_earlier = (_Parts(*part.T) for part in np.stack(sets) @ question.share_weights)
    columns = {
        "overlap": of_own.of_terms, "known": of_known.of_terms, "around": of_around.of_terms,
        "subject": of_own.of_subject, "subject_known": of_earlier.of_subject,
        "body": of_own.of_body, "body_known": of_known.of_body, "body_around": of_around.of_body,
    }  # fmt: skip
    shares = np.stack([columns[name] for name in _SHARES], axis=1).tolist()
    firsts = (start - _BEFORE for start in starts)
    return [shares[first : first + len(sentences)] for first, sentences in zip(firsts, texts, strict=False)]


def rank_sentences(hits: Sequence[Hit]) -> list[Evidence]:
    """The sentences of all hits, the one most likely to answer first."""
    found = [
        Evidence(number, i, hit.sentence_cosines[i], hit.features[i], score)
        for number, hit in enumerate(hits)
        for i, score in enumerate(hit.sentence_scores)
    ]
    return sorted(found, key=lambda evidence: -evidence.score)


def second_evidence(question: Question, hits: Sequence[Hit], ranked: Sequence[Evidence]) -> Evidence | None:
    """The sentence for the other half of a question that asks for two things, when the first one leaves it open."""
    other = question.second
    if not other.weights or not ranked:
        return None

    def held(evidence: Evidence) -> float:
        return other.overlap(sentence_texts(hits[evidence.hit].stored)[evidence.sentence])

    best = max(ranked, key=lambda evidence: evidence.score + _SECOND_WEIGHT * held(evidence))
    covers_more = held(best) > held(ranked[0]) and held(best) >= _SECOND_OVERLAP
    return best if covers_more else None


def sentence_texts(stored: StoredPassage) -> list[str]:
    """Text of each sentence of the passage, without the white space that follows it."""
    return [stored.text[start:end].rstrip() for start, end in sentence_spans(stored)]


def sentence_spans(stored: StoredPassage) -> list[Span]:
    """[start, end) of each sentence in the passage's text."""
    spans, offset = [], 0
    for sentence in stored.sentences:
        spans.append((offset, offset + sentence.length()))
        offset += sentence.length()
    return spans


def cut_to_clauses(text: str, terms: Terms, limit: int = ANSWER_LENGTH) -> Span:
    """The run of whole clauses of at most `limit` characters that holds most of the question's tokens; of two that
    hold as much, the longer. A single clause beyond the limit is cut into pieces of half the limit."""
    if len(text) <= limit:
        return 0, len(text)
    half = max(1, limit // 2)
    clauses = [
        (cut, min(cut + (half if end - start > limit else limit), end))
        for start, end in split_clauses(text)
        for cut in range(start, end, half if end - start > limit else limit)
    ]
    runs = [
        (clauses[i][0], clauses[j][1])
        for i in range(len(clauses))
        for j in range(i, len(clauses))
        if clauses[j][1] - clauses[i][0] <= limit
    ]
    return max(runs, key=lambda run: (terms.overlap(quote(text, [run])), run[1] - run[0], -run[0]))
