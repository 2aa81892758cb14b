"""The years, parts of a year and days that a text names."""

import datetime
import re
from collections.abc import Iterable

from retrieval.text.numbers import integer

_HAN_DIGITS = "〇零一二三四五六七八九"
_YEAR = re.compile(
    rf"(?<![\d.])((?:19|20)\d\d)(?=[年\-./—~至到]|年?度|学年|\b)|([一二][九〇零][{_HAN_DIGITS}]{{2}})(?=年)"
)
_SPAN = re.compile(
    r"((?:19|20)\d\d)(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?)?)?起?\s{0,3}[-—~至到]{1,3}\s{0,3}((?:19|20)\d\d)"
)
_SEASON = re.compile(
    r"((?:19|20)\d\d)(?:年?\s{0,3}[-—~至]{1,3}\s{0,3}((?:19|20)\d\d))?\s{0,3}(?:年度|学年度?)(?!任务|目标)"
)
_RELATIVE = tuple(
    (re.compile(pattern), shift)
    for pattern, shift in (
        ("(?<![目以])前年", -2),
        ("去年|上年(?!纪)", -1),
        ("今年(?![之以]前)|本年(?!度末)", 0),
        ("(?<![说申注证])明年", 1),
        ("(?<![休之以])后年", 2),
    )
)
_RECENT = re.compile(r"(?:最?近|过去)([一二两三四五六七八九十]{1,2}|\d{1,2})年")
_PART = "(?<![实出体表呈发兑展再])"
IN_FORCE = f"{_PART}现行"
"""A pattern; no part of 发现行贿."""
NOW = re.compile(f"{_PART}现在|(?<![项题节科数条栏名])目前|如今(?!年)|眼下|当前|{IN_FORCE}")
"""No part of 实现在 or 项目前期."""
_HALF = {"上半年": "h1", "下半年": "h2", "前三季度": "q13"}
_PERIOD = re.compile(
    r"(?P<half>上半年|下半年|前三季度)|第?(?P<quarter>[一二三四1-4])季度|(?P<year>(?:全年|年度)(?!任务|目标|计划|预算)|年末|年底|一年来)|"
    r"(?P<from>1[0-2]|[1-9])\s*[-—~至到]\s*(?P<to>1[0-2]|[1-9])月|[头前](?P<first>[三六九369])个月"
)
_FIRST_MONTHS = {"三": "q1", "六": "h1", "九": "q13", "3": "q1", "6": "h1", "9": "q13"}
_MONTHS = {("1", "6"): "h1", ("7", "12"): "h2", ("1", "9"): "q13", ("1", "3"): "q1", ("1", "12"): "year"}
HAN_NUMBER = "[一二三四五六七八九十廿]{1,3}"
"""Of a month or a day."""
_DAY = re.compile(
    rf"(?<![\d.])(?:(?:19|20)\d\d[-./年])?(?P<month>1[0-2]|0?[1-9]|{HAN_NUMBER})"
    rf"(?:月(?:(?P<day>[12]\d|3[01]|0?[1-9]|{HAN_NUMBER})[日号])?|[-./](?P<number>[12]\d|3[01]|0?[1-9])(?![\d.]))"
)
_FROM_TO = re.compile(r"(?<![\d月])(?:1[0-2]|[1-9])\s*[-—~至到]\s*(?:1[0-2]|[1-9])月(?!\d)")
"""Months, and no day: 1-6月."""
_MONTH_DAY = re.compile(
    rf"(?<![\d.个零〇百千])(?P<month>\d{{1,2}}|{HAN_NUMBER})月(?:(?P<day>\d{{1,2}}|{HAN_NUMBER})[日号])?"
)
_BEFORE_MONTHS = re.compile("(?:[满够足达过逾第约近共存缴纳费了]|[少多]于|[累总]计)$")
_LONGEST_BEFORE = 2
_BEHIND_MONTHS = re.compile("[龄均供租薪内]|大(?!会)|以[上下内]|的?(?:工资|奖金|宝宝|[婴幼孩小娃])")
"""Around months that are counted: 满60月, 18月龄, 13月工资."""
_MONTHS_OF_YEAR = 12
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def years_in(folded: str, written: str | None = None) -> set[int]:
    """The years that a text names; 去年 counts from the date at which it was written (YYYY…)."""
    found = {integer(a or b.replace("零", "〇")) for a, b in _YEAR.findall(folded)}
    for first, last in _SPAN.findall(folded):
        if 0 < int(last) - int(first) < 30:
            found |= set(range(int(first), int(last) + 1))
    if written and written[:4].isdigit():
        found |= {int(written[:4]) + shift for shift in relative_years(folded)}
    return found


def seasons_in(folded: str) -> set[int]:
    """The years of which a text says that they are no calendar's, or may be none: 2027年度, 2025—2026学年."""
    return {integer(year) for years in _SEASON.findall(folded) for year in years if year}


def recent_in(folded: str) -> list[int]:
    """Of how many last years a text tells: 5 for 近五年."""
    return [integer(count) for count in _RECENT.findall(folded)]


def relative_years(folded: str) -> set[int]:
    """The years that a text names by their distance from its own: -1 for 去年."""
    return {shift for word, shift in _RELATIVE if word.search(folded)}


def in_figures(text: str, year: int) -> str:
    """The text with the one year that it names by its distance from its own (去年) as figures: 2025年."""
    for word, _ in _RELATIVE:
        text = word.sub(f"{year}年", text)
    return text


def periods_in(folded: str) -> set[str]:
    """h1, h2, q1 to q4, q13 (the first three quarters), year."""
    found = set()
    for match in _PERIOD.finditer(folded):
        if match["half"]:
            found.add(_HALF[match["half"]])
        elif match["quarter"]:
            digit = match["quarter"]
            found.add(f"q{digit if digit.isdigit() else '一二三四'.index(digit) + 1}")
        elif match["year"]:
            found.add("year")
        elif match["first"]:
            found.add(_FIRST_MONTHS[match["first"]])
        else:
            found.add(_MONTHS.get((match["from"], match["to"]), f"{match['from']}-{match['to']}"))
    return found


def days_in(folded: str) -> set[tuple[int, int | None]]:
    """(month, day) of the dates that a text names, in any usual form; the day is None where none is told."""
    found = set()
    for match in _DAY.finditer(_FROM_TO.sub(" ", folded)):
        month, day = integer(match["month"]), match["day"] or match["number"]
        if 1 <= month <= 12:
            found.add((month, integer(day) if day else None))
    return found


def has_impossible_day(folded: str) -> bool:
    """Whether it names a month or a day that no calendar has: 13月, 2月30日; 满60月 counts months."""
    for match in _MONTH_DAY.finditer(folded):
        month, day = integer(match["month"]), integer(match["day"]) if match["day"] else 1
        if not match["day"] and _counts_months(folded, match):
            continue
        if not 1 <= month <= _MONTHS_OF_YEAR or not 1 <= day <= _DAYS[month - 1]:
            return True
    return False


def _counts_months(folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - _LONGEST_BEFORE) : match.start()]
    return bool(_BEFORE_MONTHS.search(before) or _BEHIND_MONTHS.match(folded, match.end()))


def last_has_come(days: Iterable[re.Match[str]], today: datetime.date) -> bool:
    """Whether the last of the days, whose groups are year, month and day (1 where none is told), has come; so it has
    where there is none."""
    told = [tuple(int(part or 1) for part in day.groups()) for day in days]
    return not told or told[-1] <= (today.year, today.month, today.day)
