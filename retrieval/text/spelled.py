"""The spellings of a number: 12万 is also 120000, 120,000 and 十二万, 0.5% is also 千分之五, 第3条 is also 第三条."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from retrieval.text.numbers import FORMAL, integer, number

_HAN = "〇零一二两三四五六七八九"
_WHOLE = f"[{_HAN}十百千万亿]"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PER = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}
_OPEN = rf"(?<![\d.,{_HAN}十百千万亿点之:a-z-])"
_SHUT = rf"(?![\d{_HAN}十百千万亿点%‰:a-z-]|[.,]\d)"
_NUMERAL = re.compile(
    rf"(?P<ordinal>第(?:\d{{1,4}}|[{_HAN}十百千]{{1,7}})[条章节款项届期号批次名])"
    rf"|{_OPEN}(?:(?P<per>[百千万]分之)(?P<share>\d+(?:\.\d+)?|{_WHOLE}{{1,9}}(?:点[{_HAN}]+)?)|(?P<points>\d+(?:\.\d+)?)(?P<sign>[%‰]))"
    rf"|{_OPEN}(?P<digits>{_DIGITS})(?P<scale>[百千]?[万亿]|[百千])?{_SHUT}"
    rf"|{_OPEN}(?P<han>{_WHOLE}{{2,14}}|{FORMAL}){_SHUT}",
    re.ASCII,
)
_SCALES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_LEAST, _MOST = 10, 10**12
_TO_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ABOUT = "余多几来"
_TAIL = re.compile(r"周岁|[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as a folded text writes it, with the character behind it (四十里铺 is no 40), and in its `others`
    forms, with the same behind them."""

    form: str
    others: tuple[str, ...]


def numerals(folded: str) -> Iterator[Numeral]:
    """The numbers of a folded text that can be written in other ways: from 10 on, shares, and ordinals."""
    for match in _NUMERAL.finditer(folded):
        behind = _TAIL.match(folded, match.end())
        tail = behind[0] if behind and not match["ordinal"] else ""
        if tail and tail in _ABOUT:
            continue
        spelled = list(dict.fromkeys(_spellings(match, tail)))
        if match[0] in spelled:
            written = match[0] + tail
            others = [spelling + rest for spelling in spelled for rest in _tails(tail)]
            yield Numeral(written, tuple(other for other in others if other != written))


def _tails(tail: str) -> tuple[str, ...]:
    return ("岁", "周岁") if tail in ("岁", "周岁") else (tail,)


def _spellings(match: re.Match[str], tail: str) -> Iterator[str]:
    """All of them, also the one that was found, where it is written as numbers are."""
    if match["ordinal"]:
        value = integer(match["ordinal"][1:-1])
        if value:
            yield from (f"第{numeral}{match['ordinal'][-1]}" for numeral in (str(value), *_in_han(value)))
        return
    if match["per"] or match["sign"]:
        per = _PER[match["per"]] if match["per"] else Decimal(1) if match["sign"] == "%" else Decimal("0.1")
        yield from (match[0], *_shares(number(match["share"] or match["points"]) * per))
        return
    text = match["digits"] or match["han"]
    value_of = number(text) if match["digits"] else Decimal(integer(text))
    for scale in match["scale"] or "":
        value_of *= _SCALES[scale]
    if value_of != int(value_of) or not _LEAST <= value_of < _MOST or text.startswith("0"):
        return
    yield from (match[0], *_whole(int(value_of), tail)) if match["digits"] else _whole(int(value_of), tail)


def _whole(value: int, tail: str) -> Iterator[str]:
    yield str(value)
    if tail == "年" and value in range(1900, 2100):
        digits = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))
        yield from (digits, digits.replace("〇", "零"))
        return
    if value >= 1_000:
        yield f"{value:,}"
    for scale, name in ((10_000, "万"), (100_000_000, "亿")):
        if value >= scale and value * 100 % scale == 0:
            yield f"{_plain(Decimal(value) / scale)}{name}"
    yield from _in_han(value)
    yield next(_in_han(value, begins=True)).translate(_TO_FORMAL)


def _shares(percent: Decimal) -> Iterator[str]:
    yield f"{_plain(percent)}%"
    if 1 <= percent < 100 and percent % 10 == 0:  # of more digits than a Decimal has, nothing can be left over
        yield f"{next(_in_han(int(percent) // 10))}成"
    for words, per in _PER.items():
        share = percent / per
        if share == int(share) and 0 < share < 10_000:
            yield from (f"{words}{numeral}" for numeral in (*_in_han(int(share)), str(int(share))))
        elif words == "百分之":
            whole, _, rest = _plain(share).partition(".")
            spoken = "".join(_HAN.replace("两", "").replace("〇", "")[int(digit)] for digit in rest)
            yield f"{words}{next(_in_han(int(whole)))}点{spoken}"
    if (thousandths := percent * 10) == int(thousandths):
        yield f"{int(thousandths)}‰"


def _in_han(value: int, *, begins: bool = False) -> Iterator[str]:
    """十八 and 一十八 for 18, 二百 and 两百 for 200; with `begins` the one that leaves nothing out."""
    full = _spoken(value)
    if begins:
        yield full
        return
    short = full[1:] if full.startswith("一十") else full
    yield short
    if short != full:
        yield full
    if len(full) > 1 and full[0] == "二" and full[1] in "百千万亿":
        yield f"两{full[1:]}"


def _spoken(value: int) -> str:
    if value == 0:
        return "零"
    for scale, name in ((100_000_000, "亿"), (10_000, "万"), (1_000, "千"), (100, "百"), (10, "十")):
        if value >= scale:
            rest = value % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            return f"{_spoken(value // scale)}{name}{gap}{_spoken(rest) if rest else ''}"
    return _HAN[1:].replace("两", "")[value]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
