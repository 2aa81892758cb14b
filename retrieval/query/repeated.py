"""Whether a heading, or a question that is kept with its answer, is the very question that is asked."""

import re

from retrieval.text.fold import fold
from retrieval.text.lexicon import LARGER_PLACES

_NUMBERED = re.compile(r"^[\s#>*]*(?:(?:问|q)\s*\d{0,3}\s*[:.、]|\d{1,3}\s*[.、])\s*")
_MARKS = re.compile(r"[\s?!,。，、:.“”\"']+")
_WHETHER = re.compile(r"(.)[不没]\1|吗$")
"""收不收费 and 收费吗 ask the same."""
_PLACE = re.compile(rf"(?:[\u4e00-\u9fff]{{1,6}}?(?:[{LARGER_PLACES}省]|街道))+")
"""Before a question that is kept: 东岭县 before 社保卡怎么补办."""
_SHORTEST = 4
"""Characters of a question that a heading may repeat."""


def bare(question: str) -> str:
    """Without marks, numbers before it, and what only makes it one of yes or no."""
    return _WHETHER.sub(r"\1", _MARKS.sub("", _NUMBERED.sub("", fold(question))))


def repeats(heading: str, asked: str, *, with_place: bool) -> bool:
    """Whether the heading is what is asked, which is given `bare`; a place may stand before it where `with_place`."""
    told = bare(heading)
    if len(asked) < _SHORTEST or not told.endswith(asked):
        return False
    before = told.removesuffix(asked)
    return not before or (with_place and _PLACE.fullmatch(before) is not None)
