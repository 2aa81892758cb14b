"""Text for Telegram: runs of raw text with a style, cut in Telegram's own units and escaped last.

Telegram counts UTF-16 code units after its entities are parsed (https://core.telegram.org/bots/api#formatting-options),
so what is cut is always the raw text, never HTML.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

MESSAGE = 4096
"""Units of a message at most."""
_SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)]*")
_ELLIPSIS = "…"
_UNPRESENTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_TURNS_REST = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
_TURNS_DIRECTION = re.compile(r"[\u200e\u200f\u061c]")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of raw text in one style. Neighbouring runs that are `quoted` form one quotation, which folds when it
    is long unless they are `unfolded`."""

    text: str
    bold: bool = False
    italic: bool = False
    quoted: bool = False
    link: str | None = None
    unfolded: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Markup:
    """A message being written. Adding gives a new one."""

    runs: tuple[Run, ...] = ()

    def __add__(self, other: "Markup") -> "Markup":
        return Markup((*self.runs, *other.runs))

    def add(
        self, text: str, *, bold: bool = False, italic: bool = False, quoted: bool = False, link: str | None = None,
        underlined: bool = False,
    ) -> "Markup":  # fmt: skip
        """With the text behind it; what Telegram cannot carry (NUL, lone surrogates) is replaced."""
        run = Run(presentable(text), bold, italic, quoted, link, underlined=underlined)
        return Markup((*self.runs, run)) if run.text else self

    def join(self, pages: Iterable["Markup"]) -> "Markup":
        """The pages with this one between them."""
        joined = Markup()
        for number, page in enumerate(pages):
            joined += self + page if number else page
        return joined

    @property
    def opened(self) -> "Markup":
        """With its quotations unfolded."""
        return Markup(tuple(replace(run, unfolded=run.quoted) for run in self.runs))

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def units(self) -> int:
        return units(self.plain)

    def cut(self, limit: int = MESSAGE) -> "Markup":
        """At most so many units; what is cut ends in …"""
        if self.units <= limit:
            return self
        left, kept = limit, []
        for run in self.runs:
            if (size := units(run.text)) > left - 1:
                kept.append(replace(run, text=clip(run.text, left)))
                break
            kept.append(run)
            left -= size
        return Markup(tuple(kept))

    @property
    def html(self) -> str:
        """For `parse_mode` HTML."""
        parts, quoting = [], False
        for style, runs in groupby(self.runs, lambda run: replace(run, text="", underlined=False)):
            if style.quoted != quoting:
                opening = "<blockquote>" if style.unfolded else "<blockquote expandable>"
                parts.append(opening if style.quoted else "</blockquote>")
                quoting = style.quoted
            parts.append(_element(style, "".join(map(_inner, runs))))
        return "".join(parts) + ("</blockquote>" if quoting else "")


def plain(text: str) -> Markup:
    """A message without any style."""
    return Markup().add(text)


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """At most so many units, the last of them … when something was cut."""
    return text if units(text) <= limit else _head(text, limit - 1) + _ELLIPSIS if limit > 0 else ""


def window(text: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """The [first, last) of the text that holds [start, end) and takes at most `limit` units, with what stands around
    it shared between both sides; where [start, end) alone is longer, its beginning."""
    if units(text) <= limit:
        return 0, len(text)
    held = _head(text[start:end], limit)
    if len(held) < end - start:
        return start, start + len(held)
    spare = limit - units(held)
    before = _tail(text[:start], spare // 2)
    after = _head(text[end:], spare - units(before))
    before = _tail(text[:start], spare - units(after))
    return start - len(before), end + len(after)


def excerpt(text: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """The window around [start, end), without the pieces of sentences at its ends where it is cut."""
    first, last = window(text, start, end, limit)
    if first and (begun := _SENTENCE_END.search(text, first, start)):
        first = begun.end()
    if last < len(text) and (ends := list(_SENTENCE_END.finditer(text, end, last))):
        last = ends[-1].end()
    return first, last


def presentable(text: str) -> str:
    """What can be sent: control characters become spaces, lone surrogates �. What turns the direction of all that
    follows (Telegram drops most of it itself) is left out."""
    return _UNPRESENTABLE.sub(lambda found: _presentable(found[0]), text)


def one_line(text: str, limit: int) -> str:
    """For a title or a name from outside: on one line, at most so many units, and without characters that turn the
    direction of what follows."""
    visible = _TURNS_DIRECTION.sub("", presentable(text))
    return clip(" ".join(visible.split()), limit)


def _presentable(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return "" if character in _TURNS_REST else " "


def _inner(run: Run) -> str:
    text = html.escape(run.text)
    return f"<u>{text}</u>" if run.underlined else text


def _element(style: Run, text: str) -> str:
    if style.bold:
        text = f"<b>{text}</b>"
    if style.italic:
        text = f"<i>{text}</i>"
    if style.link is not None:
        text = f'<a href="{html.escape(style.link)}">{text}</a>'
    return text


def _head(text: str, limit: int) -> str:
    """As many characters from the beginning as fit."""
    return text[: sum(1 for _ in _fitting(iter(text), limit))]


def _tail(text: str, limit: int) -> str:
    count = sum(1 for _ in _fitting(reversed(text), limit))
    return text[len(text) - count :]


def _fitting(characters: Iterator[str], limit: int) -> Iterator[str]:
    for character in characters:
        limit -= units(character)
        if limit < 0:
            return
        yield character
