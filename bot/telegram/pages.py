"""Answers and passages → messages: pure functions, whose results fit Telegram by construction."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.render.terminal import clause_around
from bot.telegram.keyboards import SHOWN
from bot.telegram.links import passage_link, sentence_link
from bot.telegram.markup import MESSAGE, Markup, one_line, plain, presentable, window
from bot.telegram.phrases import Phrases
from retrieval.service import cite
from retrieval.types import Answer, Citation, Span, StoredPassage, beside

_TITLE, _NAME, _DETAIL, _CLAUSE = 120, 80, 40, 120
"""Units of a title, of a file's name, of a place and of a clause at most."""
_HEADLINE = 400
_AROUND = 300
"""Characters shown before and after a passage."""
_LEAST = 200
_SIGNS = {"related": "🔎 ", "not_found": "🚫 "}


def answer_page(answer: Answer, bot: str, say: Phrases, within: str | None = None) -> Markup:
    """The answering sentence in bold, then up to three citations with that sentence marked in each passage; another
    sign in front where nothing answers. `bot` is the bot's user name, `within` the title of what was asked only."""
    page = Markup()
    if within is not None:
        page = page.add(say("within", title=one_line(within, _TITLE)) + "\n", italic=True)
    if answer.understood is not None:
        page = page.add(say("understood", question=one_line(answer.understood, _CLAUSE)) + "\n", italic=True)
    page += _headline(answer, bot) if answer.answer is not None else plain(_SIGNS[answer.status] + _message(answer))
    return (page + citations_page(answer, answer.citations[:SHOWN], bot, say, MESSAGE - page.units)).cut()


def more_page(answer: Answer, bot: str, say: Phrases) -> Markup:
    """The citations that the answer did not show."""
    page = Markup().add(say("more_heading"), bold=True)
    return (page + citations_page(answer, answer.citations[SHOWN:], bot, say, MESSAGE - page.units)).cut()


def citations_page(answer: Answer, citations: Sequence[Citation], bot: str, say: Phrases, limit: int) -> Markup:
    """The citations one below the other; their passages share what the headings leave of the limit."""
    headings = [plain("\n\n") + _heading(citation, answer, bot, say) + plain("\n") for citation in citations]
    left = limit - sum(heading.units for heading in headings)
    page = Markup()
    for place, (citation, heading) in enumerate(zip(citations, headings, strict=True)):
        spans = [(quoted.start, quoted.end) for quoted in answer.quotes if quoted.citation == citation.number]
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
    return _heading(citation, answer, bot, say).add("\n") + _passage(citation, [], MESSAGE // 2)


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
        details.append(say("page", page=stored.passage.page))
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


def _message(answer: Answer) -> str:
    return presentable(answer.message or "")[:_HEADLINE]


def _headline(answer: Answer, bot: str) -> Markup:
    """What answers, each sentence with the number of its citation, and the figures that disagree."""
    page = Markup()
    passages = {citation.number: citation for citation in answer.citations}
    for place, quoted in enumerate(answer.quotes):
        citation = passages[quoted.citation]
        page = page.add("\n" if place else "")
        page = page.add(f"{one_line(quoted.about, _TITLE)} · " if quoted.about else "")
        page = page.add(presentable(citation.text[quoted.start : quoted.end])[:_HEADLINE], bold=True)
        page = page.add(f" [{quoted.citation}]", link=passage_link(bot, citation.passage_id))
    if answer.figures:
        page = page.add(f"\n\n{_message(answer)}")
    for figure in answer.figures:
        citation = passages[figure.citation]
        where = " · ".join(one_line(part, _DETAIL) for part in (figure.place, figure.date) if part)
        clause = one_line(clause_around(citation.text, figure.start, figure.end), _CLAUSE)
        page = page.add("\n· ").add(one_line(figure.text, _DETAIL), bold=True)
        page = page.add((f"  {where}" if where else "") + f"  {clause}")
        page = page.add(f" [{figure.citation}]", link=passage_link(bot, citation.passage_id))
    return page


def _heading(citation: Citation, answer: Answer, bot: str, say: Phrases) -> Markup:
    """`[n] title · section · place · date`, and below it the file, a link where it has an address."""
    known = beside("", citation.title, citation.section)
    titles = [one_line(part, _TITLE) for part in known.split("\n") if part]
    details = [one_line(part, _DETAIL) for part in (beside(known, citation.place), citation.date) if part]
    page = Markup().add(f"[{citation.number}] ", link=passage_link(bot, citation.passage_id))
    page = page.add(" · ".join(titles), bold=True).add("".join(f" · {detail}" for detail in details) + "\n")
    sentence = next((citation.text[q.start : q.end] for q in answer.quotes if q.citation == citation.number), "")
    page = page.add(
        one_line(citation.document, _NAME), italic=True, link=sentence_link(citation.url, sentence or citation.text)
    )
    if citation.page is not None:
        page = page.add(f" · {say('page', page=citation.page)}", italic=True)
    if citation.also:
        names = one_line("、".join(dict.fromkeys(reprint.document for reprint in citation.also)), _TITLE)
        page = page.add("\n" + say("also", names=names), italic=True)
    return page


def _passage(citation: Citation, spans: Iterable[tuple[int, int]], limit: int) -> Markup:
    """The passage in a foldable quotation, its lines as the document sets them and what answers in bold; cut around
    that when it is too long."""
    text, marked = citation.text, sorted(spans)
    room = limit - 2 - len(citation.breaks)
    first, last = window(text, marked[0][0], marked[-1][1], room) if marked else window(text, 0, 0, room)
    page = Markup().add("…" if first else "", quoted=True)
    edges = {first, last, *citation.breaks, *(edge for span in marked for edge in span)}
    cuts = sorted(edge for edge in edges if first <= edge <= last)
    for start, end in pairwise(cuts):
        bold = any(begin <= start and end <= stop for begin, stop in marked)
        page = page.add("\n" if start in citation.breaks and start != first else "", quoted=True)
        page = page.add(text[start:end], bold=bold, quoted=True)
    return page.add("…" if last < len(text) else "", quoted=True)
