"""HTML that is all text, as chapters of books and bodies of letters are: nothing of it is taken for navigation."""

import re
from collections.abc import Collection, Iterator

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.tables import WHOLE
from retrieval.documents.web.html_tables import with_plain_tables

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
APART = frozenset({
    *HEADINGS, "p", "div", "li", "tr", "section", "article", "aside", "header", "footer", "main", "figure",
    "figcaption", "blockquote", "pre", "table", "ul", "ol", "dl", "dt", "dd", "body", "hr", "br", "caption",
})  # fmt: skip
_LISTS = ("ul", "ol", "dl")
_LINKS = 3
_INNER = re.compile(r"(?![a-z]+:|//)[^#]|#.", re.IGNORECASE)
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


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


class _Walk:
    def __init__(self) -> None:
        self._pieces: list[str] = []

    def blocks(self, element: HtmlElement) -> Iterator[Block]:
        yield from self._within(element, 0, False)
        yield self._ended(0, False)

    def _within(self, element: _Element, level: int, is_row: bool) -> Iterator[Block]:
        self._pieces.append(element.text or "")
        for child in element:
            is_shown = isinstance(child.tag, str) and child.get("hidden") is None
            tag = child.tag if is_shown and child.tag not in _PASSED else ""
            if tag in APART:
                yield self._ended(level, False)
                is_heading, is_line = tag in HEADINGS, tag == "tr" and len(child) == 1
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
        return Block(text, level, is_row and len(text) <= WHOLE)
