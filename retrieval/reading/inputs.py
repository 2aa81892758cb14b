"""What the reading model is given: the question, and one sentence marked in its surroundings.

    左云县网格员队伍｜左云县：小区里的网格员队伍｜2026-06-30｜一共划出58个网格。【网格员分两种：专职网格员51名。】除此之外

First what is known beside the text (file name, title, section, place, date), then the end of what stands before the
sentence, the sentence in 【】, and the beginning of what follows. Training and answering build it here alike.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from retrieval.query.words.terms import Terms
from retrieval.ranking.evidence import cut_to_clauses, sentence_texts
from retrieval.text.lists import is_lead_in, is_listed
from retrieval.text.tokens import is_unspaced
from retrieval.types import StoredPassage

RECIPE = "2"
"""Raised with every change of what the model is given: weights are trained for one recipe."""
QUESTION_LENGTH = 120
"""Characters of a question that are read; people's have about 15."""
_FILE, _TITLE, _SECTION = 16, 32, 20
_LEAD_IN, _BEFORE, _MORE_BEFORE, _AFTER = 24, 40, 90, 16
"""Characters of each part at most: of titles and of what follows the beginning, of what stands before the end; more
of it where title and sentence are short."""
_ROOM = 150
"""Characters that known things, what stands before and the sentence fill together, if there is so much."""
_BETWEEN = "｜"
_SAID, _ASKED = 2, 4
"""Characters from which on the question repeats what is known, and those that are left of a question at least."""
_MARKS = str.maketrans("【】｜", "[]|")


def question_input(question: str) -> str:
    return question[:QUESTION_LENGTH]


def sentence_input(stored: StoredPassage, number: int, terms: Terms) -> str:
    """Sentence `number` of the passage, marked, in its surroundings; a long sentence as it would be quoted."""
    texts = sentence_texts(stored)
    sentence = texts[number].strip()
    start, end = cut_to_clauses(sentence, terms)
    lead = _lead_in(texts, number)
    known = [*_known(stored, sentence)]
    room = _ROOM - (end - start) - sum(map(len, known))
    before = "".join(texts[max(0, number - 4) : number])[-min(max(room, _BEFORE), _MORE_BEFORE) :]
    after = "".join(texts[number + 1 : number + 2])[:_AFTER]
    known += [lead] if lead and lead not in before else []
    around = f"{_plain(before)}【{_plain(sentence[start:end])}】{_plain(after)}"
    return _BETWEEN.join([*map(_plain, known), around])


def apart(question: str, text: str) -> tuple[str, str]:
    """Question and marked sentence without what is known beside the sentence: what title, file or place say is left
    out of both, where the question says it in a script without spaces. What is left must be told by the text itself.
    """
    known, _, own = text.rpartition(_BETWEEN)
    left, start = "", 0
    while start < len(question):
        end = start
        while end < len(question) and is_unspaced(question[end]) and question[start : end + 1] in known:
            end += 1
        if end - start < _SAID:
            end = start + 1
            left += question[start]
        start = end
    return (left if len(left) >= _ASKED else question), own


def _plain(text: str) -> str:
    return " ".join(text.translate(_MARKS).split())


def _known(stored: StoredPassage, sentence: str) -> Iterator[str]:
    """What is known beside the sentence, nothing twice."""
    context, title = stored.passage.context, stored.passage.context.title.strip()[:_TITLE]
    section = (stored.passage.section or "").strip()[:_SECTION]
    name = PurePath(stored.document.name).stem[:_FILE]
    if re.search(r"[^\W\d_a-f]{2}", name) and name not in title:
        yield name
    if title and title not in sentence:
        yield title
    if section and section not in title and section not in sentence:
        yield section
    if context.place and not any(context.place in text for text in (title, section, sentence)):
        yield context.place
    if context.date:
        yield context.date


def _lead_in(texts: Sequence[str], number: int) -> str:
    """The line that leads to the list in which the sentence stands."""
    if not is_listed(texts[number]):
        return ""
    for text in reversed(texts[:number]):
        if is_lead_in(text):
            return text.strip()[-_LEAD_IN:]
    return ""
