"""Hits to an answer: one of three outcomes, quotes, citations."""

from collections.abc import Sequence

from config.settings import AnswerSettings
from retrieval.evidence import (
    Evidence,
    QuestionTerms,
    confidence,
    cut_to_clauses,
    rank_sentences,
    second_evidence,
    sentence_spans,
)
from retrieval.text.tokens import is_unspaced
from retrieval.types import Answer, Citation, Hit, Quote

CITATIONS = 5
ANSWERED, RELATED, NOT_FOUND = "answered", "related", "not_found"

_MESSAGES = {
    ("zh", RELATED): "文档里有相关的段落，但没有直接回答这个问题。",
    ("zh", NOT_FOUND): "文档里没有找到这个问题的答案。",
    ("en", RELATED): "The documents have related passages, but none of them states the answer.",
    ("en", NOT_FOUND): "The documents do not answer this question.",
}


def compose(
    question: str, hits: Sequence[Hit], terms: QuestionTerms, settings: AnswerSettings, count: int = CITATIONS
) -> Answer:
    """The answer to show with at most `count` citations, `timing_ms` yet empty. `answered` needs a sentence that is
    close enough."""
    ranked = rank_sentences(question, hits[:CITATIONS], terms)
    sure = round(confidence(ranked[0], hits, terms), 4) if ranked else 0.0
    if sure < settings.related:
        return Answer(question, NOT_FOUND, sure, message_for(question, NOT_FOUND), None, (), (), {})
    citations = tuple(cite(number, hit) for number, hit in enumerate(hits[:count], start=1))
    if sure < settings.answered:
        return Answer(question, RELATED, sure, message_for(question, RELATED), None, (), citations, {})
    second = second_evidence(question, hits, ranked, terms)
    shown = [ranked[0], second] if second else [ranked[0]]
    quotes = tuple(_quote(evidence, hits[evidence.hit], terms) for evidence in shown)
    text = "\n".join(citations[q.citation - 1].text[q.start : q.end] for q in quotes)
    return Answer(question, ANSWERED, sure, None, text, quotes, citations, {})


def message_for(question: str, status: str) -> str:
    """A sentence for people, in the language of the question."""
    language = "zh" if any(map(is_unspaced, question)) else "en"
    return _MESSAGES[language, status]


def cite(number: int, hit: Hit) -> Citation:
    stored = hit.stored
    return Citation(
        number=number,
        document=stored.document.name,
        path=str(stored.document.path),
        url=stored.document.url,
        document_id=stored.document.document_id,
        passage_id=stored.passage.passage_id,
        title=stored.passage.context.title,
        section=stored.passage.section,
        place=stored.passage.context.place,
        date=stored.passage.context.date,
        page=stored.passage.page,
        spans=stored.passage.spans,
        text=stored.text,
        score=round(hit.score, 4),
    )


def _quote(evidence: Evidence, hit: Hit, terms: QuestionTerms) -> Quote:
    start, end = sentence_spans(hit)[evidence.sentence]
    sentence = hit.stored.text[start:end].rstrip()
    first, last = cut_to_clauses(sentence, terms)
    return Quote(evidence.hit + 1, start + first, start + last)
