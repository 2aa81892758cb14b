"""How far a quote reaches: neighbours that may answer as well, lists, articles, and what ends it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from retrieval.answering.extent import extent, quoted
from retrieval.ranking.evidence import ANSWER_LENGTH
from retrieval.readings import Reading
from retrieval.types import Hit
from tests.support.hits import asking, hit, stored

LIKELY, MAYBE, HARDLY, NO = 3.0, -1.0, -3.0, -8.0
QUESTION = asking("左云县有多少网格员")
SENTENCES = ("全县有网格58个。", "网格员分两种。", "专职网格员51名。", "兼职网格员7名。", "其余由志愿者担任。")


def read(odds: Mapping[int, float], sentences: tuple[str, ...] = SENTENCES) -> Hit:
    readings = {number: Reading(logit, None) for number, logit in odds.items()}
    return replace(hit(QUESTION, [], [0.5] * len(sentences), passage=stored(list(sentences))), readings=readings)


def test_a_sentence_whose_neighbours_do_not_answer_is_quoted_alone() -> None:
    assert extent(read({1: NO, 2: LIKELY, 3: NO}), 2) == range(2, 3)


def test_a_sentence_that_was_not_read_is_no_neighbour() -> None:
    assert extent(read({2: LIKELY}), 2) == range(2, 3)


@pytest.mark.parametrize(
    ("odds", "quoted"),
    [
        ({2: LIKELY, 3: MAYBE}, range(2, 4)),
        ({1: HARDLY, 2: LIKELY}, range(1, 3)),
        ({2: LIKELY, 4: MAYBE}, range(2, 5)),  # with the one between
        ({0: MAYBE, 2: LIKELY, 4: HARDLY}, range(5)),
    ],
)
def test_neighbours_that_may_answer_are_quoted_as_well(odds: dict[int, float], quoted: range) -> None:
    assert extent(read(odds), 2) == quoted


def test_one_that_stands_further_away_is_not() -> None:
    assert extent(read({0: LIKELY, 3: MAYBE}), 0) == range(1)


def test_three_are_taken_up_at_most() -> None:
    sentences = tuple(f"第{number}个。" for number in range(9))
    quoted = extent(read(dict.fromkeys(range(9), MAYBE), sentences), 4)
    assert len(quoted) <= 1 + 3 * 2 and 4 in quoted


def test_the_likelier_neighbour_comes_first_where_both_have_no_room() -> None:
    long = "网" * (ANSWER_LENGTH - 40) + "。"
    sentences = (long, "专职网格员51名。", long)
    assert extent(read({0: HARDLY, 1: LIKELY, 2: MAYBE}, sentences), 1) == range(1, 3)
    assert extent(read({0: MAYBE, 1: LIKELY, 2: HARDLY}, sentences), 1) == range(2)


def test_nothing_is_taken_up_beyond_the_length_of_an_answer() -> None:
    sentences = ("网" * (ANSWER_LENGTH // 2) + "。", "格" * (ANSWER_LENGTH // 2) + "。")
    assert extent(read({0: LIKELY, 1: MAYBE}, sentences), 0) == range(1)


def test_a_neighbour_that_a_check_objects_to_is_not_quoted() -> None:
    found = read({2: LIKELY, 3: MAYBE})
    found = replace(found, readings={**found.readings, 3: Reading(MAYBE, "place")})
    assert extent(found, 2) == range(2, 3)


def test_a_heading_is_not_taken_up() -> None:
    found = read({0: MAYBE, 1: MAYBE, 2: LIKELY})
    sentences = list(found.stored.sentences)
    sentences[1] = replace(sentences[1], level=2)
    found = replace(found, stored=replace(found.stored, sentences=tuple(sentences)))
    assert extent(found, 2) == range(2, 3), "neither the heading nor what stands before it"


def test_a_line_that_leads_to_a_list_is_quoted_with_the_list_alone() -> None:
    sentences = ("办理时间如下。", "需要以下材料：", "1.身份证；", "2.户口簿。", "其他事项另行通知。")
    odds = {0: MAYBE, 1: LIKELY, 2: NO, 3: NO, 4: MAYBE}
    assert extent(read(odds, sentences), 1) == range(1, 4)


@pytest.mark.parametrize(
    ("below", "count"),
    [
        (("身份证；", "户口簿。", "柏川县民政局", "2026年5月6日"), 2),
        (("身份证。须在有效期内；", "户口簿；", "婚姻证。", "柏川县民政局"), 3),
        (("（一）身份证；", "（二）户口簿。", "第六条 本办法自公布之日起施行。"), 2),
        (("1. 身份证；", "（1）正面；", "（2）反面；", "2. 户口簿。", "三、办理时限。"), 4),
        (("身份证", "户口簿", "婚姻证"), 3),
    ],
)
def test_what_stands_below_a_list_is_none_of_it(below: tuple[str, ...], count: int) -> None:
    sentences = ("申请救助应当提交下列材料：", *below)
    assert extent(read({0: LIKELY}, sentences), 0) == range(1 + count)


def test_the_answer_to_another_question_is_not_taken_up() -> None:
    sentences = ("问：何时缴费？", "答：9月起。", "问：新生儿怎么参保？", "答：由监护人办理。", "90天内办。")
    odds = {0: NO, 1: MAYBE, 2: MAYBE, 3: LIKELY, 4: MAYBE}
    assert extent(read(odds, sentences), 3) == range(2, 5)
    assert extent(read(odds | {2: NO}, sentences), 3) == range(3, 5)
    assert extent(read(odds, sentences), 1) == range(1, 2)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("以上为2025年数据。", [0]), ("石门村的人口含外出的人。", [0, 1]), ("村名：石门村 | 户数：210", [0, 1])],
)
def test_a_row_that_is_named_is_quoted_without_what_follows_its_table(line: str, expected: list[int]) -> None:
    found = read({0: LIKELY, 1: MAYBE}, ("村名：石门村 | 人口：902", line))
    assert [*quoted(found, 0, asking("石门村有多少人"))] == expected
    assert [*quoted(found, 0, asking("这里有多少人"))] == [0, 1]


VILLAGES = ("村名：柳树沟村 | 人口：1286", "村名：石门村 | 人口：902", "村名：南坪村 | 人口：1530")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("石门村有多少人", [1]),
        ("石门有多少人", [1]),
        ("石门村和南坪村各有多少人", [1, 2]),
        ("各村有多少人", [0, 1, 2]),  # none is named
    ],
)
def test_the_row_that_is_named_is_quoted_without_those_of_others(question: str, expected: list[int]) -> None:
    found = read({0: MAYBE, 1: LIKELY, 2: MAYBE}, VILLAGES)
    assert [*extent(found, 1)] == [0, 1, 2]
    assert [*quoted(found, 1, asking(question))] == expected


@pytest.mark.parametrize(
    ("rows", "question"),
    [
        (("村名：石门村 | 人口：902", "村名：石门村 | 耕地（亩）：2110"), "石门村有多少耕地"),  # more of one row
        (("村名：石门村 | 人口：902", "以上为石门村的人口。"), "石门村有多少人"),
        (("村名：石门村 | 书记：钱秀英", "职务：镇长 | 姓名：孙志强"), "石门村的书记是谁"),  # of another table
        (("村名：石门村 | 人口：902", "村名：南坪村 | 人口：902"), "人口902的是哪些村"),  # a figure names nothing
    ],
)
def test_what_is_no_row_of_another_is_quoted_as_well(rows: tuple[str, ...], question: str) -> None:
    assert [*quoted(read({0: LIKELY, 1: MAYBE}, rows), 0, asking(question))] == [0, 1]


def test_a_sentence_takes_up_no_row_of_the_table_above_it() -> None:
    rows = (
        "项目：首小时 | 标准：3元",
        "项目：首小时后每小时 | 标准：2元",
        "收费时段为每日8:00至20:00，其余时段免费。",
    )
    assert extent(read({0: MAYBE, 1: MAYBE, 2: LIKELY}, rows), 2) == range(2, 3)
    assert extent(read({0: MAYBE, 1: LIKELY, 2: MAYBE}, rows), 1) == range(3)
