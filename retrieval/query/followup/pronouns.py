"""Pronouns, and what they mean where the answer before named somebody or a place: 她 is 林芳, 这个村 is 柳林村."""

import re

from retrieval.query.followup.further import ASKING
from retrieval.query.followup.slots import attribute
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES

PRONOUN = re.compile(r"(?:他们|她们|它们|他|她|它|其中|这个人|那个人|这件事|那件事|前者|后者)的?")
_OF_KIND = re.compile(rf"(?:[该本此]|[这那]个?)(?P<kind>[{PLACES}]|社区|街道)的?")
_OF_MANY = ("他们", "她们", "它们", "其中", "前者", "后者", "这件", "那件")


def points_at_place(question: str) -> bool:
    """Whether it begins with a place that it does not name: 这个村."""
    return _OF_KIND.match(fold(question)) is not None


def by_name(asked: str, named: str | None) -> str | None:
    """The question with the name in the place of the pronoun that it begins with; None where it begins with none, or
    with one that cannot mean the name."""
    folded = fold(asked)
    if named is None or named.startswith("《") or len(folded) != len(asked):
        return None
    match = PRONOUN.match(folded)
    if match is None:
        match = _OF_KIND.match(folded)
        if match is None or not named.endswith(match["kind"]):
            return None
    elif match[0].startswith(_OF_MANY):
        return None
    rest = asked[match.end() :].rstrip("呢啊呀")
    if asks := attribute(fold(rest)):
        return f"{named}的{rest}{asks}"
    belongs = "的" if match[0].endswith("的") else ""
    return f"{named}{belongs}{rest}" if ASKING.search(fold(rest)) or rest.endswith(("吗", "么")) else None
