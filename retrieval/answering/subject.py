"""Whom or what an answer names, where the question asks for that: 她的电话呢 and 这个村有多少户 then mean them by
name."""

import re

from retrieval.query.asked.forms import NAME
from retrieval.query.library.paper import is_of_kind
from retrieval.query.question_text import QuestionText
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.places import places_in
from retrieval.types import Answer

_BEFORE = r"(?:^|[,，、。;；:：\s是由叫为的长任]|任命|免去|选举|聘任|负责人|书记|经理|主席)"
_BEHIND = r"(?=[,，、。;；:：\s的为是任男女]|$|同志|负责|主持|担任|分管)"
_PERSON = re.compile(rf"{_BEFORE}(?P<name>{NAME.pattern}){_BEHIND}", re.MULTILINE)


def paper_in(answer: Answer) -> str | None:
    """《The paper》 that is told of, or that alone answers; None where it is none, or several are quoted."""
    reason = answer.reason
    if reason is not None and reason.is_told_of_paper:
        title = reason.title or ""
    else:
        cited = [answer.citations[quote.citation - 1] for quote in answer.quotes]
        is_alone = len({citation.document_id for citation in cited}) == 1
        title = cited[0].title if cited and (is_alone or (reason is not None and reason.is_of_paper)) else ""
    return f"《{title}》" if is_of_kind(fold(title)) and "《" not in title else None


def named_in(question: QuestionText, answer: Answer) -> str | None:
    """The one person or place that answers; None where none is asked for, or several are named."""
    if answer.answer is None:
        return None
    if (tally := answer.tally) is not None and tally.kind in ("maximum", "minimum"):
        return tally.rows[0].name or None if len(tally.rows) == 1 else None
    if tally is not None and tally.kind == "compared":
        first, second = tally.places[:2]
        return first.place if first.value != second.value else None
    names: set[str] = set()
    if question.asks_for_person:
        found = (match["name"] for match in _PERSON.finditer(answer.answer))
        names = {name for name in found if name[-1] not in PLACES}  # 石桥村 begins like a name
    elif kind := question.place_kind:
        names = {place.name for _, place in places_in(fold(answer.answer)) if place.kind == kind}
    return names.pop() if len(names) == 1 else None
