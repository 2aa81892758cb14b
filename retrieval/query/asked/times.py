"""The time that a question names, and whether it asks for one."""

import datetime
import re
from dataclasses import dataclass

from retrieval.text.day_spans import DaySpan, day_spans, near_spans
from retrieval.text.fold import fold
from retrieval.text.lexicon import ASKING_CHARACTERS, HOW_MANY, MANY, OF_CLOCK, WHAT_HOUR, WHEN, WHEN_ELSE, WHICH_DAY
from retrieval.text.times import (
    IN_FORCE,
    NOW,
    days_in,
    has_impossible_day,
    periods_in,
    recent_in,
    relative_years,
    seasons_in,
    years_in,
)

_WHEN = re.compile(rf"{WHEN}|{WHEN_ELSE}|{WHAT_HOUR}|{WHICH_DAY}|几[月年{OF_CLOCK}]|多久|日期|截止|\bwhen\b")
_OF_THE_PAST = re.compile("修[正订改]前|原来|以前|最初|历[年次]|当时|之前|过去|曾")
_OF_CHANGE = re.compile(
    "调整|调[到至为价]|[上下]调|提[高到至标价]|降[低到至价为]|涨|变[化动更成为]|改[为成]|修[正订改]|"
    "新(?:的|标准|规定|政策|办法|价)|(?<!最)新(?=的?[标规政办价])|将来|今后|往后|未来|即将|(?:^|[,。])以后"
)
_OF_PRICE = re.compile("[价费钱元]|标准|补[贴助]|津贴|租金|优惠")
_CLAUSE = re.compile("[^,;。!?]+")
_ASKS = re.compile(f"[{ASKING_CHARACTERS}吗怎咋啥]")
_ADVERB = 5
"""Characters of a clause that only says when, at most: 明天上午,哪里停水."""
_EACH_MONTH = re.compile(
    rf"(?<![年十])一月(?=[^,。?!;份底初末中上下几一二三\d]{{0,3}}(?:{MANY}|几[十百千万]*[块元]))"
)
"""一月多少钱 is said of each month."""
_DAY_OF_ASKER = re.compile("[今昨前]天(?=[我俺想刚才听看]|来(?![水电气暖])|收到)")

_EVERY_YEAR = re.compile("[每历]年")
_NEAREST = datetime.timedelta(92)
"""A day of no year that is so near on the day on which is asked is meant in that year, and in no other."""
_SHORTEST = 4
"""Characters of a question that says what it is about, at least."""
_RULES = "规定|政策|文件"
_TIMELESS = re.compile(
    rf"(?:根据|按照?|依[照据])?(?:最新|{IN_FORCE})的?(?:{_RULES})[,，]?(?![是有的在为怎吗?？]|什么|$)|"
    rf"(?:最新|{IN_FORCE})的?(?!的?(?:{_RULES}|通知|公告|消息|新闻|动态|进展|情况))|(?!现行)(?:{NOW.pattern})的?|修[正订改][之以]?前的?"
)
_COUNT = "[0-9一二两三四五六七八九十]"
_OF_ASKER = re.compile(
    r"(?:今年|去年|上年|前年)(?:(?!津贴|补[贴助]|标准|[费金价])[^,。?!;]){0,4}?"
    rf"(?:{_COUNT}周?岁(?!及?以[上下]|[至到—~-]|的?老)|满{_COUNT}|刚(?!性)|(?<!人)才|(?:出生|退休|毕业)(?=[的了能可还有怎该要就,。?!;]|$))"
    rf"(?![^,。?!;]{{0,8}}(?:[有共](?:{HOW_MANY})(?:$|\?)|了(?:{HOW_MANY})|(?:{HOW_MANY})[人名位个]))"
)
"""今年80岁 and 去年出生 tell of who asks; 去年出生的有多少人 asks of the year itself."""


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The years, parts of a year and days that a question names, and `shifts`, the years that it names by their
    distance from now (去年: -1), but no time of who asks (我去年3月退休). Where it names but one, by its distance,
    `meant_year` is that year on the day on which is asked, and `is_over` whether it is. `is_when`: it asks for a time
    itself, `is_now`: for what holds now, `is_of_the_past`: for what held once, `is_impossible`: for what no calendar
    has (13月, 2月30日). `near` are the days that 明天 or 下周 mean `today`, and `recent` is N of 近N年.
    `is_of_change`: it asks what becomes of something, and so for what holds later as well; `is_of_price`: for what is
    paid. `seasons` are the years that it calls 年度."""

    years: frozenset[int]
    periods: frozenset[str]
    days: frozenset[tuple[int, int | None]]
    is_when: bool
    is_number: bool
    is_now: bool = False
    shifts: frozenset[int] = frozenset()
    is_of_the_past: bool = False
    is_impossible: bool = False
    meant_year: int | None = None
    is_over: bool = False
    today: datetime.date | None = None
    near: DaySpan | None = None
    recent: int | None = None
    is_of_change: bool = False
    is_of_price: bool = False
    seasons: frozenset[int] = frozenset()

    @property
    def names_time(self) -> bool:
        """Whether it says of which time it asks, or asks for it."""
        return bool(self.years or self.periods or self.days or self.shifts or self.near) or self.is_when


def asked_time(question: str, *, is_number: bool, today: datetime.date | None = None) -> AskedTime:
    """`today` is the day on which is asked, None where it is not known."""
    folded = fold(question)
    about = _EACH_MONTH.sub(" ", _OF_ASKER.sub(" ", folded))
    days, years, shifts = frozenset(days_in(about)), frozenset(years_in(folded)), frozenset(relative_years(about))
    shift = next(iter(shifts)) if len(shifts) == 1 and not years else None
    return AskedTime(
        years,
        frozenset(periods_in(about)),
        days,
        bool(_WHEN.search(folded)),
        is_number,
        bool(NOW.search(folded)),
        shifts,
        bool(_OF_THE_PAST.search(folded)),
        has_impossible_day(folded),
        None if shift is None or today is None else today.year + shift,
        shift is not None and shift < 0,
        today,
        None if today is None else _near(about, today),
        next(iter(recent_in(folded)), None),
        bool(_OF_CHANGE.search(folded)),
        bool(_OF_PRICE.search(folded)),
        frozenset(seasons_in(folded)),
    )


def _near(about: str, today: datetime.date) -> DaySpan | None:
    """What 明天 means, or 12月3日 where that is near. No day of a story that leads to what is asked:
    孩子明天不在校吃饭,什么时候取消."""
    clauses = _CLAUSE.findall(_DAY_OF_ASKER.sub(" ", about))
    is_asked = any(map(_ASKS.search, clauses))
    said = [clause for clause in clauses if not is_asked or _ASKS.search(clause) or len(clause) <= _ADVERB]
    spans = [span for clause in said for span in near_spans(clause, today)]
    if not spans and not (years_in(about) or relative_years(about) or _EVERY_YEAR.search(about)):
        to_the_day = [clause for clause in said if None not in dict(days_in(clause)).values()]
        spans = [
            span for clause in to_the_day for span in day_spans(clause, today) if span.relation in ("at", "between")
        ]
        spans = [span for span in spans if abs(span.first - today) <= _NEAREST]
    return DaySpan(min(spans).first, max(span.last for span in spans)) if spans else None


def timeless(question: str) -> str:
    """The question without words that only say which of several versions is meant: 目前, 最新的, 修改前. The reader
    takes what does not say so for something else."""
    left = _TIMELESS.sub("", question)
    return left if len(left) >= _SHORTEST else question
