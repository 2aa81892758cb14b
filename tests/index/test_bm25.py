"""BM25 by hand: over three fields, and lengths in four significant bits."""

import math

import pytest

from retrieval.index.base import FieldStatistics, LexicalStatistics, SearchedText
from retrieval.index.bm25 import Bm25, rounded
from retrieval.text.sounds import sounds


def test_the_arithmetic_of_a_score() -> None:
    """Eight passages are counted as ten. 村 stands in two texts; the mean text has 4 tokens, the mean heading 2."""
    known = LexicalStatistics(8, {"text": FieldStatistics(40, {"村": 2}), "beside": FieldStatistics(20, {"村": 5})})
    # 村里 has the tokens 村, 里, 村里; 村村 has 村, 村, 村村.
    texts = {1: SearchedText("村里", "镇"), 2: SearchedText("村村", "村"), 3: SearchedText("镇里", "")}
    once = math.log(1 + 8.5 / 2.5) * 2.2 * 1 / (1 + 1.2 * (0.25 + 0.75 * 3 / 4))
    twice = math.log(1 + 8.5 / 2.5) * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 4))
    beside = 0.5 * math.log(1 + 5.5 / 5.5) * 2.2 * 1 / (1 + 1.2 * (0.25 + 0.75 * 1 / 2))
    scores = Bm25(["村"], known).scores(texts)
    assert scores == pytest.approx({1: once, 2: twice + beside, 3: 0})
    assert Bm25(["村", "村"], known).scores(texts) == pytest.approx({key: 2 * score for key, score in scores.items()})


def test_a_token_of_sounds_is_looked_for_among_sounds() -> None:
    (spoken,) = sounds("左云")
    known = LexicalStatistics(8, {"sound": FieldStatistics(80, {spoken: 1})})
    scores = Bm25([spoken], known).scores({1: SearchedText("左云县", ""), 2: SearchedText("兴县", "左云")})
    assert all(score > 0 for score in scores.values())
    assert Bm25([spoken], known).scores({1: SearchedText("青禾县", "")}) == {1: 0}


def test_what_no_published_passage_holds_is_not_counted() -> None:
    known = LexicalStatistics(8, {"text": FieldStatistics(40, {"村": 0, "镇": 3})})
    assert Bm25(["村"], known).scores({1: SearchedText("村里", "")}) == {1: 0}
    assert Bm25(["镇"], LexicalStatistics(0, {})).scores({1: SearchedText("镇里", "")}) == {1: 0}


@pytest.mark.parametrize(
    ("length", "counted"),
    [
        (0, 0),
        (1, 1),
        (39, 39),
        (40, 40),
        (41, 40),
        (42, 42),
        (55, 54),
        (56, 56),
        (59, 56),
        (60, 60),
        (600, 600),
        (700, 664),
    ],
)
def test_lengths_have_four_significant_bits_above_24(length: int, counted: int) -> None:
    assert rounded(length) == counted
