"""The values that travel through Wenju, frozen all through; offsets count code points of `Document.text`."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from retrieval.features import SentenceFeatures
from retrieval.frozen_dict import freeze
from retrieval.left_out import LeftOut
from retrieval.readings import Reading
from retrieval.reasons import Reason
from retrieval.tally import Tally

Status = Literal["answered", "related", "not_found"]
Span = tuple[int, int]  # [start, end) in `Document.text`


def quote(text: str, spans: Sequence[Span]) -> str:
    """What the spans quote: their text joined with nothing between."""
    return "".join(text[start:end] for start, end in spans)


def beside(text: str, *known: str | None) -> str:
    """What is known beside the text, one a line, without what the text says itself."""
    return "\n".join(dict.fromkeys(part for part in known if part and part not in text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text that belongs together; several spans where line breaks cut it. `level`: 0 for body text, 1-6 for
    headings; `article`: its place in `Document.articles`; a `whole` one (a row) is not cut into sentences."""

    spans: tuple[Span, ...]
    level: int = 0
    article: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One of the articles that a document prints; `title` may be empty, `date` is YYYY-MM-DD."""

    title: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as Wenju read it. `text` is decoded (plain text, Markdown but for tables) or extracted, with `\\n`;
    paragraphs of an article are together, `articles` empty where it is one; at `page_starts[i]` page i + 1 begins."""

    path: Path
    title: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    date: str | None = None
    url: str | None = None
    page_starts: tuple[int, ...] = ()
    articles: tuple[Article, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    site: str = ""  # that of a web page: 岚山县医疗保障局

    def page_of(self, offset: int) -> int | None:
        """1-based page that holds the offset, None where the format has no pages."""
        return max(bisect_right(self.page_starts, offset), 1) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document; more than one span where a line break cut it."""

    spans: tuple[Span, ...]
    level: int = 0
    article: int = 0

    def length(self) -> int:
        return sum([end - start for start, end in self.spans])


@dataclass(frozen=True, slots=True)
class Context:
    """What the article around a passage knows: its title, the place that holds where the passage stands (as the text
    names it, 左云县), and its date (YYYY-MM-DD). It takes part in embedding and BM25 and never in what is quoted."""

    title: str
    place: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences `first` to `last` (exclusive) of a document, as one unit of retrieval."""

    passage_id: str
    ordinal: int
    first: int
    last: int
    spans: tuple[Span, ...]
    section: str | None
    page: int | None
    context: Context

    def searched(self, text: str) -> str:
        """What the passage is embedded as: what is known beside its text, then the text."""
        known = beside(text, self.context.title, self.section, self.context.place)
        return f"{known}\n{text}" if known else text


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the index knows of a document without its text."""

    document_id: str
    path: Path
    title: str
    date: str | None
    url: str | None
    characters: int
    passages: int
    sha256: str
    indexed_at: str

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage, its document, and the text that its spans quote; `ocr`: its page was read by text recognition."""

    passage: Passage
    document: DocumentRecord
    text: str
    sentences: tuple[Sentence, ...]
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate. `dense` and `sentence_cosines` are cosines to the question, `sentence_scores` weighed features."""

    stored: StoredPassage
    dense: float
    lexical: float  # BM25
    sentence_cosines: tuple[float, ...]
    features: tuple[SentenceFeatures, ...]
    sentence_scores: tuple[float, ...]
    also: tuple[StoredPassage, ...] = ()  # passages of other documents that print the same
    readings: Mapping[int, Reading] = field(default_factory=dict)  # by number of the sentence

    def __post_init__(self) -> None:
        freeze(self, "readings")

    @property
    def score(self) -> float:
        return max(self.sentence_scores)


@dataclass(frozen=True, slots=True)
class Reprint:
    """Another document that prints the same passage, or nearly."""

    document: str
    path: str
    document_id: str
    passage_id: str
    title: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage as shown to people: `text` is what `spans` quote, `title` the article's; at `breaks` lines begin."""

    number: int
    document: str
    path: str
    url: str | None
    document_id: str
    passage_id: str
    title: str
    section: str | None
    place: str | None
    date: str | None
    page: int | None
    spans: tuple[Span, ...]
    text: str
    score: float
    also: tuple[Reprint, ...] = ()  # documents that print the same
    breaks: tuple[int, ...] = ()
    ocr: bool = False  # as in StoredPassage
    became: Reason | None = None  # what a later document did to the rule that it shows


@dataclass(frozen=True, slots=True)
class Quote:
    """[start, end) in the `text` of citation number `citation`; `about` is its place or thing where it names none,
    `following` how many items of the list that it quotes stand behind it in the document."""

    citation: int
    start: int
    end: int
    about: str | None = None
    following: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One of several figures that disagree: `text` ("58个") as it stands in the citation's text at [start, end)."""

    citation: int
    start: int
    end: int
    text: str
    place: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`answer` is None unless `status` is answered. `confidence` is the probability that the best sentence answers,
    `relevance` that the documents speak of the matter; `understood` the question as it was completed, else None;
    `figures` those that good passages give where they disagree, `tally` what was counted over rows, `named` whom or
    what is asked for. `reason` is None where the quotes say all; `closest` is a sentence where none is sure."""

    question: str
    status: Status
    confidence: float
    reason: Reason | None
    answer: str | None
    quotes: tuple[Quote, ...]
    citations: tuple[Citation, ...]
    timing_ms: Mapping[str, float]
    relevance: float = 0.0
    understood: str | None = None
    figures: tuple[Figure, ...] = ()
    tally: Tally | None = None
    named: str | None = None
    closest: Quote | None = None

    def __post_init__(self) -> None:
        freeze(self, "timing_ms")

    @property
    def was_searched(self) -> bool:
        """Whether the documents were searched at all; for a greeting they are not."""
        return "search" in self.timing_ms
