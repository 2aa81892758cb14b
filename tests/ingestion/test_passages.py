"""Documents to passages: whole sentences packed to a size, each sentence kept, each passage with its place."""

import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.settings import PassageSettings
from retrieval.documents.plain.plain_text import read_plain
from retrieval.documents.structure.layout import paragraphs_of_lines
from retrieval.ingestion.passages import passages_of, recipe, sentences_of
from retrieval.text.tokens import tokenize
from retrieval.types import Document, Paragraph, Passage, Sentence, quote

_TEXT = st.text(st.sampled_from('网格员一名食堂abXY 12\u3000\n\n。！？；…，、：.!?;,:”）)"“（-□'), max_size=1500)


def plain(text: str) -> Document:
    return read_plain(Path("a.txt"), text.encode("utf-8"))


def cut(
    document: Document, size: int = 450, overlap: int = 150, document_id: str = "d"
) -> tuple[list[Sentence], list[Passage]]:
    sentences = sentences_of(document, size)
    settings = PassageSettings(size=size, overlap=overlap)
    return sentences, passages_of(document, document_id, sentences, settings)


def passage_texts(document: Document, size: int = 450, overlap: int = 150) -> list[str]:
    return [quote(document.text, passage.spans) for passage in cut(document, size, overlap)[1]]


def windows(lengths: Sequence[int], size: int, overlap: int) -> list[tuple[int, int]]:
    """[first, last) of the passages over sentences of these lengths, one a paragraph."""
    text = "\n".join("一" * (length - 1) + "。" for length in lengths)
    return [(passage.first, passage.last) for passage in cut(plain(text), size, overlap)[1]]


@pytest.mark.parametrize(
    ("lengths", "size", "overlap", "expected"),
    [
        ([20], 50, 0, [(0, 1)]),
        ([20, 30], 50, 0, [(0, 2)]),  # exactly full
        ([20, 31], 50, 0, [(0, 1), (1, 2)]),
        ([20, 20, 20, 20, 20], 50, 0, [(0, 2), (2, 4), (4, 5)]),
        ([20, 20, 20, 20, 20], 50, 19, [(0, 2), (2, 4), (4, 5)]),  # no whole sentence fits the overlap
        ([20, 20, 20, 20, 20], 50, 20, [(0, 2), (1, 3), (2, 4), (3, 5)]),
        ([10, 10, 10, 10, 10, 10, 10], 50, 25, [(0, 5), (3, 7)]),  # 25 holds two sentences of 10
        ([20, 20, 45], 50, 20, [(0, 2), (2, 3)]),  # a repeated sentence would leave no room for the next
        ([50, 50, 50], 50, 50, [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_packing(lengths: list[int], size: int, overlap: int, expected: list[tuple[int, int]]) -> None:
    assert windows(lengths, size, overlap) == expected


def test_a_sentence_of_the_limit_is_whole_and_a_longer_one_is_cut_at_its_clauses() -> None:
    fits = "一" * 49 + "。"
    long = "二" * 40 + "，" + "三" * 40 + "。"
    document = plain(f"{fits}\n{long}")
    sentences, _ = cut(document, size=50, overlap=0)
    assert [quote(document.text, sentence.spans) for sentence in sentences] == [
        fits,
        "二" * 40 + "，",
        "三" * 40 + "。",
    ]


def test_a_sentence_without_any_clause_is_cut_at_the_limit() -> None:
    assert passage_texts(plain("一" * 120), size=50, overlap=0) == ["一" * 50, "一" * 50, "一" * 20]


def test_a_sentence_over_a_line_break_keeps_both_spans() -> None:
    first = "一" * 45
    document = plain(f"{first}\n\n二二。三。")
    sentences, passages = cut(document)
    assert [sentence.spans for sentence in sentences] == [((0, 45), (47, 50)), ((50, 52),)]
    assert passages[0].spans == ((0, 45), (47, 52))
    assert quote(document.text, passages[0].spans) == f"{first}二二。三。"


def test_spans_of_a_long_sentence_over_line_breaks_are_cut_in_the_right_place() -> None:
    document = plain("一" * 45 + "\n" + "二" * 45 + "。")
    assert passage_texts(document, size=60, overlap=0) == ["一" * 45 + "二" * 15, "二" * 30 + "。"]


def test_no_paragraphs_no_passages() -> None:
    assert cut(Document(Path("a.txt"), "t", "", ())) == ([], [])


def test_ordinals_count() -> None:
    _, passages = cut(plain("一二三四五六七八九十。" * 50), size=50, overlap=0)
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert len(passages) > 5


def document_of(paragraphs: Sequence[tuple[str, int]], page_starts: tuple[int, ...] = ()) -> Document:
    """A document of paragraphs with their levels, one a line."""
    text = "\n".join(part for part, _ in paragraphs)
    spans = []
    offset = 0
    for part, level in paragraphs:
        spans.append(Paragraph(((offset, offset + len(part)),), level))
        offset += len(part) + 1
    return Document(Path("a.pdf"), "t", text, tuple(spans), page_starts=page_starts)


def test_sections_are_the_nearest_heading_before() -> None:
    body = "一" * 48 + "。"
    document = document_of([(body, 0), ("第一章", 1), (body, 0), ("第二章", 2), (body, 0), (body, 0)])
    sentences, passages = cut(document, size=50, overlap=0)
    first_sentences = [quote(document.text, sentences[passage.first].spans) for passage in passages]
    assert list(zip(first_sentences, [passage.section for passage in passages], strict=True)) == [
        *((body, None), ("第一章", "第一章"), (body, "第一章")),
        *(("第二章", "第二章"), (body, "第二章"), (body, "第二章")),
    ]


def test_a_heading_inside_a_passage_is_not_its_section() -> None:
    _, passages = cut(document_of([("正文。", 0), ("第一章", 1), ("又是正文。", 0)]))
    assert [passage.section for passage in passages] == [None]


def test_a_heading_of_two_sentences_is_one_section() -> None:
    _, passages = cut(document_of([("食堂怎么办？村里有办法", 1), ("一" * 448 + "。", 0)]), overlap=0)
    assert passages[-1].section == "食堂怎么办？村里有办法"


def test_pages_are_those_on_which_passages_begin() -> None:
    body = "一" * 39 + "。"  # 41 characters with its line break
    document = document_of([(body, 0)] * 5, page_starts=(0, 82, 164))
    _, passages = cut(document, size=50, overlap=0)
    assert [passage.page for passage in passages] == [1, 1, 2, 2, 3]
    _, passages = cut(document, size=100, overlap=0)
    assert [passage.page for passage in passages] == [1, 2, 3]


def test_without_pages_there_is_no_page() -> None:
    assert [passage.page for passage in cut(plain("一。"))[1]] == [None]


def test_ids_are_the_same_each_time_and_of_a_safe_alphabet() -> None:
    document = plain("一二三四五六七八九十。" * 50)
    first, second = cut(document, 50, 0)[1], cut(document, 50, 0)[1]
    assert first == second
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", passage.passage_id) for passage in first)


def test_repeated_texts_have_ids_of_their_own() -> None:
    passages = cut(plain("\n".join(["一" * 49 + "。"] * 30)), size=50, overlap=0)[1]
    assert len(passages) == 30
    assert len({passage.passage_id for passage in passages}) == 30


def test_ids_tell_documents_apart() -> None:
    document = plain("一二三。")
    assert cut(document, document_id="a")[1][0].passage_id != cut(document, document_id="b")[1][0].passage_id


def test_a_passage_keeps_its_id_when_another_changes() -> None:
    kept, other = "一" * 48 + "。", "二" * 48 + "。"
    before = cut(plain(f"{other}\n{kept}"), 50, 0)[1]
    after = cut(plain(f"{other}新增。\n{other}\n{kept}"), 50, 0)[1]
    assert before[-1].passage_id == after[-1].passage_id


def test_the_recipe_changes_with_the_settings() -> None:
    recipes = {recipe(PassageSettings(size=size, overlap=overlap)) for size in (200, 300) for overlap in (0, 50)}
    assert len(recipes) == 4


def test_passages_never_exceed_five_hundred_characters() -> None:
    assert PassageSettings(size=500).size == 500
    with pytest.raises(ValidationError):
        PassageSettings(size=501)


def test_sentences_of_spaced_scripts_stay_apart() -> None:
    (text,) = passage_texts(plain("The canteen opens at noon. It closes at two.\n\nThe county pays.\n"))
    assert " ".join(text.split()) == "The canteen opens at noon. It closes at two. The county pays."
    assert {"noon", "it", "two"} <= set(tokenize(text))


@given(_TEXT, st.integers(50, 500), st.integers(0, 250))
@example("-1\n", 50, 0)  # two articles, for a page number and a title
@hypothesis_settings(max_examples=100, deadline=None)
def test_any_text(text: str, size: int, overlap: int) -> None:
    document = plain(text + "一")  # never without a letter
    sentences, passages = cut(document, size, overlap)

    covered = {offset for sentence in sentences for start, end in sentence.spans for offset in range(start, end)}
    paragraphs = [span for paragraph in document.paragraphs for span in paragraph.spans]
    assert all(
        offset in covered or document.text[offset].isspace()
        for start, end in paragraphs
        for offset in range(start, end)
    )

    for passage in passages:
        quoted = quote(document.text, passage.spans)
        assert quoted == "".join(
            quote(document.text, sentence.spans) for sentence in sentences[passage.first : passage.last]
        )
        assert 0 < len(quoted) <= size
        assert all(left[1] < right[0] for left, right in itertools.pairwise(passage.spans))

    assert len({passage.passage_id for passage in passages}) == len(passages)
    assert (passages[0].first, passages[-1].last) == (0, len(sentences))
    for left, right in itertools.pairwise(passages):
        assert left.first < right.first <= left.last < right.last
        repeated = sum(sentence.length() for sentence in sentences[right.first : left.last])
        assert repeated <= overlap
        following = sentences[left.last]
        longer = len(quote(document.text, left.spans)) + following.length()
        assert longer > size or following.article != sentences[left.first].article, "one more would have fitted"


@given(_TEXT)
@hypothesis_settings(max_examples=50, deadline=None)
def test_sentences_are_cut_only_when_they_are_longer_than_the_limit(text: str) -> None:
    document = Document(Path("a.txt"), "t", text, paragraphs_of_lines(text))
    whole = sentences_of(document, 10**6)
    pieces = sentences_of(document, 50)
    starts = {piece.spans[0][0] for piece in pieces}
    assert {sentence.spans[0][0] for sentence in whole} <= starts
    assert all(sentence in pieces for sentence in whole if sentence.length() <= 50)
    assert all(piece.length() <= 50 for piece in pieces)
