"""For whom a figure or a rule is asked, so that another may be put there: 低保户, 70岁以上的, 第二阶梯."""

import re

from retrieval.query.followup.further import END
from retrieval.query.followup.slots import Slot
from retrieval.query.followup.thing_slot import unmodified
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW, HOW_MANY, USUAL_SIZES, WHAT, WHEN, WHERE, WHICH, WHICH_DAY
from retrieval.text.words import words

_FOR_WHOM = re.compile(
    r"(?P<whom>.{1,10}?(?:以[上下内外]|户|人|者|民|民工|家庭?|生|员|儿童|妇女|职工|外地|本地|本市|外省|城镇|农村))的?|"
    r"(?P<which>第?[一二三四五六七八九十\d]+(?:阶梯|档|类|级|等)|[^的]{1,8}(?=的$))的?"
)
_CLASS = re.compile(
    r"(?:户|人|者|员|民|民工|职工|家庭|[学考]生|儿童|妇女|[女男]性?|教师|医生|护士|干部|代表|孩子)的?$"
)
"""A class of persons or of households, by its end."""
_ASKS_VALUE = re.compile(
    rf"(?:{HOW_MANY})(?:[钱元块天年月岁次斤吨]|时间|公里|平方米|个月|小时|"
    rf"[\u4e00-\u9fff]{{0,4}}(?:[费金价款税]|[补津]贴|补助|工资))?$|多[{USUAL_SIZES}]$"
)
_ASKS_OF_THING = re.compile(f"{WHEN}|{WHICH_DAY}|{WHERE}|{HOW}|{WHAT}|{WHICH}|多久|几[天个]")
"""Asks of a thing when, where or how, which may be told otherwise of some persons."""


def asks_value(folded: str) -> bool:
    """Whether it asks how much something is, and counts nothing."""
    return _ASKS_VALUE.search(folded) is not None


def is_class(folded: str) -> bool:
    """Whether it names a class of persons or households: 低保户, 退役军人."""
    return _CLASS.search(folded) is not None


def for_whom(previous: str, about: str, place_end: int, new: str) -> str | None:
    """The question for those: in the place of others of their sort, or behind its place. None where `new` names no
    such, or where the question counts persons, or names somebody (who is then put in their place)."""
    match = _FOR_WHOM.fullmatch(fold(new))
    if match is None:
        return None
    asked = fold(previous).rstrip(END)
    is_rule = is_class(fold(new)) and not is_class(fold(about)) and _ASKS_OF_THING.search(asked)
    if not (asks_value(asked) or is_rule):
        return None
    whom = new[: len(match["whom"] or match["which"])]
    others = (word for word in words(fold(previous)) if word.start >= place_end and word.end - word.start > 1)
    other = next((word for word in others if is_class(fold(previous)[word.start : word.end])), None)
    if is_rule and other is not None:  # 老人 for the 儿童 of 儿童走失怎么办
        return Slot(other.start, other.end).replaced(previous, whom)
    return previous[:place_end] + whom + unmodified(previous[place_end:], whom)
