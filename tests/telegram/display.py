"""A message as a reader sees it, for a terminal: bold set off, quotations behind a bar, folded where Telegram folds
them, buttons below."""

from collections.abc import Iterator
from itertools import pairwise

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from tests.telegram.fake import Sent
from tests.telegram.strict import Formatted

_FOLDED = 3
"""Lines of a quotation that Telegram shows before it is unfolded."""
_WIDTH = 36
"""Characters that a phone sets on a line, more or less; what Telegram folds are lines on the screen."""
_STYLES = {"b": "bold", "i": "italic", "a": "cyan", "u": "underline"}


def display(sent: Sent, *, marks: bool) -> Group:
    """The message with its buttons; with `marks` bold text stands between asterisks, for readers without colour."""
    rows = [Text("  ".join(f"[{button['text']}]" for button in row), style="dim") for row in sent.buttons]
    body = [Text(f"📎 {sent.file_name}")] if sent.file_name else list(_blocks(sent.body, marks))
    return Group(*(Padding(part, (0, 0, 0, 4), expand=False) for part in [*body, *rows]))


def _blocks(body: Formatted, marks: bool) -> Iterator[Text]:
    """Text and quotations in turn."""
    quotes = [(start, end, tag) for start, end, tag in body.entities if tag.startswith("blockquote")]
    cursor = 0
    for start, end, tag in quotes:
        yield _styled(body, cursor, start, marks)
        yield _quotation(_styled(body, start, end, marks), folds=tag.endswith("expandable"))
        cursor = end
    if cursor < len(body.text.encode("utf-16-le")) // 2:
        yield _styled(body, cursor, len(body.text.encode("utf-16-le")) // 2, marks)


def _styled(body: Formatted, start: int, end: int, marks: bool) -> Text:
    units = body.text.encode("utf-16-le")
    inside = [(a, b, tag[0]) for a, b, tag in body.entities if tag[0] in _STYLES and not tag.startswith("blockquote")]
    edges = sorted({start, end, *(edge for a, b, _ in inside for edge in (a, b) if start < edge < end)})
    text, was_bold = Text(), False
    for left, right in [*pairwise(edges), (end, end)]:
        styles = {_STYLES[tag] for a, b, tag in inside if a <= left < right <= b}
        text.append("*" if marks and ("bold" in styles) != was_bold else "")
        text.append(units[2 * left : 2 * right].decode("utf-16-le"), " ".join(styles))
        was_bold = "bold" in styles
    text.rstrip()
    return text


def _quotation(text: Text, *, folds: bool) -> Text:
    lines = [piece for line in text.split("\n") for piece in _folded(line)]
    shown = lines[:_FOLDED] if folds else lines
    marked = next((n for n, line in enumerate(lines) if "*" in line.plain or "bold" in str(line.spans)), 0)
    if marked >= len(shown):
        shown = [*lines[: _FOLDED - 1], Text("…"), *lines[marked : marked + 2]]
    more = len(lines) > len(shown)
    barred = [Text("│ ", style="dim") + line for line in shown]
    return Text("\n").join([*barred, Text("│ ⌄", style="dim")] if more else barred)


def _folded(line: Text) -> list[Text]:
    cuts = list(range(_WIDTH, len(line.plain), _WIDTH))
    return list(line.divide(cuts)) if cuts else [line]
