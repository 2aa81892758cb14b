"""Answers to questions about the library itself, from the index: a fixed sentence with a number and titles.

Where titles are asked for, all are shown and each stands in the first passage of its document, these are quoted as
an answer is. A number that no document states, or a part of a list, is told in the message, with the documents beside
it: that is no quotation.
"""

import datetime
import re
from collections.abc import Iterator, Sequence

from retrieval.answering.citations import cite
from retrieval.answering.compose import ANSWERED, NOT_FOUND, RELATED
from retrieval.answering.refusal import language_of, reason
from retrieval.index.base import PassageIndex
from retrieval.query.library import LibraryQuestion
from retrieval.query.scope import Scope
from retrieval.text.fold import fold, fold_all
from retrieval.text.tokens import tokenize
from retrieval.types import Answer, Citation, DocumentRecord, Quote, StoredPassage

_LOOKED_AT = 1_000
"""Passages looked at for a topic that no title names."""
_TITLE = 40
_SAID = {
    "zh": {
        "all": "收录了{count}份文件",
        "titled": "标题提到“{topic}”的文件有{count}份",
        "told": "标题里都没有“{topic}”，正文提到它的文件有{count}份",
        "many": "标题里都没有“{topic}”，正文提到它的文件不少于{count}份",
        "latest": "最近收录的文件",
        "first": "{said}，先列{shown}份",
        "list": "{said}：{titles}",
        "title": "《{title}》",
        "day": "《{title}》（{day}）",
        "date": "《{title}》的日期是{day}。",
        "undated": "《{title}》没有注明日期。",
        "and": "、",
        "end": "。",
    },
    "en": {
        "all": "The library has {count} documents",
        "titled": "Documents with “{topic}” in their title: {count}",
        "told": "“{topic}” is in no title; documents that mention it: {count}",
        "many": "“{topic}” is in no title; documents that mention it: at least {count}",
        "latest": "The documents that were added last",
        "first": "{said}, of which the first {shown}",
        "list": "{said}: {titles}",
        "title": "“{title}”",
        "day": "“{title}” ({day})",
        "date": "“{title}” is dated {day}.",
        "undated": "“{title}” bears no date.",
        "and": ", ",
        "end": ".",
    },
}


def answer_from_index(
    index: PassageIndex, asked: LibraryQuestion, question: str, scope: Scope | None, count: int
) -> Answer | None:
    """None where the document that is named is not there, or none is left: then it is asked like any question."""
    known = _known(index, scope) if scope or asked.topic or asked.title or asked.wish == "latest" else None
    if known is not None and not known:
        return None
    if asked.title is not None:
        return _dated(index, known or (), asked.title, question)
    if asked.topic is not None:
        return _about(index, asked, question, known or (), count)
    say = _SAID[language_of(question)]
    if asked.wish == "latest":
        newest = sorted(known or (), key=lambda one: one.indexed_at, reverse=True)[:count]
        return _listed(index, question, say["latest"], newest, len(newest), quoted=False, days=True)
    total, first = (index.count(), index.documents(0, count)) if known is None else (len(known), known[:count])
    said = say["all"].format(count=total)
    return _listed(index, question, said, first, total, quoted=asked.wish == "titles")


def _known(index: PassageIndex, scope: Scope | None) -> list[DocumentRecord]:
    """The documents that the question is narrowed to."""
    if scope is None:
        return index.documents()
    chosen = scope.chosen(index)
    records = index.documents() if chosen is None else list({one.document_id: one for one in chosen}.values())
    if scope.since is None and scope.until is None:
        return records
    first, last = scope.since or "", scope.until or "9999"
    return [one for one in records if one.date is not None and first <= one.date <= last]


def _about(
    index: PassageIndex, asked: LibraryQuestion, question: str, known: Sequence[DocumentRecord], count: int
) -> Answer:
    """Those whose titles name the topic; where none does, those whose text does."""
    topic, say = fold(asked.topic or ""), _SAID[language_of(question)]
    titles = fold_all([record.title for record in known])
    titled = [record for record, title in zip(known, titles, strict=True) if topic in title]
    if titled:
        said = say["titled"].format(topic=asked.topic, count=len(titled))
        return _listed(index, question, said, titled[:count], len(titled), quoted=asked.wish == "titles")
    holding = index.holding(tokenize(topic), _LOOKED_AT)
    ids = {one.document.document_id for one in holding if topic in fold(one.passage.searched(one.text))}
    told = [record for record in known if record.document_id in ids]
    if not told:
        return _answer(question, reason(question, [asked.topic or ""], len(known)), status=NOT_FOUND)
    said = say["told" if len(holding) < _LOOKED_AT else "many"].format(topic=asked.topic, count=len(told))
    return _listed(index, question, said, told[:count], len(told), quoted=False)


def _listed(
    index: PassageIndex,
    question: str,
    said: str,
    shown: Sequence[DocumentRecord],
    total: int,
    *,
    quoted: bool,
    days: bool = False,
) -> Answer:
    """The titles, each cited by the first passage of its document."""
    say = _SAID[language_of(question)]
    first = [(record, stored) for record in shown if (stored := _first(index, record)) is not None]
    citations = tuple(cite(number, stored) for number, (_, stored) in enumerate(first, 1))
    if len(first) < total:
        said = say["first"].format(said=said, shown=len(first))
    quotes = tuple(_quotes(first)) if quoted else ()
    if quotes and len(quotes) == total:
        return _answer(question, said + say["end"], citations, quotes)
    titles = say["and"].join(
        say["day" if days else "title"].format(title=_short(record.title), day=record.indexed_at[:10])
        for record, _ in first
    )
    return _answer(question, say["list"].format(said=said, titles=titles) + say["end"], citations)


def _first(index: PassageIndex, record: DocumentRecord) -> StoredPassage | None:
    return next(iter(index.passages_of(record.document_id)), None)


def _quotes(first: Sequence[tuple[DocumentRecord, StoredPassage]]) -> Iterator[Quote]:
    """Where titles stand in the passages; those that a file's name or its head gives stand in none."""
    for number, (record, stored) in enumerate(first, 1):
        at = stored.text.find(record.title)
        if at >= 0 and record.title:
            yield Quote(number, at, at + len(record.title))


def _dated(index: PassageIndex, known: Sequence[DocumentRecord], title: str, question: str) -> Answer | None:
    """The date of the document, quoted from where it stands in the text."""
    wanted, say = fold(title), _SAID[language_of(question)]
    titles = [*zip(known, fold_all([record.title for record in known]), strict=True)]
    named = (
        [one for one, own in titles if own == wanted]
        or [one for one in known if fold(one.path.stem) == wanted]
        or [one for one, own in titles if wanted in own]
    )
    if len(named) != 1:
        return None
    record = named[0]
    passages = index.passages_of(record.document_id)
    shown = _short(record.title)
    if record.date is None:
        return _answer(question, say["undated"].format(title=shown), tuple(cite(1, one) for one in passages[:1]))
    message = say["date"].format(title=shown, day=record.date)
    for stored in passages:
        if match := _written(record.date).search(stored.text):
            return _answer(question, message, (cite(1, stored),), (Quote(1, *match.span(), shown),))
    return _answer(question, message, tuple(cite(1, one) for one in passages[:1]))


def _written(date: str) -> re.Pattern[str]:
    """The ways in which papers write a day."""
    day = datetime.date.fromisoformat(date)  # checked when the document was read
    return re.compile(
        rf"{day.year}\s*年\s*0?{day.month}\s*月\s*0?{day.day}\s*日|{day.year}(?P<by>[-./])0?{day.month}(?P=by)0?{day.day}(?!\d)"
    )


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[:_TITLE]}…"


def _answer(
    question: str,
    message: str,
    citations: tuple[Citation, ...] = (),
    quotes: tuple[Quote, ...] = (),
    status: str | None = None,
) -> Answer:
    """Answered where something is quoted; nothing was searched, and the index is certain of what it holds."""
    told = "\n".join(citations[one.citation - 1].text[one.start : one.end] for one in quotes) if quotes else None
    if status == NOT_FOUND or not citations:
        return Answer(question, NOT_FOUND, 0.0, message, None, (), (), {"total": 0.0})
    sure = 1.0 if quotes else 0.0
    return Answer(
        question, ANSWERED if quotes else RELATED, sure, message, told, quotes, citations, {"total": 0.0}, 1.0
    )
