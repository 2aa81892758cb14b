"""Which questions ask the same: 你好，左云县有多少网格员？ and 左云县的网格员有多少.

By form and not by vectors: the closest pair of questions is often the same one about two counties (左云县, 兴县), and
those are two gaps in the documents and not one.
"""

import re

from retrieval.query.message.wrapping import unwrapped
from retrieval.query.words.content import content_part
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW, MANY, OF_CLOCK, OF_TIME, WHAT

_ASKS = re.compile(rf"谁|哪|{HOW}|{MANY}|多久|{WHAT}|几[个时{OF_TIME}{OF_CLOCK}]|吗$|能否|是否")


def core_of(question: str) -> str:
    """What two questions have in common that ask the same: their letters, characters and digits, folded, without
    courtesy and without the words that only make them questions."""
    asked = fold(unwrapped(question).text or question)
    return _said(content_part(asked)) or _said(asked)


def _said(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def asks(heading: str) -> bool:
    """Whether a heading is a question by its form."""
    return _ASKS.search(heading) is not None
