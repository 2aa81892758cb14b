"""Candidates to hits: the best of them are ranked by evidence.

Fusion is a weighted sum of min-max normalised scores over the union of the candidates, to which the closeness of the
best single sentence is added. Reciprocal rank fusion was measured and left: on DRCD it falls below BM25 alone.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from config.settings import SearchSettings
from retrieval.embedding.base import Vectors
from retrieval.features import Closeness
from retrieval.index.base import PassageIndex
from retrieval.query.question import Question
from retrieval.ranking.candidates import TRIES, Candidate, WordSide, by_words, candidates
from retrieval.ranking.evidence import features_of, scores_of
from retrieval.text.fold import fold
from retrieval.text.sounds import SpokenName, says
from retrieval.types import Hit

_NAMELESS = 15.0
"""Taken off the scores of a passage that has none of the names of a question in other letters."""
_WEIGHED = 20
"""Candidates whose sentences are weighed, the best by fused score."""


def ranked_hits(
    index: PassageIndex, words: WordSide, vector: Vectors, question: Question, settings: SearchSettings
) -> list[Hit]:
    """The best candidates, at least `top_k` where there are so many, as their evidence orders them. `words` is what
    `by_words` gave for the question, `vector` has shape (dimension,)."""
    for _ in range(TRIES):
        scored = candidates(index, words, vector)
        if not scored:
            return []
        closeness = _closeness(scored)
        order = np.argsort(-_fused(closeness, settings), kind="stable")[: max(_WEIGHED, settings.top_k)]
        stored = index.load([scored[i].key for i in order])
        if len(stored) == len(order):
            break
        # One was changed or removed in between: what it says now may be the answer.
        words = by_words(index, words.tokens, words.count, words.within)
    found = [(i, scored[i]) for i in order.tolist() if scored[i].key in stored]
    passages = [stored[candidate.key] for _, candidate in found]
    features = features_of(
        question, passages, [closeness[i] for i, _ in found], [candidate.sentence_cosines for _, candidate in found]
    )
    hits = [
        Hit(passage, candidate.dense, candidate.lexical, candidate.sentence_cosines, tuple(rows), scores_of(rows))
        for passage, (_, candidate), rows in zip(passages, found, features, strict=True)
    ]
    # Every first word is capitalised: it counts as a name only with a kind behind it (Zuoyun County).
    names = [name for name in question.spoken_names if name.is_place or not question.begins_with(name)]
    # What is typed small or large may be a word (menu, data): it is a name where a passage has it.
    names = [name for name in names if _is_written_as_name(name) or any(_says_a_name([name], hit) for hit in hits)]
    hits = [hit if _says_a_name(names, hit) else _nameless(hit) for hit in hits]
    return sorted(hits, key=lambda hit: -hit.score)


def _nameless(hit: Hit) -> Hit:
    """Names are what a question in other letters shares with a page: one without them is about another matter."""
    return replace(hit, sentence_scores=tuple(score - _NAMELESS for score in hit.sentence_scores))


def _is_written_as_name(name: SpokenName) -> bool:
    return name.words[:1].isupper() and not name.words.isupper()


def _says_a_name(names: Sequence[SpokenName], hit: Hit) -> bool:
    """Whether the passage, or what is known of it, has one of the names; or there are none."""
    whole = fold(hit.stored.passage.searched(hit.stored.text)) if names else ""
    return not names or any(fold(name.words) in whole or says(name.sounds, whole) for name in names)


def fuse(candidates: Sequence[Candidate], settings: SearchSettings) -> NDArray[np.float64]:
    """Fused score of each candidate in [0, 1], shape (candidates,): who is looked at closely."""
    return _fused(_closeness(candidates), settings) if candidates else np.zeros(0)


def _closeness(candidates: Sequence[Candidate]) -> list[Closeness]:
    best = [max(c.sentence_cosines) for c in candidates]
    columns = min_max([c.dense for c in candidates]), min_max([c.lexical for c in candidates]), min_max(best)
    return list(map(Closeness._make, np.stack(columns, axis=1).tolist()))


def _fused(closeness: Sequence[Closeness], settings: SearchSettings) -> NDArray[np.float64]:
    near = dict(zip(Closeness._fields, np.array(closeness).T, strict=True))
    mixed = settings.dense_weight * near["dense"] + (1 - settings.dense_weight) * near["lexical"]
    total: NDArray[np.float64] = (mixed + settings.sentence_weight * near["best"]) / (1 + settings.sentence_weight)
    return total


def min_max(values: Sequence[float]) -> NDArray[np.float64]:
    """(v - min) / (max - min) of each of at least one value, shape (values,); all zero when they are all the same."""
    array = np.asarray(values, np.float64)
    spread = array.max() - array.min()
    return (array - array.min()) / spread if spread > 0 else np.zeros_like(array)
