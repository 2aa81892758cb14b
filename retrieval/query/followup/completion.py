"""A short question after another: completed from the one before, by form. 那兴县呢 after 左云县有多少网格员 asks
兴县有多少网格员.

What counts as a follow-up is narrow, for a fresh question must not be bent by the old one: something named with 呢,
an asking word alone, what is asked of nothing that is named (从哪天开始, 咨询电话), a pronoun at the beginning, 那
before an asking word, or a sum without its place (一共多少人口). What another is put in the place of (a time, a
number) stands in `slots`, for whom something is asked in `whom_slot`, what is asked further in `further`.
"""

import re

from retrieval.query.followup.correction import Correction, correction
from retrieval.query.followup.english import in_english
from retrieval.query.followup.further import ASKING, END, FURTHER, UNCHANGED, of_subject, owner_of, subject
from retrieval.query.followup.like_slot import like_slot
from retrieval.query.followup.other_thing import other_thing
from retrieval.query.followup.place_slot import is_place, place_of, whole_place
from retrieval.query.followup.pronouns import PRONOUN, by_name
from retrieval.query.followup.slots import (
    DOCUMENT,
    Slot,
    at_time,
    attribute,
    attribute_asked,
    contrasted,
    of_document,
    only_time,
    paper_of,
    time_asked,
    with_number,
    without_attribute,
)
from retrieval.query.followup.thing_slot import COUNTIES, body_of, slots_of, sort_of_counted, the_same
from retrieval.query.library.force import asked_of_it, asked_of_paper
from retrieval.query.library.paper import is_of_kind
from retrieval.text.fold import fold
from retrieval.text.lexicon import (
    FEW,
    HOW,
    HOW_MANY,
    MANY,
    PLACES,
    USUAL_SIZES,
    WHAT,
    WHEN,
    WHERE,
    WHICH,
    WHICH_DAY,
    WHO,
    WHY,
)
from retrieval.text.places import asked_names
from retrieval.text.tokens import is_unspaced

_LENGTH = 24
"""Characters of a follow-up at most."""
LEADING = re.compile(r"(?:那么|那麼|那(?![个些位种家])|而|还有|還有|以及|另外|再问|请问)+[,，、]?\s*")
ONLY_ASKING = re.compile(
    rf"(?:是|在|有|叫|都|一共|总共|大概)*(?:{MANY}(?:人|钱|个|名|户)?|{FEW}|多[{USUAL_SIZES}](?:了|岁数|年纪)?|"
    rf"{WHEN}|{WHICH_DAY}|{WHERE}|在哪|{WHY}|怎么(?:办|做|样)?(?:的)?|{HOW}|"
    rf"{WHO}|{WHAT}|{WHICH}|哪几个)(?:的|开始的?|办的?|建的?|来的?)?"
)
_THIS = re.compile(r"(?:[这那该](?:个|项|件|种|份|张)|这)(?:事情?|政策|规定|东西|业务)?")
_GOES_ON = re.compile(r"[是要需有在从到能可由归属叫多怎如什谁几哪为收]")
_NO_THING = re.compile(r"第?[\d零〇]+[年月日号条款项章]?")
"""No time, no number of anything, and no thing: 13月, 第零条."""
_ALTOGETHER = re.compile(rf"(?:一共|总共|合计|总计)(?!.*(?:文件|文档|资料|通知|公告)).*(?:{HOW_MANY})")
"""A sum is one of a place; how many documents there are is asked of the library."""
_MARKS = "?？。.!！~～ 　"
_PLACE_PRONOUN = re.compile(
    rf"(?:该|本|这个?|那个?|此)[{PLACES}州省](?![长委级政])|(?:那里|那儿|那边|这里|这儿|当地)的?"
)


def complete(question: str, previous: str | None, named: str | None = None) -> str | None:
    """The whole question that a follow-up means; None when it is taken as it stands. `named` is whom or what the
    answer before named: a pronoun means that."""
    if previous is None:
        return None
    asked = " ".join(question.split())
    if len(asked) > _LENGTH * (1 if any(map(is_unspaced, asked)) else 2):
        return None
    if any(map(is_unspaced, asked)):
        return _chinese(_same_length(asked), _same_length(previous), named)
    return in_english(asked, previous)


def _same_length(text: str) -> str:
    """The text folded where that keeps every character in its place, so that what is typed stays what is shown."""
    return text if len(fold(text)) == len(text) else fold(text)


def _corrected(corrected: Correction, previous: str, named: str | None) -> str | None:
    """The question before, with what was meant in the place of what was understood."""
    meant, other, folded = corrected.meant, corrected.other, fold(previous)
    if other is not None and not is_place(other):
        at = folded.find(other)
        return Slot(at, at + len(other)).replaced(previous, meant.removesuffix("的")) if at >= 0 else None
    if ASKING.search(meant) or meant.endswith(("吗", "么")):
        return None if other or corrected.is_loose else _chinese(meant, previous, named) or meant
    if corrected.is_loose and not (is_place(meant) or only_time(meant) or like_slot(previous, meant)):
        return None
    return _instead(meant, previous)


def _chinese(asked: str, previous: str, named: str | None) -> str | None:
    if (corrected := correction(asked)) is not None:
        return _corrected(corrected, previous, named)
    ends_with_ne = fold(asked).rstrip(_MARKS).endswith("呢")
    body = asked.strip(END)
    led = LEADING.match(fold(body))
    rest = body[led.end() :] if led else body
    folded = fold(rest)
    if not rest or UNCHANGED.fullmatch(folded):
        return None
    whole = asked.strip(_MARKS)[led.end() if led else 0 :].rstrip("呢啊呀")
    if (asks := asked_of_it(fold(asked.strip(_MARKS)))) and (paper := paper_of(previous, named)):
        return paper + asks
    if FURTHER.fullmatch(fold(whole)):
        return of_subject(previous, whole)
    if attribute(fold(whole)):
        return other_thing(whole, previous)
    if attribute_asked(fold(whole)) and (mine := owner_of(previous)):
        return f"{without_attribute(mine)}的{whole}"
    if time := time_asked(fold(whole)):
        return _at(previous, time)
    if ONLY_ASKING.fullmatch(folded):
        return subject(previous) + rest
    if pointed := by_name(whole, named) or _pointed_at(fold(body), body, previous, whole):
        return pointed
    if ASKING.search(folded):
        lacks_place = not asked_names(rest) and place_of(previous) is not None
        goes_on = led is not None or _ALTOGETHER.match(folded)
        return slots_of(previous) + rest if goes_on and lacks_place else None
    if not (ends_with_ne or (led is not None and asked_names(rest))):
        return None
    return _instead(rest, previous)


def _at(previous: str, time: str) -> str:
    place = place_of(previous)
    return at_time(previous, fold(previous), time, place.end if place and place.start == 0 else 0)


def _pointed_at(folded: str, body: str, previous: str, whole: str) -> str | None:
    """What 该县, 她 or 这个食堂 points at, in its place."""
    if match := _PLACE_PRONOUN.match(folded):
        place = place_of(previous)
        return Slot(*match.span()).replaced(body, previous[slice(*place)]) if place else None
    led = LEADING.match(folded)
    start = led.end() if led else 0
    if match := PRONOUN.match(folded, start):
        rest, about = folded[match.end() :], subject(previous)
        if match[0].startswith("其中"):
            return f"{about}中{body[match.end() :]}" if ASKING.search(rest) else None
        mine = owner_of(previous)
        if asks := attribute(rest):
            return f"{without_attribute(mine)}的{body[match.end() :]}{asks}"
        belongs = "的" if match[0].endswith("的") else ""
        return f"{mine}{belongs}{body[match.end() :]}" if ASKING.search(rest) else None
    if match := _THIS.match(folded):
        rest = fold(whole)[match.end() :]
        if FURTHER.fullmatch(rest) or (_GOES_ON.match(rest) and ASKING.search(rest)):
            return of_subject(previous, whole[match.end() :])
        return the_same(folded, body, match.end(), previous)
    return None


def _instead(new: str, previous: str) -> str | None:
    """The question with something else in the place of what it has of that sort."""
    new = new.removesuffix("的") if is_place(new.removesuffix("的")) else new
    low, folded = fold(new), fold(previous)
    if time := only_time(low):
        return _at(previous, new[low.index(time) :].removesuffix("的"))
    if other := with_number(previous, folded, low.removesuffix("的")) or of_document(previous, folded, new):
        return other
    if _NO_THING.fullmatch(low):
        return None
    if is_of_kind(low) and (asks := asked_of_paper(folded)):
        return new + asks
    if (document := DOCUMENT.search(folded)) is not None and (asked := previous[document.end() :]):
        about = _instead(new, asked)
        return previous[: document.end()] + about if about else None
    if other := contrasted(previous, folded, low):
        return other
    if sort := sort_of_counted(previous, new):
        return sort
    if is_place(new):
        place = place_of(previous, new) or whole_place(folded) or like_slot(previous, new)
        return place.replaced(previous, new) if place else new + previous
    if both := _place_and_more(new, previous):
        return both
    return other_thing(new, previous)


def _place_and_more(new: str, previous: str) -> str | None:
    """兴县今年, 兴县的党员: one after the other."""
    low = fold(new)
    place = place_of(new)
    if place is None or (new[place.end - 1] not in COUNTIES and body_of(previous, new)):  # a school of a town
        return None
    before, after = low[: place.start], low[place.end :].removeprefix("的")
    if (before and after) or not (only_time(before + after) or len(after) > 1):
        return None
    named = _instead(new[slice(*place)], previous)
    return _instead(before + after, named) if named else None
