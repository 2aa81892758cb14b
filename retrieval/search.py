"""Question to hits: candidates from vectors and words, each scored by both sides, in one ranking.

Fusion is a weighted sum of min-max normalised scores over the union of the candidates, to which the closeness of the
best single sentence is added. Reciprocal rank fusion was measured and left: on DRCD it falls below BM25 alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.settings import SearchSettings
from retrieval.embedding.base import Vectors
from retrieval.index.base import Candidate, PassageIndex
from retrieval.types import Hit


def search(index: PassageIndex, vector: Vectors, tokens: Sequence[str], settings: SearchSettings) -> list[Hit]:
    """At most `top_k` hits, best first."""
    candidates = index.search(vector, tokens, settings.candidates)
    scores = fuse(candidates, settings)
    hits: list[Hit] = []
    for i in np.argsort(-scores, kind="stable"):
        one = candidates[i]
        # Loaded one by one: a passage removed in the meantime leaves its place to the next.
        loaded = index.load([one.key])
        hits.extend(Hit(s, float(scores[i]), one.dense, one.lexical, one.sentence_cosines) for s in loaded)
        if len(hits) == settings.top_k:
            break
    return hits


def fuse(candidates: Sequence[Candidate], settings: SearchSettings) -> NDArray[np.float64]:
    """Fused score of each candidate in [0, 1], shape (candidates,)."""
    if not candidates:
        return np.zeros(0)
    dense = min_max([c.dense for c in candidates])
    lexical = min_max([c.lexical for c in candidates])
    sentence = min_max([max(c.sentence_cosines) for c in candidates])
    mixed = settings.dense_weight * dense + (1 - settings.dense_weight) * lexical
    total: NDArray[np.float64] = (mixed + settings.sentence_weight * sentence) / (1 + settings.sentence_weight)
    return total


def min_max(values: Sequence[float]) -> NDArray[np.float64]:
    """(v - min) / (max - min); all zero when the values are all the same."""
    array = np.asarray(values, np.float64)
    spread = array.max() - array.min()
    return (array - array.min()) / spread if spread > 0 else np.zeros_like(array)
