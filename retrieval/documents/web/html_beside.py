"""What trafilatura leaves out of a web page, though it belongs to what it keeps: what stands in the article's part of
the page and is text of its own, headings directly above kept text, and the table beside the text that tells number,
office and day of a paper. What may belong to it, and may not, is named.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml.html import HtmlElement

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.tables import WHOLE
from retrieval.documents.web.html_pieces import Piece, letters, pieces, places
from retrieval.documents.web.markup import HEADINGS
from retrieval.left_out import LeftOut

_OF_PAPERS = re.compile(
    "(?:索引号|文号|发文字号|发文机关|发布机构|制发机关|成文日期|发布日期|印发日期|有效性|主题分类)："
)
"""Begins a line of the table that stands above a paper on the pages of Chinese offices."""
_FEWEST = 2
"""Such lines in a table, at least."""
_FURNISHING = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|crumb|breadcrumb|pag(?:er|ination)|share|sharing|social|related|recommend|comment|"
    r"side|sidebar|copyright|friend|links?|search|qr|qrcode|ewm|ad|ads|advert|banner|toolbar|hot|cookie|login|"
    r"skip|toc|popup|modal|prev|next|subscribe|newsletter|promo)"
    r"(?:er|bar|box|list|wrap|s|ation|code)?(?=$|[\s_\d-])"
)
"""Names, in the class or the id of an element, of what pages of one site share."""
_OF_SITE = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|友情链接|网站地图|网站声明|技术支持[：:]|分享到|扫一扫|扫码|二维码|收藏本站|"
    r"打印(?:本页|此页|页面)|关闭(?:窗口|本页|页面)|返回(?:顶部|首页|列表|上一?[级页])|(?:当前|现在的?|所在)位置[：:]|"
    r"copyright|©|all rights reserved|cookies?\b|share (?:this|on)|sign (?:in|up)|subscribe",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:上|下)一[篇条页则][：:]|(?:相关|推荐|延伸|热门|最新|猜你|更多)(?:阅读|新闻|文章|报道|稿件|推荐|链接|资讯|信息|喜欢|内容)|"
    r"(?:previous|next|related|recommended|more)\b.{0,30}$|(?:leave a|no) comments?|comments?$",
    re.IGNORECASE,
)
"""Begins what leads on to other pages: all below it is theirs."""
_MAKERS = re.compile("主[办管](?:单位)?[：:]")
"""Begins the lines of who makes the site, where its number follows."""
_ATTACHED = re.compile(r"附件|附表")
_TOLD = re.compile(r"[。！？；：.!?:]")
_OF_ITS_OWN = re.compile(rf"{_TOLD.pattern}|\d|\w{{12}}")
_LABEL = 3
"""Letters of a paragraph up to which it may be a label."""
_ROWS = ("li", "dt", "dd", "tr", "td")
_NAMED, _BEGINNING = 20, 24
"""Parts that are named at most, and the characters that each is named by."""


@dataclass(frozen=True, slots=True)
class MissedParts:
    """The texts of a page, and the lines of tables of papers in it."""

    page: tuple[Piece, ...]
    papers: tuple[str, ...]

    @classmethod
    def of(cls, tree: HtmlElement) -> "MissedParts":
        """Of a page whose tables are plain (html_tables.py)."""
        return cls(tuple(pieces(tree)), tuple(_papers(tree)))

    def added_to(self, blocks: Sequence[Block], title: str = "") -> list[Block]:
        """The blocks with what is missing between them, and the table of the paper, where it is missing, below the
        title."""
        found = places(self.page, [block.text for block in blocks])
        missing = _Article(self.page, found, title).missing()
        added, at = list[Block](), 0
        for piece, place, is_missing in zip(self.page, found, missing, strict=True):
            if place is not None and place >= at:
                added += blocks[at : place + 1]
                at = place + 1
            elif is_missing:
                added.append(_block(piece))
        added += blocks[at:]
        kept = {block.text for block in added}
        papers = [Block(line, whole=len(line) <= WHOLE) for line in self.papers if line not in kept]
        first = 1 if added and added[0].level else 0
        return [*added[:first], *papers, *added[first:]]

    def left_out(self, blocks: Sequence[Block], title: str = "") -> tuple[LeftOut, ...]:
        """What is text, may belong to the article, and is not among the blocks."""
        names = _Article(self.page, places(self.page, [block.text for block in blocks]), title).named()
        return (LeftOut("parts", names),) if names else ()


class _Article:
    """Which of the texts that are missing belong to the article: those from its first text on that stand in the
    smallest element with all that was kept."""

    def __init__(self, page: Sequence[Piece], found: Sequence[int | None], title: str) -> None:
        self._page, self._found = page, found
        known = [i for i, place in enumerate(found) if place is not None and not page[i].is_link]
        # The title stands in the way to the page, too, and in its banner.
        above = (i for i in reversed(range(known[0])) if page[i].bare == letters(title)) if known else ()
        known[:0] = [i for i in above if not page[i].is_link][:1]
        self._first, self._last = (known[0], known[-1]) if known else (len(page), len(page))
        self._holding = set[HtmlElement]()
        common: list[HtmlElement] | None = None
        for i in known:
            chain = [page[i].element, *page[i].element.iterancestors()]
            self._holding.update(chain)
            within = set(chain)
            common = chain if common is None else [element for element in common if element in within]
        # What is kept alone stands beside others in what holds it.
        self._scope = common[1:] if common and len(known) == 1 else common or []
        self._about = set(self._scope)
        ends = (i for i in range(self._last + 1, len(page)) if self._leads_on(i))
        self._end = next(ends, len(page))
        self._parts = [list(members) for _, members in groupby(range(len(page)), self._part_of)]

    def missing(self) -> list[bool]:
        """For each text whether it is missing."""
        missing = [False] * len(self._page)
        for part in self._parts:
            if self._belongs(part):
                for i in part:
                    missing[i] = not self._is_furnishing(i)
        below = False
        for i in reversed(range(len(missing))):
            if self._found[i] is None and self._page[i].element.tag in HEADINGS:
                missing[i] = below
            below = missing[i] or self._found[i] is not None
        return missing

    def named(self) -> tuple[str, ...]:
        """How the parts begin that are text, and may belong to the article."""
        missing, names = self.missing(), dict[str, None]()
        for part in self._parts:
            told = [i for i in part if self._first < i and self._found[i] is None and not missing[i]]
            told = [i for i in told if not self._is_furnishing(i) and _TOLD.search(self._page[i].text)]
            if told and not self._is_of_site(part):
                text = self._page[told[0]].text
                names[text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…"] = None
        return tuple(names)[:_NAMED]

    def _leads_on(self, i: int) -> bool:
        text = self._page[i].text
        return bool(_ENDS.match(text) or (_MAKERS.match(text) and self._is_of_site(range(i, len(self._page)))))

    def _part_of(self, i: int) -> HtmlElement | int:
        """The largest element about it in which nothing was kept."""
        element = self._page[i].element
        if self._found[i] is not None or element in self._holding:
            return i
        while (parent := element.getparent()) is not None and parent not in self._holding:
            element = parent
        return element

    def _belongs(self, part: Sequence[int]) -> bool:
        i, texts = part[0], [self._page[i] for i in part]
        if not self._first < i < self._end or self._found[i] is not None or self._is_of_site(part):
            return False
        above = [texts[0].element, *texts[0].element.iterancestors()]
        if not self._scope or self._scope[0] not in above or any(map(_is_hidden, above)):
            return False
        leads = [piece.is_link and not _ATTACHED.match(piece.text) for piece in texts]
        if sum(leads) > 1 or leads == [True]:  # a list of links, or what is put beside an article
            return False
        return any(_is_told(piece) for piece in texts)

    def _is_of_site(self, part: Sequence[int]) -> bool:
        return any(_OF_SITE.search(self._page[i].text) for i in part)

    def _is_furnishing(self, i: int) -> bool:
        piece = self._page[i]
        if piece.is_link and not _ATTACHED.match(piece.text):
            return True
        above = [piece.element, *piece.element.iterancestors()]
        return any(_names(element) for element in above if element not in self._about)


def _is_told(piece: Piece) -> bool:
    """Whether it is text of its own, and no label."""
    tag = piece.element.tag
    return tag in _ROWS or (tag == "p" and len(piece.bare) > _LABEL) or _OF_ITS_OWN.search(piece.text) is not None


def _names(element: HtmlElement) -> bool:
    return any(_FURNISHING.search((element.get(name) or "").lower()) for name in ("class", "id"))


def _is_hidden(element: HtmlElement) -> bool:
    style = "".join((element.get("style") or "").split())
    return element.tag == "aside" or element.get("hidden") is not None or "display:none" in style


def _block(piece: Piece) -> Block:
    tag = piece.element.tag
    level = int(tag[1]) if tag in HEADINGS else 0
    is_row = tag == "tr" and len(piece.element) == 1
    return Block(piece.text, level, is_row and len(piece.text) <= WHOLE)


def _papers(tree: HtmlElement) -> Iterator[str]:
    for table in tree.iter("table"):
        if next(table.iterdescendants("table"), None) is not None:
            continue
        lines = [" ".join(row.text_content().split()) for row in table.iter("tr")]
        if sum(_OF_PAPERS.match(line) is not None for line in lines) >= _FEWEST:
            yield from filter(None, lines)
