"""Where a question names its thing, for another to be put there: what is counted, compared, or held as office."""

import re

from retrieval.query.place_slot import place_of
from retrieval.query.slots import Slot, times
from retrieval.text.fold import fold
from retrieval.text.lexicon import COUNTED, HOW_MANY, MANY, PLACES

_UNIT = r"钱[一每]|个?月|[百千万亿]*(?:[元块亩吨斤年天岁]|(?:平方|立方|公)[米里顷斤]|小时)(?=\W|$)"
_THING = re.compile(rf"(?:{HOW_MANY})(?!{_UNIT})[{COUNTED}份]?(?P<thing>[\u3400-\u9fff]{{2,8}}|[人户钱{PLACES}])")
_ROLE = re.compile(rf"(?P<thing>[\u3400-\u9fff]{{2,8}}?)(?=(?:是|叫|由|有|在|什么时候|{MANY}|多大)[^\s]{{0,3}})")
_MOST_OF_ALL = "最[多大高长少小低短]"
_MOST = re.compile(rf"(?:^(?!哪)|哪一?个?[{PLACES}]的?)(?P<thing>[\u3400-\u9fff]{{2,6}}?){_MOST_OF_ALL}")
_COUNTIES = "省州市县区旗"
_BODIES = "局|学校|小学|中学|幼儿园|医院|卫生院|中心|公司|合作社|银行|小区|派出所|办事处"
_OF_NAME = r"[^有在到去从是问哪多几谁\W\d]"
_BODY = re.compile(rf"{_OF_NAME}{{1,10}}?(?P<kind>{_BODIES})")
_EXTREME = re.compile(rf"(?P<thing>[\u3400-\u9fff]{{2,6}}?)?{_MOST_OF_ALL}")


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
    if place is not None and question[place.end - 1] in _COUNTIES:
        named.append(place)
    start = 0
    for slot in sorted(named):
        start = slot.end if slot.start == start else start
    body = re.compile(rf"{_OF_NAME}{{1,12}}?(?:{asked['kind'] if asked else _BODIES})").match(folded, start)
    return Slot(*body.span()) if body else None


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
