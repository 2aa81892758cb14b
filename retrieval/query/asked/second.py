"""The second of two things that a question asks for: A和B分别…, A有多少、B是谁."""

import re

from retrieval.text.lexicon import ENGLISH, HOW_MANY, USUAL_SIZES, WHAT, without

_ASKS = re.compile(
    rf"{HOW_MANY}|{WHAT}|谁|哪|怎|如何|为何|多[{without(USUAL_SIZES, '重')}]|\b(?:{ENGLISH})\b", re.IGNORECASE
)
_EACH = re.compile(r"分别|各是|各有|各自|\brespectively\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"[，,、；;]|和|与|以及|还有|\band\b", re.IGNORECASE)


def second_part(question: str) -> str | None:
    """What follows the conjunction of a question for two things (A和B分别…, A有多少、B是谁); None for others."""
    asking = [match.span() for match in _ASKS.finditer(question)]
    each = max((match.start() for match in _EACH.finditer(question)), default=-1)
    for match in reversed(list(_CONJUNCTION.finditer(question))):
        asks_twice = asking and asking[0][1] <= match.start() and match.end() <= asking[-1][0]
        if match.end() <= each or asks_twice:
            return question[match.end() :]
    return None
