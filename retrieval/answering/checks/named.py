"""Where the article or the paper begins that a question names and asks nothing else of, and what answers the very
question in a document of questions and answers."""

import re
from collections.abc import Mapping
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.named import NamedText
from retrieval.query.question import Question
from retrieval.readings import Reading
from retrieval.text.codes import NUMBER
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

K = TypeVar("K")

_BEGINS = re.compile(
    rf"^[\s#>*]*(?:第\s*(?P<number>{NUMBER})\s*条(?:之(?P<inserted>{NUMBER}))?(?![之的所和或至到第款项、，,]|规定)|article\s+(?P<english>\d{{1,4}})\b)"
)
_TOLD = re.compile(rf"第\s*(?P<number>{NUMBER})\s*条(?:明确)?规定:")
"""An article that another text tells: 村民公约第十二条规定：…."""
MARKED = re.compile(r"^\s*(?:问|q)\s*\d{0,3}\s*[:.、]")
"""How a line begins that is a question of a pair."""
_DIVISION = re.compile(rf"^[\s#>*]*第\s*{NUMBER}\s*[编章节条]")


def is_named(named: NamedText | None, setting: Setting) -> bool:
    """Whether the sentence begins what is named: the article, or the paper under whose title its number stands."""
    if named is None:
        return False
    if named.article is not None:
        match = _BEGINS.match(setting.sentence)
        if match is not None:
            inserted = integer(match["inserted"]) if match["inserted"] else None
            return (integer(match["number"] or match["english"]), inserted) == (named.article, named.inserted)
        return named.inserted is None and any(
            integer(told["number"]) == named.article for told in _TOLD.finditer(setting.sentence)
        )
    assert named.file is not None
    begins = setting.number == 0 and setting.stored.passage.first == 0
    return begins and named.file.is_borne_by(setting.document)


def is_asked_above(question: Question, setting: Setting) -> bool:
    """Whether the sentence begins what stands under a heading, or a line marked as such (问：…), that is the very
    question, marks and numbers aside: the document says itself that it answers."""
    sentences = setting.stored.sentences
    if sentences[setting.number].level:
        return False
    if setting.number == 0:
        section = setting.stored.passage.section
        return section is not None and question.is_repeated_by(section) and _begins_section(fold(section), setting)
    above = setting.texts[setting.number - 1]
    is_marked = sentences[setting.number - 1].level > 0 or MARKED.match(above)
    return bool(is_marked) and question.is_repeated_by(above)


def _begins_section(section: str, setting: Setting) -> bool:
    """Whether the first sentence of a passage stands right behind the heading: one of a later passage goes on with
    what was said there."""
    behind = setting.document.split(section)[1:]
    return any(text.lstrip().startswith(setting.sentence.strip()) for text in behind)


def begins_division(folded: str) -> bool:
    """Whether a chapter, section or article begins here."""
    return _DIVISION.match(folded) is not None


def told_otherwise(asked_above: Mapping[K, str], found: Mapping[K, Reading]) -> list[K]:
    """What stands under the very question in several documents, each of which answers it otherwise: that of which of
    them is meant, the question does not say."""
    passed = {position: text for position, text in asked_above.items() if found[position].objection is None}
    return [*passed] if len({text.strip() for text in passed.values()}) > 1 else []
