"""明天 means a day by the day on which is asked, and what holds from a later day on does not hold yet."""

import datetime

import pytest

from retrieval.answering.checks.objections import TIME
from retrieval.query.asked.times import asked_time
from tests.answering.make import objection, passage

TODAY = datetime.date(2026, 11, 30)
OUTAGE = "2026年12月1日22时至2026年12月2日6时对东风路停电。"

# -- days by their distance from today -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "objected"),
    [
        *(("今天", TIME), ("明天", None), ("明晚", None), ("后天", None), ("大后天", TIME), ("昨天", TIME)),
        *(("这周", None), ("这周三", None), ("这周四", TIME), ("下周", TIME), ("上周", TIME)),
        *(("这个月", TIME), ("下个月", None), ("下个月2号", None), ("下个月3号", TIME)),
    ],
)
def test_what_tells_only_other_days_does_not_answer_and_a_span_that_covers_the_day_does(
    asked: str, objected: str | None
) -> None:
    assert objection(f"{asked}哪里停电", passage(OUTAGE), today=TODAY) == objected
    assert (
        objection(f"{asked}停电吗", passage("停电时间：12月1日至2日。", "停电范围：东风路停电。"), today=TODAY)
        == objected
    )
    assert objection(f"{asked}哪里停电", passage("东风路停电。", section="12月1日至2日停电"), today=TODAY) == objected
    behind = passage("停电范围：东风路停电。", "停电时间：12月1日至2日。")
    assert objection(f"{asked}哪里停电", behind, 0, today=TODAY) == objected


def test_what_tells_no_day_may_answer_of_any_and_a_signature_tells_none() -> None:
    rule = passage("办事大厅周日不上班。", "云溪县政务服务中心2024年3月1日", date="2024-03-01")
    assert objection("明天办事大厅上班吗", rule, 0, today=TODAY) is None


def test_what_began_covers_the_day_and_what_ended_does_not() -> None:
    hall = "办事大厅周日不上班。"
    assert objection("明天办事大厅上班吗", passage(f"自2025年3月1日起，{hall}"), today=TODAY) is None
    assert objection("明天办事大厅上班吗", passage(f"2025年3月1日至2026年10月31日，{hall}"), today=TODAY) == TIME


def test_a_day_in_a_text_counts_from_when_it_was_written() -> None:
    for date, objected in (("2026-11-30", None), ("2026-11-02", TIME)):
        assert objection("明天哪里停电", passage("明天东风路停电。", date=date), today=TODAY) == objected


@pytest.mark.parametrize("told", ["牙科每周二上午坐诊。", "周一至周五8时开门。", "工作日8时开门。"])
def test_what_is_so_every_week_is_of_any_day_whatever_days_stand_around(told: str) -> None:
    hall = passage("眼科12月19日坐诊。", told, "外科12月26日坐诊。")
    assert objection("下周二坐诊吗", hall, 1, today=TODAY) is None
    assert objection("下周二坐诊吗", hall, 0, today=TODAY) == TIME


def test_tomorrow_in_a_text_of_no_date_is_a_day_that_nobody_knows() -> None:
    assert objection("明天哪里停电", passage("明天东风路停电。"), today=TODAY) == TIME
    assert objection("明天哪里停电", passage("12月1日东风路停电，明天起请储水。"), today=TODAY) is None
    assert objection("这个月水费在哪里交", passage("到村部交本月水费。"), today=TODAY) is None


@pytest.mark.parametrize(
    "asked",
    ["孩子明天不在校吃饭，哪里停电可以查", "今天我想问哪里停电", "我妈下周住院，停电怎么办"],
)
def test_a_day_that_tells_of_who_asks_is_not_the_one_that_is_meant(asked: str) -> None:
    assert asked_time(asked, is_number=False, today=TODAY).near is None


@pytest.mark.parametrize(
    "asked", ["明天，东风路停电吗", "明天上午，哪里停电", "东风路明天能不能来电", "哪里停电，明天"]
)
def test_a_day_that_is_said_apart_is_meant(asked: str) -> None:
    assert asked_time(asked, is_number=False, today=TODAY).near is not None


# -- what is in force ----------------------------------------------------------------------------------------------

FARE = "公交票价每人每次2元。"


@pytest.mark.parametrize("since", ["自2027年3月1日起，", "从2027年起，", "自12月10日起，"])
@pytest.mark.parametrize(
    ("asked", "objected"),
    [
        *(
            ("公交票价是多少元", TIME),
            ("目前公交票价是多少元", TIME),
            ("现在坐公交多少元", TIME),
            ("公交票价以前多少元", TIME),
        ),
        *(("公交票价调整后是多少元", None), ("公交票价涨到多少元", None), ("公交票价什么时候起2元", None)),
        ("今后公交票价多少元", None),
    ],
)
def test_what_holds_from_a_later_day_on_does_not_hold_yet(since: str, asked: str, objected: str | None) -> None:
    rule = passage(f"{since}{FARE}", date="2026-11-20")
    assert objection(asked, rule, today=TODAY) == objected
    assert objection(asked, rule, today=datetime.date(2027, 3, 1)) is None


def test_the_year_or_the_day_that_is_asked_is_met_by_what_begins_then() -> None:
    assert objection("明年公交票价多少元", passage(f"自2027年3月1日起，{FARE}"), today=TODAY) is None
    assert objection("2027年公交票价多少元", passage(f"自2027年3月1日起，{FARE}"), today=TODAY) is None
    assert objection("下个月公交票价多少元", passage(f"自2026年12月1日起，{FARE}"), today=TODAY) is None


@pytest.mark.parametrize(
    "since", ["自2025年3月1日起，", "自3月1日起，", "2025年1月1日起2元，2027年1月1日起3元。现行"]
)
def test_what_has_begun_or_bears_no_year_holds(since: str) -> None:
    assert objection("公交票价多少元", passage(f"{since}{FARE}"), today=TODAY) is None


@pytest.mark.parametrize(("asked", "objected"), [("公交票价多少元", None), ("现在公交票价多少元", TIME)])
def test_what_is_over_is_not_told_of_now(asked: str, objected: str | None) -> None:
    assert objection(asked, passage(f"2025年1月1日至2025年12月31日，{FARE}"), today=TODAY) == objected
    assert objection(asked, passage(f"2026年1月1日至2026年12月31日，{FARE}"), today=TODAY) is None
    assert objection(asked, passage(f"截至2025年12月31日，{FARE}"), today=TODAY) is None


@pytest.mark.parametrize(("year", "objected"), [(2025, TIME), (2026, None), (2027, TIME)])
def test_now_is_the_year_that_has_begun_whenever_it_was_paid_for(year: int, objected: str | None) -> None:
    rule = passage(f"{year}年度医保每人400元，缴费期为{year - 1}年9月20日至{year - 1}年12月31日。")
    assert objection("目前医保缴费标准是多少元", rule, today=TODAY) == objected
    assert objection("医保缴费标准是多少元", rule, today=TODAY) is None
    assert objection("目前医保缴费期是哪天", rule, today=TODAY) is None


@pytest.mark.parametrize(
    ("told", "objected"),
    [
        ("12月20日起向老人发放棉被，每户2床。", None),
        ("请于12月20日起到村部领取棉被，每户2床。", None),
        ("棉被补助12月20日起提高为每户2床。", TIME),
        ("从12月20日起，棉被每户2床。", TIME),
    ],
)
def test_what_is_handed_out_later_may_be_asked_about_before(told: str, objected: str | None) -> None:
    assert objection("棉被每户几床", passage(told, date="2026-11-25"), today=TODAY) == objected


# -- the last years ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "objected"),
    [
        ("2023年", None),
        ("2025年", None),
        ("2024年和2025年", None),
        ("2018年", TIME),
        ("自2018年起", None),
        ("", None),
    ],
)
def test_the_last_years_are_not_told_by_one_before_them(told: str, objected: str | None) -> None:
    report = passage(f"{told}全县接待游客51万人次。")
    assert objection("近三年全县接待游客多少人次", report, today=TODAY) == objected


@pytest.mark.parametrize(("told", "objected"), [("近五年", TIME), ("过去3年", None), ("最近三年", None)])
def test_what_other_last_years_had_together_is_not_of_those(told: str, objected: str | None) -> None:
    report = passage(f"{told}全县接待游客51万人次。")
    assert objection("近三年全县接待游客多少人次", report, today=TODAY) == objected


# -- days of no year -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "year", "objected"),
    [
        ("12月4日停电吗", 2025, TIME),
        ("12月4日哪里停电", 2026, None),
        ("12月3日至5日哪里停电", 2025, TIME),
        ("1月4日哪里停电", 2026, TIME),  # that which comes is nearer
        ("1月4日哪里停电", 2027, None),
        ("10月4日哪里停电", 2025, TIME),
        ("2025年12月4日哪里停电", 2025, None),
        ("去年12月4日哪里停电", 2025, None),
        ("5月4日哪里停电", 2025, None),  # far away: whichever is told
    ],
)
def test_a_near_day_is_meant_in_the_year_in_which_it_is_nearest(
    question: str, year: int, objected: str | None
) -> None:
    month = question.split("月")[0][-2:].strip("年")
    outage = f"{month}月4日东风路停电。"
    assert objection(question, passage(f"{year}年{outage}"), today=TODAY) == objected
    written = passage(outage, date=f"{year - (month == '1')}-{12 if month == '1' else month}-01")
    assert objection(question, written, today=TODAY) == objected


def test_a_day_of_no_known_year_may_be_the_one_that_is_meant() -> None:
    assert objection("12月4日哪里停电", passage("12月4日东风路停电。"), today=TODAY) is None
    assert objection("12月4日前要交什么", passage("12月4日前交取暖费。", date="2026-11-01"), today=TODAY) is None
