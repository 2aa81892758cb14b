"""Whether what stands below a question of a document answers another thing than is asked.

The answer of a pair (问：居住证多久能办好？ 答：15日内) seldom says its thing: its question does. Of 身份证 it tells
nothing, and where another question of the documents says 身份证, that is no other word for it.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from retrieval.answering.checks.named import MARKED
from retrieval.answering.checks.setting import Setting
from retrieval.query.message.likeness import asks
from retrieval.query.question import Question
from retrieval.ranking.evidence import is_question
from retrieval.text.fold import fold
from retrieval.text.words import things

K = TypeVar("K", bound=Hashable)


def of_other_pairs(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The sentences below a question of the document that names another thing than is asked, where a question of
    another pair names the thing itself; none that says it in the sentence, or stands under a title that does."""
    above = {place: pair for place, setting in passed.items() if question.things and (pair := _pair_of(setting))}
    if not above:
        return []
    pairs = {pair for each in everything for pair in (_asked_at(each, each.number), _section(each)) if pair}
    return [place for place, pair in above.items() if _is_of_another(question, pair, passed[place], pairs)]


def _pair_of(setting: Setting) -> str | None:
    """The question of the pair of which the sentence is the answer, or a part of it."""
    for i in range(setting.number - 1, -1, -1):
        if (asked := _asked_at(setting, i)) or setting.stored.sentences[i].level:
            return asked
    return _section(setting)


def _asked_at(setting: Setting, number: int) -> str | None:
    text = setting.texts[number]
    is_asked = is_question(text) or MARKED.match(text) or (setting.stored.sentences[number].level and asks(text))
    return text if is_asked else None


def _section(setting: Setting) -> str | None:
    section = fold(setting.stored.passage.section or "")
    return section if is_question(section) or asks(section) else None


def _is_of_another(question: Question, pair: str, setting: Setting, pairs: Collection[str]) -> bool:
    others = [thing for thing in things(pair) if not question.says(thing)]
    known = "\n".join((pair, setting.sentence, *(text for text in setting.headings if text not in pairs)))
    for asked in question.things if others else ():
        if question.is_held(asked, known) or any(_is_short_for(asked, other) for other in others):
            continue
        if any(asked in told and not any(other in told for other in others) for told in pairs):
            return True
    return False


def _is_short_for(thing: str, other: str) -> bool:
    """Whether the characters of one stand in the other, in their order: 社保卡, 社会保障卡."""
    short, long = sorted((thing, other), key=len)
    rest = iter(long)
    return all(character in rest for character in short)
