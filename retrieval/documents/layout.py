"""Lines of a page to paragraphs: which line breaks end something, and which only end the column.

For text that came without structure (plain text, PDF). A line break ends a paragraph unless the line stops in the
middle of a sentence; then the next line continues it, also over a blank line, as columns of a page are cut. The
text itself is never changed: a paragraph is a list of spans.
"""

import re
from collections.abc import Iterable, Sequence

from retrieval.text.tokens import is_unspaced
from retrieval.types import Paragraph, Span

_CLOSED = re.compile(r"[。！？；…!?;.：:][”’」』）)】》〉\"']*$")
_OPEN = re.compile(r"[，,、（(“‘《「『【-]$")
# Begins something of its own: bylines, bullets, numbered items, column marks.
_STARTS_ANEW = re.compile(
    r"[□■●○◆◇▲△※★☆·•*\-—]|(?:本报讯|本报记者|新华社|记者|编者按)"
    r"|[（(]?[0-9一二三四五六七八九十]{1,3}(?:[)）、．]|\.(?!\d))|第[0-9一二三四五六七八九十百]+[章节条]|[#>|]"
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?[-—–·\s]*$")
_FULL_LINE = 0.85
"""A line this full, as a share of the page's line width, was broken by the width and not by its author."""
_TAIL = 20
"""Characters of a line's end that tell whether it is closed; a line can be megabytes long."""
_WRAP_WIDTHS = (12, 120)
_LONG_LINE = 40
"""Titles, captions and labels of Chinese pages stay below this many characters."""


def paragraphs_of_lines(text: str, pages: bool = False) -> tuple[Paragraph, ...]:
    """Paragraphs of a text by its lines; with `pages`, lines that are only a page number belong to none."""
    lines = [span for span in _lines(text) if not (pages and _PAGE_NUMBER.match(text[slice(*span)]))]
    width = _wrap_width([end - start for start, end in lines])
    groups: list[list[Span]] = []
    for span in lines:
        if groups and _continues(text, groups[-1][-1], span, width):
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(Paragraph(join_spans(text, group)) for group in groups)


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
            if not is_unspaced(text[right - 1]) and not is_unspaced(text[start]) and text[right].isspace():
                joined[-1] = (left, right + 1)
        joined.append((start, end))
    return tuple(joined)


def _lines(text: str) -> list[Span]:
    spans = []
    for match in re.finditer(r"[^\n]+", text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        end = match.end() - (len(line) - len(line.rstrip()))
        if start < end:
            spans.append((start, end))
    return spans


def _wrap_width(lengths: Sequence[int]) -> int | None:
    """The width at which a hard-wrapped text breaks its lines; None when the lines do not look wrapped."""
    if len(lengths) < 4:
        return None
    ordered = sorted(lengths)
    width = ordered[int(len(ordered) * 0.9)]
    full = sum(1 for length in lengths if length >= _FULL_LINE * width)
    low, high = _WRAP_WIDTHS
    return width if low <= width <= high and full >= len(lengths) / 3 else None


def _continues(text: str, last: Span, span: Span, width: int | None) -> bool:
    line, following = text[slice(*last)], text[slice(*span)]
    tail = line[-_TAIL:]
    if _CLOSED.search(tail) or _STARTS_ANEW.match(following):
        return False
    if _OPEN.search(tail):
        return True
    if width is not None:
        return len(line) >= _FULL_LINE * width
    return len(line) >= _LONG_LINE
