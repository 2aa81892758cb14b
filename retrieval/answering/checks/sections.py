"""What stands under the heading that a question asks for (二、报名条件), and what under another one."""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.sections import thing_of
from retrieval.query.question import Question
from retrieval.ranking.evidence import sentence_texts
from retrieval.text.fold import fold
from retrieval.text.lists import mark_of
from retrieval.types import Hit, StoredPassage

K = TypeVar("K", bound=Hashable)

_LABELLED = re.compile(r"\s*[\u4e00-\u9fff]{2,8}:")
"""A line that says by a label what it gives: 监督电话：…"""


def begun_sections(question: Question, hits: Sequence[Hit]) -> dict[tuple[int, int], tuple[int, int]]:
    """(hit, sentence) of the first sentence under a heading that is asked for, by that of the heading; none where
    several parts of a document have one: 报名条件 of 小学部 and of 初中部."""
    found = {
        (h, i): (h, i + 1)
        for h, hit in enumerate(hits if question.section else ())
        for i in range(len(hit.stored.sentences) - 1)
        if begins_section(question, hit.stored, i + 1)
    }
    told: dict[str, set[str]] = {}
    for h, first in found.values():
        told.setdefault(hits[h].stored.document.document_id, set()).add(sentence_texts(hits[h].stored)[first].strip())
    return {
        place: first for place, first in found.items() if len(told[hits[place[0]].stored.document.document_id]) == 1
    }


def begins_section(question: Question, stored: StoredPassage, number: int) -> bool:
    """Whether the sentence is the first under a heading that is asked for, in a paper on all that is asked."""
    asked = question.section
    if asked is None or not number or stored.sentences[number].level or not stored.sentences[number - 1].level:
        return False
    heading, known = sentence_texts(stored)[number - 1], (stored.document.title, stored.passage.context.title)
    return asked.is_headed_by(heading) and asked.is_all_said_in(fold("\n".join((heading, *known))))


def under_others(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The sentences under a heading that is not asked for, where another of its level in the same document is: unless
    the question names that heading too, or the sentence the matter itself."""
    section = question.section
    if section is None:
        return []
    levels: dict[tuple[str, str], int] = {}
    for setting in everything:
        if level := setting.stored.sentences[setting.number].level:
            levels[setting.document_id, setting.sentence.strip()] = level
    asked = {document: level for (document, heading), level in levels.items() if section.is_headed_by(heading)}
    found = []
    for place, setting in passed.items():
        level = asked.get(setting.document_id, 0)
        heading = _heading(setting, level, levels)
        if heading is None or section.is_headed_by(heading) or section.names_part_of(heading):
            continue
        if section.matter not in setting.sentence:
            found.append(place)
    return found


def _heading(setting: Setting, level: int, levels: Mapping[tuple[str, str], int]) -> str | None:
    """The heading of this level under which the sentence stands, None where it stands under none, or a higher one."""
    for i in range(setting.number - 1, -1, -1):
        own = setting.stored.sentences[i].level
        if 0 < own <= level:
            return setting.texts[i].strip() if own == level else None
    section = fold(setting.stored.passage.section or "").strip()
    return section if levels.get((setting.document_id, section)) == level else None


def under_other_things(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The telephones, places and times, and all labelled lines, that stand under the heading of another thing than
    is asked, where their document has a heading of the same sort for that one: the 监督电话 below 一、最低生活保障 is
    none for 二、临时救助. A paper whose title says the thing is about it everywhere."""
    asked: dict[str, dict[str, Setting]] = {}
    for setting in everything:
        if setting.stored.sentences[setting.number].level:
            thing = thing_of(setting.sentence)
            if thing and question.says_thing(thing) and not _is_titled(thing, setting):
                asked.setdefault(setting.document_id, {})[thing] = setting
    is_of_form = not {"phone", "place", "time"}.isdisjoint(question.asked.kinds)
    return [
        place
        for place, setting in passed.items()
        if (headings := asked.get(setting.document_id)) and (is_of_form or _LABELLED.match(setting.sentence))
        if any(_is_of_another(question, setting, heading, headings) for heading in headings.values())
    ]


def _is_titled(thing: str, setting: Setting) -> bool:
    stored = setting.stored
    known = (stored.document.title, stored.passage.context.title, stored.document.path.stem)
    return any(thing in fold(title) for title in known)


def _is_of_another(question: Question, setting: Setting, asked: Setting, things: Collection[str]) -> bool:
    """Whether the heading of the sentence is of the sort of the one that is `asked` for, and names a thing that the
    question does not; none of the `things` that it does name is said between the heading and the sentence."""
    level = asked.stored.sentences[asked.number].level
    own = range(setting.number - 1, -1, -1)
    at = next((i for i in own if 0 < setting.stored.sentences[i].level <= level), None)
    heading = fold(setting.stored.passage.section or "") if at is None else setting.texts[at]
    is_of_sort = at is not None and setting.stored.sentences[at].level == level
    if not is_of_sort and (mark_of(heading) is None or mark_of(heading) != mark_of(asked.sentence)):
        return False
    other, said = thing_of(heading), "".join((heading, *setting.texts[(at or 0) : setting.number + 1]))
    if other is None or question.says_thing(other) or question.places_of(other, things):
        return False
    return not any(thing in said for thing in things)
