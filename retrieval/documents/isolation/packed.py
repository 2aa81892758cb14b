"""How the process that asks for a file and the one that reads it talk: frames of a JSON object and bytes.

Unlike a pickle such a frame can hold nothing but values. What comes back is not trusted: the reader may have been
taken over by the file. So it is bounded, and looked through.
"""

import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, get_args

from retrieval.documents.structure.dates import iso_date
from retrieval.documents.structure.titles import web_address
from retrieval.left_out import LeftOut, LeftOutKind
from retrieval.types import Article, Document, Paragraph, Span

HEAD = struct.Struct(">QQ")
"""The bytes of the object and those that follow it."""
PNG = b"\x89PNG\r\n\x1a\n"
_PICTURE = 10_000_000
"""Bytes of a picture."""
_LINES = 100_000
_TITLE = 1000
"""More characters than any title that a reader makes."""
_NAME, _NAMES = 200, 1000
"""More characters and names than are told of what was left out."""


def text_limit(max_megabytes: float) -> int:
    """Bytes of a document's text, which is UTF-8 in a frame: half as many again as the same file has in GB18030 or
    UTF-16."""
    return int(2 * max_megabytes * 2**20)


class Frame(NamedTuple):
    """An object and bytes that belong to it: a file, or the text of a document."""

    value: dict[str, Any]
    body: bytes = b""

    def to_bytes(self) -> bytes:
        described = json.dumps(self.value, separators=(",", ":")).encode("ascii")
        return HEAD.pack(len(described), len(self.body)) + described + self.body

    @classmethod
    def of(cls, described: bytes, body: bytes) -> "Frame":
        """Raises ValueError when it is no JSON object."""
        try:
            value = json.loads(described)
        except RecursionError as error:
            raise ValueError("too deep") from error
        if not isinstance(value, dict):
            raise ValueError("no object")
        return cls(value, body)


class Picture(NamedTuple):
    """A page, drawn: PNG."""

    png: bytes
    boxes: int
    """How many lines are boxed; 0 where what is quoted was not found on the page."""


def pack_picture(picture: Picture) -> Frame:
    return Frame({"boxes": picture.boxes}, picture.png)


def unpack_picture(frame: Frame) -> Picture:
    """The picture again. Raises ValueError or KeyError when it is none."""
    _require(frame.body.startswith(PNG) and len(frame.body) <= _PICTURE)
    return Picture(frame.body, _number(frame.value["boxes"], _LINES))


def pack(document: Document) -> Frame:
    """All of it but its path. Half characters, which no database takes, become question marks."""
    paragraphs = [
        (paragraph.spans, paragraph.level, paragraph.article, paragraph.whole) for paragraph in document.paragraphs
    ]
    known = {
        "title": _whole(document.title),
        "site": _whole(document.site),
        "paragraphs": paragraphs,
        "date": document.date,
        "url": document.url,
        "page_starts": document.page_starts,
        "articles": [(_whole(article.title), article.date) for article in document.articles],
        "left_out": [
            (omission.kind, [_name(name) for name in omission.names[:_NAMES]]) for omission in document.left_out
        ],
    }
    return Frame({"document": known}, document.text.encode("utf-8", "replace"))


def unpack(path: Path, frame: Frame) -> Document:
    """The document again. Raises ValueError or TypeError, or the like, when it is none that a reader makes."""
    known, text = frame.value["document"], frame.body.decode("utf-8")
    articles = tuple(Article(_title(title), _date(date)) for title, date in known["articles"])
    paragraphs = tuple(
        Paragraph(_spans(spans, len(text)), _number(level, 7), _number(article, max(1, len(articles))), _flag(whole))
        for spans, level, article, whole in known["paragraphs"]
    )
    starts = tuple(_number(start, len(text) + 1) for start in known["page_starts"])
    _require(list(starts) == sorted(starts))
    url = known["url"]
    _require(url is None or web_address(url) == url)
    left_out = tuple(_left_out(kind, names) for kind, names in known["left_out"])
    date, title, site = _date(known["date"]), _title(known["title"]), _title(known["site"])
    return Document(path, title, text, paragraphs, date, url, starts, articles, left_out, site)


def _left_out(kind: LeftOutKind, names: list[str]) -> LeftOut:
    _require(kind in get_args(LeftOutKind) and 0 < len(names) <= _NAMES)
    _require(all(_name(name) == name for name in names))
    return LeftOut(kind, tuple(names))


def _name(name: str) -> str:
    return " ".join(_whole(name).split())[:_NAME].rstrip()


def _spans(spans: Iterable[tuple[int, int]], length: int) -> tuple[Span, ...]:
    found: list[Span] = []
    at = 0
    for start, end in spans:
        _require(type(start) is type(end) is int and at <= start < end <= length)
        found.append((start, end))
        at = end
    return tuple(found)


def _number(value: object, below: int) -> int:
    _require(type(value) is int and 0 <= value < below)
    assert isinstance(value, int)
    return value


def _flag(value: object) -> bool:
    _require(type(value) is bool)
    return value is True


def _title(value: object) -> str:
    _require(isinstance(value, str) and len(value) <= _TITLE and value == _whole(value) and "\n" not in value)
    assert isinstance(value, str)
    return value


def _date(value: object) -> str | None:
    _require(value is None or iso_date(value) == value)
    assert value is None or isinstance(value, str)
    return value


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("no document")
