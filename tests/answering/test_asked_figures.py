"""The figure that is asked for, inside the sentence that gives it."""

from dataclasses import replace

import pytest

from retrieval.answering.asked_figures import asked_figures
from tests.evaluation.make import answer

OUTAGE = "因更换阀门，6月12日9时至16时临河路停气，涉及用户860户。"
HOURS = "办事大厅每周一至周五上午8:30至12:00、下午2:30至6:00受理，法定节假日除外。"
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
        ("停气到几点", OUTAGE, ["9时至16时"]),
        ("停气几点开始", OUTAGE, ["9时至16时"]),
        ("什么时候停气", OUTAGE, ["6月12日9时至16时"]),
        ("停气影响多少户", OUTAGE, ["860户"]),
        ("停气到几点", "临河路停气，涉及用户860户。", []),
        ("大厅几点受理", HOURS, ["上午8:30至12:00、下午2:30至6:00"]),
        ("大厅什么时候受理", HOURS, ["每周一至周五上午8:30至12:00、下午2:30至6:00"]),
        ("泳池几点关门", "泳池8:00开门，21:30关门。", []),
        ("几点座谈", "代表在座谈时提出3点意见。", []),
        ("哪天开园", "按照2024年3月1日的通知，公园分批开园。", []),
        ("门票什么时候涨价，多少钱", "7月1日起门票40元。", []),
        ("全县有多少护林员", "两支护林员队伍和一起巡山的护林员都到了，护林员36名。", ["36名"]),
        ("全县有多少护林员", "大家一起护林员上山。", []),
        ("How many wardens are there?", "The county has 51 wardens and 7 drivers.", ["51"]),
    ],
)
def test_the_figure_that_is_asked_for(question: str, sentence: str, marked: list[str]) -> None:
    given = replace(answer(), question=question)
    assert [sentence[start:end] for start, end in asked_figures(given, sentence)] == marked
