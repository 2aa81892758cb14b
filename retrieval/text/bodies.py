"""The bodies that a text names: schools, hospitals, companies, halls, by form."""

import re
from collections.abc import Iterator

from retrieval.text.lexicon import ASKING_CHARACTERS, LARGER_PLACES, PLACES
from retrieval.text.places import STEM

_HAN = r"\u4e00-\u9fff"
BODIES = (
    "幼儿园|(?<!中)(?:小学|中学|学校)(?!生)|高中(?!生)|(?:人民|中|妇幼)?医院|妇幼保健院|卫生院|卫生室|(?:汽运|运输)?公司|合作社|博物馆|图书馆|文化馆|公园|水库|景区|法院|养老院|敬老院|食堂|"
    "大桥|电站|车站|广场|市场|水厂|酒店|宾馆|书店|农场|林场|牧场|花园|家园|物业(?![费管服])"
)
"""Their kinds, a pattern."""
_BODY = re.compile(rf"(?:(?<![{_HAN}])|(?<=[{LARGER_PLACES}省]))(?P<stem>[{_HAN}]{{2,6}}?)(?P<kind>{BODIES})")
_NO_STEM = re.compile(
    rf"(?:[{ASKING_CHARACTERS}的在去到个家所座各每该本这那些有和与或是里内外上下新老旧大小]|附近|周边|所有|什么|孩子|老人|公立|民办|私立|农村|城里|"
    r"镇上|县里|市里|村里|公共|老年|长者|社区|幸福|爱心|职工|学生|当地|本地|定点|综合|专科|重点|示范|试点|普通|其他|部分|级|建成|扩建|改建|走访|参观|我们|你们|他们|自来|供|净|农贸|批发|菜|"
    rf"第[一二三四五六七八九十]|请问|一共|互助|农民|专业|旅游|风景|[{PLACES}省])$"
)
_GENERIC = re.compile("(?:人民|中心|第[一二三四五六七八九十]|公立|联合)+$")
TOLD_APART = ("幼儿园", "小学", "中学", "学校", "高中", "医院", "养老院", "敬老院")
"""Bodies of which each has a name of its own; where another of the kind is named, what is said is of that one."""
_NOT_IN_NAME = frozenset(
    f"{ASKING_CHARACTERS}不还出无午晚早的了是有在到去来从给找问考进回开住月日号周个和与或把被让想们这那此其"
)
_DAYS = frozenset(f"{which}天" for which in "今明昨每当前后春夏秋冬半整几两一二三四五六七八九十")


def bodies(folded: str) -> Iterator[tuple[str, str]]:
    """(stem, kind) of the bodies that a folded text names: (育才, 小学); the stem may begin too early."""
    for match in _BODY.finditer(folded):
        whole = _GENERIC.sub("", match["stem"])
        stem = whole[-STEM:]
        if len(stem) == STEM and is_name(stem) and not _NO_STEM.search(whole):
            yield whole, match["kind"]


def is_name(stem: str) -> bool:
    """Whether a name may end so."""
    return not _NOT_IN_NAME & {*stem} and stem not in _DAYS
