"""Where a question names what is like something new by its last characters, and what it says of it: of
居住证丢了怎么办 the 居住证 for 身份证, and 丢了."""

import re
from itertools import takewhile

from retrieval.query.followup.further import DOES, NAMED
from retrieval.query.followup.slots import Slot
from retrieval.query.followup.thing_slot import offsets_of_slots
from retrieval.text.fold import fold
from retrieval.text.words import Word, words

_NOUNS = ("n", "j", "s", "vn", "f", "x")
_GRAMMAR = ("p", "u", "r", "m", "q", "d", "c", "y")
_DOES = ("v", "d")
_NOT_OF_OTHERS = re.compile("一共|总共|合计|总计|(?:每人)?(?:需?要)?(?:交|缴费?|付|花)了?$")
"""A sum is one of its own rows, and what one thing costs another may bring."""
_HAS = re.compile(r"有(?:没有)?(?=[\u3400-\u9fff]{2,})")


def like_slot(question: str, new: str) -> Slot | None:
    """Where it names what ends as `new` does: 东线 for 西线; of verbs, what begins so too (停水 for 停电). What is of
    two words (高龄津贴) is put for all that leads to that end; None where several are as like."""
    folded, low = fold(question), fold(new)
    said, own, kept = words(folded), words(low), offsets_of_slots(question)
    likeness = [_likeness(word, folded, own[0].tag, low) for word in said]
    alike = max(likeness, default=0)
    if not alike or likeness.count(alike) > 1:
        return None
    last = first = likeness.index(alike)
    length = said[last].end - said[last].start
    rest = len(low) - alike if alike == length else 0
    """Characters of `new` for which there is nothing in that word."""
    while first and (before := said[first - 1]).start not in kept and _leads(before, folded):
        is_too_long = length > 1 and before.end - before.start > rest
        if len(own) == 1 and (last > first or not rest or is_too_long):
            break
        first -= 1
    return Slot(said[first].start, said[last].end)


def _likeness(word: Word, folded: str, tag: str, new: str) -> int:
    said = folded[word.start : word.end]
    alike = _shared(new[::-1], said[::-1])
    if word.tag.startswith(NAMED):
        return alike
    is_verb = word.tag == tag == "v" and len(said) == len(new) > 1
    return max(alike, _shared(new, said)) if is_verb else 0


def _shared(text: str, other: str) -> int:
    """Characters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def _leads(word: Word, folded: str) -> bool:
    """Whether it may be a part of a name, as verbs (围棋班) and times (老年卡) may, unless it says what is done."""
    is_grammar = word.tag.startswith(_GRAMMAR) or (word.tag == "v" and word.end - word.start == 1)
    return not is_grammar and not DOES.fullmatch(folded, word.start, word.end)


def said_of_it(question: str, end: int, new: str) -> str:
    """With `new` what is said there between the last noun and `end`: 丢了 in 居住证丢了怎么办. Where `new` is said of
    something (过期了), that thing with it."""
    folded, kept = fold(question), offsets_of_slots(question)
    before = [word for word in words(folded) if word.end <= end and word.start not in kept]
    nouns = [at for at, word in enumerate(before) if word.tag.startswith(_NOUNS)]
    if before and before[-1].tag == "vn" and nouns[-2:-1] == [len(before) - 2]:  # 王明分管什么
        nouns.pop()
    behind = before[nouns[-1] + 1 :] if nouns else []
    if not behind or (len(behind) == 1 and behind[0].tag == "zg"):  # 网格员: 员 is none of it
        return new
    if fold(new).endswith("了") or all(word.tag in _DOES for word in words(fold(new))):
        return question[before[nouns[0]].start : behind[0].start] + new
    return new + _NOT_OF_OTHERS.sub("", question[behind[0].start : end])


def whether_of_it(question: str, new: str) -> str | None:
    """The question whether something is so, of something else: 儿童 for the 孕妇 of 孕妇可以打疫苗吗, 图书馆 for the
    食堂 of 兴县有食堂吗."""
    folded, kept = fold(question), offsets_of_slots(question)
    if not folded.rstrip("?").endswith(("吗", "么")):
        return None
    free = [word for word in words(folded) if word.start not in kept]
    count = next((at for at, word in enumerate(free) if not word.tag.startswith(NAMED)), 0)
    if 0 < count < len(free) - 1:  # something is said of it before 吗
        return Slot(free[0].start, free[count - 1].end).replaced(question, new)
    has = _HAS.match(folded, free[0].start) if free and not count else None
    return Slot(has.end(), len(folded.rstrip("?吗么"))).replaced(question, new) if has else None
