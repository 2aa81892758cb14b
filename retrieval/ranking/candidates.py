"""Candidates for a question: proposed by the words and by the vectors of an index, and scored here, each by both.

This goes in two steps, for words need no vector: `by_words` while it is computed, `candidates` when it is there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from retrieval.embedding.base import Vectors
from retrieval.frozen_dict import freeze
from retrieval.index.base import PassageIndex
from retrieval.index.bm25 import Bm25

TRIES = 3
"""How often is looked again when what was found was changed or removed meanwhile."""
_SPARE = 10
"""How many more the words are asked for than are taken: an engine counts a little otherwise, and who comes last among
the best is decided here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one of the two sides found, scored by both: `dense` and `sentence_cosines` are cosines to the
    question, `lexical` is BM25 (0 where no token is shared)."""

    key: int
    dense: float
    lexical: float
    sentence_cosines: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WordSide:
    """What the words propose: `lexical` is the BM25 of these passages by key. The rest is what was asked for, and how
    those that the vectors propose are scored too."""

    lexical: Mapping[int, float]
    bm25: Bm25
    tokens: Sequence[str]
    count: int
    within: Collection[int] | None

    def __post_init__(self) -> None:
        freeze(self, "lexical")


def by_words(index: PassageIndex, tokens: Sequence[str], count: int, within: Collection[int] | None) -> WordSide:
    """The `count` best passages by their words. `within` names the only keys that may be found."""
    bm25 = Bm25(tokens, index.lexical_statistics(tokens))
    scores = bm25.scores(index.texts(sorted(index.search_words(tokens, count + _SPARE, within))))
    best = sorted(scores, key=lambda key: (-scores[key], key))[:count]
    return WordSide({key: scores[key] for key in best}, bm25, tokens, count, within)


def candidates(index: PassageIndex, words: WordSide, vector: Vectors) -> list[Candidate]:
    """What the words propose and as many that are nearest to the vector, shape (dimension,); a passage once, in no
    particular order. What changes during the search is found as it is afterwards."""
    for _ in range(TRIES):
        nearest = index.search_vectors(vector, words.count, words.within)
        cosines = index.vectors(sorted({*nearest, *words.lexical})).cosines(vector)
        if cosines.keys() >= set(nearest):
            break  # else another process has changed one of them: its new text may be the nearest
    lexical = {**words.lexical, **words.bm25.scores(index.texts(sorted(cosines.keys() - words.lexical.keys())))}
    return [
        Candidate(key, own, lexical.get(key, 0.0), tuple(sentences)) for key, (own, *sentences) in cosines.items()
    ]
