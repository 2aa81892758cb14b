"""Is the sentence of the time that is asked? 2024 is not answered from 2018, nor 上半年 with the whole year."""

import re
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

_HAN_DIGITS = "〇零一二三四五六七八九"
_YEAR = re.compile(
    rf"(?<![\d.])((?:19|20)\d\d)(?=[年\-./—~至到]|年?度|学年|\b)|([一二][九〇零][{_HAN_DIGITS}]{{2}})(?=年)"
)
_SPAN = re.compile(r"((?:19|20)\d\d)年?\s*[-—~至到]+\s*((?:19|20)\d\d)")
_FULL_DATE = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}[日号]|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")
_RELATIVE = tuple(
    (re.compile(pattern), shift)
    for pattern, shift in (
        ("(?<![目以])前年", -2),
        ("去年|上年(?!纪)", -1),
        ("今年|本年(?!度末)", 0),
        ("(?<![说申注证])明年", 1),
        ("(?<![休之以])后年", 2),
    )
)
_THAT_YEAR = "当年"
"""Of a text the year in which it was written; of a question any."""
_WHEN = re.compile(
    r"什么时候|啥时候|何时|几时|哪[一]?[年天月日]|几[月号点年]|多会儿|什么时间|多久|日期|截止|\bwhen\b"
)
_NOW = re.compile("现在|目前|如今|眼下|当前|现行")
_THEN = re.compile("以前|过去|从前|原先|曾经|原来(?!是)")
_HALF = {"上半年": "h1", "下半年": "h2", "前三季度": "q13"}
_PERIOD = re.compile(
    r"(?P<half>上半年|下半年|前三季度)|第?(?P<quarter>[一二三四1-4])季度|(?P<year>(?:全年|年度)(?!任务|目标|计划|预算)|年末|年底|一年来)|"
    r"(?P<from>1[0-2]|[1-9])\s*[-—~至到]\s*(?P<to>1[0-2]|[1-9])月"
)
_MONTHS = {("1", "6"): "h1", ("7", "12"): "h2", ("1", "9"): "q13", ("1", "3"): "q1", ("1", "12"): "year"}
_YEARLY = frozenset({"year"})
_LIMIT = re.compile(r"[日号](?:[之以]?[前后内]|[至到起止—~-])|(?:截[止至]|至|到)(?:20\d\d年)?\d{1,2}月")
_HAN_NUMBER = "[一二三四五六七八九十廿]{1,3}"
_DAY = re.compile(
    rf"(?<![\d.])(?:(?:19|20)\d\d[-./年])?(?P<month>1[0-2]|0?[1-9]|{_HAN_NUMBER})"
    rf"(?:月(?:(?P<day>[12]\d|3[01]|0?[1-9]|{_HAN_NUMBER})[日号])?|[-./](?P<number>[12]\d|3[01]|0?[1-9])(?![\d.]))"
)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The years, parts of a year and days that a question names; `is_when`: it asks for a time itself, `is_now`: for
    what holds now."""

    years: frozenset[int]
    periods: frozenset[str]
    days: frozenset[tuple[int, int | None]]
    is_when: bool
    is_number: bool
    is_now: bool = False


def asked_time(question: str, *, is_number: bool) -> AskedTime:
    folded = fold(question)
    days = frozenset(days_in(folded))
    return AskedTime(
        frozenset(years_in(folded)),
        frozenset(periods_in(folded)),
        days,
        bool(_WHEN.search(folded)),
        is_number,
        bool(_NOW.search(folded)),
    )


def years_in(folded: str, written: str | None = None) -> set[int]:
    """The years that a text names; 去年 counts from the date at which it was written (YYYY…)."""
    found = {integer(a or b.replace("零", "〇")) for a, b in _YEAR.findall(folded)}
    for first, last in _SPAN.findall(folded):
        if 0 < int(last) - int(first) < 30:
            found |= set(range(int(first), int(last) + 1))
    if written and written[:4].isdigit():
        shifts = relative_years(folded) | ({0} if _THAT_YEAR in folded else set())
        found |= {int(written[:4]) + shift for shift in shifts}
    return found


def relative_years(folded: str) -> set[int]:
    """The years that a text names by their distance from its own: -1 for 去年."""
    return {shift for word, shift in _RELATIVE if word.search(folded)}


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
        else:
            found.add(_MONTHS.get((match["from"], match["to"]), f"{match['from']}-{match['to']}"))
    return found


def days_in(folded: str) -> set[tuple[int, int | None]]:
    """(month, day) of the dates that a text names, in any usual form; the day is None where none is told."""
    found = set()
    for match in _DAY.finditer(folded):
        month, day = _value(match["month"]), match["day"] or match["number"]
        if 1 <= month <= 12:
            found.add((month, _value(day) if day else None))
    return found


def _value(text: str) -> int:
    return integer(text.replace("廿", "二十"))


def is_of_time(asked: AskedTime, setting: Setting) -> bool:
    """Whether the sentence may be of the years, parts of the year and days that are asked."""
    written = setting.stored.passage.context.date
    if asked.is_now and _THEN.search(setting.sentence) and not _NOW.search(setting.sentence):
        return False
    return (
        _is_of_year(asked, setting, written)
        and _is_of_period(asked, setting)
        and (not asked.days or _is_of_day(asked, setting))
    )


def _is_of_year(asked: AskedTime, setting: Setting, written: str | None) -> bool:
    if not asked.years:
        return True
    own = years_in(setting.sentence, written)
    if asked.years & own:
        return True
    if own and not asked.is_when:
        return False
    if asked.years & years_in("\n".join(setting.headings), written):
        return True
    # The date of a signature above the text is not what the text is about.
    told = next((years for text in reversed(setting.before) if (years := years_in(_FULL_DATE.sub(" ", text)))), None)
    if told is not None:
        return bool(asked.years & told)
    if written and written[:4].isdigit() and int(written[:4]) in asked.years:
        return True
    return bool(asked.years & years_in(setting.document))


def _is_of_period(asked: AskedTime, setting: Setting) -> bool:
    # Asked of a year, a half of it is too little; asked of nothing, any may be meant.
    wanted = asked.periods or (_YEARLY if asked.years and asked.is_number else frozenset())
    for text in setting.near_to_far if wanted else ():
        told = periods_in(text)
        if told:
            return bool(wanted & told)
        if wanted == _YEARLY and years_in(text):
            return True
    return not wanted or wanted == _YEARLY


def _is_of_day(asked: AskedTime, setting: Setting) -> bool:
    def told(text: str) -> bool:
        return any(
            m == month and (day is None or d is None or d == day)
            for m, d in days_in(text)
            for month, day in asked.days
        )

    if told(setting.sentence):
        return True
    # What another day had is no answer; until when and from when something holds is not its day.
    is_of_another = any(day is not None for _, day in days_in(setting.sentence))
    if is_of_another and not asked.is_when and not _LIMIT.search(setting.sentence):
        return False
    around = (*setting.before, *setting.headings, setting.stored.passage.context.date or "")
    return any(map(told, around))
