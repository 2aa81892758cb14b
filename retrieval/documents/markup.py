"""HTML that is all text, as chapters of books and bodies of letters are: nothing of it is taken for navigation."""

import re
from collections.abc import Iterator

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement

from retrieval.documents.assemble import Block
from retrieval.documents.html_tables import with_plain_tables
from retrieval.documents.tables import WHOLE
from retrieval.documents.word_numbers import formatted

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_APART = frozenset({
    *_HEADINGS, "p", "div", "li", "tr", "section", "article", "aside", "header", "footer", "main", "figure",
    "figcaption", "blockquote", "pre", "table", "ul", "ol", "dl", "dt", "dd", "body", "hr", "br", "caption",
})  # fmt: skip
_LISTS = ("ul", "ol", "dl")
_LINKS = 3
_INNER = re.compile(r"(?![a-z]+:|//)[^#]|#.", re.IGNORECASE)
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""How the numbers of a list look, as HTML and as Word call it."""
_PASSED = frozenset({"script", "style", "head", "title", "template", "rt", "rp", "noscript", "svg", "math"})


def markup_blocks(page: str) -> list[Block]:
    """Its text in reading order. A page that is no HTML at all has none."""
    try:
        tree = with_plain_tables(page)
    except (ValueError, LxmlError):
        return []
    for contents in [found for found in tree.iter(*_LISTS) if _is_contents(found)]:
        contents.drop_tree()
    return [block for block in _Walk().blocks(tree) if block.text]


def _is_contents(element: _Element) -> bool:
    """Whether the list, which stands in no other one, says nothing but where else in the book something is."""
    if next(element.iterancestors(*_LISTS), None) is not None:
        return False
    links = ["".join(link.itertext()) for link in element.iter("a") if _INNER.match(link.get("href") or "")]
    return len(links) >= _LINKS and _letters("".join(links)) == _letters("".join(element.itertext()))


def _count(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else otherwise


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
        count = _count(element.get("start"), 1) - 1
        for child in element:
            is_shown = isinstance(child.tag, str) and child.get("hidden") is None
            tag = child.tag if is_shown and child.tag not in _PASSED else ""
            if tag in _APART:
                yield self._ended(level, False)
                if tag == "li" and element.tag == "ol":
                    count = _count(child.get("value"), count) if child.get("value") else count + 1
                    self._number = f"{formatted(count, _FORMS.get(element.get('type') or '', 'decimal'))}. "
                is_heading, is_line = tag in _HEADINGS, tag == "tr" and len(child) == 1
                inner = int(tag[1]) if is_heading else level
                yield from self._within(child, inner, is_line)
                yield self._ended(inner, is_line)
            elif tag:
                if tag in ("td", "th") and self._pieces:
                    self._pieces.append(" ")
                yield from self._within(child, level, is_row)
            self._pieces.append(child.tail or "")

    def _ended(self, level: int, is_row: bool) -> Block:
        text = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if text and self._number:
            text, self._number = f"{self._number}{text}", ""
        return Block(text, level, is_row and len(text) <= WHOLE)
