"""Which statement of a standard a later paper adjusts, whatever its title: 自2027年1月1日起，高龄津贴标准调整为…."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.answering.versions.meant import FIGURES, pairs, place_of
from retrieval.query.asked.times import AskedTime
from retrieval.text.day_spans import LONG_AGO, day_spans

_BECOMES = re.compile("(?:调整|提高|降低|[上下]调)[为到至]")
_ADJUSTS = re.compile(
    r"[自从](?P<since>[^,。;]{2,16}?起),?(?P<thing>[\u4e00-\u9fff]{2,20}?)的?(?:标准|价格|费用|额度|金额)?"
    rf"(?:由[^,。;]{{1,20}})?(?:统一)?{_BECOMES.pattern}"
)
_CONTAINED = 0.8
"""Share of pairs of characters of a statement that stand in the one that adjusts it, at least."""

K = TypeVar("K")


def adjusted(
    asked: AskedTime, likely: Mapping[K, Setting], everything: Iterable[Setting], today: datetime.date
) -> list[K]:
    """What was said before of the very thing, in words that stand in the adjustment, and in a paper of no other
    place; nothing where it is asked of a time."""
    if asked.is_of_the_past or asked.years or asked.is_over or asked.is_when:
        return []
    near = [other for other in everything if _BECOMES.search(other.stored.text)]  # before much is folded
    later = [(other, found) for other in near if (found := _ADJUSTS.search(other.sentence))]
    return [key for key, said in likely.items() if any(_adjusts(other, found, said, today) for other, found in later)]


def _adjusts(other: Setting, found: re.Match[str], said: Setting, today: datetime.date) -> bool:
    since = [span.first for span in day_spans(found["since"], other.written or LONG_AGO)]
    if not since or not said.written or not said.written < since[0] <= today or _ADJUSTS.search(said.sentence):
        return False
    own, others = (pairs(FIGURES.sub("", setting.sentence)) for setting in (said, other))
    places = {place_of(setting.document) or setting.known_place for setting in (said, other)} - {""}
    is_of_it = any(found["thing"] in text for text in (said.sentence, *said.headings))
    return is_of_it and len(places) < 2 and len(own & others) >= _CONTAINED * len(own)
