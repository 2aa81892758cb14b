"""What answers the question of another pair is no answer, where a question of the documents names what is asked."""

import pytest

from retrieval.answering.checks.pairs import of_other_pairs
from tests.answering.make import passage, setting
from tests.support.hits import asking

PAIRS = (
    "问：营业执照多久能领到？",
    "答：自申请之日起7日内发放。",
    "问：公交卡丢了在哪里补？",
    "答：在汽车站一楼窗口补办。",
)


def of_others(question: str, *texts: str, title: str = "办事问答", levels: tuple[int, ...] = ()) -> list[int]:
    told = passage(*texts, title=title, levels=levels)
    settings = {number: setting(told, number) for number in range(len(texts))}
    answers = {number: each for number, each in settings.items() if number % 2}
    return of_other_pairs(asking(question), answers, settings.values())


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("公交卡丢了几天能补到", [1]),
        ("营业执照多久能领到", [3]),
        ("多久能办好", []),
        ("残疾人证多久能领到", []),  # perhaps another word for it: no question says it
        ("营业执照和公交卡在哪里办", []),
    ],
)
def test_a_pair_of_another_thing_is_no_answer(question: str, others: list[int]) -> None:
    assert of_others(question, *PAIRS) == others


def test_a_question_is_known_as_heading_and_by_its_mark() -> None:
    headings = tuple(text.removeprefix("问：").removesuffix("？") for text in PAIRS)
    assert of_others("公交卡丢了几天能补到", *headings, levels=(3, 0, 3, 0)) == [1]
    marked = tuple(text.removesuffix("？") for text in PAIRS)
    assert of_others("公交卡丢了几天能补到", *marked) == [1]


def test_what_stands_below_a_pair_and_the_next_heading_is_of_none() -> None:
    texts = (*PAIRS, "办理地点", "均在政务大厅二楼办理。")
    assert of_others("公交卡几天能补到", *texts, levels=(0, 0, 0, 0, 2, 0)) == [1]


def test_the_thing_may_be_said_beside_the_pair_or_in_short() -> None:
    assert of_others("公交卡丢了几天能补到", *PAIRS, title="公交卡问答") == []
    said = "答：自申请之日起7日内发放，公交卡也是这样。"
    assert of_others("公交卡丢了几天能补到", PAIRS[0], said, *PAIRS[2:]) == []
    short = ("问：社会保障卡多久能领到？", "答：7天。", "问：社保卡丢了怎么办？", "答：打电话挂失。")
    assert of_others("社保卡多久能领到", *short) == []


@pytest.mark.parametrize(
    ("thing", "other"), [("公租房", "经济适用房"), ("青年卡", "学生卡"), ("医保", "养老保险"), ("养老保险", "医保")]
)
def test_a_thing_may_be_named_by_two_words_or_in_short(thing: str, other: str) -> None:
    told = (f"问：{other}怎么退出？", "答：见办事指南。", f"问：{thing}在哪里办？", "答：在大厅。")
    assert of_others(f"{thing}怎么退出", *told) == [1]
