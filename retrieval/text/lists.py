"""Lists in running text: a line that leads to what follows it (…：), and the items under it; rows of tables."""

import re

_NUMBER = "[0-9一二三四五六七八九十]{1,3}"
_ITEM = re.compile(rf"^\s*(?:[-•·●*]|[(（]?{_NUMBER}(?:[)）、．]|\.(?!\d))|[①-⑳]|第{_NUMBER}[步条项])")
_CELL = re.compile(r"[^|:：]+[:：][^|]+")
_LEADS = re.compile(r"[:：]\s*$")


def is_lead_in(sentence: str) -> bool:
    """Whether the sentence only leads to what follows it."""
    return _LEADS.search(sentence) is not None


def is_listed(sentence: str) -> bool:
    """Whether the sentence is an item of a list: - …, 1. …, （一）…, 第二步…"""
    return _ITEM.match(sentence) is not None


def is_item(sentence: str) -> bool:
    """Whether the sentence is one of many of its kind: an item of a list, or the row of a table."""
    return is_listed(sentence) or is_row(sentence)


def is_row(sentence: str) -> bool:
    """Whether the sentence is the row of a table: cells behind their headings, 村名：柳树沟村 | 人口：1286."""
    cells = sentence.split(" | ")
    labelled = sum(_CELL.fullmatch(cell.strip()) is not None for cell in cells)
    return labelled > 1 and labelled >= len(cells) - 1
