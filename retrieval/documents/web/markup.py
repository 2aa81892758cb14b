"""HTML that is all text, as chapters of books and bodies of letters are: nothing of it is taken for navigation."""

import re
from collections.abc import Collection, Iterator

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement

from retrieval.documents.office.word_numbers import formatted
from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.tables import WHOLE
from retrieval.documents.web.html_tables import with_plain_tables
from retrieval.text.codes import NUMBER

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
APART = frozenset({
    *HEADINGS, "p", "div", "li", "tr", "section", "article", "aside", "header", "footer", "main", "figure",
    "figcaption", "blockquote", "pre", "table", "ul", "ol", "dl", "dt", "dd", "body", "hr", "br", "caption",
})  # fmt: skip
_LISTS = ("ul", "ol", "dl")
_LINKS = 3
_INNER = re.compile(r"(?![a-z]+:|//)[^#]|#.", re.IGNORECASE)
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""How the numbers of a list look, as HTML and as Word call it."""
_NUMBERED = re.compile(
    rf"第{NUMBER}[编章节条款项步]|[（(]?(?:[0-9]{{1,3}}|[一二三四五六七八九十百]{{1,4}})(?:[)）、．]|\.(?!\d))|[①-⑳]"
)
"""An item that brings its own number: 第二条 …, （一）…, 1. …"""
_UNMARKED = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_PASSED = frozenset({"script", "style", "head", "title", "template", "rt", "rp", "noscript", "svg", "math"})


def markup_blocks(page: str, without: Collection[str] = ()) -> list[Block]:
    """Its text in reading order, but for the elements that the XPaths `without` find. A page that is no HTML at all
    has none."""
    try:
        tree = with_plain_tables(page)
    except (ValueError, LxmlError):
        return []
    for contents in [found for found in tree.iter(*_LISTS) if _is_contents(found)]:
        contents.drop_tree()
    for element in [found for path in without for found in tree.xpath(path)]:
        element.drop_tree()
    return [block for block in _Walk().blocks(tree) if block.text]


def _is_contents(element: _Element) -> bool:
    """Whether the list, which stands in no other one, says nothing but where else in the book something is."""
    if next(element.iterancestors(*_LISTS), None) is not None:
        return False
    links = ["".join(link.itertext()) for link in element.iter("a") if _INNER.match(link.get("href") or "")]
    return len(links) >= _LINKS and _letters("".join(links)) == _letters("".join(element.itertext()))


def _count(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else otherwise


def _shown(count: int, form: str | None) -> str:
    return formatted(count, _FORMS.get(form or "", "decimal"))


def _is_unmarked(*elements: _Element) -> bool:
    return any(_UNMARKED.search(element.get("style") or "") for element in elements)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


class _Walk:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._number = ""

    def blocks(self, element: HtmlElement) -> Iterator[Block]:
        yield from self._within(element, 0, False)
        yield self._ended(0, False)

    def _within(self, element: _Element, level: int, is_row: bool) -> Iterator[Block]:
        self._pieces.append(element.text or "")
        step = 1 if element.get("reversed") is None else -1
        count = _count(element.get("start"), 1 if step > 0 else len(element.xpath("li[not(@hidden)]"))) - step
        for child in element:
            is_shown = isinstance(child.tag, str) and child.get("hidden") is None
            tag = child.tag if is_shown and child.tag not in _PASSED else ""
            if tag in APART:
                yield self._ended(level, False)
                is_numbered = tag == "li" and element.tag == "ol"
                if is_numbered:
                    count = _count(child.get("value"), count + step)
                    self._number = "" if _is_unmarked(element, child) else f"{_shown(count, element.get('type'))}. "
                is_heading, is_line = tag in HEADINGS, tag == "tr" and len(child) == 1
                inner = int(tag[1]) if is_heading else level
                yield from self._within(child, inner, is_line)
                yield self._ended(inner, is_line)
                if is_numbered:
                    self._number = ""  # that of an item without text is nobody else's
            elif tag:
                if tag in ("td", "th") and self._pieces:
                    self._pieces.append(" ")
                yield from self._within(child, level, is_row)
            self._pieces.append(child.tail or "")

    def _ended(self, level: int, is_row: bool) -> Block:
        text = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if text and self._number:
            text, self._number = text if _NUMBERED.match(text) else f"{self._number}{text}", ""
        return Block(text, level, is_row and len(text) <= WHOLE)
