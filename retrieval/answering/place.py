"""Is the sentence about the place that is asked? What another county, town or village has is never the answer.

Pages name a place once and go on with 该县, or with nothing; so a sentence is about the place of a rank that was
named last: in it, before it in its passage, in the section, the title, the file name or the folder.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.mentions import asked as asked_mentions
from retrieval.text.places import RANK, Place, asked_names, full_name, is_listed, lies_in, places_in, short_name
from retrieval.text.sounds import read_aloud

_HAN = r"\u4e00-\u9fff"
_RANKED = RANK | {"小区": 4}
_STEM = 2
_SHORT = 3
_BODIES = (
    "幼儿园|(?<!中)(?:小学|中学|学校)(?!生)|高中(?!生)|(?:人民|中|妇幼)?医院|妇幼保健院|卫生院|卫生室|(?:汽运|运输)?公司|合作社|博物馆|图书馆|文化馆|公园|水库|景区|法院|养老院|敬老院|食堂|"
    "大桥|电站|车站|广场|市场|水厂|酒店|宾馆|书店|农场|林场|牧场|花园|家园|物业(?![费管服])"
)
_BODY = re.compile(rf"(?:(?<![{_HAN}])|(?<=[省市县区旗镇乡]))(?P<stem>[{_HAN}]{{2,6}}?)(?P<kind>{_BODIES})")
_NO_STEM = re.compile(
    r"(?:[的在去到哪个家所座各每该本这那些几多少么有和与或是里内外上下新老旧大小]|附近|周边|所有|什么|孩子|老人|公立|民办|私立|农村|城里|"
    r"镇上|县里|市里|村里|公共|老年|长者|社区|幸福|爱心|职工|学生|当地|本地|定点|综合|专科|重点|示范|试点|普通|其他|部分|级|建成|扩建|改建|走访|参观|我们|你们|他们|自来|供|净|农贸|批发|菜|"
    r"第[一二三四五六七八九十]|请问|一共|互助|农民|专业|旅游|风景|[省市县区旗镇乡村])$"
)
_NO_END = re.compile("[直委级政]")
"""After a name it was none: 乡镇和县直机关."""
_GENERIC = re.compile("(?:人民|中心|第[一二三四五六七八九十]|公立|联合)+$")
_TOLD_APART = ("幼儿园", "小学", "中学", "学校", "高中", "医院", "养老院", "敬老院")
"""Bodies of which each has a name of its own; where another of the kind is named, what is said is of that one."""
_NOT_IN_NAME = frozenset(
    "不出无午晚早的了是有在到去来从给找问考进回开住月日号周个哪几多少么什和与或把被让想们这那此其"
)
_DAYS = frozenset(f"{which}天" for which in "今明昨每当前后春夏秋冬半整几两一二三四五六七八九十")
_ALIAS_END = "县市区旗镇乡村"
_AMONG = ("社区", "小区", "街道", "镇", "乡", "村")
"""Kinds of which several are named together, the kind but once."""

_TITLE = re.compile("《[^》]*》")
"""What is called 《新时代幼儿园…》 names no kindergarten."""


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place that a question names, folded: `name` as it is looked for in texts, its `rank` (2 is a county; None for
    a body: a school, a hospital), of which kind the body is, and the `whole` of what may be its name."""

    name: str
    rank: int | None
    body: str = ""
    whole: str = ""

    def named_in(self, text: str) -> bool:
        """Whether the text names it, whole, short, or among others (南门、河街两个社区); 大同市 is no 大同县."""
        if self.name in text:
            return True
        kind = next((kind for kind in _AMONG if self.name.endswith(kind)), None)
        if kind and kind in text and re.search(rf"{re.escape(self.name.removesuffix(kind))}[、和与及]", text):
            return True
        short = short_name(self.name)
        if short == self.name and self.rank is not None and len(self.name) > _STEM and self.name[-1] in _ALIAS_END:
            short = self.name[:-1]
        return (
            len(short) >= _STEM
            and short != self.name
            and re.search(rf"{re.escape(short)}(?![{_ALIAS_END}])", text) is not None
        )


def asked_places(question: str, known: Iterable[str] = ()) -> list[AskedPlace]:
    """The places and bodies that a question names. `known` are names from documents (左云县): a question that says
    左云 means them."""
    folded = fold(question)
    found: dict[str, AskedPlace] = {}
    whole = [place for _, place in places_in(folded)]
    schools = {stem[-_STEM:] for stem, kind in _bodies(folded) if kind.endswith(_TOLD_APART)}
    for name in asked_names(question):
        if is_listed(name):
            found[name] = AskedPlace(name, _rank_of(name))
        elif not name.endswith(tuple(_RANKED)) and name not in schools:
            # 和平 is short for a county, and a part of 和平社区 and 和平小学.
            place = next((one for one in whole if one.stem == name), None)
            found[place.name if place else name] = (
                AskedPlace(place.name, _RANKED[place.kind]) if place else AskedPlace(name, _rank_of(full_name(name)))
            )
    for mention in asked_mentions(folded, nested=True):
        name = mention.name[-_STEM:] + mention.kind
        begins = mention.end - len(name)
        if not _is_name(mention.name[-_STEM:]) or _is_within(begins, folded, known):
            continue
        if not any(name in other or other.endswith(name) for other in found):
            found[name] = AskedPlace(name, _RANKED.get(mention.kind))
    for name in known:
        stem = name[:-1]
        is_meant = len(stem) >= _STEM and re.search(rf"{re.escape(stem)}(?![{_ALIAS_END}])", folded)
        if is_meant and not any(stem in other for other in found):
            found[name] = AskedPlace(name, _rank_of(name))
    taken = list(found)
    for whole_stem, kind in _bodies(folded):
        stem = whole_stem[-_STEM:]
        if not any(stem in name for name in taken):
            found[stem + kind] = AskedPlace(stem, None, kind, whole_stem)
    return list(found.values())


def _is_within(offset: int, folded: str, known: Iterable[str]) -> bool:
    """Whether a known name goes on at the offset: 溪选村 of 云溪选村干部 is no name."""
    stems = {name[:-1] for name in known if len(name) > _STEM}
    return any(m.start() < offset < m.end() for stem in stems for m in re.finditer(re.escape(stem), folded))


def _bodies(folded: str) -> Iterator[tuple[str, str]]:
    for match in _BODY.finditer(folded):
        whole = _GENERIC.sub("", match["stem"])
        stem = whole[-_STEM:]
        if len(stem) == _STEM and _is_name(stem) and not _NO_STEM.search(whole):
            yield whole, match["kind"]


def _is_name(stem: str) -> bool:
    return not _NOT_IN_NAME & {*stem} and stem not in _DAYS


def _rank_of(name: str) -> int | None:
    return next((rank for kind, rank in _RANKED.items() if name.endswith(kind)), RANK["县"])


def is_of_place(asked: Iterable[AskedPlace], setting: Setting) -> bool:
    """Whether the sentence may be about each of the places."""
    return all(_is_of(place, setting) for place in asked)


def _is_of(place: AskedPlace, setting: Setting) -> bool:
    for text in (setting.sentence, *reversed(setting.before), "\n".join(setting.headings), setting.known_place):
        if place.named_in(text) or _misspelt_in(text, place):
            return True
        if _names_one_like(text, place, setting):
            return False
    document = setting.document
    return place.named_in(document) or _may_begin_earlier(place, document) or _names_part_of(place, document)


def _names_part_of(place: AskedPlace, text: str) -> bool:
    """Whether the text names a county or city that lies in the place: 虹口区 of 上海."""
    full = full_name(place.name)
    return is_listed(full) and any(lies_in(found.name, full) for _, found in places_in(text))


def _may_begin_earlier(place: AskedPlace, text: str) -> bool:
    """Whether the text has the beginning of what may be a body's name: 陆家嘴 of 陆家嘴心家园."""
    return len(place.whole) > _STEM and place.whole[:-1] in text


def _misspelt_in(text: str, place: AskedPlace) -> bool:
    """Whether the text names a place that sounds the same: 敖汗旗 means 敖汉旗."""
    if place.rank is None or len(place.name) <= _STEM:
        return False
    alike = [found.name for _, found in places_in(text) if len(found.name) == len(place.name)]
    return any(read_aloud(name) == read_aloud(place.name) for name in alike)


def _names_one_like(text: str, place: AskedPlace, setting: Setting) -> bool:
    """Whether the text names a place of the same rank, or another school where one is asked about."""
    text = _TITLE.sub(" ", text)
    if place.rank is not None:
        full = full_name(place.name)
        return any(
            _RANKED.get(found.kind) == place.rank
            and not (lies_in(found.name, full) or lies_in(full, found.name))
            and not _NO_END.match(text, at + len(found.name))
            and (is_listed(found.name) or _is_told_by_form(found, setting))
            for at, found in places_in(text)
        )
    kind = next((one for one in _TOLD_APART if place.body.endswith(one)), None)
    return kind is not None and any(body.endswith(kind) for _, body in _bodies(text))


def _is_told_by_form(found: Place, setting: Setting) -> bool:
    """Whether what has the form of a name is one: 围绕家乡 is none, and a long one must come again."""
    if not _is_name(found.stem) or found.name.endswith("家乡"):
        return False
    return len(found.stem) <= _SHORT or setting.document.count(found.name) > 1
