"""Answer → what a person reads in a terminal."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from bot.catalogue import catalogue
from bot.render.tally import is_cut, rest_of, tally_line, words_of
from bot.render.visible import visible
from bot.wording import is_told, message_of, worded
from retrieval.types import Answer, Citation, Quote, Reprint, Span, beside

_STATUS_STYLE = {"related": "yellow", "not_found": "red"}
_MARK_STYLE = "bold green"
_INDENT = "    "
_SAID = catalogue("en")
"""What stands around answers in a terminal is English, as the commands are."""
_PUNCTUATION = re.compile(r"[。！？；，、：!?;\n]|[.,:](?!\d)")


def render_answer(answer: Answer, *, marks: bool) -> Text:
    """The answering sentence, with what it is about where it does not say so itself, then each citation with that
    sentence marked inside; none where the index tells which documents there are. With `marks` it stands between ⟦ and
    ⟧, for readers without colour."""
    text, message = Text(), visible(message_of(answer) or "")
    if answer.understood is not None:
        text.append(_SAID["understood"].format(question=visible(answer.understood)) + "\n", style="dim")
    if answer.answer is not None:
        if message and not answer.figures:
            text.append(f"{message}\n", style="dim")
        if answer.tally is not None:
            line = tally_line(answer, answer.tally, words_of(answer), answer.tally.title)
            text.append(f"{visible(line)}\n", style="bold")
        for line, quoted in zip(answer.answer.split("\n"), answer.quotes, strict=False):
            text.append(f"{visible(quoted.about)} · " if quoted.about else "", style="bold")
            text.append(visible(line), style=_MARK_STYLE)
            if quoted.following:
                text.append(f" {words_of(answer)('items_follow', count=quoted.following)}")
            text.append(f"  [{quoted.citation}]\n", style="cyan")
        if answer.figures:
            text.append(f"\n{message}\n", style="yellow")
            text.append_text(render_figures(answer))
    else:
        text.append(f"{message}\n", style=_STATUS_STYLE[answer.status])
        if (closest := answer.closest) is not None:
            said = next(cited.text for cited in answer.citations if cited.number == closest.citation)
            label = words_of(answer)("closest_sentence")
            text.append(label if label.endswith("：") else f"{label} ", style="dim")
            text.append(f"{visible(closest.about)} · " if closest.about else "")
            text.append(f"{visible(said[closest.start : closest.end])}")
            text.append(f"  [{closest.citation}]\n", style="cyan")
    for citation in () if is_told(answer) and answer.answer is None else answer.citations:
        text.append("\n")
        own = [quoted for quoted in answer.quotes if quoted.citation == citation.number]
        text.append_text(render_citation(citation, own, marks=marks))
    return text


def render_rest(answer: Answer) -> Text:
    """The rows that the answer does not quote, one a line; and that there are more, where there are."""
    text = Text()
    for row in rest_of(answer):
        text.append(f"{_INDENT}{visible(row.text)}\n")
    if answer.tally is not None and is_cut(answer.tally):
        text.append(f"{words_of(answer)('tally_cut', shown=f'{len(answer.tally.rows):,}')}\n", style="yellow")
    return text


def render_figures(answer: Answer) -> Text:
    """Each figure with its clause, its place and its date, and the number of its citation."""
    text = Text()
    cited = {citation.number: citation.text for citation in answer.citations}
    for figure in answer.figures:
        where = " · ".join(visible(part) for part in (figure.place, figure.date) if part is not None)
        text.append(f"{_INDENT}{visible(figure.text)}", style=_MARK_STYLE)
        text.append(f"  {where}" if where else "")
        text.append(f"  {visible(clause_around(cited[figure.citation], figure.start, figure.end))}", style="dim")
        text.append(f"  [{figure.citation}]\n", style="cyan")
    return text


def render_citation(citation: Citation, quotes: Sequence[Quote] = (), *, marks: bool) -> Text:
    """`[n] title · section · date`, the file with its page or address, and the passage."""
    text = Text()
    text.append(f"[{citation.number}] ", style="cyan")
    known = beside("", citation.title, citation.section)
    heading = (*known.split("\n"), beside(known, citation.place), citation.date)
    text.append(" · ".join(visible(part) for part in heading if part), style="bold")
    place = [visible(citation.document)]
    if citation.page is not None:
        place.append(_SAID["page_ocr" if citation.ocr else "page"].format(page=citation.page))
    if citation.url is not None:
        place.append(visible(citation.url))
    place.append(citation.passage_id)
    text.append(f"\n{_INDENT}{' · '.join(place)}\n", style="dim")
    if citation.also:
        text.append(f"{_INDENT}also in: {', '.join(map(_reprint, citation.also))}\n", style="dim")
    if citation.became is not None:
        text.append(f"{_INDENT}{visible(worded(citation.became))}\n", style="yellow")
    text.append(_INDENT)
    spans = [(quoted.start, quoted.end) for quoted in quotes]
    text.append_text(mark(citation.text, spans, citation.breaks, marks=marks))
    text.append("\n")
    return text


def clause_around(passage: str, start: int, end: int) -> str:
    """The passage from the punctuation before [start, end) to the one after it, without these."""
    before = _PUNCTUATION.split(passage[:start])[-1]
    after = _PUNCTUATION.split(passage[end:], maxsplit=1)[0]
    return f"{before}{passage[start:end]}{after}".strip()


def _reprint(reprint: Reprint) -> str:
    date = f" ({reprint.date})" if reprint.date is not None else ""
    return visible(reprint.document + date)


def mark(passage: str, spans: Sequence[Span], breaks: Sequence[int], *, marks: bool) -> Text:
    """The passage with the spans set off, and its lines as the document sets them."""
    text = Text()
    cuts = sorted({0, len(passage), *breaks, *(edge for span in spans for edge in span)})
    for start, end in pairwise(cuts):
        text.append(f"\n{_INDENT}" if start in breaks else "")
        inside = [(first, last) for first, last in spans if first <= start and end <= last]
        opening = "⟦" if marks and any(first == start for first, _ in inside) else ""
        closing = "⟧" if marks and any(last == end for _, last in inside) else ""
        text.append(f"{opening}{visible(passage[start:end])}{closing}", style=_MARK_STYLE if inside else None)
    return text
