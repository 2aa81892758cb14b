"""What the question before meant, said by who asked it: 不对，我问的是兴县; 不是左云县，是兴县."""

import re
from typing import NamedTuple

from retrieval.text.fold import fold

_CLAUSE = re.compile(r"[\s,.。!~、;:?]+|(?<=[^是我])(?=而?不是|而是)")
_ASKED = "(?:[想要]*[问查]|说|指)"
_NO = re.compile(rf"(?:不对?|不是的?|错|[你您我]?(?:[弄搞听看说问]|理解)错|我{_ASKED}的?)[了啦吧啊呀哦]*")
_OTHER = re.compile(f"我?而?(?:不是|没)(?:{_ASKED})?(?P<other>.+)")
_MEANT = re.compile(rf"(?:我(?:刚才|刚刚|其实)*{_ASKED}的(?:其实)?是|而?我?是{_ASKED})(?P<meant>.+)")
_IS = re.compile(rf"(?:(?P<is>而?是|应该?是)|我{_ASKED}的?)(?P<meant>.+)")
_ALONE = re.compile("(?P<meant>.+)")
_MOOD = "啊呀吧哦"
_POINTED_AT = re.compile("(?:[这那]个?)?")
"""Names nothing that could be exchanged: 不是这个，我问的是兴县."""


class Correction(NamedTuple):
    """`meant` stands in the place of `other`, where that is said. `is_loose`: the answer may be what is set right."""

    meant: str
    other: str | None
    is_loose: bool


def correction(asked: str) -> Correction | None:
    """What it says was meant, folded; None where it corrects nothing."""
    clauses = [clause for clause in _CLAUSE.split(fold(asked)) if clause]
    objects, other, said = False, None, list[re.Match[str]]()
    for place, clause in enumerate(clauses):
        if _NO.fullmatch(clause):
            objects = True
        elif match := _OTHER.fullmatch(clause):
            named = match["other"].removesuffix("的")
            if _POINTED_AT.fullmatch(named):
                objects = True
            else:
                other = named
        elif (
            match := _MEANT.fullmatch(clause)
            or _IS.fullmatch(clause)
            or (None if place else _ALONE.fullmatch(clause))
        ):
            said.append(match)
        else:
            return None
    if len(said) != 1 or not (other or said[0].re is _MEANT or (objects and said[0].re is _IS)):
        return None
    is_loose = other is None and said[0].groupdict().get("is") is not None
    meant = said[0]["meant"].rstrip(_MOOD)
    return Correction(meant, other, is_loose) if meant.strip("的了") else None
