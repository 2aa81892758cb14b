"""Lists in running text: a line that leads to what follows it (…：), and the items under it; rows of tables."""

import re

_HAN, _DIGITS = "[一二三四五六七八九十]{1,3}", "[0-9]{1,3}"
_POINT = r"(?:[、．]|\.(?!\d))"
_ITEM = re.compile(
    rf"^\s*(?:(?P<bullet>[-•·●*])|(?P<in_brackets>[(（]{_HAN}(?:[)）]|{_POINT})|{_HAN}[)）])|(?P<han>{_HAN}{_POINT})|"
    rf"(?P<digit_in_brackets>[(（]{_DIGITS}(?:[)）]|{_POINT})|{_DIGITS}[)）])|(?P<digit>{_DIGITS}{_POINT})|"
    rf"(?P<circled>[①-⑳])|(?P<named>第(?:{_HAN}|{_DIGITS})[步条项]))"
)
_CHAPTER = re.compile(rf"^\s*第(?:{_HAN}|{_DIGITS})[编章节]")
_OUTER = ("named", "han", "in_brackets", "digit", "digit_in_brackets", "circled")
"""Marks as papers nest them, the outermost first."""
_CELL = re.compile(r"[^|:：]+[:：][^|]+")
_LEADS = re.compile(r"[:：]\s*$")


def is_lead_in(sentence: str) -> bool:
    """Whether the sentence only leads to what follows it."""
    return _LEADS.search(sentence) is not None


def is_listed(sentence: str) -> bool:
    """Whether the sentence is an item of a list: - …, 1. …, （一）…, 第二步…"""
    return _ITEM.match(sentence) is not None


def mark_of(sentence: str) -> str | None:
    """The kind of mark with which an item begins, so that 1. … is told from 二、… below it; None for no item."""
    found = _ITEM.match(sentence)
    return found.lastgroup if found else None


def without_mark(heading: str) -> str:
    """The heading behind its number: 临时救助 of 三、临时救助 and of 第三章 临时救助."""
    return _CHAPTER.sub("", _ITEM.sub("", heading)).strip()


def is_above(sentence: str, item: str) -> bool:
    """Whether the sentence begins what the list of the item is a part of: 第六条 … and 二、… below （一） …"""
    above, mark = mark_of(sentence), mark_of(item)
    return above in _OUTER and mark in _OUTER and _OUTER.index(above) < _OUTER.index(mark)


def is_over(first: str, last: str, sentence: str) -> bool:
    """Whether a list that begins with an item without a mark (身份证；) ended with `last` (户口簿。), before the
    sentence."""
    goes_on = [item.rstrip().endswith(("；", ";")) for item in (first, last, sentence)]
    return goes_on == [True, False, False] and not is_listed(first)


def mark_before(text: str, start: int, end: int) -> str | None:
    """The same of [start, end) of a text, which may begin behind the mark of its line."""
    return mark_of(text[text.rfind("\n", 0, start) + 1 : end])


def is_item(sentence: str) -> bool:
    """Whether the sentence is one of many of its kind: an item of a list, or the row of a table."""
    return is_listed(sentence) or is_row(sentence)


def is_row(sentence: str) -> bool:
    """Whether the sentence is the row of a table: cells behind their headings, 村名：柳树沟村 | 人口：1286."""
    cells = sentence.split(" | ")
    labelled = sum(_CELL.fullmatch(cell.strip()) is not None for cell in cells)
    return labelled > 1 and labelled >= len(cells) - 1
