"""The figure that is asked for, inside the sentence that gives it."""

import pytest

from retrieval.answering.asked_figures import asked_figures

KINDS = "全县划出58个网格。网格员分两种：专职网格员51名，另配兼职网格员7名。"


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        ("左云县有多少网格员", KINDS, ["51名", "7名"]),
        ("左云县有多少专职网格员", KINDS, ["51名"]),
        ("左云县划出多少个网格", KINDS, ["58个"]),
        ("白水县有多少家供销社", "白水县现有供销社47家，其中乡镇28家。", ["47家"]),
        ("白水县有多少供销社", "白水县现有供销社４７家。", ["４７家"]),
        ("门票多少钱", "成人30元，儿童免费。", ["30元"]),
        ("门票多少钱", "成人30元，儿童15元。", []),
        ("免费体检什么时候开始", "老年人免费体检从5月6日开始，地点在镇卫生院。", ["5月6日"]),
        ("书记是谁", "全县51名书记。", []),
        ("How many wardens are there?", "The county has 51 wardens and 7 drivers.", ["51"]),
    ],
)
def test_the_figure_that_is_asked_for(question: str, sentence: str, marked: list[str]) -> None:
    assert [sentence[start:end] for start, end in asked_figures(question, sentence)] == marked
