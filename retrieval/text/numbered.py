"""Things that a text tells apart by a number: 3路, 二期, 第二小学, 12号楼, 第一阶梯, 第二水厂."""

import re
from collections.abc import Iterator

from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.numbers import integer

_THING = re.compile(
    r"(?:[第头]?(?P<number>(?<!\d)\d{1,4}|(?!(?<!第)一批)[一二三四五六七八九十]{1,3})|(?P<first>首)(?=[届批期]))"
    r"(?P<kind>路(?![口段人])|号线|号楼|号院|栋|标段|期(?![间望末限货待])|届|批次?|阶梯|档(?!案)|等奖|中学|小学|幼儿园|幼(?![师儿])|"
    r"中(?![心国间等上下午旬共秋小介年途型层部餐文药医标]))"
)
_FACILITY = re.compile(
    rf"(?:第|(?<![\u4e00-\u9fff])|(?<=[{PLACES}]))(?P<number>(?<!\d)\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
    r"(?P<kind>人民医院|水厂|污水(?:处理)?厂|电厂|(?:换热|变电|加油|加压|供热|供水|客运|汽车|转运|消防|收费|泵)站|"
    r"食堂|餐厅|车间|敬老院|福利院|图书馆|大桥|水库|农贸市场|(?:供电|派出|卫生)所)"
)
"""第二水厂, and 县二水厂: only where the number can begin a name."""
_SAME = {"中学": "中", "幼儿园": "幼", "批次": "批", "阶梯": "档", "污水厂": "污水处理厂"}

Numbered = frozenset[tuple[str, int]]


def numbered_things(text: str) -> Numbered:
    """(kind, number) of the things that a text tells apart by a number."""
    return frozenset(numbered_in(fold(text)))


def numbered_in(folded: str) -> Iterator[tuple[str, int]]:
    for match in _THING.finditer(folded):
        yield _SAME.get(match["kind"], match["kind"]), 1 if match["first"] else integer(match["number"])
    for match in _FACILITY.finditer(folded):
        yield _SAME.get(match["kind"], match["kind"]), integer(match["number"])
