"""Answers and passages → messages: pure functions, whose results fit Telegram by construction."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.render.tally import tally_line
from bot.render.terminal import clause_around
from bot.telegram.messages.citing import (
    leading,
    marks_in,
    named_citations,
    others_elsewhere,
    others_here,
    quotation,
    sentences,
)
from bot.telegram.messages.links import passage_link, sentence_link
from bot.telegram.messages.markup import MESSAGE, Markup, excerpt, one_line, plain, presentable, window
from bot.telegram.messages.phrases import Phrases
from bot.wording import message_of, worded
from retrieval.service import asked_figures, cite
from retrieval.types import Answer, Citation, Span, StoredPassage, beside

_TITLE, _NAME, _DETAIL, _CLAUSE = 120, 80, 40, 120
"""Units of a title, of a file's name, of a place and of a clause at most."""
_HEADLINE = 400
_AROUND = 300
"""Characters shown before and after a passage."""
_LEAST = 160
_SHORT = 450
"""Units of an answer with its passage; longer only where the sentence and its source are."""
_SIGNS = {"related": "🔎 ", "not_found": "🚫 "}


def answer_page(
    answer: Answer, bot: str, say: Phrases, within: str | None = None, *, in_group: bool = False,
    question: str | None = None,
) -> Markup:  # fmt: skip
    """The sentence in bold, its source, and as much of its passage as has room in a short message; that is left to
    the button in a group. Where nothing answers, another sign in front, and the same of the closest sentence, or else
    the closest passage. `bot` is its user name, `within` the title of what alone is asked, `question` one of many."""
    notes = _notes(answer, say, within, question)
    if answer.answer is None:
        page = plain("\n").join([*notes, plain(_SIGNS[answer.status] + _message(answer, say))])
        page += _closest(answer, bot, say)
    else:
        page = plain("\n").join([_headline(answer, bot, say), *notes])
    is_short = answer.answer is not None or answer.closest is not None
    room = (_SHORT if is_short else MESSAGE) - page.units
    page = (page + _sources(answer, bot, say, room, in_group=in_group)).cut()
    return page.opened if is_short or page.units <= _SHORT else page


def more_page(answer: Answer, bot: str, say: Phrases) -> Markup:
    """The citations that the answer did not show, those about another place named as such."""
    page = Markup().add(say("more_heading"), bold=True)
    here, elsewhere = others_here(answer), others_elsewhere(answer)
    room = (MESSAGE - _DETAIL - page.units) // max(len(here) + len(elsewhere), 1)
    page += citations_page(answer, here, bot, say, room * len(here))
    if elsewhere:
        page = page.add("\n\n").add(say("more_elsewhere"), bold=True)
        page += citations_page(answer, elsewhere, bot, say, MESSAGE - page.units)
    return page.cut()


def _notes(answer: Answer, say: Phrases, within: str | None, question: str | None) -> list[Markup]:
    """What was asked, where that is not what somebody typed."""
    notes = []
    if question is not None:
        notes.append(say("pressed", question=one_line(question, _CLAUSE)))
    if within is not None:
        notes.append(say("within", title=one_line(within, _TITLE)))
    if answer.understood is not None:
        notes.append(say("understood", question=one_line(answer.understood, _CLAUSE)))
    return [Markup().add(note, italic=True) for note in notes]


def _sources(answer: Answer, bot: str, say: Phrases, limit: int, *, in_group: bool) -> Markup:
    """The source of each sentence, and the passage of the first; of a sentence in a group the source alone."""
    told = {quote.citation: quote.about for quote in reversed(sentences(answer))}
    cited = named_citations(answer)
    alone = cited if in_group and sentences(answer) else cited[1:]
    below = Markup()
    for citation in alone:
        below += plain("\n\n") + _heading(citation, answer, bot, say, told.get(citation.number))
    if alone == cited:
        return below
    first = cited[0]
    return citations_page(answer, [first], bot, say, limit - below.units, told.get(first.number)) + below


def citations_page(
    answer: Answer, citations: Sequence[Citation], bot: str, say: Phrases, limit: int, told: str | None = None
) -> Markup:
    """The citations one below the other; their passages share what the headings leave of the limit. `told` was said
    before them."""
    headings = [plain("\n\n") + _heading(citation, answer, bot, say, told) + plain("\n") for citation in citations]
    left = limit - sum(heading.units for heading in headings)
    page = Markup()
    for place, (citation, heading) in enumerate(zip(citations, headings, strict=True)):
        spans = marks_in(answer, citation)
        passage = _passage(citation, spans, max(left // (len(citations) - place), _LEAST))
        left -= passage.units
        page += heading + passage
    return page


def inline_page(answer: Answer, citation: Citation, bot: str, say: Phrases) -> Markup:
    """One citation on its own, to be sent into another chat."""
    quoted = [quote for quote in answer.quotes if quote.citation == citation.number]
    if quoted:
        page = Markup().add(citation.text[quoted[0].start : quoted[0].end], bold=True)
        return (page + citations_page(answer, [citation], bot, say, MESSAGE - page.units)).cut()
    return (_heading(citation, answer, bot, say).add("\n") + _passage(citation, [], MESSAGE // 2)).cut()


def passage_page(siblings: Sequence[StoredPassage], place: int, say: Phrases, marked: Span | None = None) -> Markup:
    """The passage at `place` among those of its document, with what the ones beside it say before and after it.
    `marked` is a span in its text."""
    stored, count = siblings[place], len(siblings)
    context = stored.passage.context
    titles = (context.title or stored.document.title, stored.passage.section)
    page = Markup().add(" · ".join(one_line(part, _TITLE) for part in dict.fromkeys(titles) if part), bold=True)
    details = [one_line(part, _DETAIL) for part in (context.place, context.date) if part]
    details += [one_line(stored.document.name, _NAME)]
    if stored.passage.page is not None:
        details.append(say("page_ocr" if stored.ocr else "page", page=stored.passage.page))
    details.append(say("of_passages", number=place + 1, count=count))
    page = page.add("\n" + " · ".join(details) + "\n\n")
    if place:
        before = siblings[place - 1]
        page = page.add(_end(_lines(before, 0, stored.passage.first - before.passage.first)))
    page += _passage(cite(1, stored), [marked] if marked is not None else [], MESSAGE // 2)
    if place + 1 < count:
        after = siblings[place + 1]
        page = page.add(_beginning(_lines(after, stored.passage.last - after.passage.first, len(after.sentences))))
    return page.cut()


def _lines(stored: StoredPassage, first: int, last: int) -> str:
    """The passage's sentences from `first` to before `last`, on the lines of the document."""
    text, breaks = "", set(cite(1, stored).breaks)
    offset = 0
    for number, sentence in enumerate(stored.sentences):
        piece = stored.text[offset : offset + sentence.length()]
        if first <= number < last:
            text += ("\n" if offset in breaks and text else "") + piece
        offset += len(piece)
    return text.strip()


def _end(text: str) -> str:
    return f"…{text[-_AROUND:].lstrip()}\n" if text else ""


def _beginning(text: str) -> str:
    return f"\n{text[:_AROUND].rstrip()}…" if text else ""


def _message(answer: Answer, say: Phrases) -> str:
    return presentable(message_of(answer, say.language) or "")[:_HEADLINE]


def _closest(answer: Answer, bot: str, say: Phrases) -> Markup:
    """The closest sentence with the number of its citation, or else what its passage is called."""
    citation, quoted = leading(answer), answer.closest
    if citation is None or quoted is None:
        return plain("\n" + say("closest")) if citation is not None else Markup()
    about = f"{one_line(quoted.about, _TITLE)} · " if quoted.about else ""
    said = presentable(citation.text[quoted.start : quoted.end])[:_HEADLINE]
    page = plain(f"\n{say('closest_sentence')}\n{about}{said}")
    return page.add(f" [{quoted.citation}]", link=passage_link(bot, citation.passage_id, quoted))


def _headline(answer: Answer, bot: str, say: Phrases) -> Markup:
    """What answers, each sentence with the number of its citation, and the figures that disagree."""
    page, message = Markup(), message_of(answer, say.language)
    if message and not answer.figures:  # of the library: how many there are, or of what day
        page = page.add(f"{message}\n")
    if answer.tally is not None:
        page = page.add(tally_line(answer, answer.tally, say, one_line(answer.tally.title, _TITLE)) + "\n")
    passages, before = {citation.number: citation for citation in answer.citations}, None
    for place, quoted in enumerate(answer.quotes):
        citation = passages[quoted.citation]
        page = page.add("\n" if place else "")
        page = page.add(f"{one_line(quoted.about, _TITLE)} · " if quoted.about and quoted.about != before else "")
        before = quoted.about
        said = presentable(citation.text[quoted.start : quoted.end])[:_HEADLINE]
        page += _marked(said, () if answer.tally else asked_figures(answer, said))
        page = page.add(f" {say('items_follow', count=quoted.following)}" if quoted.following else "")
        page = page.add(f" [{quoted.citation}]", link=passage_link(bot, citation.passage_id, quoted))
    if answer.figures:
        page = page.add(f"\n\n{_message(answer, say)}")
    for figure in answer.figures:
        citation = passages[figure.citation]
        where = " · ".join(one_line(part, _DETAIL) for part in (figure.place, figure.date) if part)
        clause = one_line(clause_around(citation.text, figure.start, figure.end), _CLAUSE)
        page = page.add("\n· ").add(one_line(figure.text, _DETAIL), bold=True)
        page = page.add((f"  {where}" if where else "") + f"  {clause}")
        page = page.add(f" [{figure.citation}]", link=passage_link(bot, citation.passage_id, figure))
    return page


def _marked(said: str, figures: Sequence[Span]) -> Markup:
    """What answers, in bold, its figures underlined."""
    page = Markup()
    for start, end in pairwise(sorted({0, len(said), *(edge for figure in figures for edge in figure)})):
        page = page.add(said[start:end], bold=True, underlined=(start, end) in figures)
    return page


def _heading(citation: Citation, answer: Answer, bot: str, say: Phrases, told: str | None = None) -> Markup:
    """`[n] title · section · place · date` without what was told before, and below it the file, a link where it has
    an address; on one line where there is no title left."""
    known = dict.fromkeys((citation.title, citation.section))
    titles = [one_line(part, _TITLE) for part in known if part and part not in (told or "")]
    place = beside("\n".join([told or "", *titles]), citation.place)
    details = "".join(f" · {one_line(part, _DETAIL)}" for part in (place, citation.date) if part)
    own = [quoted for quoted in sentences(answer) if quoted.citation == citation.number]
    page = Markup().add(f"[{citation.number}] ", link=passage_link(bot, citation.passage_id, *own[:1]))
    if titles:
        page = page.add(" · ".join(titles), bold=True).add(details + "\n")
    link = sentence_link(citation.url, quotation(answer, citation))
    page = page.add(one_line(citation.document, _NAME), italic=True, link=link)
    if citation.page is not None:
        said = say("page_ocr" if citation.ocr else "page", page=citation.page)
        page = page.add(f" · {said}", italic=True)
    page = page if titles else page.add(details)
    if citation.also:
        names = one_line("、".join(dict.fromkeys(reprint.document for reprint in citation.also)), _TITLE)
        page = page.add("\n" + say("also", names=names), italic=True)
    if citation.became is not None and (citation.became != answer.reason or citation != leading(answer)):
        page = page.add("\n" + presentable(worded(citation.became, say.language)), italic=True)
    return page


def _passage(citation: Citation, spans: Iterable[tuple[int, int]], limit: int) -> Markup:
    """The passage in a foldable quotation, its lines as the document sets them and what answers in bold; cut around
    that when it is too long."""
    text, marked = citation.text, sorted(spans)
    room = limit - 2 - len(citation.breaks)
    first, last = excerpt(text, marked[0][0], marked[-1][1], room) if marked else window(text, 0, 0, room)
    page = Markup().add("…" if first else "", quoted=True)
    edges = {first, last, *citation.breaks, *(edge for span in marked for edge in span)}
    cuts = sorted(edge for edge in edges if first <= edge <= last)
    for start, end in pairwise(cuts):
        bold = any(begin <= start and end <= stop for begin, stop in marked)
        page = page.add("\n" if start in citation.breaks and start != first else "", quoted=True)
        page = page.add(text[start:end], bold=bold, quoted=True)
    return page.add("…" if last < len(text) else "", quoted=True)
