"""How far a quote reaches: the sentence that answers, and what beside it belongs to the answer."""

from collections.abc import Iterator

from retrieval.answering.checks.named import MARKED, begins_division
from retrieval.answering.checks.other_rows import goes_on_otherwise, is_of_another
from retrieval.answering.checks.sections import begins_section
from retrieval.query.question import Question
from retrieval.ranking.evidence import ANSWER_LENGTH, is_question, sentence_spans, sentence_texts
from retrieval.text.fold import fold
from retrieval.text.lists import is_above, is_lead_in, is_listed, is_over, is_row
from retrieval.types import Hit

_MAY_ANSWER = -4.0
"""Log odds from which on a neighbour may be the one that answers. Of 851 questions calibrated on, the right sentence
is quoted for 0.865 with such neighbours and for 0.807 alone; a lower bound gains 0.002 and doubles the quotes."""
_NEIGHBOURS = 3
"""Sentences that a quote takes up beside its own at most, each with one between."""


def extent(hit: Hit, sentence: int) -> range:
    """The numbers of the sentences that are quoted for `sentence` of the hit: all of an article that is asked for by
    its number, of a line that leads to a list as much of the list as has room, and of any other its neighbours that
    may answer as well. Together they have at most ANSWER_LENGTH characters, unless the one alone has more."""
    reading = hit.readings.get(sentence)
    if reading is None or reading.objection is not None:
        return _listed(hit, sentence)
    if reading.is_named:
        return _article(hit, sentence)
    listed = _listed(hit, sentence)
    return listed if len(listed) > 1 else _neighbours(hit, sentence)


def quoted(hit: Hit, sentence: int, question: Question) -> range:
    """As much of the extent as is quoted: of a table the row of what the question names, without the rows of others
    beside it; all of a section that is asked for by its heading. How sure the answer is was fitted with all that may
    answer."""
    if begins_section(question, hit.stored, sentence):
        return _article(hit, sentence)
    found, texts = extent(hit, sentence), sentence_texts(hit.stored)
    first, last = sentence, sentence
    while first - 1 in found and not is_of_another(texts[first - 1], texts[sentence], question):
        first -= 1
    while last + 1 in found and not is_of_another(texts[last + 1], texts[sentence], question):
        if goes_on_otherwise(texts[last + 1], texts[sentence], question):
            break
        last += 1
    return range(first, last + 1)


def _article(hit: Hit, number: int) -> range:
    """An article or a section as far as the next one, the next heading, or the next question of a pair."""
    text, spans = hit.stored.text, sentence_spans(hit.stored)
    last = number
    for i in range(number + 1, len(spans)):
        said = fold(text[slice(*spans[i])])
        if spans[i][1] - spans[number][0] > ANSWER_LENGTH or begins_division(said) or MARKED.match(said):
            break
        if hit.stored.sentences[i].level:
            break
        last = i
    return range(number, last + 1)


def _listed(hit: Hit, number: int) -> range:
    """A line that leads to a list with as much of it as has room; any other sentence alone."""
    text, spans = hit.stored.text, sentence_spans(hit.stored)
    start, last = spans[number][0], number
    if not is_lead_in(text[slice(*spans[number])]):
        return range(number, number + 1)
    first = text[slice(*spans[number + 1])] if number + 1 < len(spans) else ""
    for i in range(number + 1, len(spans)):
        item = text[slice(*spans[i])]
        if spans[i][1] - start > ANSWER_LENGTH or is_lead_in(item) or is_listed(item) != is_listed(first):
            break
        if is_above(item, first) or (last > number and is_over(first, text[slice(*spans[last])], item)):
            break
        last = i
    return range(number, last + 1)


def _neighbours(hit: Hit, number: int) -> range:
    """The sentence with those beside it that may answer, the likeliest first, as far as they have room."""
    found = range(number, number + 1)
    for _ in range(_NEIGHBOURS):
        wider = [(hit.readings[i].logit, grown) for i, grown in _wider(hit, found) if _may_answer(hit, i)]
        if not wider:
            break
        found = max(wider, key=lambda likely: likely[0])[1]
    return found


def _wider(hit: Hit, found: range) -> Iterator[tuple[int, range]]:
    """The next sentence on either side, and the one after it, each with the sentences that are quoted then; none that
    says what is quoted already, or answers another question (问：…？答：…)."""
    spans, text, texts = sentence_spans(hit.stored), hit.stored.text, sentence_texts(hit.stored)
    for i in (found.start - 1, found.stop, found.start - 2, found.stop + 1):
        grown = range(min(i, found.start), max(i + 1, found.stop))
        if not 0 <= i < len(spans) or any(hit.stored.sentences[j].level for j in grown if j not in found):
            continue
        if is_row(fold(texts[i])) and not any(is_row(fold(texts[j])) for j in found):  # a sentence needs no row
            continue
        if texts[i] in texts[found.start : found.stop] or any(map(is_question, texts[grown.start + 1 : grown.stop])):
            continue
        if len(text[spans[grown[0]][0] : spans[grown[-1]][1]].rstrip()) <= ANSWER_LENGTH:
            yield i, grown


def _may_answer(hit: Hit, number: int) -> bool:
    reading = hit.readings.get(number)
    return reading is not None and reading.objection is None and reading.logit > _MAY_ANSWER
