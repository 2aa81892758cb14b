"""The time that a question names, and whether it asks for one."""

import re
from dataclasses import dataclass

from retrieval.text.fold import fold
from retrieval.text.lexicon import OF_CLOCK, WHAT_HOUR, WHEN, WHEN_ELSE, WHICH_DAY
from retrieval.text.times import NOW, days_in, has_impossible_day, periods_in, relative_years, years_in

_WHEN = re.compile(rf"{WHEN}|{WHEN_ELSE}|{WHAT_HOUR}|{WHICH_DAY}|几[月年{OF_CLOCK}]|多久|日期|截止|\bwhen\b")
_OF_THE_PAST = re.compile("修[正订改]前|原来|以前|最初|历[年次]|当时|之前|过去|曾")


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The years, parts of a year and days that a question names, and `shifts`, the years that it names by their
    distance from now (去年: -1). `is_when`: it asks for a time itself, `is_now`: for what holds now,
    `is_of_the_past`: for what held once, `is_impossible`: for what no calendar has (13月, 2月30日)."""

    years: frozenset[int]
    periods: frozenset[str]
    days: frozenset[tuple[int, int | None]]
    is_when: bool
    is_number: bool
    is_now: bool = False
    shifts: frozenset[int] = frozenset()
    is_of_the_past: bool = False
    is_impossible: bool = False


def asked_time(question: str, *, is_number: bool) -> AskedTime:
    folded = fold(question)
    days = frozenset(days_in(folded))
    return AskedTime(
        frozenset(years_in(folded)),
        frozenset(periods_in(folded)),
        days,
        bool(_WHEN.search(folded)),
        is_number,
        bool(NOW.search(folded)),
        frozenset(relative_years(folded)),
        bool(_OF_THE_PAST.search(folded)),
        has_impossible_day(folded),
    )
