"""Tokens: single characters and pairs for scripts without spaces, words for the others, all folded."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.fold import fold
from retrieval.text.tokens import is_unspaced, occurrences, token_counts, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("，。！ \n", []),
        ("网格员", ["网", "格", "员", "网格", "格员"]),
        ("村", ["村"]),
        ("網格", ["网", "格", "网格"]),
        ("老，人", ["老", "人"]),  # no pair across a mark
        ("人人", ["人", "人", "人人"]),
        ("The U.S. grid", ["the", "u.s", "grid"]),
        ("It's 3.5 km", ["it's", "3.5", "km"]),
        ("12,000", ["12", "000"]),
        ("COVID-19 a_b", ["covid", "19", "a", "b"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("配备51名", ["配", "备", "配备", "51", "名"]),
        ("Столовая для пожилых", ["столовая", "для", "пожилых"]),
        ("食堂は", ["食", "堂", "は", "食堂", "堂は"]),
        ("人々", ["人", "々", "人々"]),
        ("二〇二五", ["二", "〇", "二", "五", "二〇", "〇二", "二五"]),
        ("𠮷野家", ["𠮷", "野", "家", "𠮷野", "野家"]),
        ("한국어 공부", ["한국어", "공부"]),
        ("😀", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.mark.parametrize("character", ["网", "々", "〇", "の", "カ", "𠮷"])
def test_scripts_without_spaces(character: str) -> None:
    assert is_unspaced(character)


@pytest.mark.parametrize("character", ["", "a", "ж", "5", "한", "。", " ", "，"])
def test_everything_else(character: str) -> None:
    assert not is_unspaced(character)


def test_both_ways_of_writing_give_the_same_tokens() -> None:
    assert tokenize("杭錦旗老幹部關懷ＡＢＣ") == tokenize("杭锦旗老干部关怀abc")


@given(st.text(st.characters(categories=["L", "N"]), max_size=100))
@settings(max_examples=100)
def test_every_letter_and_digit_is_in_a_token(text: str) -> None:
    folded = {character for character in fold(text) if character.isalnum()}
    assert folded <= set("".join(tokenize(text)))


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.sampled_from("天天人村々の食堂 a1.'，\n網ＡΩ")),
    question=st.text(st.sampled_from("天人村々の食a1網Ω ")),
)
def test_tokens_are_counted_without_being_made(text: str, question: str) -> None:
    tokens, counts = tokenize(question), Counter(tokenize(text))
    assert token_counts([fold(text), fold(question)]) == [counts.total(), len(tokens)]
    assert occurrences(fold(text), set(tokens)) == {token: counts[token] for token in {*tokens} & counts.keys()}


def test_of_many_texts_each_is_counted_alone() -> None:
    texts = ["村", "", "村里\n食堂", "v2.0.", "x", "1.5'6..7", "don’t 3.", ".5", "\U0001f33e"]
    assert token_counts(texts) == [len(tokenize(text)) for text in texts] == [1, 0, 6, 1, 1, 2, 2, 1, 0]
    assert token_counts([]) == []


def test_a_pair_of_the_same_character_is_counted_each_time() -> None:
    assert occurrences("天天天，天天", ["天天", "天", "人"]) == {"天天": 3, "天": 5}
