"""HTML that is all text, as chapters of books and bodies of letters are: nothing of it is taken for navigation."""

from collections.abc import Iterator

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement

from retrieval.documents.assemble import Block
from retrieval.documents.html_tables import with_plain_tables
from retrieval.documents.tables import WHOLE

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_APART = frozenset({
    *_HEADINGS, "p", "div", "li", "tr", "section", "article", "aside", "header", "footer", "main", "figure",
    "figcaption", "blockquote", "pre", "table", "ul", "ol", "dl", "dt", "dd", "body", "hr", "br", "caption",
})  # fmt: skip
_PASSED = frozenset({"script", "style", "head", "title", "template", "rt", "rp", "noscript", "svg", "math"})


def markup_blocks(page: str) -> list[Block]:
    """Its text in reading order. A page that is no HTML at all has none."""
    try:
        tree = with_plain_tables(page)
    except (ValueError, LxmlError):
        return []
    return [block for block in _Walk().blocks(tree) if block.text]


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
            if tag in _APART:
                yield self._ended(level, False)
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
        return Block(text, level, is_row and len(text) <= WHOLE)
