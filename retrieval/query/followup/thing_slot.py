"""Where a question names its thing, for another to be put there: what is counted, compared, or held as office."""

import re

from retrieval.query.followup.further import ASKING, subject
from retrieval.query.followup.place_slot import place_of
from retrieval.query.followup.slots import Slot, times
from retrieval.text.fold import fold
from retrieval.text.lexicon import COUNTED, HOW_MANY, MANY, OF_CLOCK, OF_TIME, PLACE_WORDS, PLACES, WHICH
from retrieval.text.words import words

_UNIT = r"钱[一每]|个?月|[百千万亿]*(?:[元块亩吨斤年天岁]|(?:平方|立方|公)[米里顷斤]|小时)(?=\W|$)"
_THING = re.compile(
    rf"(?:{MANY}|几(?![{OF_TIME}{OF_CLOCK}楼层岁]))(?!{_UNIT})[{COUNTED}份]?(?P<thing>人(?![口员次大均民才数])|[\u3400-\u9fff]{{2,8}}|[人户{PLACES}])"
)
_ROLE = re.compile(rf"(?P<thing>[\u3400-\u9fff]{{2,8}}?)(?=(?:是|叫|由|有|在|什么时候|{MANY}|多大)[^\s]{{0,3}})")
_MOST_OF_ALL = "最[多大高长少小低短]"
_MOST = re.compile(rf"(?:^(?!哪)|哪一?个?[{PLACES}]的?)(?P<thing>[\u3400-\u9fff]{{2,6}}?){_MOST_OF_ALL}")
_PLACES_COUNTED = re.compile(rf"(?:{HOW_MANY}|{WHICH})[{COUNTED}]?(?P<thing>{PLACE_WORDS}|[{PLACES}])$")
COUNTIES = "省州市县区旗"
_BODIES = "局|学校|小学|中学|幼儿园|医院|卫生院|中心|公司|合作社|银行|小区|派出所|办事处"
_OF_NAME = r"[^有在到去从是问哪多几谁\W\d]"
_BODY = re.compile(rf"{_OF_NAME}{{1,10}}?(?P<kind>{_BODIES})")
_NOUN = 6
"""Characters of what is pointed at, at most."""
_SORTS = "型类级种式户民等档员人者"
"""What a word ends in that tells one sort from another."""
_EXTREME = re.compile(rf"(?P<thing>[\u3400-\u9fff]{{2,6}}?)?{_MOST_OF_ALL}")


def is_most(text: str) -> bool:
    """Whether it ends in what asks for the most or the least of something: 全天最高."""
    return re.search(rf"{_MOST_OF_ALL}$", fold(text)) is not None


def extreme_of(question: str, like: str) -> Slot | None:
    """Where it says 最多, for 最少 to be put there, and with what is most where that is told anew (党员最少)."""
    folded = fold(question)
    asked, said = _EXTREME.fullmatch(fold(like)), re.search(_MOST_OF_ALL, folded)
    if asked is None or said is None:
        return None
    thing = _MOST.search(folded) if asked["thing"] else None
    return Slot(thing.start("thing") if thing else said.start(), said.end())


def body_of(question: str, like: str | None = None) -> Slot | None:
    """Where the question begins, behind time and county, with a body, of the kind of `like` where that is told
    (民政局 for 水务局). The town in which a body lies is a part of its name."""
    folded, place = fold(question), place_of(question)
    asked = _BODY.fullmatch(fold(like)) if like is not None else None
    if like is not None and asked is None:
        return None
    named = [slot for _, slot in times(folded)]
    if place is not None and question[place.end - 1] in COUNTIES:
        named.append(place)
    start = 0
    for slot in sorted(named):
        start = slot.end if slot.start == start else start
    body = re.compile(rf"{_OF_NAME}{{1,12}}?(?:{asked['kind'] if asked else _BODIES})").match(folded, start)
    return Slot(*body.span()) if body else None


def counts(question: str) -> bool:
    """Whether the question asks how many there are of a thing that it names."""
    return _THING.search(fold(question)) is not None


def thing_of(question: str) -> Slot | None:
    """Where the question names the thing that is counted, or the office that somebody holds."""
    folded = fold(question)
    if match := _THING.search(folded) or _MOST.search(folded):
        return Slot(*match.span("thing"))
    place = place_of(question)
    start = place.end if place else 0
    if match := _ROLE.match(folded, start):
        return Slot(*match.span("thing"))
    return None


def sort_of_counted(question: str, new: str) -> str | None:
    """The question for a sort of the places that it counts or lists: 示范村 for the 村 of 白石镇有几个村. Of a place
    that lies in none, another may be meant."""
    match = _PLACES_COUNTED.search(fold(question))
    if match is None or place_of(question[: match.start()]) is None or not fold(new).endswith(match["thing"]):
        return None
    return Slot(*match.span("thing")).replaced(question, new)


def thing_behind(question: str, about: str, asked: int, like: str) -> Slot | None:
    """Where the question names what it is about behind the words that ask and a verb: 谁负责防汛. Without a verb
    (什么时候缴费) it may be one itself, unless the other is like it (停电 for 停水)."""
    at = question.find(about, asked) if len(about) > 1 else -1
    is_thing = at > asked or (at == asked and (about[0] == like[0] or about[-1] == like[-1]))
    return Slot(at, at + len(about)) if is_thing else None


def the_same(folded: str, body: str, start: int, previous: str) -> str | None:
    """这个食堂: the question before names a 食堂, from its beginning to there."""
    about = subject(previous)
    for end in range(min(start + _NOUN, len(folded)), start + 1, -1):
        at = fold(about).find(folded[start:end])
        if at >= 0 and ASKING.search(folded, end):
            return about[: at + end - start] + body[end:]
    return None


def slots_of(previous: str) -> str:
    """The time, the place and the body that the question before names, as they stand in it."""
    at = offsets_of_slots(previous)
    return "".join(character for place, character in enumerate(previous) if place in at)


def offsets_of_slots(previous: str) -> set[int]:
    """Where these stand."""
    named = [*(slot for _, slot in times(fold(previous))), place_of(previous), body_of(previous)]
    return {place for slot in named if slot for place in range(*slot)}


def unmodified(thing: str, modifier: str) -> str:
    """Without what is said of it already in the place of the modifier: 无人机 of 轻型无人机, for 微型."""
    at = thing.find(modifier[-1], 1, len(modifier) + 1) if modifier[-1] in _SORTS else -1
    return thing[at + 1 :] if 0 < at < len(thing) - 1 and thing[at + 1] not in "员口均" else thing


def whose(thing: str, new: str) -> str:
    """What of the thing is meant as well: 停车 of 停车首小时 for 全天最高, 水利局 of 水利局局长 for 副局长."""
    office = new.removeprefix("副")
    if len(office) > 1 and thing.endswith(office):
        return thing.removesuffix(office).removesuffix("副")
    first = next(iter(words(thing)), None)
    return thing[: first.end] if first is not None and first.end < len(thing) and is_most(new) else ""
