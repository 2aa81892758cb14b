"""Where sentences and clauses end, and what a sentence that is too long is cut into."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.sentences import split_clauses, split_long, split_sentences

# Text of the kind that has surprised sentence splitters, more often than plain hypothesis text would hold it.
_TEXT = st.text(st.sampled_from("网格员一名abcXY 12\u3000\n。！？；…，、：.!?;,:”’」）)\"'“（(-/&="), max_size=300)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["网格员51名。", "每天上门。"],
        ["开不开？", "开！", "好；", "散会…"],
        ["他说：“明天开会。”", "大家同意了。"],
        ["真的？！", "真的。"],
        ["他犹豫了……", "最后同意。"],
        ["（见附件。）", "以上。"],
        ["『是。』", "「否。」", "完"],
        ["完成.", "随后开会."],
        ["好!", "再来?", "行;", "走"],
        ["没有句号的一句话"],
    ],
    ids=lambda expected: "".join(expected),
)
def test_chinese(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["The canteen opens at noon.", "It closes at two."],
        ["Who pays?", "The county!", "Really..."],
        ['He said "yes."', "She agreed."],
        ["The plan (see below.)", "Next part."],
        ["Столовая открыта.", "Обед в полдень."],
        ["Это стоит 5 руб.", "Так решили."],
    ],
    ids=lambda expected: expected[0],
)
def test_languages_with_spaces(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "人均3.5亩耕地",
        "见 example.org 网站",
        "网址 https://example.org/a?b=1&c=2;d 可查",
        "Prices rose by .5 percent",
        "Mr. Wang met Dr. Li at 5 p.m. on Monday",
        "J. Smith signed it",
        "The U.S. Army left",
        "See fig. 3 and no. 5 for more",
        "1. First point of the list",
        "В 2025 г. построили дом на ул. Ленина",
        "Use e.g. rice, vol. 2",
    ],
)
def test_full_stops_that_end_nothing(text: str) -> None:
    assert sentences(text) == [text]


def test_an_ellipsis_within_a_sentence() -> None:
    assert sentences("They waited... and left.") == ["They waited... and left."]


@pytest.mark.parametrize("text", ["人均收入３．５万元。", "增长12．8%。"])
def test_full_width_decimals_are_one_number(text: str) -> None:
    assert sentences(text) == [text]


def test_a_mark_inside_a_word_ends_a_sentence_only_where_it_closes_a_quotation() -> None:
    assert sentences("See a?b for more") == ["See a?b for more"]
    assert sentences('He asked "why?"She left.') == ['He asked "why?"', "She left."]


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u3000"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


def test_white_space_around_a_sentence_belongs_to_none() -> None:
    assert split_sentences("  好。 \n 再来。 ") == [(2, 4), (7, 10)]


def test_a_paragraph_of_stops_alone_loses_none() -> None:
    assert "".join(sentences("。。。！！ ……")) == "。。。！！……"


def assert_everything_in_exactly_one_span(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    covered = {offset for start, end in spans for offset in range(start, end)}
    assert all(offset in covered for offset, character in enumerate(text) if not character.isspace())
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in spans)


@given(_TEXT)
@settings(max_examples=100)
def test_nothing_is_lost_or_said_twice(text: str) -> None:
    assert_everything_in_exactly_one_span(text)


@given(st.text(max_size=200))
@settings(max_examples=50)
def test_nothing_is_lost_in_any_script(text: str) -> None:
    assert_everything_in_exactly_one_span(text)


def test_one_long_line_is_split_in_linear_time() -> None:
    text = "see fig. 3 and go on. " * 120_000
    start = time.process_time()
    # "fig." is an abbreviation and what follows "on." begins small, so nothing ends inside.
    assert len(split_sentences(text)) == 1
    assert time.process_time() - start < 5


def test_a_sentence_that_fits_is_not_cut() -> None:
    assert split_long("一二三四五", 5) == [(0, 5)]
    assert split_long("", 5) == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("一二三四五六七，八九十甲乙", ["一二三四五六七，", "八九十甲乙"]),
        ("一，二三四五六七八九十甲乙丙", ["一，二三四五六七八九", "十甲乙丙"]),  # 一， would be a stump
        ("一二三四五六七八九十甲乙丙", ["一二三四五六七八九十", "甲乙丙"]),
        ("他说：“好的，”然后又走了很远", ["他说：“好的，”", "然后又走了很远"]),
        ("a word after a word", ["a word ", "after a ", "word"]),
    ],
)
def test_long_sentences_are_cut_at_clauses_where_one_fits(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in split_long(text, 10)] == pieces


@given(_TEXT, st.integers(1, 60))
@settings(max_examples=100)
def test_pieces_are_the_sentence_and_keep_the_limit(text: str, limit: int) -> None:
    spans = split_long(text, limit)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 < end - start <= limit for start, end in spans) or not text


@pytest.mark.parametrize(
    "expected",
    [
        ["配备专职网格员51名,", "兼职网格员7名。"],
        ["他说：", "“来吧，”", "然后走了；", "没回来。"],
        ["补贴12,000元，", "按月发放"],
        ["没有停顿"],
    ],
    ids=lambda expected: "".join(expected),
)
def test_clauses(expected: list[str]) -> None:
    text = "".join(expected)
    assert [text[start:end] for start, end in split_clauses(text)] == expected


@given(_TEXT)
@settings(max_examples=100)
def test_clauses_are_the_sentence(text: str) -> None:
    spans = split_clauses(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
