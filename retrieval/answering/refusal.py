"""When the documents cannot answer, and why."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from config.language import Language
from retrieval.answering.compose import not_found
from retrieval.index.base import PassageIndex
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from retrieval.reasons import Reason
from retrieval.text.divisions import is_listed, short_name
from retrieval.text.fold import fold, fold_all
from retrieval.text.lexicon import PLACES
from retrieval.text.places import STEM, places_in
from retrieval.text.sounds import read_aloud, says
from retrieval.text.sounds import sounds as sounds_of
from retrieval.text.tokens import tokenize
from retrieval.types import Answer, Hit, StoredPassage

_LOOKED_AT = 20
"""Passages looked at for a place's name whose characters they hold."""


def no_question(question: QuestionText, title: str) -> Reason:
    """It is said to Wenju itself; the title of one of the documents is an example of what can be asked instead."""
    return Reason("no_question", question.language, title=title)


def names_missing(language: Language, names: Sequence[str], documents: int) -> Reason:
    """大同县 occurs in none of the 5 documents."""
    return Reason("names_missing", language, names=tuple(names), documents=documents)


def missing_places(question: Question, hits: Sequence[Hit], index: PassageIndex) -> list[str]:
    """The places that the question names and no document does. Another spelling of the same sound is the same place
    (敖汗旗, 敖汉旗); a place that only says where the next one lies (山西左云县) may be missing."""
    texts = fold_all([hit.stored.passage.searched(hit.stored.text) for hit in hits])
    texts += fold_all([str(hit.stored.document.path) for hit in hits])
    missing = [
        name.words
        for name in question.spoken_names
        if name.is_place
        and not any(says(name.sounds, _whole(passage)) for passage in index.holding(name.sounds, _LOOKED_AT))
        and not any(fold(name.words) in text for text in texts)
    ]
    for name in (name.lstrip("年月日") for name in question.names):  # of 2025年云溪县
        if question.goes_on_with_place(name) or any(_names(text, part) for part in _parts(name) for text in texts):
            continue
        held = index.holding(tokenize(short_name(name)), _LOOKED_AT)
        alike = index.holding(sounds_of(name), _LOOKED_AT)
        heard = {read_aloud(place.name) for passage in alike for _, place in places_in(_whole(passage))}
        if not any(_names(_whole(passage), name) for passage in held) and read_aloud(name) not in heard:
            missing.append(name)
    return missing


def refused(index: PassageIndex, question: Question, hits: Sequence[Hit], composed: Answer) -> Answer | None:
    """The refusal with its reason when the documents do not know a place that is asked about, or nothing near it."""
    missing = missing_places(question, hits, index)
    if not missing:
        return None
    refusal = not_found(question, names_missing(question.language, missing, index.count()))
    return replace(refusal, confidence=composed.confidence, relevance=composed.relevance)


def _parts(name: str) -> Iterator[str]:
    """The name, and what it may be where it was read too long: 现在金河县, 末金河县."""
    yield name
    if not is_listed(name):
        yield from (name[start:] for start in range(1, len(name) - STEM))


def _names(text: str, name: str) -> bool:
    """Whether the text names the place, whole or short; 大同市 does not name 大同县."""
    if name in text:
        return True
    short = short_name(name)
    return short != name and re.search(rf"{re.escape(short)}(?![{PLACES}])", text) is not None


def _whole(passage: StoredPassage) -> str:
    return fold(passage.passage.searched(passage.text))
