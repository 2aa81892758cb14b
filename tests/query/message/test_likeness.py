"""Questions that ask the same, however they are put."""

import pytest

from retrieval.query.message.likeness import core_of


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("左云县有多少网格员", "你好，请问左云县的网格员有多少？谢谢！"),
        ("左雲縣有多少網格員", "左云县有多少网格员"),
        ("Where is the ETC office?", "where is the etc office"),
    ],
)
def test_the_same_question_has_one_core(question: str, other: str) -> None:
    assert core_of(question) == core_of(other) != ""


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("左云县有多少网格员", "兴县有多少网格员"),
        ("2023年有多少", "2024年有多少"),
        ("多少", "什么"),
        ("低保", "低保户"),
    ],
)
def test_another_question_has_another(question: str, other: str) -> None:
    assert core_of(question) != core_of(other)
