"""Whether a sentence gives the telephone number of the very person or body that is asked for, by form."""

import re
from collections.abc import Sequence

from retrieval.query.asked.forms import HAS
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence, sentence_texts
from retrieval.text.fold import fold
from retrieval.types import Hit

_LINK = r"(?:办公室?|咨询|联系|值班|服务|热线|手机|电话|号码|[是为:,、()\s])*"
"""What may stand between a name and its number."""


def states_phone(question: Question, hits: Sequence[Hit], evidence: Evidence) -> bool:
    """Whether the number stands right behind the name that is asked for, and no other sentence that was found gives
    another one behind it. Where several of one name are told apart by nothing, none is sure."""
    owner = question.phone_owner
    if owner is None:
        return False
    given = re.compile(rf"(?<![^\W\d_]){re.escape(owner)}{_LINK}(?P<number>{HAS['phone'].pattern})")
    found = [
        ((h, i), match["number"])
        for h, hit in enumerate(hits)
        for i, text in enumerate(sentence_texts(hit.stored))
        for match in given.finditer(fold(text))
    ]
    return (evidence.hit, evidence.sentence) in dict(found) and len({number for _, number in found}) == 1
