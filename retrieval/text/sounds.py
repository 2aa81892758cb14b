"""How names sound: so that Zuoyun or Цзоюнь finds 左云. By pypinyin (MIT), the only file that imports it.

Names are what a question in another script shares with a Chinese page. A passage is indexed by its bigrams of
syllables without tones; a capitalised word of a question is cut into syllables and looked up in the same way.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from retrieval.text.fold import fold

SOUND = "~"
"""Begins every token of sound, so that none is taken for a word."""
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_NAME = re.compile(r"[A-ZÜ][a-zü]+(?:['’][a-zü]+)?|[А-ЯЁ][а-яё]+|[a-zü]+(?=\s+(?:county|city|district|village|town))")
_TYPED = re.compile(
    r"[A-Za-zÜü]{4,}(?:['’][A-Za-zÜü]+)?|[A-Za-zÜü]{2,}(?=\s+[A-Za-zÜü]{2})|(?<=[A-Za-zÜü]\s)[A-Za-zÜü]{2,}|"
    r"[А-ЯЁ][а-яё]+"
)
"""In a question in Chinese also what is typed small or large: zuoyun, ZUOYUN; there it is hardly anything else."""
_KINDS = {
    "county": "xian",
    "city": "shi",
    "district": "qu",
    "province": "sheng",
    "prefecture": "zhou",
    "banner": "qi",
    "town": "zhen",
    "township": "xiang",
    "village": "cun",
}
"""What stands behind a name in English, by the sound of its Chinese word."""
_CYRILLIC_NAME = re.compile(r"[А-ЯЁӨҮ][а-яёөү]+")
_ASKS = re.compile(r"(?:кто|кого|кому|что|чего|где|куда|когда|сколько|как\w*|почему|зачем|чей|чья)$", re.IGNORECASE)
_KIND = re.compile(rf"\s+({'|'.join(_KINDS)})\b", re.IGNORECASE)
_TONES = "\u0304\u0301\u030c\u0300"
_SYLLABLES = 5
"""Syllables of a name at most; a longer word of a European language is no name of a Chinese place."""


def sounds(text: str) -> list[str]:
    """Tokens for the bigrams of syllables of the text's runs of Chinese characters; where a word is read otherwise
    than its characters (重庆), both."""
    from pypinyin.seg.mmseg import seg

    found: list[str] = []
    for run in _HAN_RUN.findall(fold(text)):
        alone = [*map(add, map(_FIRST.__getitem__, run[:-1]), map(_SECOND.__getitem__, run[1:]))]
        found += alone
        if not _odd_beginnings().isdisjoint(map("".join, pairwise(run))):
            read = _bigrams([syllable for word in seg.cut(run) for syllable in _syllables(word)])
            found += [token for token, own in zip(read, alone, strict=False) if token != own]
    return found


def heard(tokens: Iterable[str], folded: str) -> set[str]:
    """Those of the tokens of sound that a folded text holds, each character read by itself."""
    wanted = set(tokens)
    pairs = (f"{SOUND}{_syllable(a)}'{_syllable(b)}" for run in _HAN_RUN.findall(folded) for a, b in pairwise(run))
    return wanted.intersection(pairs)


def read_aloud(name: str) -> str:
    """The syllables of a name, each character read by itself."""
    return "'".join(_syllable(character) for character in name)


class SpokenName(NamedTuple):
    """A name that a question writes in Latin or Cyrillic letters: the words (Zuoyun County, Bai Lei), their tokens of
    sound, and whether a kind of place stands behind."""

    words: str
    sounds: list[str]
    is_place: bool


def spoken_names(question: str) -> list[SpokenName]:
    """The names of a question that can be read as Chinese; those that follow each other are one."""
    found: list[SpokenName] = []
    read: list[str] = []
    start = end = -1
    for match in (_TYPED if _HAN_RUN.search(question) else _NAME).finditer(question):
        cut = cut_syllables(match[0])
        if cut is None:
            continue
        follows = found and not question[end : match.start()].strip()
        read, start = ([*read, *cut], start) if follows else (cut, match.start())
        kind = _KIND.match(question, match.end())
        end = kind.end() if kind else match.end()
        syllables = [*read, _KINDS[kind[1].lower()]] if kind else read
        name = SpokenName(question[start:end], [*_bigrams(syllables)], kind is not None)
        found = [*(found[:-1] if follows else found), name]
    return [name for name in found if name.sounds]


def in_characters(question: str, names: Iterable[str]) -> str:
    """A question in Chinese with the names that it writes in letters as they are in `names`: zuoyun as 左云县."""
    if not _HAN_RUN.search(question):
        return question
    heard_as = {tuple(_bigrams(read_aloud(form).split("'"))): name for name in names for form in (name, name[:-1])}
    for spoken in spoken_names(question):
        name = heard_as.get(tuple(spoken.sounds))
        if name is not None:
            question = question.replace(spoken.words + name[-1], name).replace(spoken.words, name)
    return question


def asked_sounds(question: str) -> list[str]:
    """The tokens of sound of all its names."""
    return list(dict.fromkeys(token for name in spoken_names(question) for token in name.sounds))


def says(tokens: Sequence[str], folded: str) -> bool:
    """Whether the tokens of sound follow each other somewhere in a folded text, each character read by itself."""
    wanted = " ".join(tokens)
    return any(
        wanted in " ".join(_bigrams([_syllable(character) for character in run])) for run in _HAN_RUN.findall(folded)
    )


def has_unreadable_name(question: str) -> bool:
    """Whether it has a capitalised word in Cyrillic letters that is no transcription of Chinese: a Mongolian name may
    be that of a place which the documents write in characters, and nothing here can tell."""
    return any(cut_syllables(word) is None and not _ASKS.match(word) for word in _CYRILLIC_NAME.findall(question))


def is_pinyin(text: str) -> bool:
    """Whether each of its words, one at least, is made of syllables of pinyin, with tones or without."""
    said = re.findall(r"[^\W\d_]+", _toneless(text))
    return said != [] and all(_cut(word) for word in said)


def cut_syllables(word: str) -> list[str] | None:
    """The word cut into syllables of pinyin, in as few as possible; None when it cannot be, or is too long a name."""
    found = _cut(word)
    return found if found and len(found) <= _SYLLABLES else None


def _cut(word: str) -> list[str] | None:
    folded = word.lower().replace("’", "'").replace("ü", "v")
    known = _cyrillic() if re.search("[а-яё]", folded) else _latin()
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(folded) + 1):
        options = [
            [*best[start], known[piece]]
            for start in range(max(0, end - 7), end)
            if start in best and (piece := folded[start:end].strip("'")) in known
        ]
        if options:
            best[end] = min(options, key=len)
    return best.get(len(folded))


def _bigrams(syllables: Sequence[str]) -> Iterator[str]:
    return (f"{SOUND}{a}'{b}" for a, b in pairwise(syllables))


@cache
def _syllable(character: str) -> str:
    from pypinyin import Style, pinyin

    read = pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return read[0][0] if read else ""  # some characters have no sound: those made in Japan, the newest


class _Syllables(dict[str, str]):
    """Character → its syllable between two signs, looked up when first met."""

    def __init__(self, before: str, behind: str) -> None:
        super().__init__()
        self._before, self._behind = before, behind

    def __missing__(self, character: str) -> str:
        self[character] = syllable = f"{self._before}{_syllable(character)}{self._behind}"
        return syllable


_FIRST, _SECOND = _Syllables(SOUND, "'"), _Syllables("", "")
"""The two halves of a bigram's token."""


@cache
def _odd_beginnings() -> frozenset[str]:
    """First two characters of the words that are read otherwise than their characters."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    first = {chr(point): _toneless(readings.partition(",")[0]) for point, readings in PINYIN_DICT.items()}
    return frozenset(
        word[:2]
        for word, syllables in PHRASES_DICT.items()
        if any(first.get(character) != _toneless(read[0]) for character, read in zip(word, syllables, strict=False))
    )


@lru_cache(100_000)
def _toneless(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(x for x in unicodedata.normalize("NFD", text) if x not in _TONES))


@lru_cache(100_000)
def _syllables(word: str) -> tuple[str, ...]:
    """As the word is read, which may be otherwise than its characters are."""
    from pypinyin import lazy_pinyin

    return (_syllable(word),) if len(word) == 1 else tuple(lazy_pinyin(word))


@cache
def _latin() -> dict[str, str]:
    return {syllable: syllable for syllable in _spoken()}


@cache
def _cyrillic() -> dict[str, str]:
    """Syllables as Russian texts write them (Palladius) to pinyin."""
    from pypinyin import Style, pinyin

    written = {syllable: pinyin(character, style=Style.CYRILLIC)[0][0] for syllable, character in _spoken().items()}
    return {re.sub(r"[^а-яё]", "", spelling.lower()): syllable for syllable, spelling in written.items()}


@cache
def _spoken() -> dict[str, str]:
    """Every syllable with a character that is read so."""
    from pypinyin.constants import PINYIN_DICT

    return {_syllable(chr(point)): chr(point) for point in PINYIN_DICT if 0x4E00 <= point <= 0x9FFF}
