"""A web page with too little text for trafilatura to tell what its article is: it then gives all text as one
paragraph. Paragraphs, headings, items and rows of tables are read from the page itself."""

from collections.abc import Iterator

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from retrieval.documents.assemble import Block
from retrieval.documents.tables import WHOLE

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "em",
        "font",
        "i",
        "ins",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)
_UNREAD = frozenset(
    ["head", "nav", "footer", "aside", "script", "style", "noscript", "template", "button", "select", "iframe", "svg"]
)


def is_in_one(body: HtmlElement) -> bool:
    """Whether what trafilatura gives is all text of the page in one paragraph, a line each piece."""
    return len(body) == 1 and body[0].tag == "p" and len(body[0]) == 0 and "\n" in (body[0].text or "").strip()


def blocks_of(tree: HtmlElement) -> list[Block]:
    """The blocks of a page whose tables are plain (html_tables.py)."""
    return [
        Block(
            text,
            int(tag[1]) if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else 0,
            tag == "td" and len(text) <= WHOLE,
        )
        for tag, text in _texts(tree)
    ]


def _texts(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Each run of text that no block divides, with the tag of the block that holds it."""
    held, within = list[str](), ["body"]
    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        is_block = element.tag not in _INLINE
        if is_block and (text := " ".join("".join(held).split())):
            yield within[-1], text
        held = [] if is_block else held
        if event == "end":
            if is_block and len(within) > 1:
                within.pop()
            held.append(element.tail or "")
        elif element.tag in _UNREAD or not isinstance(element.tag, str):
            walk.skip_subtree()
            within.append("")
        else:
            if is_block:
                within.append(element.tag)
            held.append(element.text or "")
    if text := " ".join("".join(held).split()):
        yield within[-1], text
