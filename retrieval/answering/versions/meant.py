"""Which of several versions of one statement is meant: the rule as amended, the notice of this year.

Two sentences are versions of one statement when they are alike but for their figures, and stand in documents whose
titles are alike but for years and remarks (（2026年修正）). A question that names no year is answered by the newest
version in force; 去年 and 明年 by that of their year. Only versions of one statement are told apart so: of another
place or matter nothing is newer.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.times import AskedTime
from retrieval.query.library.paper import BODIES, DRAFT
from retrieval.text.day_spans import LONG_AGO, day_spans
from retrieval.text.fold import fold
from retrieval.text.mentions import asked_mentions
from retrieval.text.times import years_in
from retrieval.types import StoredPassage

_REMARK = "修订|修正|修改|新版|暂行|试行"
_YEARS = (
    r"(?:19|20)\d\d\s*(?:[-—~至]+\s*(?:19|20)\d\d\s*)?(?:学?年度?|年|版)?"
    "|[一二][九〇零][〇零一二三四五六七八九]{2}年度?"
)
_IN_BRACKETS = re.compile(
    rf"[(（\[〔【][^)）\]〕】]*(?:{_YEARS}|{_REMARK}|第[一二三四五\d]次)[^)）\]〕】]*[)）\]〕】]"
)
_REMARKS = re.compile(rf"{_YEARS}|{_REMARK}|\W")
_DRAFT = re.compile(DRAFT)
_NEVER = "9999-12-31"
"""From when a draft is in force."""
_ADJUSTS = re.compile(r"(?:进一步)?调整|重新|(?<=关于)公布")
"""关于调整停车收费标准的通知 is of the same rule as the notice before it."""
_EFFECT = re.compile(
    r"(?:本(?:办法|规定|条例|通知|意见|方案|细则|决定|通告|公告|标准)|新标准|上述标准|调整后的?[^,。;]{0,8})自?[自从]"
    r"(20\d\d)年(\d{1,2})月(\d{1,2})日起(?:正式|开始|试行|施行|实施|执行|生效)"
)
_BODY = re.compile(rf"[\u4e00-\u9fff]{{2,28}}(?:{BODIES})")
_HOUSE = re.compile(r"[\u4e00-\u9fff]{2,28}(?:公司|[学院]校|[中小大]学|幼儿园|医院)")
"""Bodies of which a place has several."""
_HEAD = 5
"""Lines at either end of a paper in which who issued it stands."""
FIGURES = re.compile(r"[\d.,:%]+|[〇零一二两三四五六七八九十百千万亿]+|\W")
_ALIKE = 0.8
"""Share of pairs of characters that versions of one statement have in common at least."""

K = TypeVar("K")
EndedBy = Callable[[StoredPassage], str | None]
"""The id of the document that has ended the paper in which the passage stands; None where none has."""


@dataclass(frozen=True)
class Version:
    """A sentence with what tells how new it is: the years in the title, else the day from which its paper says that
    it is in force, else the date of its article. A season of two years is in force from the first on; what bears no
    year in its title is (`lasts`) until something newer is. `until` is the last day that the sentence tells."""

    text: str
    title: str
    years: tuple[int, ...]
    date: str
    lasts: bool = False
    effect: str | None = None
    place: str = ""
    until: datetime.date = datetime.date.min

    @classmethod
    def of(cls, setting: Setting) -> "Version":
        stored = setting.stored
        title = fold(stored.passage.context.title or stored.document.title)
        date = stored.passage.context.date or stored.document.date or ""
        years, effect = years_in(_IN_BRACKETS.sub("", title)), None
        lasts = not years
        if _DRAFT.search(title):
            years, effect, date = {int(_NEVER[:4])}, _NEVER, _NEVER
        elif lasts:
            effect = _effect(setting.document)
            date, years = effect or date, years_in(title)
            years = {int(date[:4])} if effect or (not years and date[:4].isdecimal()) else years
        text, place = FIGURES.sub("", setting.sentence), place_of(setting.document)
        spans = day_spans(setting.sentence, setting.written or LONG_AGO)
        until = max((span.first if span.relation == "on" else span.last for span in spans), default=LONG_AGO)
        return cls(text, _core(title), tuple(sorted(years)), date, lasts, effect, place, until)

    @property
    def age(self) -> tuple[int, str]:
        """Larger for what is newer."""
        return self.years[-1], self.date

    def has_begun(self, day: datetime.date) -> bool:
        return self.date <= day.isoformat() if self.effect else self.years[0] <= day.year

    def is_paper_of(self, other: "Version") -> bool:
        """Whether both papers have one title, and not those of two villages or towns."""
        is_of_two = self.place and other.place and self.place != other.place
        return bool(self.title) and self.title == other.title and not is_of_two

    def is_of(self, other: "Version") -> bool:
        """Whether both are versions of one statement."""
        if not self.is_paper_of(other):
            return False
        mine, others = pairs(self.text), pairs(other.text)
        return len(mine & others) >= _ALIKE * max(1, len(mine | others))


def not_meant(asked: AskedTime, versions: Mapping[K, Version], today: datetime.date) -> set[K]:
    """Those of which another version is meant, or one that is not there; and of papers that say from when they are in
    force, all that stands in another than is in force then."""
    if asked.is_of_the_past or len(asked.shifts) > 1:
        return set()
    dated = {key: version for key, version in versions.items() if version.years}
    if asked.years:
        # When something is, a paper tells with days of other years; what else is asked of a year, sentences say.
        is_there = any(asked.years & {*version.years} for version in dated.values())
        if not asked.is_when or asked.days or len(asked.years) > 1 or not is_there:
            return set()
    wanted = next(iter(asked.years), asked.meant_year)
    told = dated.values()
    others = {key for key, version in dated.items() if not _is_meant(version, told, today, wanted, asked)}
    if asked.is_when:  # from when a paper is in force, it says before it is
        return others
    return others | {key for key, version in dated.items() if not _is_in_force(version, told, today, wanted)}


def _is_meant(
    version: Version, versions: Iterable[Version], today: datetime.date, wanted: int | None, asked: AskedTime
) -> bool:
    same = [other for other in versions if other.is_of(version)]
    if len({other.age for other in same}) < 2:
        return True
    left = [other for other in same if other.until >= today and other.effect != _NEVER]
    if left and asked.is_when and wanted is None:
        return version in _next_of(left)
    if (
        asked.is_when
        and asked.meant_year is not None
        and len(told := [v for v in same if v.until.year >= asked.meant_year]) == 1
    ):
        return version in told  # of 今年 is no day that was last year
    if wanted is not None and not all(other.lasts for other in same):
        begun = any(other.years[0] == wanted for other in same)
        return version.years[0] == wanted if begun else wanted in version.years
    in_force = [other.age for other in same if other.has_begun(_until(wanted, today))]
    return version.age == max(in_force, default=version.age if wanted is None else None)


def _next_of(versions: Sequence[Version]) -> list[Version]:
    """What is not over on the day on which is asked: of several years the first, and of that what was said last."""
    first = min(version.years[-1] for version in versions)
    same = [version for version in versions if version.lasts or version.years[-1] == first]
    return [version for version in same if version.age == max(other.age for other in same)]


def _is_in_force(version: Version, versions: Iterable[Version], today: datetime.date, wanted: int | None) -> bool:
    """Whether the paper is the one in force of all with its title that say from when they are. A draft is not where
    there is any other."""
    if version.effect == _NEVER:
        return all(other.effect == _NEVER for other in versions if other.is_paper_of(version))
    effects = {other.effect for other in versions if other.effect and other.is_paper_of(version)}
    if version.effect is None or len(effects) < 2:
        return True
    return version.effect == max(
        (effect for effect in effects if effect <= _until(wanted, today).isoformat()), default=None
    )


def _until(wanted: int | None, today: datetime.date) -> datetime.date:
    return today if wanted is None or wanted == today.year else datetime.date(wanted, 12, 31)


def _core(title: str) -> str:
    return _REMARKS.sub("", _ADJUSTS.sub("", _DRAFT.sub("", _IN_BRACKETS.sub("", title))))


@lru_cache(32)
def _effect(document: str) -> str | None:
    """The day (YYYY-MM-DD) from which the paper says that it is in force."""
    found = _EFFECT.search(document)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


@lru_cache(32)
def place_of(document: str) -> str:
    """The smallest place in the name of who issued the paper, or the school or company that did, which stands alone
    in a line of its head or its end. Empty where none is named."""
    lines = [line.strip() for line in document.splitlines() if line.strip()]
    ends = [*lines[:_HEAD], *lines[-_HEAD:]]
    if (house := next(filter(_HOUSE.fullmatch, ends), None)) is not None:
        return house
    bodies = [line for line in ends if _BODY.fullmatch(line)]
    named = [place for body in bodies for place in asked_mentions(body, nested=True)]
    smallest = max(named, key=lambda place: place.level, default=None)
    return "" if smallest is None else smallest.name + smallest.kind


def pairs(text: str) -> set[str]:
    """The pairs of characters of a text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def replaced(asked: AskedTime, likely: Mapping[K, Setting], ended_by: EndedBy) -> list[K]:
    """What stands in a paper that another has ended which answers as well: that is in force, unless it is asked what
    held once."""
    passages = {setting.document_id: setting.stored for setting in likely.values()}
    if len(passages) < 2 or asked.is_of_the_past or asked.years or asked.is_over:
        return []
    ended = {document for document, stored in passages.items() if ended_by(stored) in {*passages} - {document}}
    return [place for place, setting in likely.items() if setting.document_id in ended]
