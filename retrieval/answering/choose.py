"""Hits to hits that were read: the sentences that evidence proposes are read by the model and checked by form.

What both say decides which sentence, and so which passage, comes first.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from retrieval.answering.checks.holders import no_longer
from retrieval.answering.checks.named import is_asked_above, is_named, told_otherwise
from retrieval.answering.checks.objections import CODE, FORM, KIND, OFFICE, TIME, Checks
from retrieval.answering.checks.other_rows import of_many, of_more, of_others, one_of_several
from retrieval.answering.checks.pairs import of_other_pairs
from retrieval.answering.checks.sections import begun_sections, under_others
from retrieval.answering.checks.setting import Setting
from retrieval.answering.versions.adjusted import adjusted
from retrieval.answering.versions.meant import EndedBy, Version, not_meant, replaced
from retrieval.coefficients import coefficients
from retrieval.query.asked.named import NamedText
from retrieval.query.question import Question
from retrieval.query.words.terms import Terms
from retrieval.reading.base import Reader
from retrieval.reading.inputs import sentence_input
from retrieval.reading.reworded import read_apart, read_in_their_words
from retrieval.readings import Objection, Reading
from retrieval.text.fold import fold
from retrieval.types import Hit, StoredPassage

READ = 14
"""Sentences that are read at most. Of 100 sentences that answer, 92 are among the first 12 by evidence, and 93 among
the first 16; with 10 as many questions are answered rightly, and how sure that is, is told less well."""
_READ_FOREIGN = 24
"""The same for a question in another script, whose words say little about where its answer stands."""
_AT_FIRST = 6
"""Sentences that are read first; others, and the likeliest again, only where none of these answers plainly."""
_PLAIN = 3.0
"""Log odds from which on a sentence answers so plainly that no more are read after the first."""
_APART = 4
"""Sentences that are read a second time, apart from what is known beside them; the mean of both log odds counts."""
_OBJECTED = 60.0
"""Taken off the score of a sentence that a check objects to, so that it stands behind all that pass."""
_ALIKE = 3.0
"""How far the log odds of sentences that answer alike lie apart at most."""
_NAMED = 60.0
"""Added to the score of what the question names by its number."""
_UNREAD = 1.0
"""How far below the least likely sentence that was read one counts that was not."""

Position = tuple[str, int]
"""A document's id, and the offset in its text at which a sentence begins."""
TextOf = Callable[[str], str]
"""The text of a document, folded, by its id."""


def read(
    question: Question,
    hits: Sequence[Hit],
    reader: Reader,
    text_of: TextOf,
    today: datetime.date,
    ended_by: EndedBy = lambda _: None,
) -> list[Hit]:
    """The hits with what was read in them, the best first."""
    count = _READ_FOREIGN if question.is_foreign else READ
    checks, text_of = Checks.of(question, hits, today), lru_cache(None)(text_of)
    asked_time = checks.demands.time
    meant = asked_time.meant, today if asked_time.near else None
    found: dict[Position, Reading] = {}
    where: dict[Position, tuple[int, int]] = {}
    asked_above: dict[Position, str] = {}
    inputs: dict[Position, str] = {}

    def setting_of(number: int, sentence: int) -> Setting:
        stored = hits[number].stored
        return Setting(stored, sentence, partial(text_of, stored.document.document_id))

    def at(place: tuple[int, int]) -> Position:
        return position_of(hits[place[0]].stored, place[1])

    named, others = _named(checks.demands.named, hits, question.terms, setting_of)
    sections = begun_sections(question, hits)
    asked_for = [*named, *sections, *sections.values()]
    chosen = [*asked_for, *(proposal for proposal in proposals(hits, count) if proposal not in asked_for)]

    def read_in(sentences: Sequence[tuple[int, int]]) -> None:
        if not sentences:
            return
        texts = [sentence_input(hits[number].stored, sentence, question.terms) for number, sentence in sentences]
        logits = read_in_their_words(reader, checks.demands.for_reader, texts, question.widening, *meant)
        for (number, sentence), text, logit in zip(sentences, texts, logits, strict=True):
            setting = setting_of(number, sentence)
            objection = checks.objection(setting)
            position, is_meant = position_of(hits[number].stored, sentence), (number, sentence) in named
            if is_asked_above(question, setting):
                asked_above[position] = setting.sentence
            if (is_meant and objection in (FORM, KIND)) or (position in asked_above and objection == FORM):
                objection = None
            if (number, sentence) in others:
                objection = CODE
            if checks.demands.named and not named:  # several have it, and none is named
                objection = objection or FORM
            found[position] = Reading(logit, objection, is_meant or position in asked_above)
            where[position], inputs[position] = (number, sentence), text

    read_in(chosen[:_AT_FIRST])
    if not any(
        reading.objection is None and (reading.logit >= _PLAIN or reading.is_named) for reading in found.values()
    ):
        read_in(chosen[_AT_FIRST:])
        leading = _leading(found, where, hits)
        again = [inputs[position] for position in leading]
        apart = read_apart(reader, checks.demands.for_reader, again, question.widening, *meant)
        for position, logit in zip(leading, apart, strict=True):
            found[position] = replace(found[position], logit=(found[position].logit + logit) / 2)
    for heading, first in ((found[at(heading)], at(first)) for heading, first in sections.items()):
        found[first] = replace(found[first], logit=max(found[first].logit, heading.logit))
    others_told = _others_of(_versions(_likely(found), where, setting_of), hits, setting_of)
    read_in(others_told)
    told = [position_of(hits[h].stored, i) for h, i in others_told]  # however the reader likes them
    told = [*_likely(found), *(position for position in told if found[position].objection is None)]
    for position in not_meant(asked_time, _versions(told, where, setting_of), today):
        if not found[position].is_named and not question.is_of_draft:
            found[position] = replace(found[position], objection=TIME)
    everything = [setting_of(h, i) for h, hit in enumerate(hits) for i in range(len(hit.stored.sentences))]
    passed = {
        position: setting_of(*where[position]) for position, reading in found.items() if reading.objection is None
    }
    likely = {position: passed[position] for position in _likely(found)}
    alike = [*of_many(question, likely, everything), *told_otherwise(asked_above, found)]
    alike += [*of_other_pairs(question, passed, everything), *under_others(question, passed, everything)]
    alike += one_of_several(question, passed, everything) if "list" in question.asked.kinds else []
    told_by_others: dict[Objection, list[Position]] = {
        OFFICE: no_longer(checks.demands.office, question, likely, everything),
        TIME: [*replaced(asked_time, likely, ended_by), *adjusted(asked_time, likely, everything, today)],
        KIND: [*of_others(question, passed, everything), *of_more(question, passed, everything), *alike],
    }
    for objection, positions in told_by_others.items():
        found |= {position: replace(found[position], objection=objection) for position in positions}
    floor = min((reading.logit for reading in found.values()), default=0.0) - _UNREAD
    weighed = [_weighed(hit, _readings(hit, found), floor) for hit in hits]
    return sorted(weighed, key=lambda hit: -hit.score)


def _leading(
    found: Mapping[Position, Reading], where: Mapping[Position, tuple[int, int]], hits: Sequence[Hit]
) -> list[Position]:
    """Of the sentences that may answer those that evidence and reading together put first."""

    def score(position: Position) -> float:
        number, sentence = where[position]
        return hits[number].sentence_scores[sentence] + _weight() * found[position].logit

    return sorted((p for p, reading in found.items() if reading.objection is None), key=score, reverse=True)[:_APART]


def _likely(found: Mapping[Position, Reading]) -> dict[Position, float]:
    """The log odds of the sentences that may answer, as far as the likeliest of them."""
    passed = {position: reading.logit for position, reading in found.items() if reading.objection is None}
    best = max(passed.values(), default=0.0)
    return {position: logit for position, logit in passed.items() if logit > best - _ALIKE}


def _versions(
    positions: Iterable[Position],
    where: Mapping[Position, tuple[int, int]],
    setting_of: Callable[[int, int], Setting],
) -> dict[Position, Version]:
    return {position: Version.of(setting_of(*where[position])) for position in positions}


def _others_of(
    versions: Mapping[Position, Version], hits: Sequence[Hit], setting_of: Callable[[int, int], Setting]
) -> list[tuple[int, int]]:
    """Where other documents tell other versions of what was read."""
    others: dict[Position, tuple[int, int]] = {}
    for h, hit in enumerate(hits):
        own = hit.stored.document.document_id
        told = [version for (document, _), version in versions.items() if document != own]
        if Version.of(setting_of(h, 0)).title not in {version.title for version in told}:
            continue
        for i in range(len(hit.stored.sentences)):
            if any(Version.of(setting_of(h, i)).is_of(version) for version in told):
                others[position_of(hit.stored, i)] = (h, i)
    return [place for position, place in others.items() if position not in versions]


def _named(
    named: NamedText | None, hits: Sequence[Hit], terms: Terms, setting_of: Callable[[int, int], Setting]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(hit, sentence) where what the question names begins, and where what has the same number does. Of several
    documents (each has a 第三条) the one counts whose title the question names best; none where it names two
    alike."""
    found: dict[Position, tuple[int, int]] = {}
    for h, hit in enumerate(hits if named else ()):
        for i in range(len(hit.stored.sentences)):
            if is_named(named, setting_of(h, i)):
                found.setdefault(position_of(hit.stored, i), (h, i))
    shares = {
        candidate: terms.overlap(fold(hits[candidate[0]].stored.document.title)) for candidate in found.values()
    }
    best = [candidate for candidate, share in shares.items() if share == max(shares.values())]
    if len({setting_of(*candidate).sentence for candidate in best}) > 1:
        return [], list(shares)
    return best[:1], [candidate for candidate in shares if candidate not in best]


def proposals(hits: Sequence[Hit], count: int) -> list[tuple[int, int]]:
    """(hit, sentence) of the sentences with the best evidence, none of them twice: passages overlap."""
    everything = ((score, h, i) for h, hit in enumerate(hits) for i, score in enumerate(hit.sentence_scores))
    seen, chosen = set[Position](), list[tuple[int, int]]()
    for _, h, i in sorted(everything, key=lambda candidate: -candidate[0]):
        position = position_of(hits[h].stored, i)
        if position not in seen and len(chosen) < count:
            seen.add(position)
            chosen.append((h, i))
    return chosen


def position_of(stored: StoredPassage, sentence: int) -> Position:
    """Where the sentence stands, the same in all passages that hold it."""
    return stored.document.document_id, stored.sentences[sentence].spans[0][0]


def _readings(hit: Hit, found: Mapping[Position, Reading]) -> dict[int, Reading]:
    """What was read, by number of the sentence in this passage."""
    positions = [position_of(hit.stored, i) for i in range(len(hit.stored.sentences))]
    return {i: found[position] for i, position in enumerate(positions) if position in found}


def _weight() -> float:
    """Of log odds beside evidence."""
    return coefficients("reading")["logit"]


def _weighed(hit: Hit, readings: dict[int, Reading], floor: float) -> Hit:
    """Evidence and reading, added with the weight that was fitted."""
    scores = [
        score + _weight() * (readings[i].logit if i in readings else floor) + _by_form(readings.get(i))
        for i, score in enumerate(hit.sentence_scores)
    ]
    return replace(hit, sentence_scores=tuple(scores), readings=readings)


def _by_form(reading: Reading | None) -> float:
    if reading is None:
        return 0.0
    return _NAMED * reading.is_named - _OBJECTED * (reading.objection is not None)
