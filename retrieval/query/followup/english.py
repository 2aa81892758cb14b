"""A short question in English after another: “and Xing County?”, “what about last year?”, “when?”."""

import re

from retrieval.query.followup.slots import Slot

LEADING = re.compile(
    r"(?:(?:and |what about |how about |and what about |and how about |or )+|"
    r"(?:no\W+|wrong\W+|sorry\W+)*i (?:meant|mean|(?:was )?ask(?:ed|ing) about|was talking about) )",
    re.IGNORECASE,
)
ASKING = re.compile(r"(?:how (?:many|much|long|old|far|often)|who|what|when|where|why|which|how)", re.IGNORECASE)
_THING = re.compile(
    r"\bhow (?:many|much) (?P<thing>[a-z][a-z -]*?)(?= (?:are|is|was|were|do|does|did|has|have|in|of|work)\b)", re.I
)
_TIME = re.compile(
    r"(?:in )?(?:19|20)\d\d|(?:last|this|next) (?:year|month|week)|today|tomorrow|yesterday|now", re.IGNORECASE
)
_PLACE = re.compile(
    r"(?:[A-Z][\w'’-]+ )+(?:County|City|District|Province|Prefecture|Banner|Town|Township|Village)\b|"
    r"(?<=\bin )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*"
)


def in_english(asked: str, previous: str) -> str | None:
    """The whole question that a follow-up means; None when it is taken as it stands."""
    body = asked.rstrip("?!. ")
    led = LEADING.match(body)
    rest = body[led.end() :] if led else body
    if ASKING.fullmatch(rest):
        subject = ASKING.sub("", previous, count=1).strip()
        return f"{rest} {subject}"
    if led is None or ASKING.match(rest) or not rest:
        return None
    place = _PLACE.search(previous)
    if rest[0].isupper() or re.match(r"in [A-Z]", rest):
        new = rest.removeprefix("in ")
        return Slot(*place.span()).replaced(previous, new) if place else f"{previous.rstrip('?')} in {new}?"
    if _TIME.fullmatch(rest):
        named = _TIME.search(previous)
        return Slot(*named.span()).replaced(previous, rest) if named else f"{previous.rstrip('?. ')} {rest}?"
    thing = _THING.search(previous)
    return Slot(*thing.span("thing")).replaced(previous, rest) if thing else None
