"""Documents to passages: whole sentences packed to about the size that the settings name, with overlap."""

import base64
import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from config.settings import PassageSettings
from retrieval.documents import SENTENCE_LIMIT, refuse_pieces
from retrieval.documents.structure.layout import space_between
from retrieval.ingestion.context import Contexts
from retrieval.text.sentences import split_long, split_sentences
from retrieval.types import Document, Paragraph, Passage, Sentence, Span, quote

RECIPE = "tables/1"
"""Raised with every change of how text becomes sentences, passages or the strings that are embedded and indexed."""


def recipe(settings: PassageSettings) -> str:
    """What an index remembers of how its passages were cut."""
    return f"{RECIPE} size={settings.size} overlap={settings.overlap}"


def sentences_of(document: Document, size: int) -> list[Sentence]:
    """All sentences of the document in order; one longer than `size` characters is cut at clause ends.

    In scripts with spaces a sentence takes the white space to the next one with it, so that passages do not glue
    their words together. Raises DocumentError when there are too many of them."""
    all_of_them = (
        sentence for paragraph in document.paragraphs for sentence in _sentences(document, paragraph, size)
    )
    cut = [*islice(all_of_them, SENTENCE_LIMIT + 1)]
    refuse_pieces(document.path, len(cut))
    return [_with_space(document.text, sentence, following, size) for sentence, following in pairwise(cut)] + cut[-1:]


def passages_of(
    document: Document, document_id: str, sentences: Sequence[Sentence], settings: PassageSettings
) -> list[Passage]:
    """Passages over the sentences; every sentence is in at least one, in order."""
    sections = _sections(document, sentences)
    contexts = Contexts(document, sentences)
    passages: list[Passage] = []
    occurrences: Counter[str] = Counter()
    for ordinal, (first, last) in enumerate(_windows(sentences, settings)):
        spans = merge(span for sentence in sentences[first:last] for span in sentence.spans)
        text = quote(document.text, spans)
        passage_id = passage_id_of(document_id, text, occurrences[text])
        occurrences[text] += 1
        page = document.page_of(spans[0][0])
        passages.append(Passage(passage_id, ordinal, first, last, spans, sections[first], page, contexts.at(first)))
    return passages


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, with those that touch made one: they quote the same text."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _windows(sentences: Sequence[Sentence], settings: PassageSettings) -> Iterator[tuple[int, int]]:
    """[first, last) of each passage: as many sentences of one article as fit; the next begins with the last sentences
    of this one that fit the overlap, and always goes further than this one."""
    lengths = [sentence.length() for sentence in sentences]
    first = 0
    while first < len(lengths):
        last, total, article = first, 0, sentences[first].article
        while last < len(lengths) and (last == first or total + lengths[last] <= settings.size):
            if sentences[last].article != article:
                break
            total += lengths[last]
            last += 1
        yield first, last
        if last == len(lengths):
            return
        first, repeated = last, 0
        if sentences[last].article != article:
            continue
        room = min(settings.overlap, settings.size - lengths[last])
        while repeated + lengths[first - 1] <= room:
            first -= 1
            repeated += lengths[first]


def _with_space(text: str, sentence: Sentence, following: Sentence, size: int) -> Sentence:
    space = space_between(text, sentence.spans[-1][1], following.spans[0][0])
    if space is None or sentence.length() == size:
        return sentence
    return replace(sentence, spans=merge([*sentence.spans, (space, space + 1)]))


def _sentences(document: Document, paragraph: Paragraph, size: int) -> Iterator[Sentence]:
    text = quote(document.text, paragraph.spans)
    starts = [0]
    for start, end in paragraph.spans:
        starts.append(starts[-1] + end - start)
    # A heading is one piece, also one like 食堂怎么办？村里有办法
    pieces = [(0, len(text))] if paragraph.level or paragraph.whole else split_sentences(text)
    for sentence_start, sentence_end in pieces:
        for a, b in split_long(text[sentence_start:sentence_end], size):
            spans = _to_document(paragraph.spans, starts, sentence_start + a, sentence_start + b)
            yield Sentence(spans, paragraph.level, paragraph.article)


def _to_document(spans: Sequence[Span], starts: Sequence[int], start: int, end: int) -> tuple[Span, ...]:
    """Spans of the document for [start, end) of the paragraph's joined text."""
    result = []
    index = bisect_right(starts, start) - 1
    while start < end:
        shift = spans[index][0] - starts[index]
        stop = min(end, starts[index + 1])
        result.append((start + shift, stop + shift))
        start, index = stop, index + 1
    return tuple(result)


def _sections(document: Document, sentences: Sequence[Sentence]) -> list[str | None]:
    """For each sentence the nearest heading of its article at or before it; the title of an article is none."""
    sections: list[str | None] = []
    current: str | None = None
    article = 0
    for sentence in sentences:
        if sentence.article != article:
            article, current = sentence.article, None
        if sentence.level > (1 if document.articles else 0):
            current = quote(document.text, sentence.spans).strip()
        sections.append(current)
    return sections


def passage_id_of(document_id: str, text: str, occurrence: int) -> str:
    """22 characters of [A-Za-z0-9_-]: the same document, text and occurrence always give the same."""
    digest = hashlib.blake2b(f"{document_id}\0{occurrence}\0{text}".encode(), digest_size=16).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
