"""Answers to questions about the library itself, from the index: how many documents there are, and their titles.

Where titles are asked for, all are shown and each stands in the first passage of its document, these are quoted as
an answer is. A number that no document states, or a part of a list, is told as the reason, with the documents beside
it: that is no quotation.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from config.language import Language
from retrieval.answering.citations import cite
from retrieval.answering.compose import NOT_FOUND
from retrieval.answering.library.index_answer import index_answer
from retrieval.answering.library.issued import issued_documents
from retrieval.answering.library.paper_facts import told_by_paper
from retrieval.answering.library.papers import meant
from retrieval.answering.refusal import names_missing
from retrieval.index.base import PassageIndex
from retrieval.query.library.issued import IssuedQuestion
from retrieval.query.library.paper import kind_of
from retrieval.query.library.questions import LibraryQuestion
from retrieval.query.question_text import QuestionText
from retrieval.query.scope import Scope
from retrieval.reasons import ListedDocument, Reason, ReasonCode
from retrieval.text.fold import fold, fold_all
from retrieval.text.tokens import tokenize
from retrieval.text.words import words
from retrieval.types import Answer, DocumentRecord, Quote, StoredPassage

_LOOKED_AT = 1_000
"""Passages looked at for a topic that no title names."""


def answer_from_index(
    index: PassageIndex,
    asked: LibraryQuestion,
    question: QuestionText,
    scope: Scope | None,
    count: int,
) -> Answer | None:
    """What the index itself tells, with the time that it took. None where the document that is named is not there, or
    none is left: then it is asked like any question."""
    started = time.perf_counter()
    told = _told(index, asked, question, scope, count)
    if told is None:
        return None
    return replace(told, timing_ms={"total": round((time.perf_counter() - started) * 1000, 2)})


def _told(
    index: PassageIndex,
    asked: LibraryQuestion,
    question: QuestionText,
    scope: Scope | None,
    count: int,
) -> Answer | None:
    known = (
        _known(index, scope) if scope or asked.topic or asked.issued or asked.wish in ("latest", "newest") else None
    )
    if known is not None and not known:
        return None
    if asked.paper is not None or asked.wish in ("number", "issuer"):
        topic = fold(asked.topic or (asked.paper and asked.paper.title) or "")
        papers = meant(index, asked.paper, known) if asked.paper else _titled(topic, known or ())
        if not papers and (asked.wish == "number" or asked.is_bare):
            papers = _like(topic, known or index.documents())
        if asked.is_bare and asked.wish == "date" and len(papers) > 1:
            return _dated(index, asked, question, papers, count)
        return told_by_paper(index, asked, question, papers)
    if asked.topic is not None:
        if asked.issued is not None:
            known = [document.record for document in issued_documents(index, asked.issued, known or ())]
        return _about(index, asked, question, known or (), count)
    if asked.issued is not None:
        return _of_issued(index, asked.issued, question, known or (), count)
    if asked.wish == "latest":
        newest = sorted(known or (), key=lambda record: record.indexed_at, reverse=True)[:count]
        days = {record.document_id: record.indexed_at[:10] for record in newest}
        reason = Reason("documents_latest", question.language, documents=len(newest))
        return _listed(index, question, reason, newest, days=days)
    if asked.wish == "newest":
        return _newest(index, question, known or ())
    total, first = (index.count(), index.documents(0, count)) if known is None else (len(known), known[:count])
    reason = Reason("documents_held", question.language, documents=total)
    return _listed(index, question, reason, first, quoted=asked.wish == "titles")


def _dated(
    index: PassageIndex, asked: LibraryQuestion, question: QuestionText, papers: Sequence[DocumentRecord], count: int
) -> Answer:
    """Several that may be meant, the newest first, each with its day: which of them is, only the asker knows."""
    newest = issued_documents(index, IssuedQuestion(), papers)
    days = {document.record.document_id: document.day for document in newest}
    topic = asked.paper.title if asked.paper else None
    reason = Reason("documents_titled", question.language, documents=len(newest), topic=topic)
    return _listed(index, question, reason, [document.record for document in newest[:count]], days=days)


def _newest(index: PassageIndex, question: QuestionText, known: Sequence[DocumentRecord]) -> Answer | None:
    """The document of the latest day; None where no document tells its own, or several are of that day."""
    dated = [record for record in known if record.date is not None]
    last = max((record.date or "" for record in dated), default="")
    newest = [record for record in dated if record.date == last]
    if len(newest) != 1:
        return None
    reason = Reason("document_dated", question.language, title=newest[0].title, day=last)
    return _listed(index, question, replace(reason, documents=1), newest, quoted=True)


def _known(index: PassageIndex, scope: Scope | None) -> list[DocumentRecord]:
    """The documents that the question is narrowed to."""
    if scope is None:
        return index.documents()
    chosen = scope.chosen(index)
    records = (
        index.documents() if chosen is None else list({record.document_id: record for record in chosen}.values())
    )
    if scope.since is None and scope.until is None:
        return records
    first, last = scope.since or "", scope.until or "9999"
    return [record for record in records if record.date is not None and first <= record.date <= last]


def _about(
    index: PassageIndex, asked: LibraryQuestion, question: QuestionText, known: Sequence[DocumentRecord], count: int
) -> Answer | None:
    """Those whose titles name the topic; where none does, those whose text does. None where there is none of a kind:
    the documents may tell more."""
    topic, named = fold(asked.topic or ""), asked.topic or ""
    kind = asked.issued.kind if asked.issued else None
    if titled := _titled(topic, known):
        reason = Reason("documents_titled", question.language, documents=len(titled), topic=named, kind=kind)
        return _listed(index, question, reason, titled[:count], quoted=asked.wish == "titles")
    holding = index.holding(tokenize(topic), _LOOKED_AT)
    ids = {stored.document.document_id for stored in holding if topic in fold(stored.passage.searched(stored.text))}
    told = [record for record in known if record.document_id in ids]
    if not told and kind is not None:
        return None
    if not told:
        return index_answer(question, names_missing(question.language, [named], len(known)), status=NOT_FOUND)
    code: ReasonCode = "documents_telling" if len(holding) < _LOOKED_AT else "documents_telling_at_least"
    reason = Reason(code, question.language, documents=len(told), topic=named, kind=kind)
    return _listed(index, question, reason, told[:count])


def _titled(topic: str, known: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Those whose titles name the (folded) topic."""
    titles = fold_all([record.title for record in known])
    return [record for record, title in zip(known, titles, strict=True) if topic in title]


def _like(topic: str, known: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Those whose titles have all words of the (folded) topic, in its order: 水库通知 of 关于水库招标的通知. Where it
    ends in the kind of a paper, so do they."""
    if not topic:
        return []
    kind = kind_of(topic) or ""
    matter = topic.removesuffix(kind)
    in_order = [matter[word.start : word.end] for word in words(matter)]
    ending = re.compile(rf"{kind}(?:\([^()]*\)|[^\w(])*$" if kind else "$")
    return [record for record in known if _has_in_order(fold(record.title), in_order, ending)]


def _has_in_order(title: str, in_order: Sequence[str], ending: re.Pattern[str]) -> bool:
    """Whether a title has the words in their order before its ending."""
    if (end := ending.search(title)) is None:
        return False
    position = 0
    for word in in_order:
        if (found := title.find(word, position, end.start())) < 0:
            return False
        position = found + len(word)
    return True


def _of_issued(
    index: PassageIndex, asked: IssuedQuestion, question: QuestionText, known: Sequence[DocumentRecord], count: int
) -> Answer | None:
    """The newest first, each with its day. None where there is none of a kind, or by somebody: the documents may tell
    more of that than that they are none."""
    if asked.is_added:
        return _added(index, asked, question, known, count)
    found = issued_documents(index, asked, known)
    if not found and (asked.issuer or asked.kind):
        return None
    reason = replace(_reason_issued(asked, question.language, "documents_issued"), documents=len(found))
    bodies = {body for document in found for body in document.bodies}
    shown = [document.record for document in found[:count]]
    days = {document.record.document_id: document.day for document in found}
    return _listed(index, question, reason, shown, quoted=not asked.is_count and len(bodies) < 2, days=days)


def _added(
    index: PassageIndex, asked: IssuedQuestion, question: QuestionText, known: Sequence[DocumentRecord], count: int
) -> Answer:
    """Those that came into the library in the period, the newest first, each with its day."""
    since, until = asked.since or "", asked.until or ""
    found = [record for record in known if since <= record.indexed_at[:10] <= until]
    found.sort(key=lambda record: record.indexed_at, reverse=True)
    reason = Reason("documents_added", question.language, documents=len(found), since=since, until=until)
    days = {record.document_id: record.indexed_at[:10] for record in found[:count]}
    return _listed(index, question, reason, found[:count], days=days)


def _reason_issued(asked: IssuedQuestion, language: Language, code: ReasonCode) -> Reason:
    names = () if asked.issuer is None else (asked.issuer,)
    return Reason(code, language, names, topic=asked.kind, since=asked.since, until=asked.until)


def or_none_issued(asked: LibraryQuestion | None, language: Language, composed: Answer) -> Answer:
    """Tells that no document is of those that were asked for, where the passages do not answer either."""
    if asked is None or asked.issued is None or composed.answer is not None:
        return composed
    return replace(composed, reason=_reason_issued(asked.issued, language, "none_issued"))


def _listed(
    index: PassageIndex,
    question: QuestionText,
    reason: Reason,
    shown: Sequence[DocumentRecord],
    *,
    quoted: bool = False,
    days: Mapping[str, str | None] = {},
) -> Answer:
    """The titles, each cited by the first passage of its document; `days` are told beside titles that are not
    quoted."""
    first = [(record, stored) for record in shown if (stored := _first(index, record)) is not None]
    citations = tuple(cite(number, stored) for number, (_, stored) in enumerate(first, 1))
    reason = replace(reason, shown=len(first))
    quotes = tuple(_quotes(first)) if quoted else ()
    if quotes and len(quotes) == reason.documents:
        return index_answer(question, reason, citations, quotes)
    listed = tuple(ListedDocument(record.title, days.get(record.document_id)) for record, _ in first)
    return index_answer(question, replace(reason, listed=listed), citations)


def _first(index: PassageIndex, record: DocumentRecord) -> StoredPassage | None:
    return next(iter(index.passages_of(record.document_id)), None)


def _quotes(first: Sequence[tuple[DocumentRecord, StoredPassage]]) -> Iterator[Quote]:
    """Where titles stand in the passages; those that a file's name or its head gives stand in none."""
    for number, (record, stored) in enumerate(first, 1):
        at = stored.text.find(record.title)
        if at >= 0 and record.title:
            yield Quote(number, at, at + len(record.title))
