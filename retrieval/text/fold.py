"""Folding: how two spellings of the same text are made to meet, with a way back to the raw offsets.

Folding is NFKC, lower case and traditional-to-simplified, each applied to one character with its combining marks at a
time, so that every folded character stems from one raw character. That is deliberate: OpenCC's phrase rules would
make the folding of a character depend on its neighbours, and a question is cut differently from a page.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

# A character with the marks that NFKC may compose with it: accents, voicing marks of kana, vowels of Hangul. No
# language has more than 30 (UAX #15, stream-safe text); what sorts them takes the square of their number.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a"
    r"\ufe20-\ufe2f\uff9e\uff9f"
)
_CLUSTER = re.compile(rf".[{_MARKS}]{{0,30}}", re.DOTALL)
_HAS_MARK = re.compile(f"[{_MARKS}]")
KANA = re.compile(r"[\u3041-\u30ff]")
_BETWEEN = "\x1e"
"""Stands between texts that are folded at once; it folds to itself."""
_MANY = np.uint32(1 << 31)
"""Set in the table with code points that fold to more or fewer characters than one."""


@cache
def _simplified() -> dict[int, str]:
    """Code point → simplified character where it changes. OpenCC (Apache-2.0): `t2s`, and for what is written in
    Japan alone (県, 広; not in GB 2312) `jp2t` before it."""
    import opencc

    ranges = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x32000))
    characters = [chr(point) for block in ranges for point in block]
    joined = "\n".join(characters)
    simplify = opencc.OpenCC("t2s").convert
    simplified = simplify(joined).split("\n")
    japanese = simplify(opencc.OpenCC("jp2t").convert(joined)).split("\n")
    # Every process that folds makes this table, and one character in twenty changes: so it goes by those alone.
    folded = {
        ord(raw): other if new == raw else new
        for raw, new, other in zip(characters, simplified, japanese, strict=True)
        if new != raw or (other != raw and not _is_chinese(raw))
    }
    # Twice, for what is written in Japan alone may fold to what is written in Taiwan: 戱, 戯, 戏.
    return {point: folded.get(ord(new), new) for point, new in folded.items()}


def _is_chinese(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(1 << 16)  # of marks there is no end of combinations
def _fold_cluster(cluster: str) -> str:
    normal = unicodedata.normalize("NFKC", cluster).lower()
    return normal.translate(_simplified())


class _FoldTable(dict[int, str]):
    """Code point → its folded character, looked up when first met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_cluster(chr(point))
        return folded


_FOLDED = _FoldTable()


def simplified(text: str) -> str:
    """The text with traditional characters as simplified ones, and nothing else changed; Japanese as it is."""
    return text if KANA.search(text) else text.translate(_simplified())


def fold(text: str) -> str:
    """The folded text, without offsets."""
    if _HAS_MARK.search(text) is None:  # as most texts: three times as fast
        return text.translate(_FOLDED)
    return "".join(map(_fold_cluster, _CLUSTER.findall(text)))


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each text, of many at once in a fifth of the time."""
    joined = _BETWEEN.join(texts)
    if not texts or joined.count(_BETWEEN) >= len(texts):
        return [fold(text) for text in texts]
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _folded_points()
    points = table[raw]
    if not points.all():
        for point in np.unique(raw[points == 0]).tolist():
            table[point] = _folded_point(chr(point))
        points = table[raw]
        if not points.all():  # marks, that fold with what stands before them
            return [fold(text) for text in texts]
    many = np.unique(points[points >= _MANY] - _MANY).tolist()
    folded = (points & ~_MANY).tobytes().decode("utf-32-le", "surrogatepass")
    for point in many:
        folded = folded.replace(chr(point), fold(chr(point)))
    return folded.split(_BETWEEN)


@cache
def _folded_points() -> NDArray[np.uint32]:
    """For each code point its folded one, or itself with `_MANY`; 0 for marks and what was not yet met."""
    return np.zeros(0x110000, np.uint32)


def _folded_point(character: str) -> int:
    if _HAS_MARK.match(character):
        return 0
    folded = fold(character)
    return ord(folded) if len(folded) == 1 else ord(character) | int(_MANY)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each folded character, the offset of the raw character that it came from."""
    clusters = [(match.start(), _fold_cluster(match[0])) for match in _CLUSTER.finditer(text)]
    pieces = [piece for _, piece in clusters]
    offsets = [offset for offset, piece in clusters for _ in piece]
    return "".join(pieces), offsets
