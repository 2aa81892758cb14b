"""Places that a text names: China's administrative divisions by name, all others by form.

What the list of divisions (`text/divisions.py`) does not have (towns, villages, counties that were renamed) is told
by form: a name before 县, 旗, 市, 区, 镇, 乡 and the like, where a name can begin. Pages name a county once and go on
with 该县, and one page speaks of several counties in turn: so a sentence speaks of the place of a kind that was named
last, in it or before it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from retrieval.text.divisions import RANK, divisions, is_listed, short_name
from retrieval.text.fold import fold
from retrieval.text.lexicon import ASKING_CHARACTERS, LARGER_PLACES, PLACE_WORDS, PLACES, SORTS_OF_PLACES, without
from retrieval.text.words import is_within_word

_HAN = r"\u4e00-\u9fff"
_KINDS = f"{PLACE_WORDS}|[{PLACES}州盟]"
_KIND = re.compile(_KINDS)
_BEFORE = "在于从到由与和及对向为往据以是住把将"
_NO_BEGINNING = "在于到由与及对向为往据以是把将全该本各"
"""Begins no name: 在青禾县 is read as 青禾县."""
_OF_TITLES = "关于|有关|转发|批转|印发|对于|由于"  # and neither do these: 关于青禾县…
_MAY_BE_SHORT = re.compile(rf"(?:^|[^{_HAN}]|[在从到去来和与]|来自)(?=[{_HAN}])")
_JOINS = re.compile(rf"(?<=[{_HAN}])(?<![在于从到由对向为往省市])[和与及]")
"""In 乡镇医院和县医院 no 和县 is named, in 马鞍山市和县 it is."""
_NO_PLACE = re.compile(
    rf"[{ASKING_CHARACTERS}的了是有届个位名一这那当想请问们给让把被说]|[之以此]前$|原[来先]$|[目当]前$|如今$|\d年$"
)
"""In no name of a place: 什么乡, 新一届县."""
_SURE = without(PLACES, "市村")
"""Kinds whose names are told by form in a question: too many words end like the others (股市, 选村)."""
# 该县, 全县, 四县, 县县委, 城乡: the kind without a name before it.
_NO_NAME = (
    f"{PLACES}的该全本各我此每两三四五六七八九十几多外邻个和与到去回在为是按有社小园城州盟美这那其整由任兼离距动项据"
)
_WORDS = frozenset(
    [f"{word}区" for word in "山灾景校厂农牧郊特街片辖库矿新老战社地院动住商林湾"]
    + [f"{word}村" for word in "山农新旧"]
    + [f"{word}旗" for word in "红党国锦彩军"]
    + [f"{word}市" for word in "跨住股门超夜早菜"]
)
"""End like names and are none."""
_SORT = re.compile(f"(?:{SORTS_OF_PLACES})$")
_ASKED = re.compile(rf"([{_HAN}]{{1,8}}?)([{LARGER_PLACES}])")
# Another place counts only where a subject stands: at the start of a clause, after 省 or a quotation mark.
_OTHER = re.compile(rf"(?:^|[^{_HAN}]|省)([{_HAN}]{{2,4}})([{LARGER_PLACES}])(?![级委政里内外直])", re.MULTILINE)
# By form a place counts where a name can begin: at the start of a clause, after another place or a preposition.
_FORM = re.compile(
    rf"(?:(?<![{_HAN}])|(?<=[{LARGER_PLACES}省州盟{_BEFORE}])|(?<=街道|苏木|{_OF_TITLES}))(?!{_OF_TITLES})"
    rf"([{_HAN}]{{2,4}}?)({_KINDS})(?![级委政里内外直长情域容])(?!(?<=乡)镇)"
)
"""乡镇 is a word of its own: 津贴乡镇审核."""
STEM = 2
"""Characters before the kind that tell two places apart, without a guess where a name begins: 左云县, 云溪县."""


class Place(NamedTuple):
    """A place as a text names it, folded: `name` is the whole (左云县), `kind` its last part (县; empty for 左云)."""

    name: str
    kind: str

    @property
    def stem(self) -> str:
        """The name without its kind."""
        return self.name.removesuffix(self.kind) if self.kind else self.name

    def same_as(self, other: "Place") -> bool:
        """Whether both may be the same place: one is named by the end or the beginning of the other's name."""
        if self.kind and other.kind:
            return self.kind == other.kind and self.stem[-STEM:] == other.stem[-STEM:]
        return self.stem == other.stem or short_name(self.name) == short_name(other.name)


_WORDS_OF_EVERY_DAY = (
    "新建 互助 通道 合作 友好 平安 延长 安居 富裕 复兴 前进 前锋 振兴 解放 和平 共和 光明 回民 "
    "民乐 民权 资源 公安 工农 运河 大方 大田 大名 宏伟 安定 平定 平房 比如 永定 无为 东方 南部 "
    "南岸 港口 海港 城北 城厢 城口 老城 市北 市南 路北 路南 中方 江岸 江口 河口 湖口 洞口 鼓楼 "
    "灯塔 莲花 牡丹 芙蓉 海棠 梨树 桃源 甘泉 高台 太平 天桥 平原 青山 路桥 古城 山城 新城 "
    "新市 新兴 新华 滨海 滨江 滨湖 河东 河西 江南 江北 城东 城西 城关 东城 西城 南关 北关 东湖 "
    "西湖 南湖 太湖 南山 东山 西山 中山 开化 爱民 富民 乐业 兴业 东风 二道 万年 天元 长寿 双城 "
    "商城 友谊 向阳 红旗"
)
_EVERYDAY = frozenset(_WORDS_OF_EVERY_DAY.split())
"""Short names that are such words (新建小区, 古城门票): no county is meant by them unless a document names it."""


@cache
def _by_beginning() -> dict[str, list[str]]:
    """The full names by their first two characters, the longest first."""
    full, _ = divisions()
    names: dict[str, list[str]] = {}
    for name in sorted(full, key=len, reverse=True):
        names.setdefault(name[:2], []).append(name)
    return names


def _listed(text: str) -> Iterator[tuple[int, str]]:
    """(offset, name) of the full names in a folded text, the longest at each place, none inside another."""
    names, taken = _by_beginning(), 0
    for at, pair in enumerate(map("".join, pairwise(text))):
        if pair in names and at >= taken:
            name = next((name for name in names[pair] if text.startswith(name, at)), "")
            if name and not (len(name) == STEM and _JOINS.match(text, at)):
                yield at, name
                taken = at + len(name)


def places_in(text: str) -> list[tuple[int, Place]]:
    """(offset, place) of the places that a folded text names, in order; short names are not taken."""
    listed = [*_listed(text)]
    taken = {at + i for at, name in listed for i in range(len(name))}
    found = [(at, Place(name, _kind_of(name))) for at, name in listed]
    for match in _FORM.finditer(text):
        start, end = match.start(1) + (match[1][0] in _NO_BEGINNING), match.end(2)
        stem = text[start : match.end(1)]
        is_word = (
            len(stem) < STEM
            or "哪" in stem
            or _SORT.search(stem)
            or stem[-1] in _NO_NAME
            or stem[-1] + match[2] in _WORDS
        )
        if not is_word and not taken & {start, end - 1}:
            found.append((start, Place(text[start:end], match[2])))
    return sorted(found)


def asked_names(question: str) -> list[str]:
    """The places that a question names, folded. By form only where a clause begins; short names (左云, 遵义) only
    where nothing but a name can stand: at the beginning of a clause, after 在, 从, 到 and the like."""
    folded = fold(question)
    names = [place.name for at, place in places_in(folded) if is_listed(place.name) or _begins(folded, at, place)]
    short = divisions()[1]
    for match in _MAY_BE_SHORT.finditer(folded):
        for length in (5, 4, 3, 2):
            start, end = match.end(), match.end() + length
            name = folded[start:end]
            if name not in short or is_within_word(folded, start, end):
                continue
            if name in _EVERYDAY and not _KIND.match(folded, end):
                continue
            if not any(short_name(other).startswith(name) or name in other for other in names):
                names.append(name)
                break
    return names


def _begins(text: str, at: int, place: Place) -> bool:
    alone = not at or not re.match(rf"[{_HAN}]", text[at - 1])
    return alone and place.kind in _SURE and not _NO_PLACE.search(place.stem)


def named_places(text: str) -> list[str]:
    """The names alone."""
    return [place.name for _, place in places_in(fold(text))]


def _kind_of(name: str) -> str:
    kind = name[-1]
    return kind if kind in RANK else ""


# -- which place a sentence is about -------------------------------------------------------------------------------


def places_asked(question: str) -> list[tuple[str, str]]:
    """The places that a question names: (last characters of the name, kind), folded: (左云, 县)."""
    found = _ASKED.findall(fold(question))
    return [(name[-STEM:], kind) for name, kind in found if name[-1] not in _NO_NAME]


def last_place(
    folded: str, asked: Sequence[tuple[str, str]], before: tuple[str, str] | None = None
) -> tuple[str, str] | None:
    """The place that was named last in a folded text, of the kinds that are asked; `before` when none is named."""
    if not asked:
        return None
    kinds = {kind for _, kind in asked}
    if not any(kind in folded for kind in kinds):
        return before
    named = ((match.end(2), (match[1][-STEM:], match[2])) for match in _OTHER.finditer(folded))
    mentions = [(end, place) for end, place in named if place[1] in kinds and place[0][-1] not in _NO_NAME]
    for stem, kind in asked:
        at = folded.rfind(stem + kind)
        if at >= 0:
            mentions.append((at + len(stem + kind), (stem, kind)))
    return max(mentions, key=lambda mention: mention[0])[1] if mentions else before
