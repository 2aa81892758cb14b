"""The embedder to work out on paper, for tests and for the processes that they start: those need no pytest for it."""

from collections.abc import Sequence

import numpy as np

from retrieval.embedding.base import ModelIdentity, Vectors


class PaperEmbedder:
    """One dimension for each word of `WORDS`, counting how often it occurs, and one that is always 1; then unit
    length. 网格员网格员 and 食堂: (2, 0, 0, 0, 0, 1)/√5 and (0, 1, 0, 0, 0, 1)/√2, so their cosine is 1/√10."""

    engine = "paper"
    WORDS = ("网格员", "食堂", "选举", "培训", "志愿者")

    def __init__(self, name: str = "paper") -> None:
        self.identity = ModelIdentity(name, len(self.WORDS) + 1, name)
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        self.asked.extend(questions)
        return self._embed(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        self.embedded.extend(passages)
        return self._embed(passages)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        counts = np.array([[*(text.count(word) for word in self.WORDS), 1] for text in texts], np.float32)
        counts = counts.reshape(len(texts), self.identity.dimension)
        unit: Vectors = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return unit
