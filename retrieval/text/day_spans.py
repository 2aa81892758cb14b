"""The days that a text tells, each as the span that it holds: 12月3日, 9月1日至12月31日, 自2027年1月1日起, 10月底前,
明天, 下周三, 这个月."""

import calendar
import datetime
import re
from typing import Literal, NamedTuple

from retrieval.text.numbers import integer
from retrieval.text.times import HAN_NUMBER

_DATE = re.compile(
    rf"(?<![\d.个历])(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>1[0-2]|0?[1-9]|{HAN_NUMBER})月份?"
    rf"(?:(?P<day>[12]\d|3[01]|0?[1-9]|{HAN_NUMBER})[日号])?"
    r"|(?<![\d.])(?P<y>(?:19|20)\d\d)[-./](?P<m>1[0-2]|0?[1-9])[-./](?P<d>[12]\d|3[01]|0?[1-9])(?![\d.])"
    r"|(?<!\d)(?P<only>(?:19|20)\d\d)年度?(?=(?:[春秋]季(?:学期)?)?起)"
)
"""Figures with a dash or a dot are days only behind a year: 5-6人."""
_HOUR = (
    r"(?:\d{1,2}(?:[时点]|:\d\d)(?:\d{1,2}分)?|[上下]午|[早晚]上|\([^()]{0,6}\)|[春秋]季(?:学期)?|[初中底末旬\s])*"
)
_TO = re.compile(rf"{_HOUR}起?\s?(?:[-—~]{{1,3}}|[至到])\s?")
_TO_DAY = re.compile(rf"{_TO.pattern}(?P<day>\d{{1,2}})[日号]")
_ON = re.compile(rf"{_HOUR}(?:(?<!一)起(?![至到步草诉—~-])|开始|[以之]后)")
_UP_TO = re.compile(rf"{_HOUR}(?:[以之]?前(?![一二三四六九])|止)")
_UNTIL = re.compile(r"(?:截[止至]|至|到)[于到]?$")
_LONGEST_UNTIL = 3
_WEEKDAYS = "一二三四五六日"
WEEKLY = re.compile(rf"每个?(?:周|星期|礼拜)|(?:周|星期)[{_WEEKDAYS}]\s?[至到、—~-]|工作日|双休日")
"""Tells what is so every week."""
_NEAR = re.compile(
    r"(?P<day>大前|大后|(?<![以之目提])前(?=天(?!数))|(?<!天)后(?=天(?![数性残努]))|昨|(?<![至如当])今|(?<![说证注表申声透文])明)"
    r"(?:天|(?<=[昨今明])[日晚早晨夜儿])"
    rf"|(?P<week>上上?|下下?|本|这)(?:一|一?个)?(?:周(?![年岁期边围])|星期|礼拜)(?P<weekday>[{_WEEKDAYS}天末])?(?:\s?[至到—~-]{{1,2}}\s?[本这]?(?:周|星期)(?P<until>[{_WEEKDAYS}天]))?"
    rf"|(?P<month>上上|下下|(?<![以晚早])[上下]|这|(?<![基成资根])本)(?:一|一?个)?月(?!工资)份?(?:(?P<number>[12]\d|3[01]|0?[1-9]|{HAN_NUMBER})[日号])?"
)
_FROM_TODAY = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_FROM_THIS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_WEEK, _SATURDAY, _SUNDAY = 7, 5, 6
LONG_AGO = datetime.date(1970, 1, 1)
"""Stands for the day of writing where nothing tells it: what has no year of its own is then long over."""


class DaySpan(NamedTuple):
    """First and last day. `relation`: a day or a month as such, from one to another, from one on, up to one."""

    first: datetime.date
    last: datetime.date
    relation: Literal["at", "between", "on", "up to"] = "at"

    def meets(self, other: "DaySpan") -> bool:
        return self.first <= other.last and other.first <= self.last


def day_spans(folded: str, near: datetime.date) -> list[DaySpan]:
    """What the text tells in figures. A day without its year is of that year in which it is nearest to the day before
    it, the first to `near`, the day of writing."""
    found: list[tuple[DaySpan, int, int]] = []
    for match in _DATE.finditer(folded):
        own = _days_of(match, near)
        near = own.first
        before = found[-1] if found else None
        if before and before[0].relation == "at" and _TO.fullmatch(folded, before[2], match.start()):
            last = own.last if own.last >= before[0].first else _in_year(own.last, own.last.year + 1)
            found[-1] = DaySpan(before[0].first, last, "between"), before[1], match.end()
        elif match["day"] and (to := _TO_DAY.match(folded, match.end())):
            last = _days(own.first.year, own.first.month, int(to["day"])).last
            found.append((DaySpan(own.first, last, "between"), match.start(), to.end()))
        else:
            found.append((own, match.start(), match.end()))
    return [_opened(*told, folded) for told in found]


def near_spans(folded: str, today: datetime.date) -> list[DaySpan]:
    """What it tells by its distance from `today`; a week begins on Monday."""
    return [_near(match, today) for match in _NEAR.finditer(folded)]


def near_in_figures(text: str, today: datetime.date, *, of_week: bool = False) -> str:
    """The text with the days that it tells by their distance from `today` as figures: 12月1日 for 明天. `of_week`,
    where the days of the week matter, 12月1日周二, and 下周二 stays."""

    def figures(match: re.Match[str]) -> str:
        first, last, _ = _near(match, today)
        if first != last or (of_week and match["weekday"]):
            return match[0]
        return f"{first.month}月{first.day}日{f'周{_WEEKDAYS[first.weekday()]}' if of_week else ''}"

    return _NEAR.sub(figures, text)


def _opened(span: DaySpan, start: int, end: int, folded: str) -> DaySpan:
    """From a day on, or up to it, where that is what the text says around it."""
    if span.relation == "between":
        return span
    if _ON.match(folded, end):
        return DaySpan(span.first, datetime.date.max, "on")
    is_end = _UP_TO.match(folded, end) or _UNTIL.search(folded[max(0, start - _LONGEST_UNTIL) : start])
    return DaySpan(datetime.date.min, span.last, "up to") if is_end else span


def _days_of(match: re.Match[str], near: datetime.date) -> DaySpan:
    if match["only"]:
        return DaySpan(datetime.date(int(match["only"]), 1, 1), datetime.date(int(match["only"]), 12, 31))
    year, month, day = (match[name] or match[other] for name, other in (("year", "y"), ("month", "m"), ("day", "d")))
    months = min(_number(month), 12)
    if year:
        return _days(int(year), months, _number(day))
    around = (_days(near.year + shift, months, _number(day)) for shift in (0, -1, 1))
    return min(around, key=lambda span: max(span.first - near, near - span.last))


def _days(year: int, month: int, day: int) -> DaySpan:
    """The day, or the month where `day` is 0; its last where it has no such day."""
    last = calendar.monthrange(year, month)[1]
    first = datetime.date(year, month, min(day or 1, last))
    return DaySpan(first, first.replace(day=min(day or last, last)))


def _in_year(day: datetime.date, year: int) -> datetime.date:
    return _days(year, day.month, day.day).first


def _near(match: re.Match[str], today: datetime.date) -> DaySpan:
    if match["day"]:
        day = today + datetime.timedelta(_FROM_TODAY[match["day"]])
        return DaySpan(day, day)
    if match["week"]:
        monday = today + datetime.timedelta(_WEEK * _FROM_THIS[match["week"]] - today.weekday())
        named = match["weekday"]
        first, last = (0, _SUNDAY) if not named else (_SATURDAY, _SUNDAY) if named == "末" else (_weekday(named),) * 2
        if match["until"]:
            last = _weekday(match["until"]) + (_WEEK if _weekday(match["until"]) < first else 0)
        return DaySpan(monday + datetime.timedelta(first), monday + datetime.timedelta(last))
    months = today.year * 12 + today.month - 1 + _FROM_THIS[match["month"]]
    return _days(months // 12, months % 12 + 1, _number(match["number"]))


def _weekday(named: str) -> int:
    return _WEEKDAYS.find(named) % _WEEK  # 天 is Sunday: -1


def _number(text: str | None) -> int:
    return integer(text) if text else 0
