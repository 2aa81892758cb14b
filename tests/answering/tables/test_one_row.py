"""A row of a table is no answer to a question over all of them."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

SCHOOLS = """# 云溪县学校名单

| 学校 | 学生人数 | 是否寄宿 |
|---|---|---|
| 第一小学 | 1200 | 否 |
| 第二小学 | 约900 | 否 |
| 店湾中学 | 600余 | 是 |
| 云溪中学 | 1500 | 不寄宿 |
"""
TOTAL = """# 云溪县用水情况

| 单位 | 用水（吨） | 备注 |
|---|---|---|
| 县医院 | 约320 | 偏高 |
| 县一中 | 210 | 正常 |
| 合计 | 530 | 两家 |
"""

Asking = Callable[[str, str], Answer]


@pytest.fixture
def asking(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Asking:
    """Asks over the document with a reader that takes any row for the answer."""

    def ask(question: str, text: str) -> Answer:
        file = tmp_path / ("a.html" if text.startswith("<") else "a.md")
        file.write_text(text, "utf-8")
        own = settings.model_copy(update={"reader": "none"})
        reader = PaperReader({"合计": 6.0, " | ": 5.0}, otherwise=-8.0)
        with closing(KnowledgeBase(own, embedder=paper, reader=reader)) as base:
            base.add([file])
            return base.ask(question)

    return ask


@pytest.mark.parametrize(
    "question",
    ["学生人数最多的学校是哪个", "寄宿的学校有哪些", "学生人数超过1000的学校有哪些", "平均每个学校多少学生"],
)
def test_one_of_the_rows_is_no_answer(question: str, asking: Asking) -> None:
    found = asking(question, SCHOOLS)
    assert (found.status != "answered", found.answer, found.quotes) == (True, None, ())


def test_a_question_for_one_row_is_answered_with_it(asking: Asking) -> None:
    assert "1200" in (asking("第一小学有多少学生", SCHOOLS).answer or "")


def test_a_total_answers_a_question_for_the_sum(asking: Asking) -> None:
    assert "530" in (asking("云溪县一共用水多少吨", TOTAL).answer or "")


@pytest.mark.parametrize(
    "question", ["有几个人有高级电工证", "维修班有几个人", "有几个人没有会计证", "维修班有多少人值班"]
)
def test_who_is_in_a_row_is_not_how_many_there_are(question: str, asking: Asking) -> None:
    rows = "| 日期 | 姓名 | 班组 | 证书 |\n|---|---|---|---|\n| 1日 | 祁长庚 | 维修班 | 高级电工 |\n"
    rows += "| 2日 | 冉秋月 | 收费班 | 会计 |\n"
    assert asking(question, f"# 供水所值班表\n\n{rows}| 3日 | 祁长庚 | 维修班 | 高级电工 |\n").status != "answered"


def test_a_row_with_a_figure_of_people_says_how_many_there_are(asking: Asking) -> None:
    rows = "| 班组 | 人数 |\n|---|---|\n| 维修班 | 12 |\n| 收费班 | 约7 |\n"
    assert asking("维修班有多少人", f"# 供水所各班组情况\n\n{rows}").status == "answered"


GROUPED = """<html><head><meta charset="utf-8"><title>河东县畜禽存栏情况</title></head>
<body><h1>河东县畜禽存栏情况</h1>
<table><tr><th rowspan="2">村名</th><th colspan="2">肉羊</th><th colspan="2">蛋鸡</th><th rowspan="2">防疫员</th>
<th rowspan="2">防疫员电话</th></tr><tr><th>存栏</th><th>出栏</th><th>存栏</th><th>出栏</th></tr>
<tr><td>柳林村</td><td>310</td><td>120</td><td>5200</td><td>900</td><td>常利民</td><td>6630011</td></tr>
<tr><td>柳林村新区</td><td></td><td></td><td>1800</td><td>—</td><td>葛秀芝</td><td></td></tr>
<tr><td>合计</td><td>310</td><td>120</td><td>7000</td><td>900</td><td></td><td></td></tr></table></body></html>"""


@pytest.mark.parametrize(
    "question",
    ["柳林村新区肉羊出栏", "柳林村新区肉羊存栏多少", "柳林村新区蛋鸡出栏", "柳林村新区防疫员电话", "柳林村新区肉羊"],
)
def test_a_row_that_lacks_what_is_asked_is_no_answer(question: str, asking: Asking) -> None:
    """Neither by another of its cells, nor by the row of what is called nearly alike."""
    found = asking(question, GROUPED)
    assert (found.status != "answered", found.answer) == (True, None)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("柳林村新区蛋鸡存栏", "1800"),
        ("柳林村新区防疫员", "葛秀芝"),
        ("柳林村肉羊出栏", "120"),
        ("柳林村防疫员电话", "6630011"),
    ],
)
def test_a_row_that_has_it_is(question: str, told: str, asking: Asking) -> None:
    answer = asking(question, GROUPED).answer or ""
    assert told in answer
    assert ("柳林村新区" in answer) == ("新区" in question)
