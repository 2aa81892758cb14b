"""The numbers of a numbered list of a web page, which a browser shows and the page does not hold, put before its
items."""

import re
from collections.abc import Iterator

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement

from retrieval.documents.office.word_numbers import formatted
from retrieval.text.codes import NUMBER

_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""How the numbers of a list look, as HTML and as Word call it."""
_NUMBERED = re.compile(
    rf"第{NUMBER}[编章节条款项步]|[（(]?(?:[0-9]{{1,3}}|[一二三四五六七八九十百]{{1,4}})(?:[)）、．]|\.(?!\d))|[①-⑳]"
)
"""An item that brings its own number: 第二条 …, （一）…, 1. …"""
_UNMARKED = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_UNSHOWN = ("script", "style", "template", "noscript", "svg", "math", "rt", "rp")


def number_items(tree: HtmlElement) -> None:
    """With each item's number before its text, where it brings none of its own."""
    for items in list(tree.iter("ol")):
        shown = [item for item in items.iterchildren("li") if item.get("hidden") is None]
        step = 1 if items.get("reversed") is None else -1
        count = _count(items.get("start"), 1 if step > 0 else len(shown)) - step
        for item in shown:
            count = _count(item.get("value"), count + step)
            if not any(_UNMARKED.search(element.get("style") or "") for element in (items, item)):
                _put_before(item, f"{formatted(count, _FORMS.get(items.get('type') or '', 'decimal'))}. ")


def _put_before(item: _Element, number: str) -> None:
    for element, is_tail in _places(item):
        said = (element.tail if is_tail else element.text) or ""
        if not said.strip():
            continue
        if not _NUMBERED.match(said.lstrip()):
            setattr(element, "tail" if is_tail else "text", f"{number}{said.lstrip()}")
        return


def _places(item: _Element) -> Iterator[tuple[_Element, bool]]:
    """Where an item may say something, in order: within an element, or in its tail."""
    walk = iterwalk(item, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not item:
                yield element, True
        elif element.tag in _UNSHOWN or element.get("hidden") is not None:
            walk.skip_subtree()
        else:
            yield element, False


def _count(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else otherwise
