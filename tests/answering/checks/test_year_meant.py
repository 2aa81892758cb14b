"""今年 means a year by the day on which is asked: what holds in it, and what only tells of somebody."""

import datetime

import pytest

from retrieval.answering.checks.objections import TIME
from retrieval.query.asked.times import asked_time
from tests.answering.make import objection, passage

ALLOWANCE = "高龄津贴每月多少钱"
LATE = datetime.date(2026, 11, 29)


@pytest.mark.parametrize(
    "since",
    [
        *("自2024年1月1日起，", "从2025年起，", "2024年9月1日起，", "自2024年秋季学期起，", "自2026年1月1日起，"),
        *("执行期为2024年1月1日至2028年12月31日，", "2025年3月至2027年2月，", "2024年1月1日起至2026年12月31日止，"),
        *("按照2025年省医保局文件规定，", "根据省厅2024年3月5日通知要求，", "依照柏政发〔2024〕3号，"),
    ],
)
def test_what_holds_since_an_earlier_year_holds_this_year(since: str) -> None:
    rule = passage(f"{since}高龄津贴每人每月100元。")
    assert objection(f"今年{ALLOWANCE}", rule, today=LATE) is None


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("今年", "自2027年1月1日起，高龄津贴每人每月100元。"),
        ("去年", "自2026年1月1日起，高龄津贴每人每月100元。"),
        ("今年", "2024年1月1日至2025年12月31日，高龄津贴每人每月100元。"),
        ("今年", "2025年1月1日起至12月31日止，高龄津贴每人每月100元。"),
        ("今年", "按照2024年文件规定，2025年高龄津贴每人每月100元。"),
        ("今年", "2025年高龄津贴每人每月100元，县里按照文件规定发放。"),
    ],
)
def test_what_holds_in_another_time_is_not_of_the_year_meant(asked: str, sentence: str) -> None:
    assert objection(f"{asked}{ALLOWANCE}", passage(sentence), today=LATE) == TIME


@pytest.mark.parametrize(
    "asker",
    [
        *(
            "我妈今年80岁，",
            "我妈今年刚满80周岁，",
            "我是去年退休的，",
            "孩子去年出生，",
            "我去年底退休，",
            "我去年3月退休，",
            "我今年才搬来，",
        ),
        *("我爸今年都八十岁了，", "去年出生的孩子，"),
    ],
)
def test_a_year_that_tells_of_who_asks_is_not_the_one_that_is_meant(asker: str) -> None:
    rule = passage("2023年高龄津贴每人每月100元。")
    assert objection(f"{asker}{ALLOWANCE}", rule, today=LATE) is None
    halves = passage("育儿补贴每人3600元，上半年发放1800元。")
    assert objection(f"{asker}育儿补贴能领多少钱", halves, today=LATE) is None


@pytest.mark.parametrize(
    "asked",
    [
        *("去年出生人口有多少人", "去年退休金每月多少钱", "今年80岁以上老人高龄津贴每月多少钱", "去年人才补贴多少钱"),
        *("去年毕业生有多少人", "去年出生的孩子有多少", "去年出生了多少孩子", "我妈今年80岁，今年高龄津贴每月多少钱"),
        *("今年满意度多少分", "去年退休的有多少人", "去年津贴满80岁老人每月多少钱"),
    ],
)
def test_a_year_of_which_a_figure_is_asked_is_meant(asked: str) -> None:
    assert asked_time(asked, is_number=True, today=LATE).meant_year is not None


@pytest.mark.parametrize(
    "limit",
    [
        *(
            "2020年8月31日（含）前出生的儿童",
            "2019年9月1日至2020年8月31日期间出生的儿童",
            "2020年8月31日以前出生的儿童",
        ),
        *("2025年应届毕业生", "2025年12月31日之前落户的儿童"),
    ],
)
def test_a_birth_or_a_limit_is_of_another_year_than_the_paper(limit: str) -> None:
    asked, told = "今年哪些孩子可以报名", f"{limit}可以报名。"
    for year, objected in (("2026", None), ("2025", TIME)):
        assert objection(asked, passage(told, title=f"柏山县{year}年小学招生公告"), today=LATE) == objected
        assert objection(asked, passage(told, section=f"{year}年招生"), today=LATE) == objected
        assert objection(asked, passage(told, date=f"{year}-05-06"), today=LATE) == objected
    assert objection(asked, passage(told), today=LATE) == TIME


@pytest.mark.parametrize(
    "sentence",
    [
        *("2025年可以报名的孩子有51名。", "截至2025年12月31日前，有51名孩子报名。", "2025年出生人口51人报名。"),
        "2025年应届毕业的孩子有51名报名。",
    ],
)
def test_a_report_of_this_year_tells_of_the_last(sentence: str) -> None:
    report = passage(sentence, title="2026年政府工作报告", date="2026-01-10")
    assert objection("今年有多少孩子报名", report, today=LATE) == TIME


@pytest.mark.parametrize(
    ("title", "objected"),
    [
        ("各村2025年基本情况", TIME),
        ("2025—2026年度各村基本情况", None),
        ("各村基本情况", None),
        ("各村补贴标准（2022年修订）", None),
    ],
)
def test_the_rows_of_a_table_are_of_the_year_that_its_title_names(title: str, objected: str | None) -> None:
    row = passage("村名：上河村 | 人口：968 | 低保户：14", title=title)
    assert objection("今年上河村有多少人口", row, today=LATE) == objected
    assert objection("上河村有多少人口", row, today=LATE) is None


@pytest.mark.parametrize(
    ("asked", "told", "written", "objected"),
    [
        ("今年", "去年的冠军是林青山。", None, TIME),
        ("去年", "今年的冠军是林青山。", None, None),
        ("今年", "去年的冠军是林青山。", "2026-05-06", TIME),
        ("去年", "去年的冠军是林青山。", "2026-05-06", None),
        ("今年", "冠军林青山的成绩好于去年。", None, None),
        ("今年", "去年以来冠军都是林青山。", None, None),
    ],
)
def test_a_text_is_written_no_later_than_it_is_asked_about(
    asked: str, told: str, written: str | None, objected: str | None
) -> None:
    assert objection(f"{asked}龙舟赛冠军是谁", passage(told, date=written), today=LATE) == objected


def test_this_year_is_that_of_the_title() -> None:
    told = ("2025年有420人参赛。", "奖金由商会出资，今年共发放6万元。")
    assert objection("2025年龙舟赛共发放奖金多少钱", passage(*told, title="2026年龙舟赛")) == TIME
    assert objection("2026年龙舟赛共发放奖金多少钱", passage(*told, title="2026年龙舟赛")) is None
    assert objection("2025年龙舟赛共发放奖金多少钱", passage(*told, title="龙舟赛")) is None


@pytest.mark.parametrize(
    ("title", "objected"), [("2027年度车位租金公告", TIME), ("2026年度车位租金公告", None), ("车位租金公告", None)]
)
def test_the_days_of_a_year_may_be_of_the_next_ones_season(title: str, objected: str | None) -> None:
    days = passage("登记时间为2026年9月1日至2026年12月10日。", title=title)
    assert objection("2026年度车位登记到哪天", days) == objected
    assert objection("2026年车位登记到哪天", days) is None
    assert objection("2026年度车位有多少个", passage("2026年有车位80个。", title=title)) is None
