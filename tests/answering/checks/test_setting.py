"""Where a sentence stands, as the checks look at it."""

import datetime

import pytest

from tests.answering.make import objection, passage, setting

TODAY = datetime.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("date", "written"),
    [("2026-11-02", datetime.date(2026, 11, 2)), ("2026", None), ("0001-01-01", None), ("9999-12-31", None)],
)
def test_a_text_is_written_on_a_day_and_not_on_what_stands_for_none(date: str, written: datetime.date | None) -> None:
    told = passage("12月1日、昨天和明天凤台路停水。", date=date)
    assert setting(told, 0).written == written
    assert objection("明天哪里停水", told, today=TODAY) is None
