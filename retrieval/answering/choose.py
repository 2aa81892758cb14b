"""Hits to hits that were read: the sentences that evidence proposes are read by the model and checked by form.

What both say decides which sentence, and so which passage, comes first.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from retrieval.answering.checks.holders import no_longer
from retrieval.answering.checks.named import told_otherwise
from retrieval.answering.checks.objections import KIND, OFFICE, TIME
from retrieval.answering.checks.other_rows import of_lesser, of_many, of_more, of_others, one_of_several
from retrieval.answering.checks.pairs import of_other_pairs
from retrieval.answering.checks.sections import begun_sections, under_other_things, under_others
from retrieval.answering.checks.terms import over_beside_others
from retrieval.answering.sentence_readings import Place, Position, SentenceReadings, TextOf, position_of
from retrieval.answering.versions.adjusted import adjusted
from retrieval.answering.versions.meant import EndedBy, Version, not_meant, replaced
from retrieval.coefficients import coefficients
from retrieval.query.question import Question
from retrieval.reading.base import Reader
from retrieval.readings import Objection, Reading
from retrieval.types import Hit

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
_NAMED = 60.0
"""Added to the score of what the question names by its number."""
_UNREAD = 1.0
"""How far below the least likely sentence that was read one counts that was not."""


def read(
    question: Question,
    hits: Sequence[Hit],
    reader: Reader,
    text_of: TextOf,
    today: datetime.date,
    ended_by: EndedBy = lambda _: None,
) -> list[Hit]:
    """The hits with what was read in them, the best first."""
    sentences = SentenceReadings(question, hits, reader, text_of, today)
    _read_likeliest(sentences)
    _object_to_other_versions(sentences, today)
    _object_beside_others(sentences, today, ended_by)
    floor = min((reading.logit for reading in sentences.readings.values()), default=0.0) - _UNREAD
    weighed = [_weighed(hit, _readings(hit, sentences.readings), floor) for hit in hits]
    return sorted(weighed, key=lambda hit: -hit.score)


def _read_likeliest(sentences: SentenceReadings) -> None:
    """What is asked for by name and what evidence puts first; more, and the likeliest again, where none of that
    answers plainly."""
    question, hits, found = sentences.question, sentences.hits, sentences.readings
    count = _READ_FOREIGN if question.is_foreign else READ
    sections = begun_sections(question, hits)
    asked_for = [*sentences.named_places, *sections, *sections.values()]
    chosen = [*asked_for, *(proposal for proposal in proposals(hits, count) if proposal not in asked_for)]
    sentences.read(chosen[:_AT_FIRST])
    if not any(
        reading.objection is None and (reading.logit >= _PLAIN or reading.is_named) for reading in found.values()
    ):
        sentences.read(chosen[_AT_FIRST:])
        sentences.read_apart(_leading(sentences))
    sentences.lift(sections)


def _object_to_other_versions(sentences: SentenceReadings, today: datetime.date) -> None:
    """Of several versions of a statement one is meant; those that other documents tell are read for that."""
    asked_time, found = sentences.checks.demands.time, sentences.readings
    others_told = _others_of(_versions(sentences.likely(), sentences), sentences)
    sentences.read(others_told)
    told = map(sentences.at, others_told)  # however the reader likes them
    standing = [*sentences.likely(), *(position for position in told if found[position].objection is None)]
    not_asked = not_meant(asked_time, _versions(standing, sentences), today)
    if not sentences.question.is_of_draft:
        sentences.object(TIME, [position for position in not_asked if not found[position].is_named])


def _object_beside_others(sentences: SentenceReadings, today: datetime.date, ended_by: EndedBy) -> None:
    """What passes alone, and does not beside what else was found."""
    question, demands, everything = sentences.question, sentences.checks.demands, sentences.everything()
    passed = sentences.passed()
    likely = {position: passed[position] for position in sentences.likely()}
    alike = [*of_many(question, likely, everything), *told_otherwise(sentences.asked_above, sentences.readings)]
    by_rows = of_others, of_more, of_lesser, one_of_several
    for of_another in (*by_rows, of_other_pairs, under_others, under_other_things):
        alike += of_another(question, passed, everything)
    too_old = [*replaced(demands.time, likely, ended_by), *adjusted(demands.time, likely, everything, today)]
    told_by_others: dict[Objection, list[Position]] = {
        OFFICE: no_longer(demands.office, question, likely, everything),
        TIME: [*too_old, *over_beside_others(demands.time, likely)],
        KIND: alike,
    }
    for objection, positions in told_by_others.items():
        sentences.object(objection, positions)


def _leading(sentences: SentenceReadings) -> list[Position]:
    """Of the sentences that may answer those that evidence and reading together put first."""
    hits, found = sentences.hits, sentences.readings

    def score(position: Position) -> float:
        number, sentence = sentences.places[position]
        return hits[number].sentence_scores[sentence] + _weight() * found[position].logit

    return sorted((p for p, reading in found.items() if reading.objection is None), key=score, reverse=True)[:_APART]


def _versions(positions: Iterable[Position], sentences: SentenceReadings) -> dict[Position, Version]:
    return {position: Version.of(sentences.setting_of(*sentences.places[position])) for position in positions}


def _others_of(versions: Mapping[Position, Version], sentences: SentenceReadings) -> list[Place]:
    """Where other documents tell other versions of what was read."""
    others: dict[Position, Place] = {}
    for h, hit in enumerate(sentences.hits):
        own = hit.stored.document.document_id
        told = [version for (document, _), version in versions.items() if document != own]
        if Version.of(sentences.setting_of(h, 0)).title not in {version.title for version in told}:
            continue
        for i in range(len(hit.stored.sentences)):
            if any(Version.of(sentences.setting_of(h, i)).is_of(version) for version in told):
                others[position_of(hit.stored, i)] = (h, i)
    return [place for position, place in others.items() if position not in versions]


def proposals(hits: Sequence[Hit], count: int) -> list[Place]:
    """(hit, sentence) of the sentences with the best evidence, none of them twice: passages overlap."""
    everything = ((score, h, i) for h, hit in enumerate(hits) for i, score in enumerate(hit.sentence_scores))
    seen, chosen = set[Position](), list[Place]()
    for _, h, i in sorted(everything, key=lambda candidate: -candidate[0]):
        position = position_of(hits[h].stored, i)
        if position not in seen and len(chosen) < count:
            seen.add(position)
            chosen.append((h, i))
    return chosen


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
