"""Things that a text tells apart by a number: 3路, 二期, 第二小学, 12号楼, 第一阶梯."""

import re
from collections.abc import Iterator

from retrieval.text.fold import fold
from retrieval.text.numbers import integer

_THING = re.compile(
    r"(?:[第头]?(?P<number>(?<!\d)\d{1,4}|(?!(?<!第)一批)[一二三四五六七八九十]{1,3})|(?P<first>首)(?=[届批期]))"
    r"(?P<kind>路(?![口段人])|号线|号楼|号院|栋|标段|期(?![间望末限货待])|届|批次?|阶梯|档(?!案)|等奖|中学|小学|幼儿园|幼(?![师儿])|"
    r"中(?![心国间等上下午旬共秋小介年途型层部餐文药医标]))"
)
_SAME = {"中学": "中", "幼儿园": "幼", "批次": "批", "阶梯": "档"}

Numbered = frozenset[tuple[str, int]]


def numbered_things(text: str) -> Numbered:
    """(kind, number) of the things that a text tells apart by a number."""
    return frozenset(numbered_in(fold(text)))


def numbered_in(folded: str) -> Iterator[tuple[str, int]]:
    for match in _THING.finditer(folded):
        yield _SAME.get(match["kind"], match["kind"]), 1 if match["first"] else integer(match["number"])
