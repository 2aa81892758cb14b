"""Whom or what an answer names, and what a follow-up goes on from."""

from dataclasses import replace

import pytest

from retrieval.answering.subject import named_in
from retrieval.query.followup.completion import complete
from retrieval.query.followup.thread import split, thread_of
from retrieval.query.message.wrapping import unwrapped
from retrieval.query.question_text import QuestionText
from retrieval.reasons import Reason
from retrieval.tally import Tally, TallyRow
from tests.evaluation.make import answer


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("县长是谁", "林芳，女，县委副书记、县长，主持县政府全面工作。林芳的电话是1。", "林芳"),
        ("谁负责水利", "马腾，男，副县长，负责农业农村、水利、交通运输工作。", "马腾"),
        ("民政局局长是谁", "任命罗丽华为柏川县民政局局长。", "罗丽华"),
        ("谁被免去了局长职务", "免去曹卫东的柏川县民政局局长职务。", "曹卫东"),
        ("食堂谁负责", "由养老服务股负责，股长是田小雨，联系电话5520456。", "田小雨"),
        ("村支书是谁", "村名：石桥村 | 村支书：赵德明", "赵德明"),
        ("局长是谁", "任命罗丽华为民政局局长，任命贾文斌为水利局局长。", None),
        ("王彩霞是哪个村的支书", "村名：上湾村 | 所属乡镇：河湾乡 | 村支书：王彩霞", "上湾村"),
        ("食堂几点开门", "林芳，女，每天十一点开门。", None),
    ],
)
def test_the_one_that_is_asked_for(question: str, text: str, named: str | None) -> None:
    assert named_in(QuestionText(question), answer(text, quoted=[(1, text)])) == named


def test_the_largest_is_named_by_its_row() -> None:
    row = TallyRow("柳林村", "1486", "柳林村 | 1486", 0, 10)
    text = "柳林村 | 1486"
    given = replace(answer(text, quoted=[(1, text)]), tally=Tally("maximum", 9, (row,), "a", "表", "1486", "人"))
    asked = QuestionText("哪个村人口最多")
    assert named_in(asked, given) == "柳林村"
    assert named_in(asked, replace(given, tally=Tally("maximum", 9, (row, row), "a", "表"))) is None
    assert named_in(QuestionText("县长是谁"), answer("林芳，县长。")) is None, "nothing is quoted"


def test_a_thread_is_the_question_and_whom_its_answer_named() -> None:
    given = replace(answer("林芳，县长。"), question="县长\n是谁", timing_ms={"search": 1.0, "total": 1.0})
    assert thread_of(given) == "县长 是谁"
    assert thread_of(replace(given, understood="兴县县长是谁", named="林芳")) == "兴县县长是谁\x1f林芳"
    assert split("兴县县长是谁\x1f林芳") == ("兴县县长是谁", "林芳")
    assert split("兴县县长是谁") == ("兴县县长是谁", None)
    assert split("一\x1f二\x1f三") == ("一", None), "what a client made up names nobody"
    assert split(None) == (None, None)


@pytest.mark.parametrize(
    ("before", "asked", "understood"),
    [
        ("我是王家庄的村民\n柏川县水价是多少", "兴县呢", "我是王家庄的村民 兴县水价是多少"),
        ("柏川县县长是谁\n谢谢", "他的电话呢", "柏川县县长的电话是多少"),
    ],
)
def test_a_question_of_two_lines_names_nobody(before: str, asked: str, understood: str) -> None:
    question, named = split(before)
    assert question is not None and named is None
    assert complete(asked, unwrapped(question).text, named) == understood


def test_a_greeting_leaves_the_thread_and_a_paper_begins_one() -> None:
    greeting = replace(answer(), timing_ms={"total": 1.0}, reason=Reason("no_question", "zh", title="水价"))
    assert thread_of(greeting) is None
    paper = replace(greeting, question="《水价》是哪年的", reason=Reason("document_undated", "zh", title="水价"))
    assert thread_of(paper) == "《水价》是哪年的"
