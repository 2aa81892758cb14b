"""The days that a text tells, as spans."""

import datetime
import time

import pytest

from retrieval.text.day_spans import day_spans, near_in_figures, near_spans

TODAY = datetime.date(2026, 11, 30)  # a Monday
NO_END, NO_BEGINNING = datetime.date.max.isoformat(), datetime.date.min.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last", "told"),
    [
        ("12月5日8时至18时检修", "2026-12-05", "2026-12-05", "at"),
        ("2027-01-15停电", "2027-01-15", "2027-01-15", "at"),
        ("十二月五日检修", "2026-12-05", "2026-12-05", "at"),
        ("定于2027年3月中旬举行", "2027-03-01", "2027-03-31", "at"),
        ("2026年12月1日22时至2026年12月2日6时停电", "2026-12-01", "2026-12-02", "between"),
        ("12月10日至15日", "2026-12-10", "2026-12-15", "between"),
        ("2026年12月25日至1月5日", "2026-12-25", "2027-01-05", "between"),
        ("2025年3月1日起至2026年2月28日止", "2025-03-01", "2026-02-28", "between"),
        ("自2027年4月1日起,票价为3元", "2027-04-01", NO_END, "on"),
        ("从2028年起", "2028-01-01", NO_END, "on"),
        ("自2026年秋季学期起", "2026-01-01", NO_END, "on"),
        ("10月底前完工", NO_BEGINNING, "2026-10-31", "up to"),
        ("2020年8月31日(含)前", NO_BEGINNING, "2020-08-31", "up to"),
        ("截至2026年6月30日", NO_BEGINNING, "2026-06-30", "up to"),
    ],
)
def test_a_span_is_told_in_every_usual_form(text: str, first: str, last: str, told: str) -> None:
    (span,) = day_spans(text, TODAY)
    assert (span.first.isoformat(), span.last.isoformat(), span.relation) == (first, last, told)


def test_a_day_without_its_year_is_the_nearest_to_what_is_known() -> None:
    assert [span.first.year for span in day_spans("1月3日检修", TODAY)] == [2027]
    assert [span.first.year for span in day_spans("1月3日检修", datetime.date(2026, 2, 1))] == [2026]
    assert [span.first.year for span in day_spans("2024年5月1日开工,8月2日完工", TODAY)] == [2024, 2024]


@pytest.mark.parametrize("text", ["每组5-6人", "满18个月", "试用期三个月", "2.5公里", "农历八月十五", "全年"])
def test_figures_are_no_days(text: str) -> None:
    assert not day_spans(text, TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("大前天", "2026-11-27", "2026-11-27"),
        ("前天", "2026-11-28", "2026-11-28"),
        ("昨晚", "2026-11-29", "2026-11-29"),
        ("今天", "2026-11-30", "2026-11-30"),
        ("明早", "2026-12-01", "2026-12-01"),
        ("后天", "2026-12-02", "2026-12-02"),
        ("大后天", "2026-12-03", "2026-12-03"),
        ("这周", "2026-11-30", "2026-12-06"),
        ("本周三", "2026-12-02", "2026-12-02"),
        ("上周末", "2026-11-28", "2026-11-29"),
        ("下个星期天", "2026-12-13", "2026-12-13"),
        ("下下周一", "2026-12-14", "2026-12-14"),
        ("这个月", "2026-11-01", "2026-11-30"),
        ("下个月", "2026-12-01", "2026-12-31"),
        ("上上个月", "2026-09-01", "2026-09-30"),
        ("下月8号", "2026-12-08", "2026-12-08"),
    ],
)
def test_a_distance_from_today_is_a_span(text: str, first: str, last: str) -> None:
    assert [(span.first.isoformat(), span.last.isoformat()) for span in near_spans(text, TODAY)] == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "说明日期",
        "以前天气",
        "目前天数",
        "提前天数",
        "至今日均用水",
        "后天残疾",
        "先天后天",
        "本周期",
        "基本月工资",
        "证明天数",
    ],
)
def test_parts_of_other_words_tell_no_day(text: str) -> None:
    assert not near_spans(text, TODAY)


def test_a_single_day_is_put_in_figures_and_a_week_is_not() -> None:
    assert near_in_figures("后天和下周谁值班", TODAY) == "12月2日和下周谁值班"


def test_beside_what_is_weekly_the_day_of_the_week_is_told_as_well_and_stays_where_it_is_asked() -> None:
    assert near_in_figures("后天和下周二谁值班", TODAY, of_week=True) == "12月2日周三和下周二谁值班"


@pytest.mark.parametrize(
    ("text", "last"), [("本周五至周日", (12, 6)), ("本周五到下周一", (12, 4)), ("这周六-周二", (12, 8))]
)
def test_from_one_day_of_the_week_to_another(text: str, last: tuple[int, int]) -> None:
    span, *_ = near_spans(text, TODAY)
    assert (span.last.month, span.last.day) == last


def test_many_days_are_looked_through_in_no_time() -> None:
    since = time.perf_counter()
    day_spans("截至1月2日至3日前" * 20_000, TODAY)
    near_spans("下下个月这周" * 20_000, TODAY)
    day_spans("1月 " + "8时 " * 50_000, TODAY)
    assert time.perf_counter() - since < 5
