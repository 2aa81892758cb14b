"""Paragraphs of a page to articles: which line is a title, a byline, a caption, or furniture, and whose.

For text that came without structure (plain text, PDF). Newspaper pages print several articles, and what came out of
them has titles before or after their bodies, column labels that look like titles, loose captions, and articles that
are interrupted by others. All rules are by form: length, punctuation, bylines, and the places that two pieces name.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from retrieval.documents.structure.dates import date_line
from retrieval.documents.structure.heads import HEAD_LINES, title_among
from retrieval.documents.structure.layout import BYLINE, CLOSED
from retrieval.documents.structure.titles import clean_title
from retrieval.text.places import named_places
from retrieval.types import Article, Paragraph, quote

_LEAD = re.compile(r"(?:本报|本刊|本网|本台|新华社|中新社|中新网)\S{0,14}(?:讯|电)\s*(?:[(（]|\s|$)|讯\s*[(（]")
"""Begins the body of a news article: 本报讯(记者 …)近年来, 本报青禾3月11日电."""
_CREDIT = re.compile(r"[□■●]?[^。！？；，,]{0,24}\s*[摄攝]\s*[)）]?$")
_CAPTION = re.compile(r"[^。]{0,6}图为|(?:上|下|左|右|题)图[:：为]|[^。]*[(（][^()（）]{2,12}[摄攝][)）]$")
_SUBTITLE = re.compile(r"[—–-]{1,3}\s*\S")
_NUMBERED = re.compile(
    r"[（(]?[0-9一二三四五六七八九十]{1,3}[)）、．.]\s*|第[0-9一二三四五六七八九十百]+[章节条部分]+\s*"
)
_TITLE_LENGTH = 40
_CAPTION_LENGTH = 1000
_LABEL_LENGTH = 6
"""基层实践, 文明新风: column labels are a few characters, titles more."""
_TABLE = 3
"""So many short lines in a row are a list or a table, and none of them is a heading."""
_AHEAD = 100
"""Paragraphs of a piece whose places are looked at."""
_BACK = 200
"""Articles before a piece that it may continue: a page has no more."""
_SAME_PLACES = 2
"""Mentions of an article's places from which on a piece without a beginning is its continuation."""


def find_articles(
    text: str, paragraphs: Sequence[Paragraph], title: str = ""
) -> tuple[tuple[Paragraph, ...], tuple[Article, ...]]:
    """The paragraphs in reading order with their articles and levels, and the articles.
    `title` is the document's own, for what has none of its own."""
    page = _Page(text, paragraphs, title)
    page.read()
    return page.result()


class _Page:
    """The paragraphs of a page, taken one by one."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph], title: str) -> None:
        self._lines = [(paragraph, quote(text, paragraph.spans)) for paragraph in paragraphs]
        self._kinds = [_kind(line) for _, line in self._lines]
        self._title = title
        self._current = _ArticleDraft()
        self._articles = [self._current]
        self._named: dict[int, list[str]] = {}
        self._several = sum(kind in ("byline", "lead") for kind in self._kinds) > 1

    def read(self) -> None:
        in_table = _runs(self._kinds)
        i = 0
        while i < len(self._lines):
            if self._kinds[i] == "short" and not in_table[i]:
                end = i
                while end < len(self._lines) and self._kinds[end] in ("short", "subtitle") and not in_table[end]:
                    end += 1
                self._heading(i, end)
                i = end
                continue
            self._body(i)
            i += 1

    def result(self) -> tuple[tuple[Paragraph, ...], tuple[Article, ...]]:
        found = [article for article in self._articles if article.lines]
        paragraphs = [
            replace(self._lines[i][0], level=article.levels.get(i, 0), article=number)
            for number, article in enumerate(found)
            for i in article.lines
        ]
        return tuple(paragraphs), tuple(
            Article(clean_title(self._title_of(article)), article.date) for article in found
        )

    def _title_of(self, article: "_ArticleDraft") -> str:
        labels = (self._lines[i][1] for i, level in article.levels.items() if level == 1)
        return article.title or next(labels, self._title)

    def _heading(self, start: int, end: int) -> None:
        """Short lines in a row: the title of what follows or of what came before, or a heading in between."""
        current = self._current
        following = self._kinds[end] if end < len(self._kinds) else "end"
        texts = {i: self._lines[i][1] for i in range(start, end)}
        titles = [i for i in texts if self._kinds[i] == "short"]
        longest = max(titles, key=lambda i: len(texts[i]))
        has_body = any(kind in ("body", "lead") for kind in self._kinds[end : end + 3])
        if not current.bodies and not current.title and not self._several:
            self._start(range(start, end), titles[0])
        elif following in ("byline", "lead") and has_body and self._kinds[start:end].count("short"):
            self._start(range(start, end), longest if len(texts[longest]) > _LABEL_LENGTH else None)
        elif self._several and not current.title and current.bodies and len(texts[longest]) > _LABEL_LENGTH:
            current.title = texts[longest]  # the title stands behind its body
            current.add(range(start, end), level=1)
            current.closed = True
        elif self._several and (len(texts[start]) <= _LABEL_LENGTH or current.closed or not current.bodies):
            self._start(range(start, end), longest if len(texts[longest]) > _LABEL_LENGTH else None)
        else:
            heads = following in ("body", "lead") and all(_is_heading(texts[i]) for i in titles)
            current.add(range(start, end), level=2 if heads else 0)

    def _body(self, i: int) -> None:
        kind, line = self._kinds[i], self._lines[i][1]
        current = self._current
        if (kind == "lead" and current.bodies) or (kind == "body" and self._several and current.closed):
            self._start((), None)
        elif kind == "body" and current.lines and self._several and self._is_cut_off(i):
            self._current = self._owner_of(i) or self._start((), None)
        current = self._current
        current.add((i,))
        if kind in ("body", "lead"):
            current.bodies += 1
            if self._several:  # who owns a piece is asked of several articles alone
                current.places.update(self._places_of(i))
        current.date = current.date or date_line(line)
        if kind == "credit" and self._several:
            current.closed = True  # a photo with its caption ends with who took it

    def _start(self, lines: Sequence[int], title: int | None) -> "_ArticleDraft":
        head = [] if title is None else self._lines[title : title + HEAD_LINES]
        started = _ArticleDraft(title=title_among([line for _, line in head]))
        started.add(lines, level=1)
        started.places.update(place for i in lines for place in self._places_of(i))
        self._articles.append(started)
        self._current = started
        return started

    def _places_of(self, i: int) -> list[str]:
        if i not in self._named:
            self._named[i] = named_places(self._lines[i][1])
        return self._named[i]

    def _is_cut_off(self, i: int) -> bool:
        """Whether the paragraph begins in the middle of something that the one before it does not begin."""
        before = self._lines[i - 1][1]
        return self._kinds[i - 1] == "body" and not CLOSED.search(before[-20:]) and len(before) > _TITLE_LENGTH

    def _owner_of(self, i: int) -> "_ArticleDraft | None":
        """The article that the piece from here on continues: the one whose places it names most."""
        piece: Counter[str] = Counter()
        for j in range(i, min(i + _AHEAD, len(self._lines))):
            if self._kinds[j] != "body":
                break
            piece.update(self._places_of(j))

        def shared(article: _ArticleDraft) -> int:
            return sum(count for place, count in piece.items() if article.places[place] > 1)

        best = max(self._articles[-_BACK:], key=shared)
        return best if shared(best) >= _SAME_PLACES else None


class _ArticleDraft:
    """An article while it is found."""

    def __init__(self, title: str = "") -> None:
        self.title = title
        self.date: str | None = None
        self.lines: list[int] = []
        self.levels: dict[int, int] = {}
        self.places: Counter[str] = Counter()
        self.bodies = 0
        self.closed = False

    def add(self, lines: Sequence[int], level: int = 0) -> None:
        self.lines.extend(lines)
        self.levels.update(dict.fromkeys(lines, level))


def _is_heading(line: str) -> bool:
    """Whether a short line among bodies heads what follows: a number, or neither figures nor commas."""
    return _NUMBERED.match(line) is not None or not re.search(r"[，,；;\d]", line)


def _kind(line: str) -> str:
    if len(line) <= 140 and BYLINE.match(line):
        return "byline"
    if _LEAD.match(line):
        return "lead"
    if len(line) <= _TITLE_LENGTH:
        if _CREDIT.match(line):
            return "credit"
        if _SUBTITLE.match(line):
            return "subtitle"
        if not CLOSED.search(line) and not date_line(line) and re.match(r"[^\W_]|[“‘《「『(（【\"]", line):
            return "short"
    return "caption" if len(line) <= _CAPTION_LENGTH and _CAPTION.match(line) else "body"


def _runs(kinds: Sequence[str]) -> list[bool]:
    """For each line whether it is one of many short ones in a row."""
    in_table = [False] * len(kinds)
    starts = [0, *[i for i in range(1, len(kinds)) if kinds[i] != kinds[i - 1]], len(kinds)]
    for start, end in pairwise(starts):
        if end - start > _TABLE and kinds[start] == "short":
            in_table[start:end] = [True] * (end - start)
    return in_table
