"""The period in which documents were issued, as a question names it: 2026年, 去年上半年, 10月份, 昨天, 近三年. A
month and a half of no year are of this one.
"""

import calendar
import datetime
import re

from retrieval.text.numbers import integer
from retrieval.text.times import years_in

_YEAR = r"(?:(?:19|20)\d\d年|前年|去年|上年|今年|本年)"
_MONTHS = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9)}
_PART = rf"(?:{'|'.join(_MONTHS)}|第?[一二三四1-4]季度|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
_DAYS = {"今天": 0, "昨天": 1, "前天": 2}
_NEAR = rf"(?:{'|'.join(_DAYS)}|[上本这]个?(?:周|星期|月))"
_LAST = r"(?:最?近|过去)(?:[1-9]\d?|[一二两三四五六七八九十])个?(?:年|月|周|星期|天)"
_WITHIN = r"(?:以来|期间|[来里内间])?"
PERIOD = rf"在?(?:{_YEAR}(?:[至到]{_YEAR}|度?{_PART})?度?{_WITHIN}|{_PART}{_WITHIN}|{_NEAR}|{_LAST}{_WITHIN})"
"""A pattern, of folded text without blanks."""
_NAMED = re.compile(rf"(?P<year>{_YEAR})?(?:[至到](?P<last>{_YEAR})|度?(?P<part>{_PART}))?度?(?P<until_now>以来)?")


def days_of(period: str, today: datetime.date) -> tuple[str, str]:
    """The first and the last day, YYYY-MM-DD, of what is written in the form of PERIOD; 以来 lasts until `today`. The
    first comes behind the last where the period is none (2026年到2024年)."""
    period = period.removeprefix("在")
    if near := re.match(rf"(?P<last>{_LAST})|{_NEAR}", period):
        since, until = _until(near["last"], today) if near["last"] else _near(near[0], today)
        return since.isoformat(), until.isoformat()
    match = _NAMED.match(period)
    assert match is not None, "all of it may be left out"
    first = _year(match["year"], today)
    months = _months(match["part"])
    began, ended = _days(first, months[0], _year(match["last"], today) if match["last"] else first, months[1])
    return began, today.isoformat() if match["until_now"] else ended


def _near(period: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Of a day, a week from Monday on, or a month."""
    if period in _DAYS:
        day = today - datetime.timedelta(_DAYS[period])
        return day, day
    is_before = period.startswith("上")
    if period.endswith("月"):
        first = _months_before(today.replace(day=1), int(is_before))
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    monday = today - datetime.timedelta(today.weekday() + 7 * is_before)
    return monday, monday + datetime.timedelta(6)


def _until(period: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """So many years, months, weeks or days until today: 近三年."""
    count = integer(re.sub(r"[最近过去个年月周星期天]", "", period))
    if period[-1] in "年月":
        return _months_before(today, count * (12 if period.endswith("年") else 1)), today
    return today - datetime.timedelta(count * (1 if period.endswith("天") else 7)), today


def _months_before(day: datetime.date, count: int) -> datetime.date:
    """The same day of an earlier month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _year(text: str | None, today: datetime.date) -> int:
    if text is None:
        return today.year
    (year,) = years_in(text, today.isoformat())
    return year


def _months(part: str | None) -> tuple[int, int]:
    if part is None:
        return 1, 12
    if part in _MONTHS:
        return _MONTHS[part]
    number = integer(part.strip("第季度月份"))
    return (3 * number - 2, 3 * number) if part.endswith("季度") else (number, number)


def _days(year: int, month: int, last_year: int, last_month: int) -> tuple[str, str]:
    return (
        f"{year}-{month:02}-01",
        f"{last_year}-{last_month:02}-{calendar.monthrange(last_year, last_month)[1]}",
    )
