"""HTML: the article of the page without its navigation, by trafilatura."""

import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from retrieval.documents.decode import decode
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.dates import iso_date, told_date
from retrieval.documents.structure.tables import WHOLE
from retrieval.documents.structure.titles import clean_title, metadata_title, web_address
from retrieval.documents.web.html_beside import MissedParts
from retrieval.documents.web.html_tables import with_plain_tables
from retrieval.documents.web.markup import markup_blocks
from retrieval.errors import DocumentError
from retrieval.left_out import LeftOut
from retrieval.types import Document

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# Encodings that a page may truly declare: the declaration itself is read byte by byte, so UTF-16 is none of them.
_CREDIBLE = re.compile(r"gb2312|gbk|gb18030|big5|utf-?8|shift_jis|euc-\w+|koi8-\w|(?:iso-8859|windows)-\d+")
_FURNITURE = ["//nav", "//footer", "//aside", "//header[not(ancestor::article) and not(ancestor::main)]"]
_ISSUED = re.compile(r"(?:发布|成文|印发|发文)(?:日期|时间)：(.{8,40})")
_BREAK = "\u2028"
_BLOCKS = ("head", "p", "item", "row", "quote", "code")


def read_html(path: Path, data: bytes) -> Document:
    text = decode_page(data)
    tree = _tree(path, text)
    beside = None if isinstance(tree, str) else MissedParts.of(deepcopy(tree))  # trafilatura changes it
    page = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        favor_recall=True,
        prune_xpath=_FURNITURE,
        # Only a date that the page states about itself, not one guessed from its text.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or page.body is None:
        raise DocumentError(path, "no article text was found in this HTML page", "no_text")
    title = metadata_title(page.title)
    # With too little text to tell what its article is, trafilatura gives the whole page as one paragraph.
    blocks = (markup_blocks(text, _FURNITURE) if _is_in_one(page.body) else []) or _blocks(page.body)
    left_out: tuple[LeftOut, ...] = ()
    if beside is not None:
        blocks = beside.added_to(blocks, title)
        left_out = beside.left_out(blocks, title)
    if title and blocks and blocks[0].text != title:
        blocks.insert(0, Block(title, 1))
    date = iso_date(page.date) or next((iso_date(m[1]) for block in blocks if (m := _ISSUED.match(block.text))), None)
    date = date or told_date("\n".join(block.text for block in blocks))
    document = assemble(path, blocks, title=title, date=date, url=web_address(page.url), left_out=left_out)
    return replace(document, site=_site(tree, document.title))


def _site(tree: HtmlElement | str, title: str) -> str:
    """What the page's <title> says beside the title of its text: 医保问答 - 岚山县医疗保障局."""
    titles = () if isinstance(tree, str) else tree.iter("title")
    said = clean_title(next((element.text or "" for element in titles), ""))
    return "" if said == title else said


def _is_in_one(body: _Element) -> bool:
    return len(body) == 1 and body[0].tag == "p" and len(body[0]) == 0 and "\n" in (body[0].text or "").strip()


def _tree(path: Path, page: str) -> HtmlElement | str:
    try:
        return with_plain_tables(page, path)
    except (ValueError, LxmlError):  # trafilatura has its own ways with what is hardly a page
        return page


def decode_page(data: bytes) -> str:
    """Its text, in the encoding that it declares, if that is credible, else in the one that it is in."""
    charset = _CHARSET.search(data[:4096])
    if charset and not data.startswith(b"\xef\xbb\xbf"):
        try:
            name = charset[1].decode("ascii").lower()
            if _CREDIBLE.fullmatch(name):
                # GB18030 is the superset of what pages call gb2312 and gbk.
                return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (LookupError, UnicodeDecodeError):
            pass  # The page is wrong about itself; its bytes decide.
    return decode(data)


def _blocks(body: object) -> list[Block]:
    """Text blocks of trafilatura's tree in reading order. An element inside another block is part of that."""
    blocks: list[Block] = []

    def walk(element: object) -> None:
        for child in element:  # type: ignore[attr-defined]
            if child.tag not in _BLOCKS:
                walk(child)
                continue
            for line_break in child.iter("lb"):
                line_break.tail = _BREAK + (line_break.tail or "")
            separator = " | " if child.tag == "row" else ""
            level = int(child.get("rend", "h2")[1:2] or 2) if child.tag == "head" else 0
            # <br> ends a paragraph: so it is used on the pages of Chinese offices.
            lines = separator.join(child.itertext()).split(_BREAK)
            whole = child.tag == "row" and len(lines) == 1 and len(lines[0]) <= WHOLE
            blocks.extend(Block(text, level, whole) for text in (" ".join(line.split()) for line in lines) if text)

    walk(body)
    return blocks
