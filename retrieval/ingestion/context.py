"""What the article around a passage knows: which county a passage that says only 该县 or 全区 is about."""

from collections import Counter
from collections.abc import Sequence

from retrieval.text.divisions import RANK, is_listed
from retrieval.text.fold import fold
from retrieval.text.places import Place, places_in
from retrieval.types import Article, Context, Document, Sentence, quote

_COUNTIES = (RANK["市"], RANK["县"])
"""Ranks of the places that hold for what follows: towns and villages change from sentence to sentence."""
_RULES = 0.5
"""Share of the mentions from which on one county rules its article, whatever others are named in passing."""


class Contexts:
    """The contexts of a document's sentences."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self._document = document
        self._sentences = sentences
        named = [_counties(fold(quote(document.text, sentence.spans))) for sentence in sentences]
        # A name by form alone may be none: it counts when it comes again.
        often = Counter(place.name for places in named for place in places)
        self._named = [
            [place for place in places if is_listed(place.name) or often[place.name] > 1] for places in named
        ]
        self._beside = _beside(document)
        self._ruling = self._rulers()
        self._nearest, self._heading = self._before()

    def at(self, first: int) -> Context:
        """The context of a passage that begins with sentence `first`."""
        number = self._sentences[first].article
        date = self._articles()[number].date or self._document.date
        return Context(self._title(number), self._place(first), date)

    def _place(self, first: int) -> str | None:
        """The county that a heading names last, else the one that rules the article, else the one named last, else
        the one of the page's site or the file's folder."""
        number = self._sentences[first].article
        return self._heading[first] or self._ruling.get(number, self._nearest[first] or self._beside)

    def _before(self) -> tuple[list[str | None], list[str | None]]:
        """For each sentence the county that was named last in its article, and that a heading of it named last."""
        nearest: list[str | None] = []
        heading: list[str | None] = []
        article = -1
        near = head = None
        for sentence, named in zip(self._sentences, self._named, strict=True):
            if sentence.article != article:
                article, near, head = sentence.article, None, None
            if named:
                near = named[-1].name
                head = near if sentence.level > 1 else head
            nearest.append(near)
            heading.append(head)
        return nearest, heading

    def _rulers(self) -> dict[int, str]:
        mentions: dict[int, Counter[str]] = {}
        for sentence, named in zip(self._sentences, self._named, strict=True):
            mentions.setdefault(sentence.article, Counter()).update(place.name for place in named)
        ruling = {}
        for number, counted in mentions.items():
            if self._beside is not None:
                counted[self._beside] += 1  # of another county that is named in passing the article is not
            titled = {place.name for place in _counties(fold(self._title(number)))}
            if len(titled) == 1:
                ruling[number] = titled.pop()
            elif counted and max(counted.values()) > _RULES * counted.total():
                ruling[number] = counted.most_common(1)[0][0]
        return ruling

    def _articles(self) -> Sequence[Article]:
        return self._document.articles or (Article(self._document.title),)

    def _title(self, number: int) -> str:
        return self._articles()[number].title or self._document.title


def _beside(document: Document) -> str | None:
    """The one county that the page's site names, else the file's name, else the nearest of its folders."""
    said = (document.site, document.path.stem, *(folder.name for folder in document.path.parents))
    named = (
        {place.name for place in _counties(fold(text)) if is_listed(place.name) or place.kind in ("县", "旗")}
        for text in said
    )
    return next((names.pop() for names in named if len(names) == 1), None)


def _counties(folded: str) -> list[Place]:
    """The counties that a text names; of 呼和浩特市赛罕区 only the last."""
    found = [(at, place) for at, place in places_in(folded) if RANK.get(place.kind) in _COUNTIES]
    starts = {at for at, _ in found}
    return [place for at, place in found if at + len(place.name) not in starts]
