"""How words are scored, whichever engine proposes a passage: BM25 (Robertson and Zaragoza 2009) over three fields.

score = Σ weight(field) · idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average length)), summed over the
tokens of the question, repeated ones each time, and over the fields in which they may stand.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from retrieval.index.base import Field, LexicalStatistics, SearchedText
from retrieval.text.fold import fold_all
from retrieval.text.sounds import SOUND, sounds
from retrieval.text.tokens import occurrences, token_counts

K1, B = 1.2, 0.75
WEIGHTS: Mapping[Field, float] = {"text": 1.0, "beside": 0.5, "sound": 1.0}
_SPOKEN: tuple[Field, ...] = ("sound",)
_WRITTEN: tuple[Field, ...] = ("text", "beside")
_UNSEEN = 2
"""Passages that are counted besides those there are. The weights of evidence were fitted on scores of an engine that
counted its own marks as passages; so a word that all of a few passages hold still weighs a little."""


def fields_of(token: str) -> tuple[Field, ...]:
    """The fields in which a token may stand."""
    return _SPOKEN if token.startswith(SOUND) else _WRITTEN


def rounded(length: int) -> int:
    """A length in tokens as it is counted: from 40 on by four significant bits above 24, as Lucene keeps it. The
    weights of evidence were fitted on that, and an engine may keep lengths so in one byte."""
    if length < 40:
        return length
    shift = (length - 24).bit_length() - 4
    return 24 + ((length - 24) >> shift << shift)


class Bm25:
    """The scores of passages for the tokens of one question."""

    def __init__(self, tokens: Sequence[str], statistics: LexicalStatistics) -> None:
        total = statistics.passages + _UNSEEN
        self._weights: dict[Field, dict[str, float]] = {}
        self._averages: dict[Field, float] = {}
        for field, own in statistics.fields.items():
            asked = Counter(
                token for token in tokens if own.document_frequency.get(token) and field in fields_of(token)
            )
            if asked and own.tokens:
                self._averages[field] = own.tokens / total
                self._weights[field] = {
                    token: WEIGHTS[field] * times * _idf(own.document_frequency[token], total) * (K1 + 1)
                    for token, times in asked.items()
                }

    @property
    def weights(self) -> Mapping[Field, Mapping[str, float]]:
        """What each token of the question weighs in each field that holds it: BM25 is the sum of these, each times
        tf / (tf + norm) of the passage."""
        return self._weights

    @property
    def averages(self) -> Mapping[Field, float]:
        """The average lengths against which those of passages are held, of the fields that the question weighs in."""
        return self._averages

    def scores(self, texts: Mapping[int, SearchedText]) -> dict[int, float]:
        """For each of the passages; 0 where it holds none of the tokens. A token that no published passage holds is
        not counted."""
        scores = dict.fromkeys(texts, 0.0)
        if not self._weights:
            return scores
        for field in WEIGHTS:
            if field in self._weights:
                for key, (counts, length) in zip(texts, self._counted(field, texts.values()), strict=True):
                    scores[key] += self._score(field, counts, length)
        return scores

    def _counted(self, field: Field, texts: Iterable[SearchedText]) -> Iterable[tuple[Mapping[str, int], int]]:
        """How often each passage holds each token in the field, and how long that is."""
        wanted = self._weights[field].keys()
        if field == "sound":
            spoken = (sounds(f"{beside}\n{text}") for text, beside in texts)
            return [(Counter(token for token in tokens if token in wanted), len(tokens)) for tokens in spoken]
        folded = fold_all([text if field == "text" else beside for text, beside in texts])
        return [
            (occurrences(text, wanted), length) for text, length in zip(folded, token_counts(folded), strict=True)
        ]

    def _score(self, field: Field, counts: Mapping[str, int], length: int) -> float:
        norm = norm_of(length, self._averages[field])
        weights = self._weights[field]
        return sum(weights[token] * times / (times + norm) for token, times in counts.items())


def norm_of(length: int, average: float) -> float:
    """What is added to tf below the line, for a field of so many tokens."""
    return K1 * (1 - B + B * rounded(length) / average)


def _idf(held: int, total: int) -> float:
    """ln(1 + (N - n + 0.5) / (n + 0.5)) for a token that n of N passages hold."""
    held = min(held, total)
    return math.log(1 + (total - held + 0.5) / (held + 0.5))
