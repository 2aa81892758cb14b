"""The texts of a web page in order, and where each of them stands in what was kept of the page."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from retrieval.documents.web.markup import APART, HEADINGS

_PASSED = frozenset({
    *("nav", "footer", "head", "script", "style", "template", "noscript", "iframe", "svg", "math", "form"),
    *("button", "select", "textarea", "object", "video", "audio", "map", "rt", "rp"),
})  # fmt: skip
_LONG = 12
"""Letters and digits of a text at least that is nowhere twice by chance."""
_FEW = 50
"""Blocks between two texts that are known again, up to which a text that was kept in part is looked for."""


class Piece(NamedTuple):
    """A text of the page with the element of a block that it stands in; `bare` are its letters and digits, `linked`
    how many of them lead elsewhere."""

    element: HtmlElement
    text: str
    bare: str
    linked: int

    @property
    def is_link(self) -> bool:
        return self.linked * 2 >= len(self.bare)


def pieces(tree: HtmlElement) -> Iterator[Piece]:
    """The texts of a page in order, but for navigation, footers and forms; the whole of a heading is one."""
    walk, blocks, said, links = iterwalk(tree, events=("start", "end")), [tree], list[str](), list[str]()
    is_linked = False

    def ended() -> Iterator[Piece]:
        if bare := letters("".join(said)):
            yield Piece(blocks[-1], " ".join("".join(said).split()), bare, len(letters("".join(links))))
        said.clear()
        links.clear()

    for event, element in walk:
        is_passed = element.tag in _PASSED or _heads_the_page(element)
        is_apart = element is not tree and element.tag in APART
        is_apart &= blocks[-1].tag not in HEADINGS or (event == "end" and element is blocks[-1])
        if is_apart:
            yield from ended()
        if is_apart and not is_passed:
            if event == "start":
                blocks.append(element)
            else:
                blocks.pop()
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            is_linked = event == "start"
        if event == "start" and is_passed:
            walk.skip_subtree()
            continue
        text = (element.text if event == "start" else element.tail if element is not tree else "") or ""
        said.append(text if element.tag not in ("td", "th") else f" {text}")
        links.append(text if is_linked else "")
    yield from ended()


def _heads_the_page(element: HtmlElement) -> bool:
    return element.tag == "header" and next(element.iterancestors("article", "main"), None) is None


def letters(text: str) -> str:
    """Its letters and digits: in them a page and what was kept of it agree."""
    return "".join(filter(str.isalnum, text))


def places(page: Sequence[Piece], kept: Sequence[str]) -> list[int | None]:
    """For each text of the page the number of the block of `kept` that it stands in; None where it was left out."""
    blocks = [letters(text) for text in kept]
    found: list[int | None] = [None] * len(page)
    known = _known_again(page, blocks)
    everywhere = set(blocks)
    for (before, above), (after, below) in pairwise([(-1, -1), *known, (len(page), len(blocks))]):
        if after < len(page):
            found[after] = below
        between = blocks[above + 1 : below]
        ends, joined, at = list(accumulate(map(len, between))), "".join(between), 0
        for number in range(before + 1, after):
            bare = page[number].bare
            start = joined.find(bare, at)
            if start >= 0:
                found[number], at = above + 1 + bisect_right(ends, start), start + len(bare)
            elif len(between) <= _FEW:
                # What was kept in part is not brought back beside its part.
                part = (i for i, block in enumerate(between, above + 1) if len(block) >= _LONG // 2 and block in bare)
                found[number] = next(part, None)
            if found[number] is None and len(bare) >= _LONG and bare in everywhere:
                found[number] = above  # it was moved
    return found


def _known_again(page: Sequence[Piece], blocks: Sequence[str]) -> list[tuple[int, int]]:
    """Texts that are a block, and once in both: the most of them that are in the same order."""
    counted, numbers = Counter(piece.bare for piece in page), {block: i for i, block in enumerate(blocks)}
    times = Counter(blocks)
    both = [
        (i, numbers[piece.bare])
        for i, piece in enumerate(page)
        if times[piece.bare] == 1 == counted[piece.bare] and not piece.is_link
    ]
    return _longest_rising(both)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    tails, last, before = list[int](), list[int](), list[int]()
    for number, (_, value) in enumerate(pairs):
        at = bisect_left(tails, value)
        before.append(last[at - 1] if at else -1)
        tails[at : at + 1], last[at : at + 1] = [value], [number]
    chosen, number = list[tuple[int, int]](), last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]
