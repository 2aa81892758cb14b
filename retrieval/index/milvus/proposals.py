"""Which of the passages that Milvus proposes by their words are worth being scored."""

from collections.abc import Mapping

from retrieval.index.base import Field
from retrieval.index.bm25 import Bm25
from retrieval.index.milvus.schema import token_id

PROPOSED = 200
"""Passages that each side proposes at least: Milvus weighs words by older averages, and may compare vectors only
roughly."""
_ROUGHLY = 1.001
"""Milvus multiplies in float32."""


def asked_words(bm25: Bm25) -> dict[int, float]:
    """The vector of a question's words."""
    return {token_id(field, token): n for field, own in bm25.weights.items() for token, n in own.items()}


def drift(then: Mapping[Field, float], now: Mapping[Field, float]) -> float:
    """By how much a weight by the average lengths of then may differ from that of now, as a factor: a weight is
    tf / (tf + norm), and norm changes at most as the average does."""
    return max((max(then[field] / now[field], now[field] / then[field]) for field in now), default=1.0)


def contenders(products: Mapping[int, float], count: int, by: float) -> list[int]:
    """The keys that may be among the `count` best once their words are weighed as of now, where each product is wrong
    by this factor at most; the best first, as they come."""
    if len(products) <= count:
        return list(products)
    least = sorted(products.values(), reverse=True)[count - 1] / (by * _ROUGHLY)
    return [key for key, product in products.items() if product * by * _ROUGHLY >= least]
