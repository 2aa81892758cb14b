"""What a question takes from the story before it: the place that it names, and what 这个车 points at."""

import re
from itertools import pairwise

from retrieval.query.followup.further import ASKING
from retrieval.text.fold import fold
from retrieval.text.lexicon import ASKING_CHARACTERS, PLACES
from retrieval.text.places import asked_names, places_in

_HAN = r"\u4e00-\u9fff"
_HERE = re.compile(rf"(?:我们|俺们?|咱们?|这|那|本|该|我)个?(?:[{PLACES}]里?(?![委级政长])|里|儿|边)的?|当地的?")
"""The place of the story taken up again: 我们镇, 那边."""
_IS = re.compile("是|住在?|户口|户籍|家在")
"""Behind it a place is named: 我是云溪县的."""
_POINTS = re.compile(rf"(?:这|那|该)个?(?P<thing>[{_HAN}]{{1,4}})")
_TOLD = re.compile("[我俺咱家妈爸爷奶]|孩子|老人|父亲|母亲|儿子|女儿|老婆|老公|媳妇")
"""Who tells of oneself, or of one's own."""
_THEIR = re.compile("[他她]们?(?:老人家?)?的?")
"""Of whom the story tells; behind it nobody says who that is."""
_CLAUSE = re.compile(r"[^\s,。!~、;:…]{2,}")
_BODY = re.compile(
    f"[{_HAN}]{{2}}(?:小学|中学|高中|大学|学校|医院|卫生院|幼儿园|公司|养老院|敬老院|小区|花园|家园|中心|厂|合作社|银行)"
)
"""What a story names that is no place, and that the question may be about all the same."""
_GENERAL = re.compile(
    r"电话|材料|手续|地方|部门|单位|时间|证件|窗口|公司|学校|医院|费用|报名|申请|办理|领取|报销|登记|预约|咨询|联系|提前|"
    r"现在|今年|明年|这样|那样|这种|那种|这个|那个|情况|问题|事情|应该|需要|可以|能不能|可不可以|要不要|有没有|是否|是不是|"
    rf"[{ASKING_CHARACTERS}我俺咱们你您他她它这那在到去来从向给找问打做办领交查要能会可得有是的了过着吗呢么啊呀嘛吧还也都就才再不没被把让用钱人天年月次?!,。、\s]"
)
"""What a question may be made of without naming what it is about."""
_NO_THING = re.compile("[这那个的了我你他她它们是在有要去到坐来把被和与说看]")


def within_story(asked: str, story: str) -> tuple[str, bool] | None:
    """The question with what it takes from the story, and whether it takes anything; None where the story is none, or
    says what the question is about (旧卡里还有钱想退，请问去哪儿办)."""
    told = fold(story)
    if _TOLD.search(told) and (their := _THEIR.match(fold(asked))):
        asked = asked[their.end() :]
    pointed = _with_thing(asked, told)
    whole = _with_place(pointed, told)
    is_named = whole != asked or len(_CLAUSE.findall(told)) > 1
    if (
        not _TOLD.search(told)
        or not is_named
        or (pointed == asked and not _stands_alone(fold(asked), whole != asked))
    ):
        return None
    return None if _BODY.search(told) and not _BODY.search(fold(asked)) else (whole, whole != asked)


def _stands_alone(asked: str, has_place: bool) -> bool:
    """Whether the question names what it is about."""
    return len(_GENERAL.sub("", ASKING.sub("", asked))) > (1 if has_place else 2)


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
