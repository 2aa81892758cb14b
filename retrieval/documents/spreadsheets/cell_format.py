"""Values of a spreadsheet as people see them: 3420 and not 3420.0, 12.5% and not 0.125, 2026-07-15 and not 46218.

Codes of number formats are those of ECMA-376, part 1, 18.8.31: sections for positive, negative and zero, literals in
quotes or behind a backslash, places for digits. What they cannot say plainly (fractions, exponents, conditions) is
shown as a plain number.
"""

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_EXACT = Context(prec=1000)
"""No format asks for more digits."""
_GENERAL_DIGITS = 10
"""Digits that a cell without a format shows of a fraction."""
_LONGEST = 21
"""Digits from which on a number is written with an exponent."""
_PLACES = 30
_CODE = 255
"""Characters of a code, as many as Excel takes."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)(?P<scale>,*)|(?P<percent>%)"
    r"|(?P<other>E[+-]|/|@)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;])*', re.DOTALL)
_CHINESE_DATES = {
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "yyyy-m-d", 31: "yyyy年m月d日", 32: "h:mm", 33: "h:mm:ss",
    34: "h:mm", 35: "h:mm:ss", 36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日",
    54: "m月d日", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
"""Formats by number that a workbook need not spell out (18.8.30, zh-cn)."""


def chinese_date_format(number: int) -> str | None:
    """The code of one of the formats that Chinese programs know by number."""
    return _CHINESE_DATES.get(number)


def display_text(value: object, code: str = "General") -> str:
    """The value in the format of that code, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, code)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, datetime.time):
        return _time(value)
    if isinstance(value, datetime.date):
        return _date(value, code)
    return " ".join(str(value).split())


def _time(value: datetime.time) -> str:
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def _date(value: datetime.date, code: str) -> str:
    code = re.sub(r"\[[^\]]*\]", "", code).lower()
    year, day = "y" in code, "d" in code
    time = _time(value.time()) if isinstance(value, datetime.datetime) and re.search("[hs]", code) else ""
    if time and not year and not day:
        return time
    if year and not day:
        text = f"{value.year}年{value.month}月" if "年" in code else f"{value:%Y-%m}"
        text = text if "m" in code else f"{value.year}" + ("年" if "年" in code else "")
    elif day and not year:
        text = f"{value.month}月{value.day}日"
    else:
        text = f"{value.year}年{value.month}月{value.day}日" if "年" in code else f"{value:%Y-%m-%d}"
    return f"{text} {time}" if time and time != "00:00" else text


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands before and behind the digits (None: there are none), and how these are written."""

    before: str
    after: str = ""
    digits: str | None = None
    shift: int = 0
    """Powers of ten: 2 for percent, -3 for each comma behind the digits."""


def _number(value: float, code: str) -> str:
    if not abs(value) < 10**_LONGEST:  # infinite, or no number
        return str(Decimal(value).normalize(Context(prec=6)))
    sections = _sections(code) if len(code) <= _CODE else (None,)
    chosen, size = sections[0], value
    if value < 0 and len(sections) > 1:
        chosen, size = sections[1], -value
    elif value == 0 and len(sections) > 2:
        chosen = sections[2]
    if chosen is None:
        return _plain(value)
    if chosen.digits is None:
        literal = " ".join(chosen.before.split())
        return literal if literal or len(sections) > 1 else _plain(value)
    text = _digits(Decimal(repr(abs(size))).scaleb(chosen.shift, _EXACT), chosen.digits)
    sign = "-" if size < 0 and re.search("[1-9]", text) else ""
    return " ".join(f"{sign}{chosen.before}{text}{chosen.after}".split())


def _plain(value: float) -> str:
    if value == int(value):
        return str(int(value))
    if abs(value) < 1e-4:
        return f"{Decimal(f'{value:.5g}'):f}"
    places = max(0, _GENERAL_DIGITS - len(str(int(abs(value)))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _digits(value: Decimal, places: str) -> str:
    if not value and "0" not in places:
        return ""
    whole, _, fraction = places.partition(".")
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP, _EXACT)
    before, _, behind = f"{rounded:f}".partition(".")
    least = fraction.rstrip("#?")
    behind = behind[: len(least)] + behind[len(least) :].rstrip("0")
    before = before.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        before = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", before)
    return f"{before or '0'}.{behind}" if behind else before or "0"


@lru_cache(1000)
def _sections(code: str) -> tuple[_Section | None, ...]:
    """Those of the code; None for one that is shown as a plain number."""
    pieces: list[str] = []
    at = 0
    while at <= len(code) and len(pieces) < 4:
        match = _SECTIONS.match(code, at)
        assert match is not None
        pieces.append(match[0])
        at = match.end() + 1
    return tuple(_section(piece) for piece in pieces)


def _section(piece: str) -> _Section | None:
    before, after = "", ""
    digits: str | None = None
    shift = 0
    for token in _TOKEN.finditer(piece):
        kind = token.lastgroup
        if kind in ("general", "other") or (kind == "bracket" and re.match("[<>=]", token["bracket"])):
            return None
        if token["digits"] is not None:
            if digits is not None:
                return None
            digits = token["digits"].rstrip(",")
            shift -= 3 * (len(token["digits"]) - len(digits) + len(token["scale"]))
        else:
            shift += 2 * (kind == "percent")
            text = "%" if kind == "percent" else token[kind] if kind and kind != "bracket" else " "
            before, after = (before + text, after) if digits is None else (before, after + text)
    if digits is not None and len(digits) > _PLACES:
        return None
    return _Section(before, after, digits, shift)
