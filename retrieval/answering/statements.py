"""What sentences state: figures beside the thing that is asked, each with its place and its date.

Only what is sure counts. A figure stands beside the thing (专职网格员51名, 51名专职网格员), its unit is one that the
question may mean, its place is known where the question names one, and nothing says that it is planned, a change, a
part or a share.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.query.asked.wanted import WantedFigure
from retrieval.query.words.terms import Terms
from retrieval.ranking.evidence import Evidence, sentence_spans
from retrieval.text.fold import fold, fold_with_offsets
from retrieval.text.lexicon import PLACES
from retrieval.text.mentions import Key, Mention, mentions
from retrieval.text.numbers import Day, Quantity, days, quantities
from retrieval.types import Hit

_REST = 0.85
"""Share of the question's other words, by weight, that the sentence or its titles must hold: the length of another
railway, told in the next sentence, shares half of its name."""
_HAN = r"\u4e00-\u9fff"
# Between the thing and its figure: 网格员队伍现有51名, 投票率为90.1%, 补贴提高到2600元.
_LINK = re.compile(
    r"(?:人数|数量|总数|总量|队伍|规模|已经|共计|总计|合计|大约|超过|达到|最多|至少|不足|"
    r"(?:增加|提高|上升|增长|减少|下降|调整|扩大|发展|增|减|升|降)(?:到|至|为)|"
    r"(?:now )?(?:is|are|was|were|reached|numbers?|totals?)|"
    r"[已只仅共总现就也都计约有是为达到近逾超占长高宽重深了:\s])*"
)
_LINK_LENGTH = 12
_BETWEEN = re.compile(rf"[{_HAN}]{{0,4}}|(?:\s+[a-z-]+){{0,2}}\s+")
"""Between a figure and its thing: 51名⟨专职⟩网格员."""
_LONGER_WORD = re.compile(r"[员长部站队室点家者户组会院所里化率卡费a-z]")
"""After the thing: it was only part of a word (网格 in 网格员)."""
# Words after which a thing begins: what follows them tells which thing it is (另配⟨兼职⟩网格员).
_BEFORE_THING = re.compile(
    rf"[^{_HAN}]|[有是为达共的设配备了成在和与及到上将名个位至以把{PLACES}全各约近超余多现由从向给对被于中里内批支]"
)
_EVENT = re.compile(r"设立|成立|编成|组建|建立|启动|开展|举行|举办|召开|新建")
"""What happened on a day: its figure is seldom all that there is."""
_WORDS = {"一个", "一名", "一位", "一家", "一处", "一起", "一道", "一面", "一度"}
"""Articles and adverbs, and no count."""
_CLAUSE = re.compile(r"[,。;:、()]")
_ENUMERATED = tuple("、和与及")
"""After a place: others follow, and the figure may be of all of them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure that a sentence gives for the thing; `value` is at [start, end) of the passage's text."""

    hit: int
    document_id: str
    start: int
    end: int
    text: str
    value: Quantity | Day
    which: str
    place: Mention | None
    date: str | None
    score: float

    @property
    def where(self) -> Key | None:
        return self.place.key if self.place else None


class StatementReader:
    """Reads the figures of one thing, named `head`, out of sentences that hold the `rest` of the question."""

    def __init__(self, asked: WantedFigure, head: str, rest: Terms) -> None:
        self._asked = asked
        self._head = head
        self._rest = rest
        self._places = {place.key for place in asked.places}

    def statements(self, hits: Sequence[Hit], evidence: Evidence) -> Iterator[Statement]:
        hit = hits[evidence.hit]
        context = hit.stored.passage.context
        start, end = sentence_spans(hit.stored)[evidence.sentence]
        raw = hit.stored.text[start:end]
        sentence, offsets = fold_with_offsets(raw)
        offsets.append(len(raw))
        for which, value in self._dated(sentence) if self._asked.is_date else self.figures(sentence):
            place, is_known = self._place(hit, evidence.sentence, sentence[: value.start])
            if not is_known or not self._is_about(hit, start, end):
                continue
            told = [day for day in days(sentence) if day.year and day.end <= value.start]
            if told and told[-1].month and _EVENT.search(sentence, told[-1].end, value.start):
                continue
            date = told[-1].iso() if told and not self._asked.is_date else context.date
            if not self._is_of_year(date, sentence):
                continue
            first, last = offsets[value.start], offsets[value.end - 1] + 1
            yield Statement(
                hit=evidence.hit,
                document_id=hit.stored.document.document_id,
                start=start + first,
                end=start + last,
                text=raw[first:last],
                value=value,
                which=which,
                place=place,
                date=date,
                score=evidence.score,
            )

    def figures(self, sentence: str) -> Iterator[tuple[str, Quantity]]:
        """The figures beside the head in a folded sentence, each with the words that tell which of its kind; one
        between two heads comes twice."""
        if self._head not in sentence:
            return
        numbers = [quantity for quantity in quantities(sentence) if may_answer(self._asked, quantity, sentence)]
        for match in re.finditer(re.escape(self._head), sentence):
            beside = [quantity for quantity in numbers if _is_beside(sentence, match.span(), quantity)]
            if len(beside) == 1:
                clause = _CLAUSE.split(sentence[: max(match.end(), beside[0].start)])[-1]
                if not self._asked.is_of_another(clause):
                    begins = beside[0].end if beside[0].end <= match.start() else 0
                    yield _which(sentence[begins : match.start()]), beside[0]

    def _dated(self, sentence: str) -> Iterator[tuple[str, Day]]:
        """The date of a sentence that has one, and holds all that is asked."""
        found = list(days(sentence))
        if len(found) == 1 and all(phrase in sentence for phrase in self._asked.phrases):
            yield "", found[0]

    def _is_about(self, hit: Hit, start: int, end: int) -> bool:
        """Whether the sentence, with its titles, holds the rest of the question."""
        if not self._rest.weights:
            return True
        passage = hit.stored.passage
        whole = "\n".join([passage.context.title, passage.section or "", hit.stored.text[start:end]])
        return self._rest.overlap(whole) >= _REST

    def _is_of_year(self, date: str | None, sentence: str) -> bool:
        """Whether it is of the year that the question names, if it does."""
        years = self._asked.years
        return not years or any((date or "").startswith(year) or year in sentence for year in years)

    def _place(self, hit: Hit, number: int, before: str) -> tuple[Mention | None, bool]:
        """The place that was named last before the figure, and whether it is one that the question may mean."""
        context, section = hit.stored.passage.context, hit.stored.passage.section
        spans = sentence_spans(hit.stored)[:number]
        texts = [context.title, section or "", context.place or "", *(hit.stored.text[a:b] for a, b in spans)]
        latest: dict[str, Mention] = {}
        place, is_one = None, True
        for text in [*map(fold, texts), before]:
            for mention in self._mentions(text):
                place = mention if mention.name else latest.get(mention.kind)
                is_one = text[mention.end : mention.end + 1] not in _ENUMERATED
                if place is not None:
                    latest[place.kind] = place
        if not is_one:
            return None, False
        if self._places:
            return place, place is not None and place.key in self._places
        return place, True

    def _mentions(self, text: str) -> list[Mention]:
        """The places named where a subject stands, and those asked wherever they are named."""
        named = list(mentions(text))
        taken = {mention.end for mention in named}
        for place in self._asked.places:
            stem = "".join(place.key)
            found = (match.span() for match in re.finditer(re.escape(stem), text) if match.end() not in taken)
            named.extend(Mention(start, end, place.name, place.kind) for start, end in found)
        return sorted(named, key=lambda mention: mention.end)


def may_answer(asked: WantedFigure, quantity: Quantity, sentence: str) -> bool:
    """Whether its unit is one that is asked for, and it is no ordinal, article or adverb."""
    before = sentence[max(0, quantity.start - 1) : quantity.start]
    is_ordinal = before == "第" and quantity.kind not in {"届", "次", "期", "批"}
    is_word = sentence[quantity.start : quantity.end] in _WORDS
    return quantity.kind in asked.kinds and not is_ordinal and not is_word


def _is_beside(sentence: str, head: tuple[int, int], quantity: Quantity) -> bool:
    if head[1] <= quantity.start:
        return (
            quantity.start - head[1] <= _LINK_LENGTH
            and _LINK.fullmatch(sentence, head[1], quantity.start) is not None
        )
    if quantity.end <= head[0]:
        is_word = _LONGER_WORD.match(sentence, head[1]) is None
        return is_word and _BETWEEN.fullmatch(sentence, quantity.end, head[0]) is not None
    return False


def _which(before: str) -> str:
    """The words before the thing that tell which of its kind it is: 专职 in 配上专职(网格员)."""
    if before.isascii():
        return " ".join(before.split())
    return _BEFORE_THING.split(before)[-1]
