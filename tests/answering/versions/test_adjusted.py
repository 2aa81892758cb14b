"""A standard that a later paper adjusts, under another title than the one that set it."""

import datetime

import pytest

from retrieval.answering.versions.adjusted import adjusted
from retrieval.query.asked.times import asked_time
from tests.answering.make import passage, setting

SINCE = datetime.date(2027, 3, 1)
SAID = "普通病区每人每天40元，特护病区每人每天90元。"
ASKED = "护理补贴每天多少元"


def is_adjusted(
    question: str = ASKED,
    today: datetime.date = SINCE,
    said: str = SAID,
    title: str = "云溪县护理补贴办法",
    date: str | None = "2024-05-06",
    adjusts: str = "自2027年3月1日起，护理补贴标准调整为：",
    place: str | None = None,
    more: str = "",
) -> bool:
    old = setting(passage(said, title=title, date=date), rest="云溪县人民政府")
    new = "普通病区每人每天55元，特护病区每人每天120元。"
    later = setting(
        passage(f"经研究，{adjusts}{new}", title="关于提标的通知", date="2026-12-20", place=place), rest=more
    )
    asked = asked_time(question, is_number=True, today=today)
    return bool(adjusted(asked, {"old": old}, [old, later], today))


@pytest.mark.parametrize("question", [ASKED, f"现在{ASKED}", f"今年{ASKED}"])
def test_from_its_day_on_the_later_standard_holds(question: str) -> None:
    assert is_adjusted(question)
    assert not is_adjusted(question, today=datetime.date(2027, 2, 28))


@pytest.mark.parametrize("question", [f"去年{ASKED}", f"2024年{ASKED}", f"以前{ASKED}", "护理补贴什么时候发"])
def test_of_another_time_the_earlier_one_is_told(question: str) -> None:
    assert not is_adjusted(question)


@pytest.mark.parametrize(
    "adjusts",
    [
        "自2027年3月1日起，护理补贴提高到",
        "自2027年3月1日起护理补贴的标准由每人每天40元统一提高至",
        "从2027年3月起，护理补贴上调为",
    ],
)
def test_it_is_said_in_several_ways(adjusts: str) -> None:
    assert is_adjusted(adjusts=adjusts)


def test_another_thing_or_place_or_a_paper_of_later_is_not_adjusted() -> None:
    assert not is_adjusted(title="云溪县伙食补贴办法")
    assert not is_adjusted(said="申请人应当提交身份证和病历。")
    assert not is_adjusted(date="2027-04-01")
    assert not is_adjusted(date=None)
    assert is_adjusted(more="云溪县人民政府") and is_adjusted(place="云溪县")
    assert not is_adjusted(more="青禾县人民政府") and not is_adjusted(place="青禾县")


def test_a_day_without_its_year_is_that_after_the_paper() -> None:
    assert is_adjusted(adjusts="自3月1日起，护理补贴标准调整为：")
