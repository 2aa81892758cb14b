"""Lines to paragraphs: what a line break ends, and what only ran out of the column."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.documents.structure.layout import join_spans, paragraphs_of_lines
from retrieval.types import quote

LONG = "左云县配备专职网格员五十一名兼职网格员七名每个网格不超过三百户居民遇到矛盾先由网格员上门调解再"
"""47 characters: too long for a title, so a line of it without closing punctuation was cut."""


def paragraphs(text: str, pages: bool = False) -> list[str]:
    return [quote(text, paragraph.spans) for paragraph in paragraphs_of_lines(text, (0,) if pages else ())]


def test_closed_lines_are_paragraphs() -> None:
    assert paragraphs("第一段。\n第二段!\n\n第三段:\n“第四段。”\n") == [
        "第一段。",
        "第二段!",
        "第三段:",
        "“第四段。”",
    ]


def test_white_space_around_lines_belongs_to_no_paragraph() -> None:
    assert paragraphs("\u3000\u3000第一段。  \n \t \n  第二段。") == ["第一段。", "第二段。"]


@pytest.mark.parametrize("text", ["", "\n\n", " \n\t\u3000\n"])
def test_no_lines(text: str) -> None:
    assert paragraphs(text) == []


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n  \n\u3000\u3000"])
def test_a_sentence_cut_by_the_column_goes_on(gap: str) -> None:
    text = f"{LONG}{gap}报到镇里。\n下一段。"
    assert paragraphs(text) == [f"{LONG}报到镇里。", "下一段。"]


@pytest.mark.parametrize("end", ["，", ",", "、", "（", "“", "《"])
def test_an_open_end_goes_on_however_short(end: str) -> None:
    assert paragraphs(f"养老食堂{end}\n\n每天开饭。") == [f"养老食堂{end}每天开饭。"]


def test_short_titles_and_labels_stand_alone() -> None:
    text = "基层实践\n左云县配备网格员\n网格员上门调解。\n文明新风\n食堂开饭了。"
    assert paragraphs(text) == text.split("\n")


@pytest.mark.parametrize(
    "beginning",
    [
        "□本报记者 王某",
        "本报讯(记者 李某)",
        "■ 专栏",
        "1. 条件",
        "（二）对象",
        "三、时间",
        "第二章 组织",
        "• 一项",
        "# 标题",
        "| 村 | 数 |",
    ],
)
def test_what_begins_something_is_not_swallowed_by_a_cut_line(beginning: str) -> None:
    assert paragraphs(f"{LONG}\n{beginning}") == [LONG, beginning]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_is_told_by_a_label_stands_alone(gap: str) -> None:
    times = "每天4班，汽车站发车：07:30、10:30、13:30、16:30；石门乡返程：08:50、11:50、14:50、17:50"
    assert paragraphs(f"{times}{gap}票价：全程8元") == [times, "票价：全程8元"]


def test_a_line_of_labels_ends_before_an_empty_line() -> None:
    labels = "首班：06:50　末班：18:40　间隔：25分钟　票价：全程4元，分段计价，起步价1元"
    assert paragraphs(f"{labels}\n\n5路（火车站—新区医院）") == [labels, "5路（火车站—新区医院）"]
    assert paragraphs(f"{labels}\n\n{LONG}") == [labels, LONG]


def test_who_is_quoted_goes_on_with_the_sentence() -> None:
    assert paragraphs(f"{LONG}\n王大爷说：“食堂好。”") == [f"{LONG}王大爷说：“食堂好。”"]


def test_a_figure_at_the_beginning_of_a_line_numbers_nothing() -> None:
    assert paragraphs(f"{LONG}\n3.5万元已经发放。") == [f"{LONG}3.5万元已经发放。"]


def test_hard_wrapped_text_is_joined_at_its_width() -> None:
    # 12 characters a line, the last line of each paragraph short, no closing punctuation at the breaks.
    text = (
        "县里今年给每个村都配了一\n名网格员他们每天都要上门\n走访老人并且登记困难户的\n情况。\n"
        "食堂开在村口每餐三元由村\n集体补贴一部分剩下的由志\n愿者协会来承担。"
    )
    assert paragraphs(text) == [
        "县里今年给每个村都配了一名网格员他们每天都要上门走访老人并且登记困难户的情况。",
        "食堂开在村口每餐三元由村集体补贴一部分剩下的由志愿者协会来承担。",
    ]


def test_words_of_spaced_scripts_keep_a_space_between_lines() -> None:
    text = "The grid workers of the county visit each and every\nhousehold once a month.\n"
    assert paragraphs(text) == ["The grid workers of the county visit each and every\nhousehold once a month."]


def test_page_numbers_belong_to_no_paragraph_of_pages() -> None:
    first = f"{LONG}\n- 12 -\n"
    text = f"{first}第 13 页\n报到镇里。\n51\n下一段。\n4/10"
    found = [quote(text, paragraph.spans) for paragraph in paragraphs_of_lines(text, (0, len(first)))]
    # A number in the middle of a page is a figure.
    assert found == [f"{LONG}报到镇里。", "51", "下一段。"]
    assert "12" in "".join(paragraphs(text))


def test_a_reporter_within_a_sentence_is_no_byline() -> None:
    assert paragraphs(f"{LONG}告诉\n记者，食堂已经开饭。") == [f"{LONG}告诉记者，食堂已经开饭。"]


@pytest.mark.parametrize(
    ("text", "spans", "joined"),
    [
        ("网格\n员", [(0, 2), (3, 4)], "网格员"),
        ("grid\nworker", [(0, 4), (5, 11)], "grid\nworker"),
        ("grid\n员", [(0, 4), (5, 6)], "grid员"),
        ("abcd", [(0, 2), (2, 4)], "abcd"),
        ("ab--cd", [(0, 2), (4, 6)], "abcd"),
        ("ab", [(0, 0), (0, 2), (2, 2)], "ab"),
        ("ab", [], ""),
    ],
)
def test_joining(text: str, spans: list[tuple[int, int]], joined: str) -> None:
    assert quote(text, join_spans(text, spans)) == joined


def test_spans_that_touch_become_one() -> None:
    assert join_spans("abcd", [(0, 2), (2, 4)]) == ((0, 4),)


@given(st.text(st.sampled_from("网格员一abc 12。，.-\n\n□本报讯"), max_size=400), st.booleans())
@settings(max_examples=100)
def test_spans_stand_in_order_and_only_page_numbers_are_left_out(text: str, pages: bool) -> None:
    found = paragraphs_of_lines(text, (0,) if pages else ())
    spans = [span for paragraph in found for span in paragraph.spans]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    if not pages:
        covered = "".join(quote(text, paragraph.spans) for paragraph in found)
        assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("全镇种植脐橙两万一千亩，涉及农户340", "0户，预计产量三万八千吨。"), "涉及农户3400户"),
        (("全县养老床位今年共有一千三百张，占比54", ".6%的床位可以护理，明年再增。"), "占比54.6%的床位"),
        (("The county has built in the year of 1990", "12 schools, as the office tells us."), "1990\n12 schools"),
    ],
)
def test_a_figure_that_the_end_of_a_line_cut_is_whole_among_chinese(lines: tuple[str, str], joined: str) -> None:
    text = "\n".join([*lines, *lines])
    assert any(joined in quote(text, paragraph.spans) for paragraph in paragraphs_of_lines(text))
