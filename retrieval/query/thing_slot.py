"""Where a question names its thing, for another to be put there: what is counted, compared, or held as office."""

import re

from retrieval.query.place_slot import place_of
from retrieval.query.slots import Slot
from retrieval.text.fold import fold
from retrieval.text.lexicon import COUNTED, HOW_MANY, MANY, PLACES

_THING = re.compile(rf"(?:{HOW_MANY})[{COUNTED}份]?(?P<thing>[\u3400-\u9fff]{{1,8}})")
_ROLE = re.compile(rf"(?P<thing>[\u3400-\u9fff]{{2,8}}?)(?=(?:是|叫|由|有|在|什么时候|{MANY}|多大)[^\s]{{0,3}})")
_MOST = re.compile(rf"(?:^(?!哪)|哪一?个?[{PLACES}]的?)(?P<thing>[\u3400-\u9fff]{{2,6}}?)最[多大高长少小低短]")


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
