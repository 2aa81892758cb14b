"""The period in which documents were issued, as a question names it: 2026年, 去年上半年, 2025年3月, 2024年以来."""

import calendar
import datetime
import re

from retrieval.text.numbers import integer
from retrieval.text.times import years_in

_YEAR = r"(?:(?:19|20)\d\d年|前年|去年|上年|今年|本年)"
_MONTHS = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9)}
_PART = rf"(?:{'|'.join(_MONTHS)}|第?[一二三四1-4]季度|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
PERIOD = rf"在?(?:{_YEAR}(?:[至到]{_YEAR}|度?{_PART})?度?(?:以来|期间|[里内间])?|本月|这个月|上个?月)"
"""A pattern, of folded text without blanks."""
_WITHIN = re.compile(rf"(?P<year>{_YEAR})(?:[至到](?P<last>{_YEAR})|度?(?P<part>{_PART}))?度?(?P<until_now>以来)?")


def days_of(period: str, today: datetime.date) -> tuple[str, str]:
    """The first and the last day, YYYY-MM-DD, of what is written in the form of PERIOD; 以来 lasts until `today`. The
    first comes behind the last where the period is none (2026年到2024年)."""
    match = _WITHIN.search(period)
    if match is None:
        before = today.replace(day=1) - datetime.timedelta(days=1) if "上" in period else today
        return _days(before.year, before.month, before.year, before.month)
    first, last = _year(match["year"], today), _year(match["last"] or match["year"], today)
    months = _months(match["part"])
    since, until = _days(first, months[0], last, months[1])
    return since, today.isoformat() if match["until_now"] else until


def _year(text: str, today: datetime.date) -> int:
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
