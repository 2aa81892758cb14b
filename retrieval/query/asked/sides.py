"""Two places that a question compares over one figure: 东垣县和南泽县哪个县产值高."""

import re

from retrieval.text.fold import fold
from retrieval.text.lexicon import MANY, PLACE_WORDS, PLACES
from retrieval.text.places import places_in

_JOINS = re.compile("[和与跟同比、]|还是")
_ASKS = re.compile(
    rf"[,，]?(?:相比|比较|比起来|之间|这?两个?(?:{PLACE_WORDS}|[{PLACES}地]))?[,，]?的?(?P<before>[^,，。?!]{{0,12}}?)[,，]?"
    rf"(?:哪一?个|哪|谁)(?:{PLACE_WORDS}|[{PLACES}]|地方|里|边)?的?(?P<behind>[^,，。?!]{{0,12}}?)(?:更|比较|要)?"
    r"(?P<measure>[高低多大长远贵少小短近])(?:一些|一点|些)?[?。!呢]*"
)
_SHORTEST = 2
"""Characters of what is compared, at least."""
_MORE = {"少": "多", "高": "多", "低": "多", "贵": "多", "小": "大", "短": "长", "近": "远"}


def questions_of_sides(question: str) -> tuple[str, str] | None:
    """The question for the figure of either place; None where it compares no two places over one."""
    folded = fold(question)
    named = places_in(folded)
    if len(named) != 2 or named[0][0] != 0:
        return None
    first, end = named[0][1].name, named[1][0] + len(named[1][1].name)
    joined = _JOINS.match(folded, len(first))
    asked = _ASKS.fullmatch(folded, end) if joined else None
    thing = (asked["before"] + asked["behind"]) if asked else ""
    if joined is None or asked is None or len(thing) < _SHORTEST:
        return None
    measure = _MORE.get(asked["measure"], asked["measure"])
    how = MANY.partition("|")[0] if measure == "多" else f"多{measure}"
    return f"{first}{thing}{how}", f"{folded[joined.end() : end]}{thing}{how}"
