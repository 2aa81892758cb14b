"""Which citations of an answer stand in its message, which come with ➕, and whether they are still there."""

from dataclasses import replace

from retrieval.errors import NotFoundError
from retrieval.service import KnowledgeBase, are_apart, names_place
from retrieval.types import Answer, Citation, Quote, Span


def sentences(answer: Answer) -> tuple[Quote, ...]:
    """What stands in front: those that answer, or else the closest one."""
    return answer.quotes or ((answer.closest,) if answer.closest is not None else ())


def marks_in(answer: Answer, citation: Citation) -> list[Span]:
    """Where those of the citation stand in its text."""
    return [(quoted.start, quoted.end) for quoted in sentences(answer) if quoted.citation == citation.number]


def quotation(answer: Answer, citation: Citation) -> str:
    """What is quoted from the citation: its sentence in front, or its whole passage."""
    marks = marks_in(answer, citation)
    return citation.text[slice(*marks[0])] if marks else citation.text


def leading(answer: Answer) -> Citation | None:
    """The citation that answers or comes closest, or else the first: the one whose passage is shown."""
    number = next((quote.citation for quote in sentences(answer)), None)
    return next((citation for citation in answer.citations if number in (None, citation.number)), None)


def quoted_citations(answer: Answer) -> list[Citation]:
    """The citations that the sentences in front come from, in their order."""
    cited = {citation.number: citation for citation in answer.citations}
    return [cited[number] for number in dict.fromkeys(quote.citation for quote in sentences(answer))]


def named_citations(answer: Answer) -> list[Citation]:
    """Those whose source stands in the message: of each sentence, or of the closest passage."""
    first = leading(answer)
    return quoted_citations(answer) or ([first] if first is not None else [])


def others(answer: Answer) -> list[Citation]:
    """Those whose passage the message does not show, about the answer's own place first."""
    return [*others_here(answer), *others_elsewhere(answer)]


def others_here(answer: Answer) -> list[Citation]:
    return [citation for citation in _rest(answer) if not _is_elsewhere(citation, answer)]


def others_elsewhere(answer: Answer) -> list[Citation]:
    """Those about another place than the answer is."""
    return [citation for citation in _rest(answer) if _is_elsewhere(citation, answer)]


def _rest(answer: Answer) -> list[Citation]:
    return [citation for citation in answer.citations if citation != leading(answer)]


def _is_elsewhere(citation: Citation, answer: Answer) -> bool:
    """Whether it is known to be about another place; 柳泉镇 of 青禾县柳泉镇 is none."""
    own = [texts for texts in _own_places(answer) if any(map(names_place, texts))]
    its = [text for text in (citation.place or citation.title, citation.section) if text]
    return bool(own) and all(are_apart(its, texts) for texts in own)


def _own_places(answer: Answer) -> list[list[str]]:
    """What names the place of each sentence in front, and of each figure: the passage's own place, else what is said
    of the sentence, itself, or its title."""
    cited = {citation.number: citation for citation in answer.citations}
    own = [[figure.place] for figure in answer.figures if figure.place]
    for quoted in sentences(answer):
        source = cited[quoted.citation]
        known = (source.place, quoted.about, source.text[quoted.start : quoted.end], source.section, source.title)
        own.append([next((text for text in known if text and names_place(text)), "")])
    return own


def still_there(base: KnowledgeBase, answer: Answer) -> Answer:
    """The answer with what is still in the index of its citations. Raises NotFoundError when what it quotes, or all
    of it, was removed or has changed."""
    kept = tuple(
        replace(citation, also=tuple(reprint for reprint in citation.also if _holds(base, reprint.passage_id)))
        for citation in answer.citations
        if _holds(base, citation.passage_id)
    )
    numbers = {citation.number for citation in kept}
    spoken_of = {quote.citation for quote in sentences(answer)} | {figure.citation for figure in answer.figures}
    if answer.citations and (not kept or not numbers.issuperset(spoken_of)):
        raise NotFoundError("What was quoted was removed or has changed since.")
    return replace(answer, citations=kept)


def is_there(base: KnowledgeBase, answer: Answer) -> bool:
    """Whether what it quotes can still be shown."""
    try:
        still_there(base, answer)
    except NotFoundError:
        return False
    return True


def _holds(base: KnowledgeBase, passage_id: str) -> bool:
    try:
        base.passage(passage_id)
    except NotFoundError:
        return False
    return True
