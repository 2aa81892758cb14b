"""Lines of a page to paragraphs: which line breaks end something, and which only end the column.

For text that came without structure (plain text, PDF). A line break ends a paragraph unless the line stops in the
middle of a sentence; then the next line continues it, also over a blank line, as columns of a page are cut. The
text itself is never changed: a paragraph is a list of spans.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from itertools import islice, pairwise

from retrieval.text.tokens import is_unspaced
from retrieval.types import Document, Paragraph, Span

CLOSED = re.compile(r"[。！？；…!?;.：:][”’」』）)】》〉\"']*$")
_OPEN = re.compile(r"[，,、（(“‘《「『【-]$")
# Begins something of its own: bylines, bullets, numbered items, column marks.
STARTS_ANEW = re.compile(
    r"[□■●○◆◇▲△※★☆·•*\-—]|(?:本报讯|本报记者|新华社|记者\s|编者按)"
    r"|[（(]?[0-9一二三四五六七八九十]{1,3}(?:[)）、．]|\.(?!\d))|第[0-9一二三四五六七八九十百]+[章节条]|[#>|]"
)
_FIELD = re.compile(r"[\u3400-\u9fff]{2,8}[:：](?!\s*[“\"])")
"""Begins what is told by a label (票价：4元), which stands on a line of its own where no width breaks the lines."""
_FURNITURE = re.compile(
    r"[\s\-–—·|•>»]*(?:(?:分享|评论|关注|点赞|收藏|转发|举报|打印|纠错|返回顶部|阅读原文|上一篇|下一篇|展开全文|查看更多|在看|朋友圈|微信|微博)"
    r"[\s\d|·/]*)+$|分享让更多人看到$|[(（【\[]?(?:[下上]?[转接]第?\s*[0-9A-Z一二三四五六七八九十]{1,3}\s*版\S{0,6}|完|完毕)[)）】\]]$"
)
_BETWEEN = " | "
"""Stands between the cells of a row, which no other line continues."""
_REPORTER = r"(?:本[报刊网台]|新华社|记者|通讯员|特约记者|见习记者|实习记者)"
BYLINE = re.compile(
    rf"[□■●◎○]?\s{{0,20}}{_REPORTER}[^。！？；，,]{{0,60}}$|[□■●◎○]\s{{0,20}}[^。！？；，,]{{2,40}}$"
    r"|[(（]?\s*(?:作\s*者|撰\s*[稿文]|策\s*划|文\s*/|图\s*/|来\s*源|责任编辑|编\s*辑|校\s*对|审\s*核|供\s*稿|监\s*制)\s*[:：/].{0,120}$"
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?[-—–·\s]*$")
_QUOTATION = re.compile(r"[“”]")
_INNER_STOP = re.compile(r"[。！？]\w")
"""Prose, however short: titles have no full stop inside."""
_FULL_LINE = 0.85
"""A line this full, as a share of the page's line width, was broken by the width and not by its author."""
_JOINED = 20
"""Lines looked back at for a quotation that is still open."""
_CUT_BEFORE, _CUT_AFTER = (
    re.compile(r"[\u3000-\u9fff\uff00-\uffef]\d[\d,.]*$"),
    re.compile(r"[\d,.]*\d[\d,.]*[%％]?[\u3400-\u9fff]"),
)
"""A figure that ends a line and goes on in the next, among Chinese characters: there are no two beside each other."""
_TAIL = 20
"""Characters of a line's end that tell whether it is closed; a line can be megabytes long."""
_WRAP_WIDTHS = (12, 120)
EDGE, EDGE_LENGTH = 2, 60
"""Lines at the top and at the bottom of a page that may be the same on all pages, and characters of such a line."""
_LONG_LINE = 40
"""Titles, captions and labels of Chinese pages stay below this many characters."""


def paragraphs_of_lines(
    text: str, page_starts: Sequence[int] = (), settled: Set[str] = frozenset()
) -> tuple[Paragraph, ...]:
    """Paragraphs of a text by its lines. With pages, a first or last line that is only a number belongs to none.
    `settled` are lines that no width broke."""
    lines = [
        span for span in _lines(text) if span[1] - span[0] > _LONG_LINE or not _FURNITURE.match(text[slice(*span)])
    ]
    numbers = _page_numbers(text, lines, page_starts)
    lines = [span for span in lines if span not in numbers]
    width = _wrap_width([end - start for start, end in lines if text[start:end] not in settled])
    repeated = _repeated_edges(text, lines, page_starts)
    groups: list[list[Span]] = []
    for span in (line for line in lines if line not in repeated):
        if groups and _goes_on(text, groups[-1], span, width, page_starts):
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(Paragraph(join_spans(text, group)) for group in sorted([*groups, *([line] for line in repeated)]))


def pages_without_text(document: Document) -> list[int]:
    """The 1-based pages that hold none: pictures, as far as anybody can tell."""
    bounds = [*document.page_starts, len(document.text)]
    return [i for i, (start, end) in enumerate(pairwise(bounds), 1) if not document.text[start:end].strip()]


def shown_pages_without_text(document: Document) -> list[int]:
    """Those but for hidden slides, of which it is told that they are hidden."""
    hidden = {name for omission in document.left_out if omission.kind == "hidden_slides" for name in omission.names}
    return [page for page in pages_without_text(document) if str(page) not in hidden]


def join_spans(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join consecutive lines to one paragraph. Between words of spaced scripts the line break is kept as the
    white space that it stands for; next to Chinese or Japanese it is left out."""
    joined: list[Span] = []
    for start, end in spans:
        if start >= end:
            continue
        if joined:
            left, right = joined[-1]
            if right == start:
                joined[-1] = (left, end)
                continue
            space = space_between(text, right, start)
            if space == right:
                joined[-1] = (left, right + 1)
            elif space is not None:
                joined.append((space, space + 1))
        joined.append((start, end))
    return tuple(joined)


def space_between(text: str, left: int, right: int) -> int | None:
    """Offset of the white space to keep between a piece that ends at `left` and one that begins at `right`: the first
    there is, when both are of scripts that put spaces between words; None next to Chinese or Japanese, and within a
    figure among these that the line's end cut (340 and 0户)."""
    tail, head = text[max(0, left - _TAIL) : left], text[right : right + _TAIL]
    before = next((c for c in reversed(tail) if c.isalnum()), "")
    after = next((c for c in head if c.isalnum()), "")
    if not before or not after or is_unspaced(before) or is_unspaced(after):
        return None
    if _CUT_BEFORE.search(tail) and _CUT_AFTER.match(head):
        return None
    return next((offset for offset in range(left, right) if text[offset].isspace()), None)


def _lines(text: str) -> list[Span]:
    spans = []
    for match in re.finditer(r"[^\n]+", text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        end = match.end() - (len(line) - len(line.rstrip()))
        if start < end:
            spans.append((start, end))
    return spans


def _page_numbers(text: str, lines: Sequence[Span], page_starts: Sequence[int]) -> set[Span]:
    edges: set[Span] = set()
    for start, end in pairwise([*page_starts, len(text)]):
        first = bisect_left(lines, (start, start))
        last = bisect_left(lines, (end, end))
        if first < last:
            edges |= {lines[first], lines[last - 1]}
    return {span for span in edges if _PAGE_NUMBER.match(text[slice(*span)])}


def _repeated_edges(text: str, lines: Sequence[Span], page_starts: Sequence[int]) -> set[Span]:
    """The lines with which both of two pages begin or end: headers and footers, over which a sentence goes on. Of
    more pages `running_lines` has taken them out."""
    if len(page_starts) != 2:
        return set()
    second = bisect_left(lines, (page_starts[1], 0))
    edges: set[Span] = set()
    for step in (1, -1):
        for own, other in islice(zip(lines[:second][::step], lines[second:][::step], strict=False), EDGE):
            if text[slice(*own)] != text[slice(*other)] or own[1] - own[0] > EDGE_LENGTH:
                break
            edges |= {own, other}
    return edges


def _wrap_width(lengths: Sequence[int]) -> int | None:
    """The width at which a hard-wrapped text breaks its lines; None when the lines do not look wrapped."""
    if len(lengths) < 4:
        return None
    ordered = sorted(lengths)
    width = ordered[int(len(ordered) * 0.9)]
    full = sum(1 for length in lengths if length >= _FULL_LINE * width)
    low, high = _WRAP_WIDTHS
    return width if low <= width <= high and full >= len(lengths) / 3 else None


def _quotes_clash(text: str, group: Sequence[Span], span: Span) -> bool:
    """Whether the line closes a quotation that the lines before it have not opened: it continues something else."""
    if text.find("”", *span) < 0:
        return False
    depth = 0
    for start, end in group[-_JOINED:]:
        depth += text.count("“", start, end) - text.count("”", start, end)
    depth = max(depth, 0)
    for match in _QUOTATION.finditer(text, *span):
        depth += 1 if match[0] == "“" else -1
        if depth < 0:
            return True
    return False


def _goes_on(text: str, group: Sequence[Span], span: Span, width: int | None, page_starts: Sequence[int]) -> bool:
    """Whether the line continues the paragraph: as its last line says, or because the page ended in the middle of
    running text, however short its last line."""
    last = group[-1]
    if _quotes_clash(text, group, span):
        return False
    is_next_page = bisect_left(page_starts, last[1]) < bisect_left(page_starts, span[0] + 1)
    if is_next_page and len(group) > 1 and _may_go_on(text, last, span):
        return True
    return _continues(text, last, span, width)


def _may_go_on(text: str, last: Span, span: Span) -> bool:
    line, following = text[slice(*last)], text[slice(*span)]
    if _BETWEEN in line or _BETWEEN in following or _is_indented(text, span):
        return False
    return not (CLOSED.search(line[-_TAIL:]) or STARTS_ANEW.match(following) or BYLINE.match(line))


def _is_indented(text: str, span: Span) -> bool:
    return text[max(0, span[0] - 1) : span[0]] in (" ", "\u3000", "\t")


def _continues(text: str, last: Span, span: Span, width: int | None) -> bool:
    line, following = text[slice(*last)], text[slice(*span)]
    tail = line[-_TAIL:]
    if _BETWEEN in line or _BETWEEN in following:
        return False
    if CLOSED.search(tail) or STARTS_ANEW.match(following) or BYLINE.match(line):
        return False
    if _OPEN.search(tail):
        return True
    if width is not None:
        return len(line) >= _FULL_LINE * width
    if _FIELD.match(following) or (_FIELD.match(line) and text.count("\n", last[1], span[0]) > 1):
        return False
    return len(line) >= _LONG_LINE or _INNER_STOP.search(line) is not None
