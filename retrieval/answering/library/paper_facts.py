"""What a paper tells of itself, as an answer: its day, its number, who issued it."""

from collections.abc import Sequence
from dataclasses import replace

from config.language import Language
from retrieval.answering.citations import cite
from retrieval.answering.library.index_answer import index_answer
from retrieval.answering.library.papers import PaperExcerpt, day, issuers, own_number, year_of
from retrieval.documents.structure.dates import iso_date
from retrieval.index.base import PassageIndex
from retrieval.query.library.questions import LibraryQuestion
from retrieval.query.question_text import QuestionText
from retrieval.reasons import Reason, ReasonCode
from retrieval.types import Answer, DocumentRecord

_TITLE = 40
"""Characters of a title that stand beside what is quoted."""


def told_by_paper(
    index: PassageIndex, asked: LibraryQuestion, question: QuestionText, papers: Sequence[DocumentRecord]
) -> Answer | None:
    """What the paper that is asked about tells of itself, quoted from where it stands in the text; None where several
    papers may be meant, or it does not tell."""
    if len(papers) != 1:
        return None
    record, language = papers[0], question.language
    passages = index.passages_of(record.document_id)
    if asked.wish == "issuer":
        told = issuers(passages)
    else:
        own = (day(passages, record.date) if asked.wish == "date" else None) or (
            own_number(passages) if asked.wish == "number" or record.date is None else None
        )
        told = [own] if own else []
    if not told and asked.wish != "date":
        return None
    shown = [excerpt.stored for excerpt in told] or passages[:1]
    cited = {stored.passage.passage_id: stored for stored in shown}
    numbers = {passage_id: number for number, passage_id in enumerate(cited, 1)}
    quotes = tuple(
        replace(excerpt.quote(_short(record.title)), citation=numbers[excerpt.stored.passage.passage_id])
        for excerpt in told
    )
    citations = tuple(cite(number, stored) for number, stored in enumerate(cited.values(), 1))
    return index_answer(question, _reason(asked, record, told, language), citations, quotes)


def _reason(
    asked: LibraryQuestion, record: DocumentRecord, told: Sequence[PaperExcerpt], language: Language
) -> Reason:
    if asked.wish == "date":
        if date := record.date or (iso_date(told[0].text) if told else None):
            return Reason("document_dated", language, title=record.title, day=date)
        number = told[0].text if told else ""
        if year := year_of(number):  # a day of effect (自…起施行) is none of issue, and tells nothing here
            return Reason("document_of_year", language, (number,), title=record.title, day=year)
        return Reason("document_undated", language, title=record.title)
    code: ReasonCode = "document_issued" if asked.wish == "issuer" else "document_numbered"
    return Reason(code, language, title=record.title, names=tuple(excerpt.text for excerpt in told))


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[:_TITLE]}…"
