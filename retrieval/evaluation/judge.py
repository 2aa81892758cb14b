"""One answer against what is known of its question: what counts as right."""

import re
from collections.abc import Iterable, Iterator, Mapping

from retrieval.answering.compose import ANSWERED, NOT_FOUND
from retrieval.evaluation.questions import DECLINE, LabelledQuestion, squeeze
from retrieval.types import Answer, Citation, Quote, Span

RANKS = 10
"""Citations that are looked at; hits and completeness are counted in the first five."""
SHOWN = 5
CITATION_LENGTH = 500
"""A longer citation does not count: whoever reads it still has to search."""
QUOTE_LENGTH = 200
OVERLAP = 0.3
"""Share of the evidence's character bigrams that the quoted words hold at least."""


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def holds(text: str, spellings: Iterable[str]) -> bool:
    """Whether one of the spellings stands in the text, white space left aside."""
    squeezed = squeeze(text)
    return any(squeeze(spelling) in squeezed for spelling in spellings)


def is_there(question: LabelledQuestion, document: str, spans: Iterable[Span]) -> bool:
    """Whether a passage is of the right document and touches the right part of it."""
    if question.document not in (None, document):
        return False
    if question.span is None:
        return True
    first, last = question.span
    return any(start < last and first < end for start, end in spans)


def is_hit(question: LabelledQuestion, citation: Citation) -> bool:
    """Whether a citation is of the right place, short enough, and holds an answer."""
    right_place = is_there(question, citation.document, citation.spans)
    return right_place and len(citation.text) <= CITATION_LENGTH and holds(citation.text, question.spellings)


def rank_of(question: LabelledQuestion, citations: Iterable[Citation]) -> int | None:
    """Number of the first citation that is a hit, None where none is."""
    return next((citation.number for citation in citations if is_hit(question, citation)), None)


def judge(question: LabelledQuestion, answer: Answer) -> dict[str, float | None]:
    """Every metric but nDCG for one question, between 0 and 1; None where it cannot be judged by this question."""
    if question.why is not None:
        return _declined(question, answer)
    if question.told:
        return _told(question, answer)
    rank = rank_of(question, answer.citations[:RANKS])
    hits: Mapping[str, float] = {f"hit@{k}": float(rank is not None and rank <= k) for k in (1, 3, SHOWN)}
    return {
        **hits,
        f"mrr@{RANKS}": 0.0 if rank is None else 1 / rank,
        "highlight": _highlight(question, answer) if question.evidence else None,
        **_right_when_answered(question, answer),
        "kept": float(answer.status != NOT_FOUND),
        f"complete@{SHOWN}": _complete(question, answer) if len(question.answers) > 1 else None,
    }


def _declined(question: LabelledQuestion, answer: Answer) -> dict[str, float | None]:
    wrong = {"right_when_answered": 0.0} if answer.status == ANSWERED else {}
    if question.why in DECLINE:
        return {"refused": float(answer.status == NOT_FOUND), **wrong}
    return {"not_answered": float(answer.status != ANSWERED), **wrong}


def _told(question: LabelledQuestion, answer: Answer) -> dict[str, float | None]:
    """Whether the answer tells each thing asked for and nothing that is wrong, of the document that is meant."""
    stated = [*_stated(answer)]
    shown = [*stated, *(figure.text for figure in answer.figures)]
    right = (
        all(any(_tells(shown, spelling) for spelling in spellings) for spellings in question.told)
        and not any(_tells(stated, wrong) for wrong in question.not_told)
        and question.document in (None, _leading(answer))
    )
    answered = {"right_when_answered": float(right)} if answer.status == ANSWERED else {}
    return {"told": float(right), "kept": float(answer.status != NOT_FOUND), **answered}


def _stated(answer: Answer) -> Iterator[str]:
    """What an answer says beside its citations: the words quoted and what they are about, what was computed over
    rows, and what the index told."""
    for quote in answer.quotes:
        yield _text_of(answer, quote)
        yield quote.about or ""
    if (tally := answer.tally) is not None:
        yield from (f"{tally.value or ''}{tally.unit or ''}", str(tally.count))
        for row in tally.rows:
            yield from (row.name, row.figure or "")
        yield from (part for place in tally.places for part in (place.place, place.value))
    if (reason := answer.reason) is not None:
        if reason.documents is not None:
            yield str(reason.documents)
        yield from (reason.day or "", *(listed.title for listed in reason.listed))


def _tells(stated: Iterable[str], wanted: str) -> bool:
    """Whether one of the texts says it; a bare number must stand there as a whole, 3 not in 13."""
    if not _NUMBER.fullmatch(wanted):
        return any(holds(text, [wanted]) for text in stated)
    whole = re.compile(rf"(?<![\d.]){re.escape(wanted)}(?!\.?\d)")
    return any(whole.search(text.replace(",", "")) for text in stated)


def _leading(answer: Answer) -> str | None:
    """The document of the first citation that is quoted, else of the first."""
    number = answer.quotes[0].citation if answer.quotes else 1
    return answer.citations[number - 1].document if answer.citations else None


def _right_when_answered(question: LabelledQuestion, answer: Answer) -> dict[str, float | None]:
    """Of what was shown as an answer, whether the quoted words answer; where it is not known which ones do, whether
    they hold an answer. A question that was not answered is not counted."""
    if answer.status != ANSWERED:
        return {}
    if question.evidence:
        return {"right_when_answered": _highlight(question, answer)}
    right = any(
        is_there(question, answer.citations[quote.citation - 1].document, answer.citations[quote.citation - 1].spans)
        and holds(_text_of(answer, quote), question.spellings)
        for quote in answer.quotes
    )
    return {"right_when_answered": float(right)}


def _complete(question: LabelledQuestion, answer: Answer) -> float:
    """Whether each thing asked for stands in one of the first citations, in whichever document."""
    texts = [citation.text for citation in answer.citations[:SHOWN] if len(citation.text) <= CITATION_LENGTH]
    return float(all(any(holds(text, spellings) for text in texts) for spellings in question.answers))


def _highlight(question: LabelledQuestion, answer: Answer) -> float:
    """Whether the quoted words hold an answer and are, in good part, those that are known to answer."""
    quoted = [_text_of(answer, quote) for quote in answer.quotes]
    is_long = any(len(text) > QUOTE_LENGTH for text in quoted)
    if is_long or not any(holds(text, question.spellings) for text in quoted):
        return 0.0
    shown = set().union(*map(_bigrams, quoted))
    wanted = [_bigrams(evidence) for evidence in question.evidence]
    return float(any(len(bigrams & shown) >= OVERLAP * len(bigrams) for bigrams in wanted))


def _text_of(answer: Answer, quote: Quote) -> str:
    return answer.citations[quote.citation - 1].text[quote.start : quote.end]


def _bigrams(text: str) -> set[str]:
    squeezed = squeeze(text)
    return {squeezed[at : at + 2] for at in range(max(1, len(squeezed) - 1))}
