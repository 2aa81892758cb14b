"""What holds of any text whatever, for all that looks at text: offsets, order, and that nothing raises."""

import itertools
import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.visible import escaped_json, visible
from config.settings import PassageSettings, SearchSettings
from retrieval.documents import parse
from retrieval.documents.structure.layout import paragraphs_of_lines
from retrieval.errors import DocumentError
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.query.asked.kinds import AskedKinds
from retrieval.ranking.candidates import Candidate
from retrieval.ranking.search import fuse
from retrieval.text.fold import fold, fold_with_offsets
from retrieval.text.mentions import asked_mentions, mentions
from retrieval.text.numbers import days, integer, number, quantities
from retrieval.text.places import asked_names, last_place, places_asked, places_in
from retrieval.text.sentences import split_clauses, split_long, split_sentences
from retrieval.text.sounds import asked_sounds, has_unreadable_name, heard, sounds, spoken_names
from retrieval.text.tokens import tokenize
from retrieval.types import Document, quote

PIECES = [
    *(
        "左云县",
        "网格员",
        "该县",
        "二〇二五年",
        "51名",
        "2000余万元",
        "百分之十八点五",
        "7月6日",
        "12,000",
        "3.5",
        "亿亿亿",
    ),
    *(
        "。",
        "！”",
        "\n",
        "\n\n",
        "  ",
        "\u3000",
        "，",
        "Mr. ",
        "Zuoyun County",
        "Цзоюнь",
        "兙",
        "㎡",
        "ﬁ",
        "\u0301",
        "ｶﾞ",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\u2028",
        "\ud800",
        "😀",
        "İ",
        "ß",
        "戱",
        "\ufdfa",
        "本报讯",
        "（记者 张三）",
    ),
    *("# 题", "第一章", "——", "1. ", "- ", "|a|b|", "```"),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)
MANY = settings(max_examples=50, deadline=None)


def test_folding_again_changes_nothing() -> None:
    """Of every character that folds to another; what stands beside it does not matter, marks aside."""
    changed = {
        character: folded for character in map(chr, range(0x30000)) if (folded := fold(character)) != character
    }
    assert [hex(ord(character)) for character, folded in changed.items() if fold(folded) != folded] == []


@given(texts)
@MANY
def test_what_is_found_folded_lies_in_the_raw_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets) and offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    found = {text[offset] for offset in offsets}
    unfound = {character for character in text if character not in found and fold(character)}
    # A mark that a later Unicode has is none yet for the Python that runs this (Cn).
    assert all(
        unicodedata.combining(character)
        or unicodedata.category(character)[0] in "ML"
        or unicodedata.category(character) == "Cn"
        for character in unfound
    )


@given(texts)
@MANY
def test_numbers_days_and_places_stand_where_they_are_said_to(text: str) -> None:
    found = [
        *((found_number.start, found_number.end) for found_number in quantities(text)),
        *((found_number.start, found_number.end) for found_number in days(text)),
    ]
    assert all(0 <= start < end <= len(text) for start, end in found)
    in_order = [(found_number.start, found_number.end) for found_number in quantities(text)]
    assert in_order == sorted(in_order)
    folded = fold(text)
    for at, place in places_in(folded):
        assert folded.startswith(place.name, at)
    for mention in (*mentions(folded), *asked_mentions(folded)):
        assert folded[mention.start : mention.end].endswith(mention.name + mention.kind)
    last_place(folded, places_asked(text), None)
    assert all(name and fold(name) == name for name in asked_names(text))


@given(texts, texts)
@MANY
def test_questions_are_understood_without_a_stumble(question: str, sentence: str) -> None:
    asked, folded = AskedKinds(question), fold(sentence)
    assert 0 <= asked.held_by(folded) <= 1 and 0 <= asked.unit_held_by(folded) <= 1
    assert 0 <= asked.focus_held_by(folded) <= 1
    asked.lacked_by(folded)
    has_unreadable_name(question)
    names = spoken_names(question)
    assert all(name.words in question for name in names)
    assert set(asked_sounds(question)) == {token for name in names for token in name.sounds}
    own = sounds(sentence)
    assert heard(own, folded) <= set(own)


def test_every_chinese_character_can_be_heard() -> None:
    """Some have no reading: those made in Japan (瓩), the newest."""
    for character in map(chr, range(0x4E00, 0xA000)):
        assert len(sounds(f"中{character}")) >= ("\u4e00" <= fold(character) <= "\u9fff")


@given(st.text(max_size=40))
@MANY
def test_tokens_stand_in_the_folded_text(text: str) -> None:
    assert all(token in fold(text) for token in tokenize(text))
    assert tokenize(fold(text)) == tokenize(text) or "\u0345" in unicodedata.normalize("NFKD", text)


@given(st.text(st.sampled_from("〇零一二两三九十百千万亿"), min_size=1, max_size=30))
def test_every_chinese_number_has_a_value(text: str) -> None:
    assert integer(text) == number(text) >= 0


@given(texts, st.integers(50, 500), st.integers(0, 250))
@settings(max_examples=40, deadline=None)
def test_passages_of_a_file_quote_it(text: str, size: int, overlap: int) -> None:
    """From the bytes of a file of either format to its passages."""
    for name in ("a.txt", "a.md"):
        try:
            document = parse(Path(name), text.encode("utf-8", "replace"))
        except DocumentError:
            continue
        spans = [span for paragraph in document.paragraphs for span in paragraph.spans]
        assert all(0 <= start < end <= len(document.text) for start, end in spans)
        own = sorted(spans)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(own)), "no text is in two paragraphs"
        for paragraph in document.paragraphs:
            assert list(paragraph.spans) == sorted(paragraph.spans)
            assert 0 <= paragraph.article <= max(0, len(document.articles) - 1)
        chosen = PassageSettings(size=size, overlap=overlap)
        sentences = sentences_of(document, size)
        passages = passages_of(document, "d" * 16, sentences, chosen)
        quoted = {offset for passage in passages for start, end in passage.spans for offset in range(start, end)}
        assert all(
            offset in quoted or document.text[offset].isspace()
            for start, end in spans
            for offset in range(start, end)
        )
        assert all(0 < len(quote(document.text, passage.spans)) <= size for passage in passages)
        assert len({passage.passage_id for passage in passages}) == len(passages)


# -- fusion --------------------------------------------------------------------------------------------------------

scores = st.floats(-1, 1) | st.sampled_from([0.0, 1.0])
candidates = st.lists(
    st.builds(
        lambda dense, lexical, cosines: (dense, lexical, tuple(cosines)),
        scores, st.floats(0, 50), st.lists(scores, min_size=1, max_size=3),
    ),
    min_size=1, max_size=12,
)  # fmt: skip
weights = st.builds(SearchSettings, dense_weight=st.floats(0, 1), sentence_weight=st.floats(0, 5))


def fused(rows: list[tuple[float, float, tuple[float, ...]]], chosen: SearchSettings) -> list[float]:
    return [*map(float, fuse([Candidate(key, *row) for key, row in enumerate(rows)], chosen))]


@given(candidates, weights, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_the_candidates_does_not_matter(rows: list[Any], chosen: SearchSettings, random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    assert [fused(rows, chosen)[i] for i in order] == fused([rows[i] for i in order], chosen)


@given(candidates, weights)
@settings(max_examples=40)
def test_who_is_at_least_as_good_by_every_measure_is_so_in_all(rows: list[Any], chosen: SearchSettings) -> None:
    total = fused(rows, chosen)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in total)
    for (row, own), (other, others) in itertools.product(zip(rows, total, strict=True), repeat=2):
        if row[0] >= other[0] and row[1] >= other[1] and max(row[2]) >= max(other[2]):
            assert own >= others - 1e-12
        if row == other:
            assert own == others, "equals are equal"


@given(candidates, weights)
@settings(max_examples=40)
def test_one_that_lies_between_the_others_moves_none(rows: list[Any], chosen: SearchSettings) -> None:
    """Not by its coming, nor by its going: scores are measured against the best and the worst."""
    middle = [
        (min(column) + max(column)) / 2 for column in zip(*((r[0], r[1], max(r[2])) for r in rows), strict=True)
    ]
    with_it = fused([*rows, (middle[0], middle[1], (middle[2],))], chosen)
    assert np.allclose(with_it[:-1], fused(rows, chosen))


# -- what is shown -------------------------------------------------------------------------------------------------


@given(texts | st.text(max_size=50))
@MANY
def test_what_is_visible_is_one_line_that_a_terminal_obeys_in_nothing(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert all(character.isprintable() or unicodedata.category(character) == "Zs" for character in shown)
    assert visible(shown) == shown
    escaped = escaped_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(escaped) == text and visible(escaped) == escaped


# -- cost ----------------------------------------------------------------------------------------------------------

HEAVY = [
    "1",
    "一",
    "亿",
    "1,",
    "年1月",
    "左云县",
    "县",
    "a",
    "A",
    "e\u0301\u0323",
    "“",
    "、",
    "一是",
    "先",
    "￼",
    "Zuo",
    "ö",
]


@pytest.mark.parametrize("piece", HEAVY)
def test_a_long_line_costs_no_square(piece: str) -> None:
    """A line of 10,000 characters."""
    text = piece * (10_000 // len(piece))
    began = time.process_time()
    list(quantities(text)), list(days(text)), places_in(fold(text)), list(mentions(fold(text)))
    split_sentences(text), split_clauses(text), split_long(text, 500), tokenize(text), sounds(text)
    sentences_of(Document(Path("a.txt"), "t", text, paragraphs_of_lines(text)), 500)
    assert time.process_time() - began < 4
