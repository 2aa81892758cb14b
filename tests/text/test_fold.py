"""Folding: spellings that mean the same meet, and each folded character knows where it came from."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.text.fold import fold, fold_all, fold_with_offsets


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("", ""),
        ("网格员", "网格员"),
        ("網格員", "网格员"),
        ("老幹部關懷", "老干部关怀"),
        ("裡裏后後", "里里后后"),
        ("ＡＢＣ１２３％", "abc123%"),
        ("（全角），：；", "(全角),:;"),
        ("全\u3000角", "全 角"),
        ("Straße ÄÖ", "straße äö"),
        ("Ёлка И МИР", "ёлка и мир"),
        ("㎡①", "m21"),
        ("\uf9d1", "六"),  # a compatibility ideograph, as some PDFs hold
        ("ｶﾒﾗ", "カメラ"),
        ("😀\n\t", "😀\n\t"),
    ],
)
def test_spellings_meet(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@pytest.mark.parametrize(
    ("raw", "folded", "offsets"),
    [
        ("網格", "网格", [0, 1]),
        ("3㎡地", "3m2地", [0, 1, 1, 2]),
        ("①、", "1、", [0, 1]),
        ("😀網", "😀网", [0, 1]),
        ("ﬁx", "fix", [0, 0, 1]),
    ],
)
def test_folded_characters_know_their_origin(raw: str, folded: str, offsets: list[int]) -> None:
    assert fold_with_offsets(raw) == (folded, offsets)


def test_what_is_found_in_the_folded_text_can_be_quoted_raw() -> None:
    raw = "面積１００㎡，網格員５１名。"
    folded, offsets = fold_with_offsets(raw)
    start = folded.index("网格员51名")
    end = start + len("网格员51名")
    assert raw[offsets[start] : offsets[end - 1] + 1] == "網格員５１名"


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_offsets_point_at_the_character_that_folds_to_each(raw: str) -> None:
    folded, offsets = fold_with_offsets(raw)
    assert folded == fold(raw)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    # A character begins where its offset says: what stands before it folds to what stands before.
    for position, offset in enumerate(offsets):
        if position == 0 or offset != offsets[position - 1]:
            assert fold(raw[:offset]) == folded[:position]


@given(st.lists(st.text(max_size=30), max_size=5))
@example(["面積１００㎡…", "", "x\x1ey", "ガイド"])
@example(["cafe\u0301", "\u0301", "\ud800", "\0"])
@example(["İstanbul…", "㎡㏄"])
@settings(max_examples=200)
def test_many_texts_fold_as_each_does(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.text(st.characters(exclude_categories=["M", "Lm", "Lo", "Cs"]), max_size=100), st.text(max_size=100))
@settings(max_examples=100)
def test_neighbours_do_not_matter(left: str, right: str) -> None:
    # Except for marks, which belong to the character before them; here none comes first on the right.
    assert fold(left + "。" + right) == fold(left) + fold("。" + right)


@pytest.mark.parametrize(
    ("composed", "decomposed"),
    [("край", "кра\u0438\u0306"), ("café", "cafe\u0301"), ("ガイド", "ｶﾞｲﾄﾞ")],
    ids=["russian", "french", "half-width kana"],
)
def test_decomposed_letters_meet_composed_ones(composed: str, decomposed: str) -> None:
    assert fold(decomposed) == fold(composed)
