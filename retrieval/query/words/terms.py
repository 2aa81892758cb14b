"""The tokens of a question, weighted: how much of them a text holds."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.index.base import TermStatistics
from retrieval.query.words.widening import NOT_WIDENED, Widening
from retrieval.text.fold import fold
from retrieval.text.sounds import SOUND, heard
from retrieval.text.tokens import is_unspaced, spaced_words


class Terms:
    """Tokens with their weights; how much of them a text holds, in words of its own too (`widening`)."""

    def __init__(self, weights: Mapping[str, float], widening: Widening = NOT_WIDENED) -> None:
        self.weights = weights
        self._widening = widening
        self._sounds = frozenset(token for token in weights if token.startswith(SOUND))
        self._words = frozenset(token for token in weights if token not in self._sounds and not is_unspaced(token[0]))
        self._characters = tuple(token for token in weights if token not in self._sounds and token not in self._words)

    @classmethod
    def weighted(cls, tokens: Iterable[str], statistics: TermStatistics, widening: Widening = NOT_WIDENED) -> "Terms":
        """Weights are idf as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N passages that hold the token."""
        total = statistics.passages
        counts = {token: min(statistics.document_frequency[token], total) for token in tokens}
        weights = {token: math.log(1 + (total - n + 0.5) / (n + 0.5)) for token, n in counts.items()}
        return cls(weights, widening)

    @cached_property
    def weight(self) -> float:
        return sum(self.weights.values())

    def only(self, tokens: Iterable[str]) -> "Terms":
        """These terms as far as they are among the tokens."""
        wanted = set(tokens)
        kept = {token: weight for token, weight in self.weights.items() if token in wanted}
        return Terms(kept, self._widening)

    def held(self, folded: str) -> frozenset[str]:
        """Those of the tokens that a folded text holds."""
        found = {token for token in self._characters if token in folded}
        if self._words:
            found |= self._words & spaced_words(folded)
        if self._sounds:
            found |= heard(self._sounds, folded)
        if self._widening.others:
            found |= self._widening.held(folded) & self.weights.keys()
        return frozenset(found)

    def holds(self, folded: Sequence[str]) -> NDArray[np.bool_]:
        """Which of the tokens each folded text holds, shape (texts, tokens), in the order of `weights`."""
        held: Sequence[str | frozenset[str]] = folded
        if self._words or self._sounds or self._widening.others:
            held = [self.held(text) for text in folded]
        flags = bytes([token in tokens for tokens in held for token in self.weights])
        return np.frombuffer(flags, np.bool_).reshape(len(held), len(self.weights))

    def share(self, tokens: Iterable[str]) -> float:
        """Share of the whole weight that these tokens have, in [0, 1]; tokens of others weigh nothing."""
        return sum(self.weights.get(token, 0.0) for token in tokens) / self.weight if self.weight else 0.0

    def overlap(self, text: str) -> float:
        """Share of the weight that the text holds, in [0, 1]."""
        return self.share(self.held(fold(text)))
