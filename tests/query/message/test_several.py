"""Which texts are several questions."""

import pytest

from retrieval.query.message.several import questions_in


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("左云县有多少网格员？青禾县呢？", ["左云县有多少网格员？", "青禾县呢？"]),
        ("1. 食堂在哪？\n2. 几点开饭？", ["食堂在哪？", "几点开饭？"]),
        ("一、食堂在哪？二、几点开饭", ["食堂在哪？", "几点开饭"]),
        ("左云县有多少网格员？谢谢", ["左云县有多少网格员？谢谢"]),
        ("我家有70岁老人。有什么补贴？怎么申请？谢谢！", ["我家有70岁老人。有什么补贴？", "怎么申请？谢谢！"]),
        ("How many wardens are there? And in Xing County?", ["How many wardens are there?", "And in Xing County?"]),
        ("真的吗？？左云县有多少网格员", ["真的吗？？", "左云县有多少网格员"]),
        ("《谁是最可爱的人？》讲什么？", ["《谁是最可爱的人？》讲什么？"]),
        ("左云县有多少网格员", ["左云县有多少网格员"]),
        ("？？", ["？？"]),
        ("https://example.org/a?id=3&b=4 是什么网址？", ["https://example.org/a?id=3&b=4 是什么网址？"]),
        ("https://example.org/?q=菜 里食堂在哪?几点开饭?", ["https://example.org/?q=菜 里食堂在哪?", "几点开饭?"]),
        ("食堂在哪?https://example.org 有吗?", ["食堂在哪?", "https://example.org 有吗?"]),
        ("请问一下？食堂在哪？几点开饭？", ["食堂在哪？", "几点开饭？"]),
        ("请问一下？食堂在哪？", ["请问一下？食堂在哪？"]),
        ("食堂在哪？是吗？几点开饭？", ["食堂在哪？", "几点开饭？"]),
        ("食堂在哪？是吗？", ["食堂在哪？是吗？"]),
        ("食堂几点开饭？在哪？为什么？", ["食堂几点开饭？", "在哪？", "为什么？"]),
        ("Is there a canteen? Where? When? Why?", ["Is there a canteen?", "Where?", "When? Why?"]),
        ("", [""]),
        ("一是多少？二？三？四在哪？五在哪？", ["一是多少？二？三？", "四在哪？", "五在哪？"]),
        ("甲在哪？乙在哪？丙在哪？丁在哪？", ["甲在哪？", "乙在哪？", "丙在哪？丁在哪？"]),
    ],
)
def test_questions_in_a_text(text: str, questions: list[str]) -> None:
    assert questions_in(text) == questions
