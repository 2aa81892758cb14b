"""Folding: how two spellings of the same text are made to meet, with a way back to the raw offsets.

Folding is NFKC, lower case and traditional-to-simplified, each applied to one character at a time, so that every
folded character stems from exactly one raw character. Character-wise conversion is deliberate: OpenCC's phrase
rules would make the folding of a character depend on its neighbours, and a question is cut differently from a page.
"""

import unicodedata
from functools import cache


@cache
def _simplified() -> dict[int, str]:
    """Code point → simplified character, for those that change. OpenCC (Apache-2.0) `t2s`."""
    import opencc

    ranges = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32000))
    characters = [chr(point) for block in ranges for point in block]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(raw): new for raw, new in zip(characters, converted, strict=True) if raw != new}


@cache
def _fold_character(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character).lower()
    return normal.translate(_simplified())


def fold(text: str) -> str:
    """The folded text, without offsets."""
    return "".join(map(_fold_character, text))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each folded character, the offset of the raw character that it came from."""
    pieces = [_fold_character(character) for character in text]
    offsets = [offset for offset, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), offsets
