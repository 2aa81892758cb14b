"""A figure that a question bounds: 超过1000亩, 50户以上."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from retrieval.text.numbers import quantities

GAP = "\n"
"""Stands where something was taken off."""
_SIGNS = {
    ">": "超过|大于|多于|高于|超|上了|过了",
    ">=": "不低于|不少于|不小于|至少有?|达到|达",
    "<": "低于|少于|小于|不足|不到|未达到|没有?达到",
    "<=": "不超过|不高于|不多于|不大于|至多",
}
_SIGN = {sign: re.compile(f"(?:{words})$") for sign, words in _SIGNS.items()}
_AFTER = {">=": re.compile("及?以上"), "<=": re.compile("及?以下")}


@dataclass(frozen=True, slots=True)
class Bound:
    """超过1000亩: the `unit` is without its scale."""

    sign: str
    value: Decimal
    unit: str

    def holds(self, value: Decimal) -> bool:
        return {
            ">": value > self.value,
            ">=": value >= self.value,
            "<": value < self.value,
            "<=": value <= self.value,
        }[self.sign]


def bounded(rest: str) -> tuple[str, Bound | None] | None:
    """The question without what bounds a figure, and that bound; None where there are several."""
    found: list[tuple[int, int, Bound]] = []
    for quantity in quantities(rest):
        for sign, pattern in _SIGN.items():
            before = pattern.search(rest[: quantity.start])
            if before is not None:
                found.append((before.start(), quantity.end, Bound(sign, quantity.value, quantity.unit)))
                break
        else:
            for sign, pattern in _AFTER.items():
                after = pattern.match(rest, quantity.end)
                if after is not None:
                    found.append((quantity.start, after.end(), Bound(sign, quantity.value, quantity.unit)))
    if len(found) > 1:
        return None
    for start, end, bound in found:
        start = start - 1 if rest[:start].endswith("在") else start
        return rest[:start] + GAP + rest[end:], bound
    return rest, None


def gapped(text: str, words: Iterable[str]) -> str:
    """The text with gaps in place of the words, the longest first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, GAP * len(word))
    return text
