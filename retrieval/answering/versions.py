"""Which of several versions of one statement is meant: the rule as amended, the notice of this year.

Two sentences are versions of one statement when they are alike but for their figures, and stand in documents whose
titles are alike but for years and remarks (（2026年修正）). A question that names no year is answered by the newest
version in force; 去年 and 明年 by that of their year. Only versions of one statement are told apart so: of another
place or matter nothing is newer.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from retrieval.answering.setting import Setting
from retrieval.answering.time import years_in
from retrieval.text.fold import fold

_RELATIVE = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_IN_BRACKETS = re.compile(r"[(（\[〔【][^)）\]〕】]*[)）\]〕】]")
_REMARKS = re.compile(r"[\d〇零一二三四五六七八九十]+|[年度第届期次版]|修订|修正|修改|新版|暂行|试行|最新|\W")
_FIGURES = re.compile(r"[\d.,:%]+|[〇零一二两三四五六七八九十百千万亿]+|\W")
_ALIKE = 0.8
"""Share of pairs of characters that versions of one statement have in common at least."""

K = TypeVar("K")


@dataclass(frozen=True)
class Version:
    """A sentence with what tells how new it is: the year in the title, else in the text above it, else the date of
    its article."""

    text: str
    title: str
    year: int | None
    date: str

    @classmethod
    def of(cls, setting: Setting) -> "Version":
        stored = setting.stored
        title = fold(stored.passage.context.title or stored.document.title)
        date = stored.passage.context.date or stored.document.date or ""
        years = years_in(title) or ({int(date[:4])} if date[:4].isdigit() else set())
        return cls(_FIGURES.sub("", setting.sentence), _core(title), max(years, default=None), date)

    def is_of(self, other: "Version") -> bool:
        """Whether both are versions of one statement."""
        if not self.title or self.title != other.title:
            return False
        mine, others = _pairs(self.text), _pairs(other.text)
        return len(mine & others) >= _ALIKE * max(1, len(mine | others))


def not_meant(question: str, versions: Mapping[K, Version], today: datetime.date) -> set[K]:
    """Those of which another version is meant."""
    folded = fold(question)
    if years_in(folded):
        return set()
    shift = next((shift for word, shift in _RELATIVE.items() if word in folded), None)
    out: set[K] = set()
    for key, one in versions.items():
        same = [other for other in versions.values() if other.is_of(one)]
        meant = _meant(same, today.year, shift)
        if meant is not None and (one.year, one.date) != (meant.year, meant.date):
            out.add(key)
    return out


def _meant(same: Sequence[Version], this_year: int, shift: int | None) -> Version | None:
    dated = [one for one in same if one.year is not None]
    if len({(one.year, one.date) for one in dated}) < 2:
        return None
    if shift is not None:
        return next((one for one in dated if one.year == this_year + shift), None)
    in_force = [one for one in dated if one.year is not None and one.year <= this_year]
    return max(in_force, key=lambda one: (one.year or 0, one.date), default=None)


def _core(title: str) -> str:
    return _REMARKS.sub("", _IN_BRACKETS.sub("", title))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
