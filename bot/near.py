"""Questions near one that was not answered, which the documents do answer: those that people liked the answers of,
those that the documents put themselves (问：…？, or a heading), and those that are made of what they label. Each is
asked before it is offered.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator

from bot.labelled import PutQuestion, labelled_questions, sentences_of
from bot.suggested import is_answered, questions_put
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase, asks, core_of
from retrieval.types import Answer, Hit, StoredPassage, beside

WANTED = 3
LABEL = 60
"""Units of a question on a button; a longer one would be cut on a phone."""
_TRIED = 6
_SECONDS = 2.0
"""After so long no more of them is asked: somebody waits."""
_SHARED = 1 / 3
"""Share of what is asked about, apart from places and by weight, that a near question has to ask about too: that both
are about the same county makes them no neighbours."""
_SAME_PLACE = 0.99
"""Share of the names that a question says, to be found in a near one or in what is known beside it."""
_LONGEST = 40


def near_questions(
    base: KnowledgeBase,
    answer: Answer,
    liked: Iterable[str] = (),
    may_offer: Callable[[str], bool] = lambda _: True,
    *,
    seconds: float = _SECONDS,
) -> list[str]:
    """At most three, the nearest first; none where the question was answered, or was nothing to look up. `liked` are
    questions that may be shown to anybody; `may_offer` is asked of near ones alone; after so many `seconds` no more
    are tried."""
    if answer.answer is not None or not answer.was_searched:
        return []
    began, asked = time.monotonic(), answer.understood or answer.question
    try:
        nearest = _nearest(base, asked, liked)
    except WenjuError:  # the index is being changed: the answer is told all the same
        return []
    found: list[str] = []
    for put, document_id in nearest:
        if len(found) == WANTED or time.monotonic() - began > seconds:
            break
        if may_offer(put.question) and _is_answered(base, put, document_id):
            found.append(put.question)
    return found


def _nearest(base: KnowledgeBase, asked: str, liked: Iterable[str]) -> list[tuple[PutQuestion, str | None]]:
    """Near questions, each with the document that puts it."""
    about, hits = base.search(asked, read=False)
    # What no passage says cannot be near to anything: it is what was not answered.
    known = about.body.weight - about.unsaid * about.terms.weight
    if known <= 0:
        return []
    candidates: list[tuple[PutQuestion, Hit | None]] = [(PutQuestion(question), None) for question in liked]
    candidates += [(put, hit) for hit in hits for put in _put_in(hit)]
    weighed: dict[str, tuple[float, PutQuestion, str | None]] = {}
    for put, hit in candidates:
        question = put.question
        share = about.body.overlap(question) * about.body.weight / known
        place = question if hit is None else f"{question}\n{_known(hit.stored)}"
        is_elsewhere = about.subject.weights and about.subject.overlap(place) < _SAME_PLACE
        if share < _SHARED or is_elsewhere:
            continue
        if (core := core_of(question)) and core != core_of(asked):
            weighed.setdefault(core, (share, put, None if hit is None else hit.stored.document.document_id))
    best = sorted(weighed.values(), key=lambda candidate: -candidate[0])[:_TRIED]
    return [(put, document_id) for _, put, document_id in best]


def _put_in(hit: Hit) -> Iterable[PutQuestion]:
    """The questions of the passage, those of its headings that have no question mark, and those of its labels."""
    yield from map(PutQuestion, questions_put([hit.stored]))
    yield from map(PutQuestion, _headings(hit.stored))
    yield from labelled_questions(hit.stored.document, [hit.stored])


def _headings(stored: StoredPassage) -> Iterator[str]:
    for text, level in sentences_of(stored):
        if level > 1 and len(text) <= _LONGEST and asks(text) and not text.endswith(("。", "：", ":")):
            yield from _named(text, stored.document.title)


def _named(heading: str, title: str) -> Iterator[str]:
    """The heading where it says itself what it is about: 怎么办理 alone does not."""
    pieces = {title[i : i + 3] for i in range(len(title) - 2)}
    if any(piece in heading for piece in pieces):
        yield " ".join(re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*", "", heading).split())


def _known(stored: StoredPassage) -> str:
    context = stored.passage.context
    return beside("", stored.document.title, stored.passage.section, context.title, context.place)


def _is_answered(base: KnowledgeBase, put: PutQuestion, document_id: str | None) -> bool:
    try:
        return is_answered(base, put, document_id)
    except WenjuError:
        return False
