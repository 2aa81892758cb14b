"""What a question takes from the story before it: the place that it names, and what 这个车 points at."""

import re
from itertools import pairwise

from retrieval.text.fold import fold
from retrieval.text.places import asked_names, places_in

_HAN = r"\u4e00-\u9fff"
_HERE = re.compile(r"(?:我们|俺们?|咱们?|这|那|本|该|我)个?(?:[县市区旗镇乡村]里?(?![委级政长])|里|儿|边)的?|当地的?")
"""The place of the story taken up again: 我们镇, 那边."""
_IS = re.compile("是|住在?|户口|户籍|家在")
"""Behind it a place is named: 我是云溪县的."""
_POINTS = re.compile(rf"(?:这|那|该)个?(?P<thing>[{_HAN}]{{1,4}})")
_NO_THING = re.compile("[这那个的了我你他她它们是在有要去到坐来把被和与说看]")


def within_story(asked: str, story: str) -> tuple[str, bool]:
    """The question with what it takes from the story, and whether it takes anything."""
    whole = _with_thing(asked, fold(story))
    whole = _with_place(whole, fold(story))
    return whole, whole != asked


def _with_place(asked: str, story: str) -> str:
    place = _last_place(_IS.sub(",", story))
    if place is None:
        return asked
    if here := _HERE.match(fold(asked)):
        return place + asked[here.end() :]
    return asked if asked_names(asked) or places_in(fold(asked)) else place + asked


def _last_place(story: str) -> str | None:
    """The place that was named last, with those that stand right before it: 云溪县白塘镇."""
    found = places_in(story)
    if not found:
        return next(iter(reversed(asked_names(story))), None)
    start = found[-1][0]
    for (at, place), (after, _) in reversed([*pairwise(found)]):
        if after != start or at + len(place.name) != after:
            break
        start = at
    return story[start : found[-1][0] + len(found[-1][1].name)]


def _with_thing(asked: str, story: str) -> str:
    """What 这个车 points at, by the longest of its characters that the story has: 5路公交车."""
    points = _POINTS.match(fold(asked))
    if points is None:
        return asked
    begin = points.start("thing")
    for end in range(points.end(), begin, -1):
        thing = fold(asked)[begin:end]
        before = rf"[{_HAN}]{{2}}" if len(thing) == 1 else ""
        for named in re.finditer(rf"(?:第?\d+(?:号线|[路号栋期]))?(?P<stem>{before}){thing}", story):
            if not _NO_THING.search(named["stem"]):
                return named[0] + asked[end:]
    return asked
