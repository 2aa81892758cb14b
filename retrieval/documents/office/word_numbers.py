"""The numbers that a word processor shows before paragraphs and that stand nowhere in their text.

第三条, （二）, 1.2.
"""

import re
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_PART = re.compile(r"%([1-9])")
_DIGITS, _PLACES = "〇一二三四五六七八九", ((1000, "千"), (100, "百"), (10, "十"))
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_BULLET = "•"
_LONGEST = 40


class Numbers:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._of: dict[str, tuple[str, dict[int, int]]] = {}
        self._styles: dict[str, Any] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        for style in document.styles.element.iterchildren(f"{_WORD}style"):
            self._styles[style.get(f"{_WORD}styleId")] = style
        related = document.part.rels.values()
        part = next((to.target_part for to in related if to.reltype.endswith("/numbering")), None)
        if part is not None:
            self._read(part.element)

    def _read(self, numbering: Any) -> None:
        for abstract in numbering.iterchildren(f"{_WORD}abstractNum"):
            levels = {_number(level.get(f"{_WORD}ilvl")): level for level in abstract.iterchildren(f"{_WORD}lvl")}
            self._levels[abstract.get(f"{_WORD}abstractNumId")] = levels
        for num in numbering.iterchildren(f"{_WORD}num"):
            starts = {
                _number(over.get(f"{_WORD}ilvl")): _number(_value(over, "startOverride"))
                for over in num.iterchildren(f"{_WORD}lvlOverride")
                if _value(over, "startOverride") is not None
            }
            self._of[num.get(f"{_WORD}numId")] = (_value(num, "abstractNumId") or "", starts)

    def before(self, paragraph: Any) -> str:
        """What is shown before the paragraph, with the space behind it; empty where it is not numbered."""
        num, ilvl = self._numbering_of(paragraph)
        abstract, starts = self._of.get(num or "", ("", {}))
        levels = self._levels.get(abstract, {})
        level = levels.get(ilvl)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if num not in self._begun:
            self._begun.add(num or "")
            for i in starts:
                counts.pop(i, None)
        counts[ilvl] = counts[ilvl] + 1 if ilvl in counts else starts.get(ilvl, _start(level))
        for deeper in [i for i in counts if i > ilvl and _value(levels.get(i), "lvlRestart") != "0"]:
            del counts[deeper]
        label = self._label(levels, counts, ilvl)
        space = "" if not label or _value(level, "suff") == "nothing" else " "
        return f"{label}{space}"

    @staticmethod
    def _label(levels: dict[int, Any], counts: dict[int, int], ilvl: int) -> str:
        level, text = levels[ilvl], _value(levels[ilvl], "lvlText") or ""
        if _format(level) == "bullet":
            return _BULLET
        legal = level.find(f"{_WORD}isLgl") is not None

        def number(match: re.Match[str]) -> str:
            i = int(match[1]) - 1
            count = counts.get(i, _start(levels[i]) if i in levels else 1)
            return str(count) if legal else formatted(count, _format(levels.get(i)))

        return _PART.sub(number, text)[:_LONGEST].strip()

    def _numbering_of(self, paragraph: Any) -> tuple[str | None, int]:
        """(numId, level) of the paragraph itself, else of its style and what that is based on."""
        own = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        if own is not None and _value(own, "numId") is not None:
            return _value(own, "numId"), _number(_value(own, "ilvl"))
        name, seen = paragraph.style, set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            found = style.find(f"{_WORD}pPr/{_WORD}numPr")
            if found is not None and _value(found, "numId") is not None:
                num = _value(found, "numId")
                levels = self._levels.get(self._of.get(num or "", ("", {}))[0], {})
                linked = next((i for i, level in levels.items() if _value(level, "pStyle") == name), None)
                level = own if own is not None else found
                return num, linked if linked is not None else _number(_value(level, "ilvl"))
            name = _value(style, "basedOn")
        return None, 0


def formatted(number: int, form: str) -> str:
    """The number in one of the forms that word processors know; digits for all others."""
    if form in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"):
        return _chinese(number)
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min(8, (number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.lower() if form == "lowerRoman" else roman
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if form == "ideographZodiac":
        return _BRANCHES[(number - 1) % 12]
    if form == "decimalZero":
        return f"{number:02}"
    return "" if form == "none" else str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for value, name in (*_PLACES, (1, "")):
        digit, number = divmod(number, value)
        if digit:
            text += ("〇" if gap and text else "") + _DIGITS[digit] + name
        gap = not digit
        if not number:
            break
    return text[1:] if text.startswith("一十") else text


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text


def _format(level: Any) -> str:
    return _value(level, "numFmt") or "decimal"


def _start(level: Any) -> int:
    return _number(_value(level, "start") or "1")


def _value(element: Any, name: str) -> str | None:
    """The w:val of a child."""
    child = None if element is None else element.find(f"{_WORD}{name}")
    return None if child is None else child.get(f"{_WORD}val")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0
