"""Papers by the numbers of their files, wherever a paper tells its own."""

import pytest

from retrieval.answering.checks.objections import Checks
from retrieval.answering.checks.setting import Setting
from tests.answering.checks.conftest import Asking
from tests.support.hits import asking as understood
from tests.support.hits import stored

MINUTES = """关于松岭县垃圾填埋场选址有关事项的会议纪要

会议议定，填埋场总投资控制在1930万元以内。

2023年4月7日

松岭县人民政府专题会议纪要〔2023〕5号
"""
URGENT = (
    "特急\n\n松政办函〔2023〕8号　签发人：高远\n\n松岭县人民政府办公室关于开展汛前检查的函\n\n请于4月底前完成检查。\n"
)
ON_PAGE = """松岭县教育局关于做好秋季招生工作的通知

索引号 | SL0012 | 主题分类 | 教育

文号 | 松教字〔2023〕31号 | 发布日期 | 2023-06-08

全县小学招生620人。
"""
LISTED = """松岭县人民政府关于废止部分文件的决定

序号：1 | 文号：松政发〔2016〕3号

序号：2 | 文号：松政发〔2017〕4号

自印发之日起废止。
"""


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("松政办函〔2023〕8号是什么文件", URGENT, "关于开展汛前检查的函"),
        ("松岭县汛前检查的函的文号是什么", URGENT, "松政办函〔2023〕8号"),
        ("松教字〔2023〕31号", ON_PAGE, "秋季招生工作的通知"),
        ("秋季招生通知的文号是多少", ON_PAGE, "松教字〔2023〕31号"),
        ("松岭县人民政府专题会议纪要〔2023〕5号", MINUTES, "垃圾填埋场选址"),
        ("垃圾填埋场纪要的文号", MINUTES, "松岭县人民政府专题会议纪要〔2023〕5号"),
    ],
)
def test_a_number_is_that_of_a_paper_wherever_it_stands(
    question: str, text: str, answer: str, asking: Asking
) -> None:
    answered = asking(question, text)
    assert answered.status == "answered" and answer in (answered.answer or "")


def test_a_paper_in_the_table_of_a_list_is_not_the_list(asking: Asking) -> None:
    assert asking("松政发〔2016〕3号是什么文件", LISTED).status != "answered"


def test_who_asks_for_a_number_is_told_no_sentence_without_one(asking: Asking) -> None:
    text = "松岭县垃圾填埋场选址会议\n\n会议议定，填埋场总投资控制在1930万元以内。\n"
    assert asking("填埋场选址会议的文号是什么", text).status != "answered"
    passage = stored(["会议议定总投资1930万元。", "松政纪〔2023〕5号"])
    checks = Checks.of(understood("填埋场纪要的文号是什么"), [])
    assert checks.objection(Setting(passage, 0, lambda: passage.text)) == "code"
    assert checks.objection(Setting(passage, 1, lambda: passage.text)) != "code"
