"""The words of a Chinese text, by the dictionary of rjieba (MIT), and whether what looks like a name can be one.

A name by form is a guess: two characters before 县, 镇, 区, 医院. Words tell where it is none: 洪水时|县城 names no
县, 中国队|扛旗 no 旗, 等候|区 is no division.
"""

from functools import lru_cache
from typing import NamedTuple

_NAMES = ("ns", "nr", "nz", "nt", "x")
"""How tags begin of names, and of what the dictionary does not know."""
_NO_PART = ("v", "d", "r", "t", "c", "p", "u", "m", "nt")
"""How tags begin of words that end before a name or are no part of it: verbs, times, figures, grammar."""
_OF_THINGS = ("n", "nz", "j")
_ABBREVIATION = "j"
_AGES = ("老年", "青年", "少年", "童年", "幼年")
"""The dictionary takes them for times."""
_LONGEST_COMMON = 2
"""Characters of nouns that are said of anything: 材料, 时间, 收费."""
_PART = ("vn", "vg")
"""Of the verbs those that names have: 实验小学."""
_OF_COMMON_WORDS = ("区", "市", "州", "盟", "旗")
"""Kinds that end and begin common words, and follow any noun: 超市, 市场, 候车区. A village may be called by a noun:
石桥村."""


class Word(NamedTuple):
    """A word at [start, end) of a text with its part of speech, by the tags of the dictionary (ns is a place)."""

    start: int
    end: int
    tag: str


@lru_cache(1024)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order; characters that make no word of the dictionary stand alone;
    half a surrogate pair is taken for a question mark."""
    import rjieba

    found, at = [], 0
    for word, tag in rjieba.tag(text.encode("utf-8", "replace").decode("utf-8"), False):
        found.append(Word(at, at + len(word), tag))
        at += len(word)
    return tuple(found)


def things(text: str) -> tuple[str, ...]:
    """The nouns of a text that are long enough to name a sort of thing, each with those of one character beside it
    (身份证, 残疾人证, 公租房), and with the age that they are for (老年证); and its abbreviations: 医保."""
    found, run, short = list[str](), "", set[str]()
    for word in (*words(text), Word(len(text), len(text), "")):
        said, is_noun = text[word.start : word.end], word.tag in _OF_THINGS
        if run and is_noun and 1 in (len(said), len(run)):
            run += said
        else:
            found.append(run)
            run = said if is_noun or said in _AGES else ""
        short |= {said} if word.tag == _ABBREVIATION else set()
    return tuple(dict.fromkeys(thing for thing in found if len(thing) > _LONGEST_COMMON or thing in short))


def is_within_word(text: str, start: int, end: int) -> bool:
    """Whether [start, end) of a text is a part of a longer word that is no name: 合作 in 合作医疗."""
    return any(
        word.start <= start
        and end <= word.end
        and word.end - word.start > end - start
        and not word.tag.startswith(_NAMES)
        for word in words(text)
    )


def may_be_name(text: str, start: int, kind: int, end: int) -> bool:
    """Whether [start, end) of a text, whose kind (县, 医院) begins at `kind`, may name something: no word reaches
    over its ends, or into its kind, and none of its words is of a sort that no name has."""
    near = [word for word in words(text) if start < word.end and word.start < end]
    if near and near[0].start < start and near[-1].end > end:
        return False
    return not any(_forbids(word, text, start, kind, end) for word in near)


def _forbids(word: Word, text: str, start: int, kind: int, end: int) -> bool:
    is_part = word.tag.startswith(_PART) or not word.tag.startswith(_NO_PART)
    is_of_words = text[kind:end] in _OF_COMMON_WORDS
    if word.end > end:  # 村支书 and 县城 begin where the name of the village and the county ends
        return word.start != kind or text[kind:end] in (*_OF_COMMON_WORDS, "乡")
    if word.end > kind:
        is_common = word.start <= start and not word.tag.startswith(_NAMES)
        return is_common or (is_of_words and start < word.start < kind)
    if word.start < start:
        return not is_part or (is_of_words and not word.tag.startswith("nr"))
    if word.end - word.start == 1:
        return False
    if (word.start, word.end) == (start, kind) and end - kind == 1:
        return word.tag.startswith("v") or not is_part or (is_of_words and not word.tag.startswith(_NAMES))
    return not is_part
