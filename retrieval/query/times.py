"""The time that a question names, and whether it asks for one."""

import re
from dataclasses import dataclass

from retrieval.text.fold import fold
from retrieval.text.times import NOW, days_in, periods_in, years_in

_WHEN = re.compile(
    r"什么时候|啥时候|何时|几时|哪[一]?[年天月日]|几[月号点年]|多会儿|什么时间|多久|日期|截止|\bwhen\b"
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
        bool(NOW.search(folded)),
    )
