"""Does a question say nothing without another before it? 兴县呢, 多少钱, 他是谁, “when?”."""

import re

from config.example import EXAMPLE
from retrieval.query.followup import english
from retrieval.query.followup.completion import LEADING, ONLY_ASKING, complete
from retrieval.query.followup.further import ASKING, END
from retrieval.query.followup.pronouns import PRONOUN
from retrieval.query.followup.slots import attribute
from retrieval.query.message.wrapping import unwrapped
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.tokens import is_unspaced

_THERE = re.compile(rf"(?:该|那个?|此)[{PLACES}州省]|那[里儿边]")
"""Points at a place that was said; 本县 and 这里 may be where somebody asks."""
_ANY = EXAMPLE
"""A question that anything goes on from."""
_EN_ANY = "How many wardens are in Zuoyun County?"


def goes_on(question: str) -> bool:
    """Whether it asks nothing by itself."""
    asked = unwrapped(" ".join(question.split())).text
    if not any(map(is_unspaced, asked)):
        body = asked.rstrip("?!. ")
        led = english.LEADING.match(body)
        only_asks = english.ASKING.fullmatch(body[led.end() :] if led else body) is not None
        return only_asks or (led is not None and complete(asked, _EN_ANY) is not None)
    if complete(asked, _ANY) is None or attribute(fold(asked).strip("? ")):
        return False
    body = fold(asked).strip(END)
    led = LEADING.match(body)
    rest = body[led.end() :] if led else body
    return bool(ONLY_ASKING.fullmatch(rest) or PRONOUN.match(rest) or _THERE.match(body) or not ASKING.search(rest))
