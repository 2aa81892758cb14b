"""A citation names the page on which its quote stands, and tells where that was read by text recognition."""

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answering.citations import by_page, cite, printed_on
from retrieval.left_out import LeftOut
from retrieval.types import Answer, Document, Quote
from tests.support.hits import stored

SENTENCES = ("全县有水库九座。", "渠道共长四十公里。", "泵站由水务局管护。")
TEXT = "\n".join(SENTENCES)
STARTS = (0, 9, 19)
SCANNED = Document(Path("/a.pdf"), "通报", TEXT, (), page_starts=STARTS, left_out=(LeftOut("recognised", ("3",)),))


def answered(*quotes: Quote, closest: Quote | None = None) -> Answer:
    passage = stored(SENTENCES)
    spans = tuple((start, start + len(sentence)) for start, sentence in zip(STARTS, SENTENCES, strict=True))
    passage = replace(passage, passage=replace(passage.passage, page=1, spans=spans))
    citations = (cite(1, passage), cite(2, replace(passage, ocr=True)))
    return Answer("?", "answered", 0.9, None, "", quotes, citations, {}, closest=closest)


@pytest.mark.parametrize(
    ("start", "end", "page", "ocr"), [(0, 8, 1, False), (8, 17, 2, False), (17, 26, 3, True), (8, 26, 2, True)]
)
def test_the_page_is_that_of_the_quote(start: int, end: int, page: int, ocr: bool) -> None:
    asked = [answered(Quote(1, start, end)), answered(closest=Quote(1, start, end))]
    for answer in asked:
        cited = by_page(answer, lambda _: SCANNED).citations
        assert [(citation.page, citation.ocr) for citation in cited] == [(page, ocr), (1, True)]


def test_the_first_of_two_quotes_names_the_page() -> None:
    answer = by_page(answered(Quote(1, 8, 17), Quote(1, 17, 26)), lambda _: SCANNED)
    assert (answer.citations[0].page, answer.citations[0].ocr) == (2, False)


def test_a_document_without_pages_names_none() -> None:
    assert printed_on(replace(SCANNED, page_starts=()), ((0, 8),), 0, 8) == (None, False)


def test_a_document_that_was_removed_a_moment_ago_is_cited_as_it_was() -> None:
    answer = answered(Quote(1, 17, 26))
    assert by_page(answer, lambda _: None) == answer
