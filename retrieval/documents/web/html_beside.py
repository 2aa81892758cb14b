"""What trafilatura leaves out of a web page, though it belongs to what it keeps: headings directly above kept text,
and the table beside the text that tells number, office and day of a paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.tables import WHOLE
from retrieval.documents.web.markup import HEADINGS

_FURNITURE = frozenset(["nav", "footer", "aside", "header", "head", "script", "style"])
_OF_PAPERS = re.compile(
    "(?:索引号|文号|发文字号|发文机关|发布机构|制发机关|成文日期|发布日期|印发日期|有效性|主题分类)："
)
"""Begins a line of the table that stands above a paper on the pages of Chinese offices."""
_FEWEST = 2
"""Such lines in a table, at least."""


@dataclass(frozen=True, slots=True)
class MissedParts:
    """The parts of a page that were left out: `headings` are (text, level, how what is below begins), in order, and
    `papers` the lines of tables of papers."""

    headings: tuple[tuple[str, int, str], ...]
    papers: tuple[str, ...]

    @classmethod
    def of(cls, tree: HtmlElement) -> "MissedParts":
        """Of a page whose tables are plain (html_tables.py)."""
        found = tuple(
            (text, int(element.tag[1]), below)
            for (element, text), (_, below) in pairwise(_pieces(tree))
            if element.tag in HEADINGS
        )
        return cls(found, tuple(_papers(tree)))

    def added_to(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks with the headings that are missing above them, and the table of the paper, where it is missing,
        below the title."""
        added, kept = [*blocks], {block.text for block in blocks}
        at = len(added)
        for text, level, following in reversed(self.headings):  # one may stand above another
            if text in kept:
                continue
            below = next((i for i in range(at - 1, -1, -1) if added[i].text.startswith(following)), None)
            if below is not None:
                added.insert(below, Block(text, level))
                at = below + 1
        missing = [Block(line, whole=len(line) <= WHOLE) for line in self.papers if line not in kept]
        first = 1 if added and added[0].level else 0
        return [*added[:first], *missing, *added[first:]]


def _pieces(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The texts of the page in order, each with its element; the whole of a heading is one."""
    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        said = element.text if event == "start" else element.tail
        if event == "start" and element.tag in _FURNITURE:
            walk.skip_subtree()
            continue
        if event == "start" and element.tag in HEADINGS:
            walk.skip_subtree()
            said = element.text_content()
        if text := " ".join((said or "").split()):
            yield (element if event == "start" else tree), text


def _papers(tree: HtmlElement) -> Iterator[str]:
    for table in tree.iter("table"):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        lines = [" ".join(row.text_content().split()) for row in table.iter("tr")]
        if sum(_OF_PAPERS.match(line) is not None for line in lines) >= _FEWEST:
            yield from filter(None, lines)
