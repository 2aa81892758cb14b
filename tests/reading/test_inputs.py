"""What the reading model is given: one sentence, marked, with what is known of it, and no more than it can read."""

from typing import Any

import pytest

from retrieval.reading.inputs import QUESTION_LENGTH, apart, question_input, sentence_input
from tests.answering.make import passage
from tests.support.hits import asking

TERMS = asking("左云县有多少网格员").terms
SENTENCE = "该县有网格员51名。"


def given(*sentences: str, number: int = 0, **known: Any) -> str:
    return sentence_input(passage(*sentences, **{"file": "1.txt", "title": "", **known}), number, TERMS)


def test_the_sentence_is_marked_between_its_neighbours() -> None:
    assert (
        given("前面一句。", SENTENCE, "后面一句。", "再后一句。", number=1) == f"前面一句。【{SENTENCE}】后面一句。"
    )
    assert given(SENTENCE) == f"【{SENTENCE}】"


def test_what_is_known_stands_before_it_in_order() -> None:
    known: dict[str, Any] = {
        "title": "队伍建设",
        "section": "力量",
        "place": "左云县",
        "date": "2026-06-30",
        "file": "工作通报.txt",
    }
    assert given(SENTENCE, **known) == f"工作通报｜队伍建设｜力量｜左云县｜2026-06-30｜【{SENTENCE}】"


@pytest.mark.parametrize(
    ("known", "begins"),
    [
        ({"title": "该县有网格员"}, ""),  # in the sentence
        ({"title": "队伍建设通报", "file": "队伍建设.txt"}, "队伍建设通报｜"),  # the file name in the title
        ({"title": "队伍建设", "section": "建设"}, "队伍建设｜"),  # the section in the title
        ({"section": "网格员51名"}, ""),  # … and in the sentence
        ({"title": "左云县的队伍", "place": "左云县"}, "左云县的队伍｜"),
        ({"section": "左云县", "place": "左云县"}, "左云县｜"),
    ],
)
def test_nothing_is_said_twice(known: dict[str, Any], begins: str) -> None:
    assert given(SENTENCE, **known) == f"{begins}【{SENTENCE}】"


def test_a_place_that_the_sentence_names_is_not_said_again() -> None:
    assert given("左云县有网格员51名。", place="左云县") == "【左云县有网格员51名。】"


@pytest.mark.parametrize("name", ["2026-06-30.txt", "12.pdf", "3f2a9c0d.html", "第1.txt", "_.txt"])
def test_a_file_name_without_words_is_left_out(name: str) -> None:
    assert given(SENTENCE, file=name) == f"【{SENTENCE}】"


@pytest.mark.parametrize("name", ["通报.txt", "2026年通报.pdf", "notice-12.html"])
def test_a_file_name_with_words_is_given(name: str) -> None:
    assert given(SENTENCE, file=name) == f"{name.rsplit('.', 1)[0]}｜【{SENTENCE}】"


# -- lists -----------------------------------------------------------------------------------------------------------

LIST = (
    "办理时要带：",
    "1. 身份证原件和复印件。",
    "2. 户口本原件和复印件。",
    "3. 两张照片。",
    "4. 申请表。",
    "5. 授权书。",
)


def test_an_item_is_given_the_line_that_leads_to_its_list() -> None:
    assert given(*LIST, number=5) == f"办理时要带：｜{''.join(LIST[1:5])}【5. 授权书。】"


def test_a_lead_in_that_stands_before_the_item_anyway_is_not_given_twice() -> None:
    assert given(*LIST, number=1) == f"办理时要带：【{LIST[1]}】{LIST[2]}"


def test_what_is_no_item_has_no_lead_in() -> None:
    sentences = (*LIST, "以上材料一份就行。")
    assert given(*sentences, number=6) == f"{''.join(LIST[2:])}【以上材料一份就行。】"


def test_the_nearest_lead_in_is_given() -> None:
    sentences = ("要带：", "1. 身份证。", "不要带：", *LIST[1:])
    assert given(*sentences, number=7).startswith("不要带：｜")


# -- marks and lengths -----------------------------------------------------------------------------------------------


def test_marks_in_the_text_do_not_pass_for_ours() -> None:
    found = given(
        "前【一】｜句。", "该县【有】网格员｜51名。", "后】句。", number=1, title="标【题】", date="2026-06-30"
    )
    assert found == "标[题]｜2026-06-30｜前[一]|句。【该县[有]网格员|51名。】后]句。"


def test_lines_and_gaps_become_single_spaces() -> None:
    assert given("前\n一句。", " 该县\t有  网格员\n51名。\n", number=1) == "前 一句。【该县 有 网格员 51名。】"


@pytest.mark.parametrize("gap", ["，", ""], ids=["clauses", "one clause"])
def test_a_sentence_of_thousands_of_characters_is_cut_to_what_was_asked(gap: str) -> None:
    filling = f"其他事情另行通知{gap}" * 300
    found = given(f"{filling}，左云县有网格员51名，{filling}。")
    assert found.startswith("【")
    assert found.endswith("】")
    assert "网格员51名" in found
    assert len(found) <= 202


def test_everything_around_is_cut() -> None:
    long = "很长的一句话" * 500
    found = given(long, SENTENCE, long, number=1, title=long, section="另外" * 100, file=f"{'文件' * 50}.txt")
    assert found == (
        f"{('文件' * 50)[:16]}｜{long[:32]}｜{('另外' * 100)[:20]}｜{long[-72:]}【{SENTENCE}】{long[:16]}"
    )


def test_a_long_question_is_cut() -> None:
    assert question_input("左云县有多少网格员") == "左云县有多少网格员"
    assert question_input("有" * 1000) == "有" * QUESTION_LENGTH


def test_more_of_what_stands_before_where_there_is_room() -> None:
    """150 characters are filled by what is known, what stands before and the sentence; of the second at least 40, at
    most 90."""
    long = "很长的一句话" * 50
    assert given(long, SENTENCE, number=1) == f"{long[-90:]}【{SENTENCE}】"
    assert given(long, SENTENCE * 9, number=1, title="标题") == f"标题｜{long[-58:]}【{SENTENCE * 9}】"
    assert given(long, SENTENCE * 14, number=1) == f"{long[-40:]}【{SENTENCE * 14}】"


@pytest.mark.parametrize(
    ("question", "known", "left"),
    [
        ("市第三中学宿舍几个人一屋", "市第三中学招生简章", "宿舍几个人一屋"),
        ("石坎镇的供水工程铺了多少公里", "石坎镇供水工程竣工｜金河县", "的铺了多少公里"),
        ("宿舍几个人一屋", "市第三中学招生简章", "宿舍几个人一屋"),  # nothing of it is known
        ("招生多少人", "招生简章", "招生多少人"),  # too little would be left
        ("2024年修了几座桥", "2024年工作报告", "2024年修了几座桥"),  # a year, and one character
        ("How many rooms are there", "How many rooms", "How many rooms are there"),  # words with spaces
    ],
)
def test_what_is_known_beside_the_sentence_is_left_out_of_both(question: str, known: str, left: str) -> None:
    assert apart(question, f"{known}｜前面一句。【{SENTENCE}】后面一句。") == (
        left,
        f"前面一句。【{SENTENCE}】后面一句。",
    )


def test_without_anything_known_both_stay_as_they_are() -> None:
    assert apart("左云县有多少网格员", f"左云县。【{SENTENCE}】") == ("左云县有多少网格员", f"左云县。【{SENTENCE}】")
