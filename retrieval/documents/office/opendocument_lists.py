"""The numbers that a word processor shows before the items of lists and before headings of an OpenDocument text, and
that stand nowhere in it (OpenDocument 1.3, part 3, 16.30 and 19.880)."""

from collections.abc import Iterable
from typing import Any

from retrieval.documents.office.word_numbers import formatted

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting", "壹, 贰, 叁, ...": "chineseCounting",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "甲, 乙, 丙, ...": "ideographTraditional", "子, 丑, 寅, ...": "ideographZodiac",
}  # fmt: skip
_LONGEST = 40


class Lists:
    """Counts items of lists and headings in their order."""

    def __init__(self, trees: Iterable[Any]) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._outline: dict[int, Any] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for tree in trees:
            for style in tree.iter(f"{_TEXT}list-style"):
                self._levels[style.get(f"{_STYLE}name") or ""] = _by_level(style)
            for style in tree.iter(f"{_TEXT}outline-style"):
                self._outline = _by_level(style)

    def begin(self, element: Any, style: str) -> str:
        """A list begins, within one of the style; the style that it has. One that goes on keeps its count."""
        own = element.get(f"{_TEXT}style-name") or style
        is_outer = element.getparent().tag not in (f"{_TEXT}list-item", f"{_TEXT}list-header")
        goes_on = element.get(f"{_TEXT}continue-numbering") == "true" or element.get(f"{_TEXT}continue-list")
        if is_outer and not goes_on:
            self._counts.pop(own, None)
        return own

    def before(self, item: Any, style: str, level: int) -> str:
        """What is shown before the item of a list, with the space behind it."""
        start = item.get(f"{_TEXT}start-value")
        return _label(self._levels.get(style, {}), self._counts.setdefault(style, {}), level, start)

    def before_heading(self, level: int) -> str:
        return _label(self._outline, self._counts.setdefault("", {}), level, None)


def _by_level(style: Any) -> dict[int, Any]:
    return {_number(child.get(f"{_TEXT}level")): child for child in style.iterchildren(tag="*")}


def _label(levels: dict[int, Any], counts: dict[int, int], level: int, start: str | None) -> str:
    own = levels.get(level)
    for deeper in [depth for depth in counts if depth > level]:
        del counts[deeper]
    first = _number(start or (own.get(f"{_TEXT}start-value") if own is not None else None) or "1")
    counts[level] = first if start or level not in counts else counts[level] + 1
    form = None if own is None else own.get(f"{_STYLE}num-format")
    if own is None or not form:  # a bullet, or a heading that is not numbered
        return ""
    shown = max(1, min(_number(own.get(f"{_TEXT}display-levels") or "1"), level))
    numbers = [
        formatted(counts.get(depth, 1), _FORMS.get(form, "decimal")) for depth in range(level - shown + 1, level + 1)
    ]
    suffix = own.get(f"{_STYLE}num-suffix") or ""
    label = f"{own.get(f'{_STYLE}num-prefix') or ''}{'.'.join(numbers)}{suffix}"[:_LONGEST].strip()
    return f"{label} " if label else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0
