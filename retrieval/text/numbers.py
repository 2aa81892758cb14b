"""Numbers in text with what they count: 51名, 五十一人, 2000余万元, 18.5%, 百分之十八点五, 千分之五, 叁拾万元整."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.text.fold import fold_with_offsets
from retrieval.text.lexicon import FACTORS, UNITS

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_HAN_NUMBER = f"[{''.join(_DIGITS)}{''.join(_SCALES)}]{{1,30}}"
_PLAIN_OF_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千") | {ord("廿"): "二十"}
FORMAL = "(?:[壹贰叁肆伍陆柒捌玖]{1,2}[拾佰仟万亿]{1,2}零?){1,9}[壹贰叁肆伍陆柒捌玖]?"
"""A number as contracts and receipts write it; its characters alone are words too (收拾, 伍)."""
_SHARES = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}
"""To per cent."""
_LONGEST_FIRST = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
_ABOUT = "余多几"
_QUANTITY = re.compile(
    rf"(?P<before>约|近|超过|超|逾|不足|大约|至少|不少于|最多|上|over |about |nearly |some )?"
    rf"(?P<parts>[百千万]分之)?(?P<number>{FORMAL}|(?<![\d.])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_HAN_NUMBER}(?:点[{''.join(_DIGITS)}]+)?)"
    rf"(?P<about>[{_ABOUT}]?)(?P<scale>[十百千万亿]{{0,8}})(?P<more>[{_ABOUT}]?)"
    rf"(?P<unit>{_LONGEST_FIRST})?(?P<after>左右|上下|以上|以下)?",
    re.ASCII,
)
_DAY = re.compile(
    r"(?<!\d)(?:(?P<year>(?:19|20)\d\d)年)?(?:(?P<month>1[0-2]|0?[1-9])月(?:份|(?P<day>[12]\d|3[01]|0?[1-9])[日号])?)?",
    re.ASCII,
)
_YEARS = range(1900, 2100)
_TOLERANCE = Decimal("0.1")
"""How far from a rounded figure (2000余) the exact one may lie, as a share."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at [start, end) of the text, its unit with it. `value` is in the smallest unit of its class of units
    that is in use (3.2万元 is 32000 of money); `kind` is that class, None without a unit."""

    start: int
    end: int
    value: Decimal
    unit: str
    kind: str | None
    rounded: bool

    def agrees(self, other: "Quantity") -> bool:
        """Whether both may be the same figure: 2000余万元 and 2013万元 may."""
        distance = abs(self.value - other.value)
        within = _TOLERANCE * max(self.value, other.value) if self.rounded or other.rounded else Decimal(0)
        return distance <= within


def comparable(kind: str | None, other: str | None) -> bool:
    """Whether two classes of units count the same; 个 counts people and sites alike."""
    return kind == other or ("any" in (kind, other) and {kind, other} <= {"any", "people", "sites"})


def quantities(text: str) -> Iterator[Quantity]:
    """The numbers of the text in order. Dates and years are numbers too: 年 after 1900-2099 is no unit."""
    folded, offsets = fold_with_offsets(text)
    offsets.append(len(text))
    for match in _QUANTITY.finditer(folded):
        start = match.start("parts") if match["parts"] else match.start("number")
        end = match.end("unit") if match["unit"] else match.end("more")
        unit = "%" if match["parts"] else match["unit"] or ""
        value = number(match["number"]) * _scale(match["scale"])
        if unit == "年" and value in _YEARS:
            unit = ""
        value *= _SHARES[match["parts"]] if match["parts"] else Decimal(FACTORS.get(unit, 1))
        rounded = any(match[group] for group in ("before", "about", "more", "after"))
        yield Quantity(offsets[start], _end(offsets, end, len(text)), value, unit, UNITS.get(unit), rounded)


@dataclass(frozen=True, slots=True)
class Day:
    """A date at [start, end) of the text, as far as it is told: 2020年1月 has no day, 7月6日 no year."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def agrees(self, other: "Day") -> bool:
        """Whether nothing that both tell differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(own is None or their is None or own == their for own, their in pairs)

    def iso(self) -> str | None:
        """YYYY, YYYY-MM or YYYY-MM-DD; None without a year."""
        if self.year is None:
            return None
        return "-".join(f"{part:02}" for part in (self.year, self.month, self.day) if part is not None)


def days(text: str) -> Iterator[Day]:
    """The dates of the text in order."""
    folded, offsets = fold_with_offsets(text)
    for match in _DAY.finditer(folded):
        year, month, day = (int(match[group]) if match[group] else None for group in ("year", "month", "day"))
        if year or month:
            yield Day(offsets[match.start()], _end(offsets, match.end(), len(text)), year, month, day)


def number(text: str) -> Decimal:
    """The value of digits (12,000 or 3.2) or of a Chinese number (五十一, 十八点五), folded."""
    if text[0].isdigit() and text[0].isascii():
        return Decimal(text.replace(",", ""))
    text = text.translate(_PLAIN_OF_FORMAL)
    whole, point, fraction = text.partition("点")
    return Decimal(f"{integer(whole)}{point and '.'}{''.join(str(_DIGITS[digit]) for digit in fraction)}")


def integer(text: str) -> int:
    """The value of digits or of a Chinese whole number: 二〇二五 is 2025, 三千零五 3005, 两百万 2000000."""
    if text.isdecimal():
        return int(text)
    text = text.translate(_PLAIN_OF_FORMAL)
    if not any(character in _SCALES for character in text):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    hundreds_of_millions = ten_thousands = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character == "万":
            ten_thousands, section, digit = (ten_thousands + section + digit or 1) * 10_000, 0, 0
        elif character == "亿":
            whole = hundreds_of_millions + ten_thousands + section + digit
            hundreds_of_millions, ten_thousands, section, digit = (whole or 1) * 100_000_000, 0, 0, 0
        else:
            section, digit = section + (digit or 1) * _SCALES[character], 0
    return hundreds_of_millions + ten_thousands + section + digit


def _scale(scales: str) -> int:
    value = 1
    for scale in scales:
        value *= _SCALES[scale]
    return value


def _end(offsets: list[int], end: int, length: int) -> int:
    """The raw offset at which the folded character before `end` ends."""
    following = (offsets[at] for at in range(end, len(offsets)) if offsets[at] > offsets[end - 1])
    return next(following, length)
