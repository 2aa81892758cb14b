"""Rows that match, in the terminal and in `wenju chat`: the first, and the rest when asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.chat import Conversation, converse
from bot.memory.answer_json import answer_of, body_of
from bot.render.json import answer_object
from bot.render.terminal import render_answer, render_rest
from bot.telegram.answers.rest import rest_page
from bot.telegram.messages.keyboards import answer_keyboard
from bot.telegram.messages.markup import MESSAGE
from bot.telegram.messages.pages import answer_page
from bot.telegram.messages.phrases import phrases
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
COUNT = 320
QUESTION = "谁有助理社会工作师证"


def person(number: int) -> str:
    """A name of its own for each: 赵一二, 赵一三, …"""
    digits = "零一二三四五六七八九"
    return "赵" + "".join(digits[int(digit)] for digit in f"{number:03}")


@pytest.fixture
def licensed(base: KnowledgeBase, write: Write) -> KnowledgeBase:
    items = (f"{n}. {person(n)}，助理社会工作师证" for n in range(1, COUNT + 1))
    base.add([write("名单.md", "# 持证名单\n\n" + "\n".join(items))])
    return base


def test_chat_shows_the_first_and_the_rest_with_more(
    licensed: KnowledgeBase, capsys: pytest.CaptureFixture[str]
) -> None:
    converse(Conversation(licensed), [QUESTION], interactive=False)
    first = capsys.readouterr().out
    assert f"{COUNT} 处" in first
    assert "先列 5 处" in first
    assert f"{COUNT - 5} more: /more" in first
    converse(Conversation(licensed), [QUESTION, "/more", "/more"], interactive=False)
    captured = capsys.readouterr()
    assert all(person(number) in captured.out for number in range(1, COUNT + 1))
    assert "all of them were shown" in captured.err


def test_all_rows_in_the_terminal(licensed: KnowledgeBase) -> None:
    answer = licensed.ask(QUESTION)
    headline, rest = render_answer(answer, marks=True).plain, render_rest(answer).plain
    assert headline.startswith(f"《持证名单》里符合的有 {COUNT} 处（按文档里的行数计），先列 5 处：")
    assert [line.split("，")[0].strip() for line in rest.splitlines()] == [
        f"{n}. {person(n)}" for n in range(6, COUNT + 1)
    ]


def test_the_rest_comes_to_a_chat_in_messages(licensed: KnowledgeBase) -> None:
    answer, say = licensed.ask(QUESTION), phrases("zh")
    page = answer_page(answer, "WenjuBot", say)
    assert f"{COUNT} 处" in page.plain
    labels = [button.text for row in answer_keyboard(answer, 1, say).inline_keyboard for button in row]
    assert f"➕ 其余 {COUNT - 5} 处" in labels
    shown, first = "", 0
    while first < COUNT - 5:
        following, beyond = rest_page(answer, first, say)
        assert following.units <= MESSAGE
        assert beyond > first
        shown, first = shown + following.plain, beyond
    assert [person(n) for n in range(6, COUNT + 1) if person(n) not in shown] == []
    assert "其余各处（第 6 至 " in shown


def test_json_and_the_database_hold_the_rows(licensed: KnowledgeBase) -> None:
    answer = licensed.ask(QUESTION)
    tally = json.loads(json.dumps(answer_object(answer)))["tally"]
    assert (tally["kind"], tally["count"], len(tally["rows"])) == ("rows", COUNT, COUNT)
    assert tally["rows"][0]["name"] == person(1)
    assert answer_of(body_of(answer)) == answer
    assert "tally" not in answer_object(licensed.ask("持证名单是哪年的"))
