"""Things told apart by a number: 3路 is not 8路, 二期 not 一期, 第二小学 not 第一小学, 2号楼 not 12号楼."""

import re
from collections.abc import Iterator

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

_THING = re.compile(
    r"(?:第?(?P<number>(?<!\d)\d{1,4}|(?!(?<!第)一批)[一二三四五六七八九十]{1,3})|(?P<first>首)(?=[届批期]))"
    r"(?P<kind>路(?![口段人])|号线|号楼|号院|栋|标段|期(?![间望末限货待])|届|批次?|中学|小学|幼儿园|幼(?![师儿])|"
    r"中(?![心国间等上下午旬共秋小介年途型层部餐文药医]))"
)
_SAME = {"中学": "中", "幼儿园": "幼", "批次": "批"}

Numbered = frozenset[tuple[str, int]]


def numbered_things(text: str) -> Numbered:
    """(kind, number) of the things that a text tells apart by a number."""
    return frozenset(_found(fold(text)))


def _found(folded: str) -> Iterator[tuple[str, int]]:
    for match in _THING.finditer(folded):
        yield _SAME.get(match["kind"], match["kind"]), 1 if match["first"] else integer(match["number"])


def is_of_number(asked: Numbered, setting: Setting) -> bool:
    """Whether the sentence is about the very things that are asked: of each kind the number that was named last."""
    return all(_is_of(kind, {n for k, n in asked if k == kind}, setting) for kind in {kind for kind, _ in asked})


def _is_of(kind: str, wanted: set[int], setting: Setting) -> bool:
    for text in (*setting.near_to_far, setting.document):
        told = {number for other, number in _found(text) if other == kind}
        if told:
            return bool(told & wanted)
    return False
