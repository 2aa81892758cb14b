"""2024 is not answered from 2018, the half of a year not with the whole, nor one day with another."""

import datetime

import pytest

from retrieval.answering.checks.objections import TIME
from retrieval.text.times import days_in, periods_in, years_in
from tests.answering.make import objection, passage

STAFF = "2024年左云县有多少网格员"
WHOLE = "2024年全县地区生产总值是多少"
HALF = "2024年上半年全县地区生产总值是多少"
DAY = "7月15日有几人参加"
SAYS_NO_YEAR = "左云县有网格员51名。"
SAYS_NO_PERIOD = "全县地区生产总值80亿元。"

# -- years ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["2024年", "2024年度", "截至2024年底", "二〇二四年", "二零二四年", "2020—2025年"])
def test_a_sentence_of_the_year_may_answer(year: str) -> None:
    assert objection(STAFF, passage(f"{year}，{SAYS_NO_YEAR}")) is None


@pytest.mark.parametrize("year", ["2018年", "2018年度", "截至2018年底", "二〇一八年", "二零一八年", "2015—2020年"])
def test_a_sentence_of_another_year_never_answers(year: str) -> None:
    assert objection(STAFF, passage(f"{year}，{SAYS_NO_YEAR}")) == TIME
    assert objection(STAFF, passage("2024年有变化。", f"{year}，{SAYS_NO_YEAR}", date="2024-05-06")) == TIME


COUNTS_MONTHS = (
    *("满60月", "累计缴存60月", "缴费60月后", "连续参保满三十六月", "不少于24月", "第13月", "超过18月"),
    *("18月的宝宝", "18月大的孩子", "13月工资", "十三月薪", "24月以上", "24月内"),
)


@pytest.mark.parametrize(
    "day",
    [
        "13月",
        "十三月",
        "2月30日",
        "二月三十日",
        "4月31日",
        "0月",
        "2024年13月5日",
        "2024年13月",
        "13月的",
        "在13月",
        "截至2月30日",
    ],
)
def test_nothing_is_of_a_day_that_no_calendar_has(day: str) -> None:
    assert objection(f"{day}左云县有多少网格员", passage(f"{day}，{SAYS_NO_YEAR}")) == TIME


@pytest.mark.parametrize("time", ["2月29日", "十二月三十一日", "18月龄", "24个月", "3月", "十月", *COUNTS_MONTHS])
def test_what_the_calendar_has_may_be_asked(time: str) -> None:
    assert objection(f"{time}左云县有多少网格员", passage(f"{time}，{SAYS_NO_YEAR}")) is None


def test_a_year_may_be_asked_in_characters() -> None:
    asked = "二〇二四年左云县有多少网格员"
    assert objection(asked, passage(f"2024年，{SAYS_NO_YEAR}")) is None
    assert objection(asked, passage(f"2018年，{SAYS_NO_YEAR}")) == TIME


def test_the_year_may_stand_beside_the_sentence() -> None:
    for year, objected in (("2024", None), ("2018", TIME)):
        assert objection(STAFF, passage(SAYS_NO_YEAR, title=f"{year}年的网格")) == objected
        assert objection(STAFF, passage(SAYS_NO_YEAR, section=f"{year}年")) == objected
        assert objection(STAFF, passage(SAYS_NO_YEAR, file=f"{year}年.txt")) == objected
        assert objection(STAFF, passage(SAYS_NO_YEAR, date=f"{year}-05-06")) == objected
        assert objection(STAFF, passage(f"{year}年有变化。", SAYS_NO_YEAR)) == objected
    assert objection(STAFF, passage(SAYS_NO_YEAR)) == TIME


def test_the_year_that_was_named_last_is_meant() -> None:
    assert objection(STAFF, passage("2024年不同。", "2018年不同。", SAYS_NO_YEAR)) == TIME
    assert objection(STAFF, passage("2018年不同。", "2024年不同。", SAYS_NO_YEAR)) is None
    assert objection(STAFF, passage("2018年不同。", SAYS_NO_YEAR, date="2024-05-06")) == TIME


@pytest.mark.parametrize(
    ("word", "written", "objected"),
    [
        ("去年", "2025-03-01", None),
        ("上年", "2025-03-01", None),
        ("今年", "2024-03-01", None),
        ("前年", "2026-03-01", None),
        ("去年", "2024-03-01", TIME),
        ("今年", "2025-03-01", TIME),
        ("前年", "2025-03-01", TIME),
        ("明年", "2024-03-01", TIME),
    ],
)
def test_last_year_counts_from_when_it_was_written(word: str, written: str, objected: str | None) -> None:
    assert objection(STAFF, passage(f"{word}，{SAYS_NO_YEAR}", date=written)) == objected


@pytest.mark.parametrize(
    ("asked", "sentence", "objected"),
    [
        ("今年", "2026年，左云县有网格员51名。", None),
        ("今年", "截至2026年6月，左云县有网格员51名。", None),
        ("今年", "2025年，左云县有网格员51名。", TIME),
        ("去年", "2025年，左云县有网格员51名。", None),
        ("去年", "2026年，左云县有网格员51名。", TIME),
        ("前年", "2024年，左云县有网格员51名。", None),
        ("前年", "2026年，左云县有网格员51名，比2024年多3名。", TIME),
        ("明年", "2026年，左云县有网格员51名。", TIME),
        ("去年", "左云县有网格员51名。", None),
        ("今年", "2025年起，今年也一样，左云县有网格员51名。", None),
        ("今年比去年", "2025年，左云县有网格员51名。", None),
        ("今年以前", "2025年，左云县有网格员51名。", None),
        ("2025年即去年", "2025年，左云县有网格员51名。", None),
    ],
)
def test_last_year_counts_from_the_day_on_which_is_asked(asked: str, sentence: str, objected: str | None) -> None:
    today = datetime.date(2026, 9, 15)
    assert objection(f"{asked}左云县有多少网格员", passage(sentence), today=today) == objected


def test_a_half_is_too_little_for_last_year_and_not_for_this() -> None:
    today = datetime.date(2026, 9, 15)
    assert objection("去年左云县有多少网格员", passage("2025年上半年，左云县有网格员51名。"), today=today) == TIME
    assert objection("今年左云县有多少网格员", passage("2026年上半年，左云县有网格员51名。"), today=today) is None
    assert objection("去年什么时候开学", passage("2026年9月1日开学。"), today=today) == TIME
    assert objection("去年什么时候开学", passage("2025年9月1日开学。"), today=today) is None
    notice = passage("2025年12月31日前报名。", date="2026-01-05")
    assert objection("今年什么时候报名", notice, today=today) is None, "the notice is of this year"


def test_who_asks_of_no_year_is_answered_from_any() -> None:
    assert objection("左云县有多少网格员", passage(f"2018年，{SAYS_NO_YEAR}")) is None
    assert objection("食堂什么时候开业", passage("2018年5月开业。")) is None


def test_when_something_was_in_a_year_is_not_told_by_another_year() -> None:
    assert objection("2024年什么时候开学", passage("2024年9月1日开学。")) is None
    assert objection("2024年什么时候开学", passage("2018年9月1日开学。")) == TIME


def test_years_in_a_text() -> None:
    assert years_in("2019至2021年，二〇二三年，去年", "2026-01-01") == {2019, 2020, 2021, 2023, 2025}
    assert years_in("2024年1月1日起至2026年12月31日止，2019年9月—2021年3月") == {2019, 2020, 2021, 2024, 2025, 2026}
    assert years_in("去年有2000人。") == set()


# -- parts of a year -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["上半年", "1-6月", "1至6月", "1—6月份"])
def test_a_half_is_met_by_the_same_half(part: str) -> None:
    assert objection(HALF, passage(f"2024年{part}{SAYS_NO_PERIOD}")) is None
    assert objection(HALF, passage(SAYS_NO_PERIOD, title=f"2024年{part}统计")) is None


@pytest.mark.parametrize("part", ["全年", "", "下半年", "一季度", "第二季度", "前三季度", "1-12月"])
def test_a_half_is_not_met_by_the_whole_year_or_another_part(part: str) -> None:
    assert objection(HALF, passage(f"2024年{part}{SAYS_NO_PERIOD}")) == TIME
    assert objection(HALF, passage(SAYS_NO_PERIOD, title=f"2024年{part}统计")) == TIME


@pytest.mark.parametrize("asked", [WHOLE, "2024年全年全县地区生产总值是多少"])
@pytest.mark.parametrize("part", ["上半年", "下半年", "1-6月", "一季度", "前三季度", "1至9月"])
def test_a_part_is_too_little_for_the_figure_of_a_year(asked: str, part: str) -> None:
    assert objection(asked, passage(f"2024年{part}{SAYS_NO_PERIOD}")) == TIME
    assert objection(asked, passage(f"{part}{SAYS_NO_PERIOD}", title="2024年统计")) == TIME
    assert objection(asked, passage(SAYS_NO_PERIOD, title=f"2024年{part}统计")) == TIME
    assert objection(asked, passage(f"2024年{part}如下。", SAYS_NO_PERIOD)) == TIME
    assert objection(asked, passage(f"{part}有增长。", f"2024年{SAYS_NO_PERIOD}")) is None


@pytest.mark.parametrize("asked", [WHOLE, "2024年全年全县地区生产总值是多少"])
@pytest.mark.parametrize("part", ["全年", "", "年度", "1-12月"])
def test_the_figure_of_a_year_is_of_the_whole_year(asked: str, part: str) -> None:
    assert objection(asked, passage(f"2024年{part}{SAYS_NO_PERIOD}")) is None
    assert objection(asked, passage(SAYS_NO_PERIOD, title=f"2024年{part}统计")) is None


def test_a_quarter_is_not_another() -> None:
    asked = "2024年第一季度产值多少"
    assert objection(asked, passage("2024年一季度产值20亿元。")) is None
    assert objection(asked, passage("2024年1-3月产值20亿元。")) is None
    assert objection(asked, passage("2024年第二季度产值20亿元。")) == TIME
    assert objection(HALF, passage(f"2023年上半年{SAYS_NO_PERIOD}")) == TIME


@pytest.mark.parametrize("asked", ["2026年1-6月", "2026年1至6月", "2026年上半年"])
@pytest.mark.parametrize("told", ["2026年1至6月", "2026年1-6月", "2026年上半年"])
def test_months_from_to_are_no_day(asked: str, told: str) -> None:
    assert objection(f"{asked}新增就业多少人", passage(f"{told}，新增就业1780人。")) is None
    assert objection("2026年6月新增就业多少人", passage(f"{told}，新增就业1780人。")) == TIME


def test_parts_of_a_year_in_a_text() -> None:
    assert periods_in("上半年、7至12月、第2季度和四季度") == {"h1", "h2", "q2", "q4"}
    assert periods_in("前三季度和全年，1-9月，2-5月") == {"q13", "year", "2-5"}
    assert periods_in("完成年度任务的52%，占全年计划的一半") == set()


# -- days ----------------------------------------------------------------------------------------------------------

JULY = ["2026年7月15日", "2026-07-15", "2026.7.15", "2026/07/15", "7月15日", "07月15日", "7月15号", "七月十五日"]
AUGUST = ["2026年8月2日", "2026-08-02", "2026.8.2", "8月2日", "八月二日", "二〇二六年八月二日"]


@pytest.mark.parametrize("form", [JULY, AUGUST])
def test_a_day_is_the_same_in_every_usual_form(form: list[str]) -> None:
    for asked in form:
        for told in form:
            meeting = passage(f"{told}，30人参加。", date="2026-09-01")
            assert objection(f"{asked}有几人参加", meeting) is None, (asked, told)


@pytest.mark.parametrize("asked", JULY)
@pytest.mark.parametrize(
    "told",
    [
        "2026年7月16日",
        "2026-07-16",
        "2026.7.16",
        "2026.8.15",
        "8月15日",
        "七月十六日",
        "7月5日",
        "七月二十五日",
        "7月1日",
    ],
)
def test_a_day_is_not_another(asked: str, told: str) -> None:
    assert objection(f"{asked}有几人参加", passage(f"{told}，30人参加。", date="2026-09-01")) == TIME


def test_the_day_may_stand_beside_the_sentence() -> None:
    assert objection(DAY, passage("7月15日上午开会。", "30人参加。")) is None
    assert objection(DAY, passage("30人参加。", title="7月15日会议")) is None
    assert objection(DAY, passage("30人参加。", date="2026-07-15")) is None
    assert objection(DAY, passage("7月16日上午开会。", "30人参加。")) == TIME
    assert objection(DAY, passage("30人参加。", date="2026-07-16")) == TIME


def test_what_the_next_day_had_is_not_what_the_day_had() -> None:
    assert objection(DAY, passage("7月15日开会。", "7月16日又有30人参加。")) == TIME
    assert objection("7月15日谁值班", passage("7月15日：王明值班。", "7月16日：李强值班。")) == TIME
    assert objection("7月15日谁值班", passage("7月15日：王明值班。", "7月16日：李强值班。"), number=0) is None


def test_from_when_something_holds_is_not_its_day() -> None:
    notice = passage("8月1日起每人补贴200元。", title="7月15日通知")
    assert objection("7月15日的通知补贴多少元", notice) is None
    moved = passage("会议推迟到7月20日举行。", title="7月15日的会议")
    assert objection("7月15日的会议什么时候举行", moved) is None


def test_the_same_day_of_another_year_is_another() -> None:
    assert objection("2026年7月15日有几人参加", passage("2025年7月15日，30人参加。")) == TIME


def test_a_month_holds_its_days() -> None:
    assert objection("7月有几人参加", passage("7月15日有30人参加。")) is None
    assert objection("7月有几人参加", passage("8月有30人参加。")) == TIME


def test_days_in_a_text() -> None:
    assert days_in("2026-07-15、2026.8.2、9月3日、十月十五日和12月") == {
        *((7, 15), (8, 2), (9, 3), (10, 15), (12, None))
    }
    assert days_in("共13.5万元，第2页") == set()
    assert days_in("2026年1-6月，9至12月份") == set()
    assert days_in("2026年5月10-12日，5-6") == {(5, None), (10, 12), (5, 6)}


@pytest.mark.parametrize(
    ("question", "sentence", "stands"),
    [
        ("现在从城关到马家渡开车要多久", "以前从城关到马家渡开车得50分钟。", False),
        ("现在从城关到马家渡开车要多久", "以前要50分钟，现在从城关到马家渡开车15分钟。", True),
        ("从城关到马家渡开车要多久", "以前从城关到马家渡开车得50分钟。", True),
    ],
)
def test_what_holds_now_is_not_told_by_what_was(question: str, sentence: str, stands: bool) -> None:
    assert (objection(question, passage(sentence)) is None) == stands


# -- what is no time of the sentence's own ---------------------------------------------------------------------------


@pytest.mark.parametrize("compared", ["比上年同期减少4.1%", "较2019年同期增长10%", "比去年多9名", "较2023年末多9名"])
def test_the_year_that_a_figure_is_compared_with_is_not_its_own(compared: str) -> None:
    assert (
        objection(STAFF, passage(f"左云县有网格员51名，{compared}。", title="2024年的网格", date="2024-12-01"))
        is None
    )
    assert (
        objection(STAFF, passage(f"左云县有网格员51名，{compared}。", title="2018年的网格", date="2018-12-01"))
        == TIME
    )


def test_that_year_is_the_year_told_of_and_not_the_one_of_the_report() -> None:
    report = passage("年末规模以上工业企业94家，当年净增7家。", title="2024年统计公报", date="2025-03-25")
    assert objection("2024年末有多少家规模以上工业企业", report) is None


@pytest.mark.parametrize(("words", "parts"), [("头六个月", {"h1"}), ("前三个月", {"q1"}), ("前九个月", {"q13"})])
def test_the_first_months_are_a_part_of_the_year(words: str, parts: set[str]) -> None:
    assert periods_in(f"2025年{words}一共多少") == parts


def test_a_part_of_the_year_may_be_named_anywhere_in_the_document_but_not_another() -> None:
    asked = "上半年全县地区生产总值是多少"
    assert objection(asked, passage(SAYS_NO_PERIOD), rest="今年上半年，全县经济平稳。") is None
    assert objection(asked, passage(SAYS_NO_PERIOD), rest="今年全年，全县经济平稳。") == TIME
    assert objection(asked, passage(SAYS_NO_PERIOD), rest="今年上半年平稳，全年向好。") == TIME
    assert objection(asked, passage("全年平稳。", SAYS_NO_PERIOD), rest="今年上半年，全县经济平稳。") == TIME


def test_who_asks_of_a_month_is_not_answered_with_the_year_nor_asked_for_it() -> None:
    asked = "2024年6月下大雨损失多少钱"
    assert objection(asked, passage("6月下旬连降暴雨，损失约1700万元。", title="2024年上半年经济运行")) is None
