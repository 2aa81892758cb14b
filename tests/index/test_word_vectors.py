"""The product of the vectors of words that a Milvus multiplies is BM25, and whom it proposes are the best by that."""

import random
from heapq import nlargest

import pytest

from retrieval.index.base import SearchedText
from retrieval.index.bm25 import Bm25
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize

pytest.importorskip("pymilvus", reason="needs the extra wenju[milvus]")

from retrieval.index.milvus.counts import Changes
from retrieval.index.milvus.proposals import PROPOSED, contenders, drift
from retrieval.index.milvus.schema import AVERAGES, token_id, tokens_of, word_vector

BEST = 30
"""Passages that a question takes from each side (`search.candidates`)."""


def drawn(draw: random.Random, length: int) -> str:
    """Characters of which few are frequent and many rare."""
    return "".join(chr(0x4E00 + int(600 * draw.random() ** 4)) for _ in range(length))


def test_the_best_by_bm25_are_those_by_the_product() -> None:
    draw = random.Random(7)
    texts = {key: SearchedText(drawn(draw, draw.randint(20, 500)), drawn(draw, 12)) for key in range(400)}
    counted = Changes()
    counted.count(texts.values(), 1)
    tokens_in = {key: tokens_of(searched) for key, searched in texts.items()}
    totals = counted.lexical([])
    averages = {field: own.tokens / (totals.passages + 2) for field, own in totals.fields.items()}
    now = {key: word_vector(tokens, averages) for key, tokens in tokens_in.items()}
    before = {key: word_vector(tokens, AVERAGES) for key, tokens in tokens_in.items()}
    for _ in range(20):
        question = drawn(draw, 12)
        tokens = [*tokenize(question), *sounds(question[:3])]
        bm25 = Bm25(tokens, counted.lexical(tokens))
        weights = {token_id(field, token): n for field, own in bm25.weights.items() for token, n in own.items()}

        def products(vectors: dict[int, dict[int, float]], asked: dict[int, float] = weights) -> dict[int, float]:
            return {key: sum(n * own.get(at, 0.0) for at, n in asked.items()) for key, own in vectors.items()}

        scores = bm25.scores(texts)
        assert products(now) == pytest.approx(scores)
        best, proposed = (
            nlargest(count, own, key=own.__getitem__) for count, own in ((BEST, scores), (PROPOSED, products(before)))
        )
        assert {*best} <= {*proposed}, "also where the averages are those of the day on which it was made"
        for found, lengths in ((scores, averages), (products(before), AVERAGES)):
            kept = contenders({key: found[key] for key in proposed}, BEST, drift(lengths, bm25.averages))
            assert {*best} <= {*kept}
            assert len(kept) < BEST + 5 or lengths is AVERAGES, "no more are scored than may be among them"
