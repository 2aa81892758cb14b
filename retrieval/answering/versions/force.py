"""From when a paper is in force, whether it still is, and whether it was changed: told by the sentence that decides,
of the paper itself or of another. That none says so decides nothing.
"""

import datetime
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from retrieval.answering.citations import cite
from retrieval.answering.compose import ANSWERED, RELATED
from retrieval.answering.library.papers import PaperExcerpt, day, ends_of, is_itself, meant
from retrieval.answering.quotes import about
from retrieval.answering.versions.amendments import with_excerpt, with_what_became
from retrieval.answering.versions.later_papers import LaterPapers, RuleUpdate
from retrieval.answering.versions.unheld import end_of_unheld
from retrieval.index.base import PassageIndex
from retrieval.query.library.force import ForceQuestion, ForceWish
from retrieval.query.question_text import QuestionText
from retrieval.ranking.evidence import sentence_spans
from retrieval.reasons import Reason, ReasonCode
from retrieval.text.fold import fold
from retrieval.text.times import last_has_come
from retrieval.types import Answer, DocumentRecord, Quote, StoredPassage

_OF_PAPER: dict[ReasonCode, ReasonCode] = {
    "repealed": "document_repealed",
    "lapsed": "document_lapsed",
    "amended": "document_amended",
}
_LEADS = r"^\s*(?:第[〇零一二三四五六七八九十百\d]+条|[(]?[一二三四五六七八九十\d]{1,3}[)、.])?\s*"
_THIS = "本(?:办法|规定|条例|通知|意见|方案|细则|决定|通告|公告|标准|规划|制度|章程|文件)"
_DAY_OF_ISSUE = re.compile("(?:印发|发布|公布|颁布|签发|下发|发文)之日")
_BEGINS = re.compile(
    rf"(?:{_THIS}(?:(?![前后原旧])[^。;《》]){{0,30}}?|{_LEADS})"
    rf"[自从](?:(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})日|{_DAY_OF_ISSUE.pattern})起"
    r"(?:正式|开始)?(?:施行|实施|执行|生效|试行)(?=[,。;\s(]|$)"
)
"""Of the paper itself: 自…起施行新标准 begins something else."""
_LASTS = re.compile(
    rf"(?:{_THIS}的?|{_BEGINS.pattern},?)(?:有效期|试行期)限?(?:为|至|到|自|暂定)*[\d一二两三四五六七八九十]"
)
"""Of the paper itself, and not of a card or of another paper that it names."""


def answer_of_force(
    index: PassageIndex, asked: ForceQuestion, question: QuestionText, count: int, today: datetime.date
) -> Answer | None:
    """None where it is not sure which paper is meant, where that does not say from when it is in force, or where no
    other says that it was changed: then it is asked like any question."""
    started = time.perf_counter()
    named = meant(index, asked.paper)
    if not named and asked.wish == "force":
        found = end_of_unheld(index, asked.paper, partial(ends_of, index), today)
        told = None if found is None else _by_another(found[1], index, found[0], question, count)
    elif len(named) == 1 and is_itself(named[0], asked.paper):
        told = _told(index, asked.wish, named[0], question, count, today)
    else:
        return None
    milliseconds = round((time.perf_counter() - started) * 1000, 2)
    return None if told is None else replace(told, timing_ms={"total": milliseconds})


def _told(
    index: PassageIndex,
    wish: ForceWish,
    record: DocumentRecord,
    question: QuestionText,
    count: int,
    today: datetime.date,
) -> Answer | None:
    passages, text_of = index.passages_of(record.document_id), partial(ends_of, index)
    if not passages:
        return None
    if wish == "effect":
        if (begins := _said_once(passages, _BEGINS)) is None:
            return None
        told, signed = _quoting(question, begins), day(passages, record.date)
        if signed and _DAY_OF_ISSUE.search(fold(begins.text)):
            told = with_excerpt(told, signed, count)
        return with_what_became(told, (), count, index, text_of, today, everywhere=True)
    papers, rule = LaterPapers(index, text_of, today), cite(1, passages[0])
    later = papers.newest_of(rule, is_ended=wish == "force")
    if later is not None:
        return _by_another(later, index, record.title, question, count)
    if wish != "force":
        return None
    told, changed = _by_itself(passages, record, question, today), papers.newest_of(rule, is_ended=False)
    if changed is None:
        return told
    became = Reason(changed.code, question.language, title=changed.stored.passage.context.title)
    told = replace(told, citations=tuple(replace(citation, became=became) for citation in told.citations))
    return told if told.answer is None else with_excerpt(told, changed.said, count)


def _by_another(later: RuleUpdate, index: PassageIndex, title: str, question: QuestionText, count: int) -> Answer:
    """With the day of the other paper where it takes effect when that is issued."""
    first, *rest = later.excerpts
    other = later.stored
    reason = Reason(_OF_PAPER[later.code], question.language, (other.passage.context.title,), title=title)
    told = replace(_quoting(question, first), reason=reason)
    if _DAY_OF_ISSUE.search(fold(first.text)):
        signed = day(index.passages_of(other.document.document_id), other.document.date)
        rest = [*rest, *([signed] if signed else ())]
    for excerpt in rest:
        told = with_excerpt(told, excerpt, count)
    return told


def _by_itself(
    passages: Sequence[StoredPassage], record: DocumentRecord, question: QuestionText, today: datetime.date
) -> Answer:
    """How long the paper says that it lasts, or that it has not begun; else nothing decides."""
    begins, lasts = _said_once(passages, _BEGINS), _said_once(passages, _LASTS)
    reason = Reason("not_repealed", question.language, title=record.title)
    if own := lasts or begins:
        told = replace(_quoting(question, own), reason=reason)
        if own is lasts or not last_has_come(_BEGINS.finditer(fold(own.text)), today):
            return told
    cited = cite(1, own.stored if own else passages[0])
    return Answer(question.as_shown, RELATED, 0.0, reason, None, (), (cited,), {}, 1.0)


def _quoting(question: QuestionText, own: PaperExcerpt) -> Answer:
    quote = Quote(1, own.start, own.end, about(own.stored, own.text))
    return Answer(question.as_shown, ANSWERED, 1.0, None, own.text, (quote,), (cite(1, own.stored),), {}, 1.0)


def _said_once(passages: Sequence[StoredPassage], pattern: re.Pattern[str]) -> PaperExcerpt | None:
    """The one sentence that says so; of several it is not known which says it of the paper."""
    found = {
        stored.passage.first + number: PaperExcerpt(stored, start, start + len(stored.text[start:end].rstrip()))
        for stored in passages
        for number, (start, end) in enumerate(sentence_spans(stored))
        if pattern.search(fold(stored.text[start:end]))
    }
    return next(iter(found.values())) if len(found) == 1 else None
