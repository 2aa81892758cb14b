"""Greetings, thanks and farewells are one list (`text/lexicon.py`): who answers, who unwraps a question and who chats
know the same ones."""

import pytest

from retrieval.query.message.courtesy import is_courtesy
from retrieval.query.message.said import COURTESY, what_is_said
from retrieval.query.message.wrapping import unwrapped

QUESTION = "左云县有多少网格员"
HELLO = (
    "你好",
    "您好",
    "大家好",
    "您们好",
    "哈喽",
    "嗨",
    "喂",
    "在吗",
    "在不在",
    "早上好",
    "上午好",
    "晚上好",
    "早安",
    "hello",
    "hi",
)


@pytest.mark.parametrize("said", HELLO)
def test_a_greeting(said: str) -> None:
    assert is_courtesy(said)
    assert what_is_said(said) == "hello"
    assert unwrapped(f"{said}，{QUESTION}").text == QUESTION


@pytest.mark.parametrize("said", ["谢谢", "多谢", "感谢", "谢了", "thanks", "thank you very much", "thx"])
def test_thanks(said: str) -> None:
    assert is_courtesy(said)
    assert what_is_said(said) == "thanks"
    assert unwrapped(f"{QUESTION}？{said}").text == f"{QUESTION}？"


@pytest.mark.parametrize("said", ["再见", "拜拜", "晚安", "回头见", "bye"])
def test_a_farewell(said: str) -> None:
    assert is_courtesy(said)
    assert what_is_said(said) == "bye"


@pytest.mark.parametrize("said", ["好", "好的", "嗯嗯", "哦", "行", "ok", "okay"])
def test_a_word_that_agrees(said: str) -> None:
    assert is_courtesy(said)
    assert what_is_said(said) == "agreed"
    assert unwrapped(f"{said}，{QUESTION}").text == QUESTION


@pytest.mark.parametrize("said", ["不好意思", "抱歉", "对不起"])
def test_an_apology(said: str) -> None:
    assert is_courtesy(said)
    assert unwrapped(f"{said}，{QUESTION}").text == QUESTION


@pytest.mark.parametrize(
    "asked",
    ["你好小区有多少户", "多谢镇有多少网格员", "早安社区在哪里", "行政村有多少个", "感谢信写给谁", "好人好事有哪些"],
)
def test_a_name_that_begins_like_one_stays(asked: str) -> None:
    assert not is_courtesy(asked)
    assert what_is_said(asked) is None
    assert unwrapped(asked).text == asked


@pytest.mark.parametrize(
    "said", ["讲得很清楚", "不必客气，就这样吧", "您辛苦了！先这样", "🙏谢谢各位老师", "all right, cheers"]
)
def test_what_the_doors_meet_is_no_question_behind_them(said: str) -> None:
    assert what_is_said(said) in COURTESY
    assert is_courtesy(said)


@pytest.mark.parametrize("said", ["转人工", "再说一遍", "可以换什么", "有用吗", "好喝的水在哪里", "行不行"])
def test_who_wants_something_done_is_not_only_courteous(said: str) -> None:
    assert not is_courtesy(said)
