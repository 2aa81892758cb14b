"""Two places compared over running text: nothing is computed, what is said of each stands beside the other."""

from dataclasses import replace

from retrieval.answering.citations import quoted_text
from retrieval.types import Answer, Citation, Quote


def side_by_side(composed: Answer, first: Answer, second: Answer, count: int) -> Answer:
    """Both answers as one, as sure as the less sure of them; what was composed where one of them does not answer, or
    their citations have no room. `timing_ms` is of all three."""
    if first.answer is None or second.answer is None or first.tally or second.tally:
        return composed
    shown, quotes = list[Citation](), list[Quote]()
    for answer in (first, second):
        quoted = answer.quotes[0]
        passage = answer.citations[quoted.citation - 1]
        known = next((citation for citation in shown if citation.passage_id == passage.passage_id), None)
        if known is None:
            known = replace(passage, number=len(shown) + 1)
            shown.append(known)
        quotes.append(replace(quoted, citation=known.number))
    if len(shown) > count or quotes[0] == quotes[1]:
        return composed
    asked = (composed, first, second)
    return replace(
        first,
        question=composed.question,
        reason=first.reason or second.reason,
        confidence=min(first.confidence, second.confidence),
        relevance=min(first.relevance, second.relevance),
        answer=quoted_text(quotes, shown),
        quotes=tuple(quotes),
        citations=tuple(shown),
        figures=(),
        timing_ms={stage: round(sum(own.timing_ms[stage] for own in asked), 2) for stage in composed.timing_ms},
    )
