"""Questions near one that was not answered: only such as the documents answer now, and none where there are none."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.near import near_questions
from config.settings import Settings
from retrieval.embedding.base import Embedder
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
HOME = """白沙乡敬老院入住问答

问：哪些人可以住进白沙乡敬老院？
答：具有白沙乡户籍、年满六十周岁的老人可以住进敬老院，特困老人优先。

问：白沙乡敬老院每月收费多少？
答：白沙乡敬老院每月收费1260元，含一日三餐。

问：白沙乡敬老院的联系电话是多少？
答：白沙乡敬老院的联系电话是0350-6623456，全天有人接听。
"""
PUT = {line.removeprefix("问：") for line in HOME.split("\n") if line.startswith("问：")}
PATIENCE = 600.0
ASKED = "白沙乡敬老院的围墙刷的是什么颜色"


@pytest.fixture
def care(settings: Settings, real_embedder: Embedder, real_reader: Reader, write: Write) -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        base.add([write("敬老院.txt", HOME)])
        yield base


def test_they_are_questions_that_are_answered_now(care: KnowledgeBase) -> None:
    missed = care.ask(ASKED)
    assert missed.answer is None
    near = near_questions(care, missed, seconds=PATIENCE)
    assert near and {*near} <= PUT
    assert all(care.ask(question).status == "answered" for question in near)


def test_a_liked_question_is_offered_where_it_is_of_the_place_and_still_answered(care: KnowledgeBase) -> None:
    missed = care.ask(ASKED)
    own = near_questions(care, missed, seconds=PATIENCE)[0]
    liked = [f"请问{own}", "红沙乡敬老院的联系电话是多少", "白沙乡敬老院养了几条狗", "水费几号交"]
    near = near_questions(care, missed, liked, seconds=PATIENCE)
    assert liked[0] in near and not {*near} & {*liked[1:]}
    assert own not in near, "it asks the same"


@pytest.mark.parametrize("question", ["火星上的房租是多少", "红沙乡敬老院的围墙是什么颜色", "你好"])
def test_there_are_none_where_there_are_no_neighbours(care: KnowledgeBase, question: str) -> None:
    assert near_questions(care, care.ask(question), seconds=PATIENCE) == []


def test_a_page_of_questions_need_not_be_called_after_what_they_ask(
    settings: Settings, real_embedder: Embedder, real_reader: Reader, write: Write
) -> None:
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        base.add([write("问答.txt", HOME.replace("白沙乡敬老院入住问答", "便民服务常见问题"))])
        near = near_questions(base, base.ask(ASKED), seconds=PATIENCE)
        assert near and {*near} <= PUT


def test_there_are_none_for_what_is_answered(care: KnowledgeBase) -> None:
    own = near_questions(care, care.ask(ASKED), seconds=PATIENCE)[0]
    assert near_questions(care, care.ask(own), seconds=PATIENCE) == []
