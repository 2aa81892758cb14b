"""A short question after another: completed from the one before, by form. 那兴县呢 after 左云县有多少网格员 asks
兴县有多少网格员.

What counts as a follow-up is narrow, for a fresh question must not be bent by the old one: something named with 呢,
an asking word alone, a pronoun at the beginning, or 那 before an asking word.
"""

import re
from typing import NamedTuple

from retrieval.text.fold import fold
from retrieval.text.places import Place, asked_names, places_in
from retrieval.text.tokens import is_unspaced

_END = "?？。.!！~～ 　呢呀啊吗嘛"
_LENGTH = 24
"""Characters of a follow-up at most."""
_LEADING = re.compile(r"(?:那么|那麼|那(?![个些位种家])|而|还有|還有|以及|另外|再问|请问)+[,，、]?\s*")
# How a question asks; what stands before and after it is its subject.
_ASKING = re.compile(
    r"(?:一共|总共|分别|到底|大概|现在|目前)*(?:都)?(?:[是在有为叫由于到从被占花投]|一共|建了?|设了?|办了?|分了?)*"
    r"(?:多少|几[个名位人次年月日号点处家户岁所间条项种支]?|多[大久长高远重]|什么时候|啥时候|何时|什么地方|哪[里儿]|何处|"
    r"为什么|为何|为啥|怎么样?|怎样|如何|咋样?|谁|什么|啥|哪些|哪[个位天年家种几]?)"
)
_ONLY_ASKING = re.compile(
    r"(?:是|在|有|叫|是在|都|都有|一共|总共|大概)*(?:多少(?:人|钱|个|名|户)?|几[个名位人次年月日号点岁]?|多[大久长高远重](?:了|岁数|年纪)?|"
    r"什么时候|啥时候|何时|哪一?[天年]|什么地方|哪[里儿]|在哪|为什么|为何|为啥|怎么(?:办|做|样)?(?:的)?|怎样|如何|"
    r"谁|哪位|什么|啥|哪些|哪几个)(?:的|开始的?|办的?|建的?|来的?)?"
)
_PLACE_PRONOUN = re.compile(r"(?:该|本|这个?|那个?|此)[县市区旗镇乡村州省]|(?:那里|那儿|那边|这里|这儿|当地)的?")
_THERE = re.compile(r"(?:该|那个?|此)[县市区旗镇乡村州省]|那[里儿边]")
"""Of these, what points at something that was said; 本县 and 这里 may be where somebody asks."""
_PRONOUN = re.compile(r"(?:他们|她们|它们|他|她|它|其中|这个人|那个人|这件事|那件事|前者|后者)的?")
_THING = re.compile(r"(?P<measure>多少|几)(?P<unit>[个名位户家间所处次条项种支份]?)(?P<thing>[\u3400-\u9fff]{1,8})")
_ROLE = re.compile(r"(?P<thing>[\u3400-\u9fff]{2,8}?)(?=(?:是|叫|由|有|在|什么时候|多[少大])[^\s]{0,3})")
_MODIFIER = re.compile(r"^([\u3400-\u9fff]{1,6})的$")

_ANY = "左云县有多少网格员"
"""A question that anything goes on from."""

_EN_LEADING = re.compile(r"(?:and |what about |how about |and what about |and how about |or )+", re.IGNORECASE)
_EN_ASKING = re.compile(r"(?:how (?:many|much|long|old|far|often)|who|what|when|where|why|which|how)", re.IGNORECASE)
_EN_THING = re.compile(
    r"\bhow (?:many|much) (?P<thing>[a-z][a-z -]*?)(?= (?:are|is|was|were|do|does|did|has|have|in|of|work)\b)", re.I
)
_EN_PLACE = re.compile(
    r"(?:[A-Z][\w'’-]+ )+(?:County|City|District|Province|Prefecture|Banner|Town|Township|Village)\b|"
    r"(?<=\bin )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*"
)

_EN_ANY = "How many wardens are in Zuoyun County?"


class _Span(NamedTuple):
    start: int
    end: int

    def replaced(self, text: str, new: str) -> str:
        return text[: self.start] + new + text[self.end :]


def complete(question: str, previous: str | None) -> str | None:
    """The whole question that a follow-up means; None when it is taken as it stands."""
    if previous is None:
        return None
    asked = " ".join(question.split())
    if len(asked) > _LENGTH * (1 if any(map(is_unspaced, asked)) else 2):
        return None
    if any(map(is_unspaced, asked)):
        return _chinese(_same_length(asked), _same_length(previous))
    return _english(asked, previous)


def goes_on(question: str) -> bool:
    """Whether it says nothing without a question before it: 兴县呢, 多少钱, 他是谁, "when?"."""
    asked = " ".join(question.split())
    if not any(map(is_unspaced, asked)):
        body = asked.rstrip("?!. ")
        led = _EN_LEADING.match(body)
        only_asks = _EN_ASKING.fullmatch(body[led.end() :] if led else body) is not None
        return only_asks or (led is not None and complete(asked, _EN_ANY) is not None)
    body = fold(asked).strip(_END)
    led = _LEADING.match(body)
    rest = body[led.end() :] if led else body
    by_form = _ONLY_ASKING.fullmatch(rest) or _PRONOUN.match(rest) or _THERE.match(body) or not _ASKING.search(rest)
    return bool(by_form) and complete(asked, _ANY) is not None


def _same_length(text: str) -> str:
    """The text folded where that keeps every character in its place, so that what is typed stays what is shown."""
    return text if len(fold(text)) == len(text) else fold(text)


def _chinese(asked: str, previous: str) -> str | None:
    ends_with_ne = fold(asked).rstrip("?？。.!！~～ 　").endswith("呢")
    body = asked.strip(_END)
    led = _LEADING.match(fold(body))
    rest = body[led.end() :] if led else body
    folded = fold(rest)
    if not rest:
        return None
    if _ONLY_ASKING.fullmatch(folded):
        return _subject(previous) + rest
    if match := _PLACE_PRONOUN.match(fold(body)):
        place = _place_of(previous)
        return _Span(*match.span()).replaced(body, previous[slice(*place)]) if place else None
    if (match := _PRONOUN.match(folded)) and _ASKING.search(folded):
        within = "中" if match[0].startswith("其中") else ""
        return _Span(*match.span()).replaced(rest, _subject(previous) + within)
    if _ASKING.search(folded):
        place = _place_of(previous)
        fresh = led is None or asked_names(rest) or place is None
        return None if fresh else previous[slice(*place)] + rest  # type: ignore[misc]
    if not (ends_with_ne or (led is not None and asked_names(rest))):
        return None
    return _instead(rest, previous)


def _instead(new: str, previous: str) -> str | None:
    """The question with another place, or another thing, in the place of its own."""
    if _is_place(new):
        place = _place_of(previous, new)
        return place.replaced(previous, new) if place else new + previous
    thing = _thing_of(previous)
    if thing is not None:
        modifier = _MODIFIER.match(new)
        return thing.replaced(previous, (modifier[1] + previous[slice(*thing)]) if modifier else new)
    place, asking = _place_of(previous), _ASKING.search(fold(previous))
    if asking is None:
        return None
    return (previous[slice(*place)] if place else "") + new + previous[asking.start() :]


def _is_place(text: str) -> bool:
    folded = fold(text)
    found = places_in(folded)
    return (bool(found) and found[-1][0] + len(found[-1][1].name) == len(folded)) or asked_names(folded) == [folded]


def _place_of(question: str, like: str | None = None) -> _Span | None:
    """Where the question names its place: the whole of 魏家滩镇马蒲滩村, or of it what is of the kind of `like`."""
    folded = fold(question)
    found: list[tuple[int, Place]] = [(at, place) for at, place in places_in(folded)]
    if not found:
        short = next((name for name in asked_names(folded) if name in folded), None)
        return _Span(folded.index(short), folded.index(short) + len(short)) if short else None
    kinds = {place.kind for _, place in places_in(fold(like))} if like else set()
    for at, place in found:
        if place.kind in kinds and place.kind:
            start = at if place.kind in "村乡镇" else found[0][0]
            return _Span(start, at + len(place.name))
    first = end = found[0][0]
    for at, place in found:
        if at != end:
            break
        end = at + len(place.name)
    return _Span(first, end)


def _thing_of(question: str) -> _Span | None:
    """Where the question names the thing that is counted, or the office that somebody holds."""
    folded = fold(question)
    if match := _THING.search(folded):
        return _Span(*match.span("thing"))
    place = _place_of(question)
    start = place.end if place else 0
    if match := _ROLE.match(folded, start):
        return _Span(*match.span("thing"))
    return None


def _subject(question: str) -> str:
    """What a question is about: itself without the words that ask."""
    folded = fold(question).rstrip(_END)
    match = _ASKING.search(folded)
    return question[: match.start()] + question[match.end() : len(folded)] if match else question[: len(folded)]


def _english(asked: str, previous: str) -> str | None:
    body = asked.rstrip("?!. ")
    led = _EN_LEADING.match(body)
    rest = body[led.end() :] if led else body
    if _EN_ASKING.fullmatch(rest):
        subject = _EN_ASKING.sub("", previous, count=1).strip()
        return f"{rest} {subject}"
    if led is None or _EN_ASKING.match(rest) or not rest:
        return None
    place = _EN_PLACE.search(previous)
    if rest[0].isupper() or re.match(r"in [A-Z]", rest):
        new = rest.removeprefix("in ")
        return _Span(*place.span()).replaced(previous, new) if place else f"{previous.rstrip('?')} in {new}?"
    thing = _EN_THING.search(previous)
    return _Span(*thing.span("thing")).replaced(previous, rest) if thing else None
