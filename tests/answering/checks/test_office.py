"""Who holds an office is told neither by who left it nor by who may come into it."""

import pytest

from retrieval.answering.checks.objections import OFFICE
from tests.answering.make import objection, passage

HEAD = "民政局局长是谁"
ASKED = [HEAD, "谁是民政局局长", "谁担任民政局局长", "现任民政局局长是谁", "民政局局长叫什么名字", "民政局局长是哪位"]
HOLDS = ["任命王明为民政局局长。", "民政局局长王明出席。", "王明任民政局局长。", "王明当选民政局局长。"]
LEFT = [
    "免去王明的民政局局长职务。",
    "王明不再担任民政局局长。",
    "王明不再担任民政局局长职务。",
    "王明辞去民政局局长职务。",
    "原民政局局长王明出席。",
    "民政局原局长王明出席。",
    "时任民政局局长王明出席。",
    "王明曾任民政局局长。",
    "前任民政局局长王明出席。",
    "民政局前局长王明出席。",
]
MAY_COME = ["王明拟任民政局局长。", "拟任命王明为民政局局长。", "拟提名王明为民政局局长人选。"]


@pytest.mark.parametrize("question", ASKED)
def test_who_holds_an_office_now(question: str) -> None:
    for sentence in HOLDS:
        assert objection(question, passage(sentence)) is None, sentence
    for sentence in (*LEFT, *MAY_COME):
        assert objection(question, passage(sentence)) == OFFICE, sentence


@pytest.mark.parametrize(
    "question",
    [
        "民政局原局长是谁",
        "民政局前任局长是谁",
        "民政局上一任局长是谁",
        "以前的民政局局长是谁",
        "民政局局长之前是谁",
        "谁曾任民政局局长",
        "谁被免去民政局局长职务",
        "谁不再担任民政局局长",
    ],
)
def test_who_held_an_office_may_be_told(question: str) -> None:
    for sentence in LEFT:
        assert objection(question, passage(sentence)) is None, sentence


@pytest.mark.parametrize("place", ["太原市", "河原县", "草原站"])
def test_the_name_of_a_place_does_not_ask_who_was_there_before(place: str) -> None:
    head = "站长" if place == "草原站" else f"{place[-1]}长"
    assert objection(f"{place}{head}是谁", passage(f"王明拟任{place}{head}。")) == OFFICE
    assert objection(f"原{place}{head}是谁", passage(f"原{place}{head}王明出席。")) is None


def test_who_may_come_may_be_told_to_who_asks_that() -> None:
    for sentence in MAY_COME[:2]:
        assert objection("民政局拟任局长是谁", passage(sentence)) is None


@pytest.mark.parametrize("question", ["王明现在担任什么职务", "请问王明是什么职务", "王明当的什么官"])
def test_the_office_of_a_person_is_told_of_that_person(question: str) -> None:
    assert objection(question, passage("王明任民政局局长。")) is None
    for other in ("李强任民政局副局长，免去其残联理事长职务。", "任命李强为水务局局长。"):
        assert objection(question, passage(other)) == OFFICE, other


def test_an_office_is_told_of_him_who_was_named_before() -> None:
    question = "王明现在担任什么职务"
    assert objection(question, passage("王明在乡里干了十年。", "现任民政局局长。")) is None
    assert objection(question, passage("王明在乡里干了十年。", "李强任水务局局长。")) == OFFICE


def test_one_leaves_and_another_comes() -> None:
    for sentence in ("免去李强的民政局局长职务，任命王明为民政局局长。", "原局长李强调离，王明任民政局局长。"):
        assert objection(HEAD, passage(sentence)) is None


@pytest.mark.parametrize(
    "question", ["民政局局长是王明吗", "王明是民政局局长吗", "王明是不是民政局局长", "王明还是局长吗"]
)
def test_whether_somebody_holds_an_office(question: str) -> None:
    assert objection(question, passage("任命王明为民政局局长。")) is None
    assert objection(question, passage("免去", "王明的民政局局长职务。")) == OFFICE
    assert objection(question, passage("王明不再担任民政局局长。")) == OFFICE


def test_whether_the_head_does_something_is_no_question_for_who_is_the_head() -> None:
    for question in ("民政局局长是不是换了", "民政局局长是什么级别"):
        assert objection(question, passage("免去王明的民政局局长职务，任命李强为民政局局长，正科级。")) is None
        assert objection(question, passage("王明不再担任民政局局长，局长职务已经调整。")) != OFFICE


@pytest.mark.parametrize(
    "lead", ["免去", "免职", "免去：", "决定免去：", "免去下列同志职务：", "免去下列同志的职务:"]
)
def test_a_list_of_those_who_left(lead: str) -> None:
    assert objection(HEAD, passage(lead, "王明的民政局局长职务。")) == OFFICE
    assert objection(HEAD, passage(lead, "李强的财政局局长职务；", "王明，民政局局长。")) == OFFICE


def test_of_two_lists_the_nearer_holds() -> None:
    came, left = "王明为民政局局长。", "李强的民政局局长职务。"
    assert objection(HEAD, passage("任命：", came)) is None
    assert objection(HEAD, passage("免去：", left, "任命：", came)) is None
    assert objection(HEAD, passage("免去", left, "任命", came)) is None
    assert objection(HEAD, passage("任命：", came, "免去：", left)) == OFFICE


@pytest.mark.parametrize(
    ("question", "head", "deputy"),
    [
        (HEAD, "任命王明为民政局局长。", "任命王明为民政局副局长。"),
        ("谁是民政局局长", "民政局局长王明出席。", "民政局副局长王明出席。"),
        ("县长是谁", "县长王明出席。", "副县长王明出席。"),
        ("实验小学校长是谁", "实验小学校长王明出席。", "实验小学副校长王明出席。"),
        ("渡头村党支部书记是谁", "渡头村党支部书记赵妙说。", "渡头村党支部副书记赵妙说。"),
    ],
)
def test_a_deputy_is_not_the_head(question: str, head: str, deputy: str) -> None:
    assert objection(question, passage(head)) is None
    assert objection(question, passage(deputy)) == OFFICE


def test_the_head_is_not_the_deputy() -> None:
    asked = "民政局副局长是谁"
    assert objection(asked, passage("民政局副局长王明出席。")) is None
    assert objection(asked, passage("民政局局长王明出席。")) == OFFICE
    assert objection(asked, passage("民政局局长李强、副局长王明出席。")) is None


def test_which_office_a_person_holds() -> None:
    asked = "王明担任什么职务"
    assert objection(asked, passage("任命王明为民政局局长。")) is None
    for sentence in ("王明不再担任民政局局长。", "免去王明的民政局局长职务。", "王明拟任民政局局长。"):
        assert objection(asked, passage(sentence)) == OFFICE


def test_words_that_only_look_like_leaving() -> None:
    for sentence in ("目前局长王明主持工作。", "局长王明走到台前讲话。", "局长王明年前到任。"):
        assert objection(HEAD, passage(sentence, title="民政局")) is None


def test_who_asks_of_no_office_may_hear_of_those_who_left() -> None:
    assert objection("食堂几点开门", passage("原局长王明说，食堂早上8点开门。")) is None


def test_a_line_that_leads_on_names_nobody() -> None:
    lead, appointed = "根据云溪县人民政府代理县长的提请:", "任命王强为云溪县教育局局长。"
    assert objection("云溪县县长是谁", passage(lead, appointed), number=0) == OFFICE
    assert objection("云溪县教育局局长是谁", passage(lead, appointed), number=1) is None


def test_the_word_for_an_office_appoints_nobody() -> None:
    asked = "县防汛办公室主任是谁"
    assert objection(asked, passage("免去王明同志的县防汛办公室主任职务。")) == OFFICE
    assert objection(asked, passage("任命王明同志为县防汛办公室主任。")) is None
