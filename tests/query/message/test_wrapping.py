"""What is said around a question changes nothing; what only looks like it stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.wording import message_of
from retrieval.query.message.wrapping import UnwrappedQuestion, unwrapped
from retrieval.service import KnowledgeBase
from retrieval.types import Answer

Write = Callable[[str, str | bytes], Path]
CORE = "行政复议要交钱吗"
ENGLISH = "How many grid workers are there in Zuoyun County?"
FRONTS = (
    *(
        "请问",
        "你好，请问一下，",
        "您好！",
        "麻烦问下",
        "想咨询一下",
        "我想知道",
        "劳驾，",
        "我想麻烦问一下",
        "打扰一下，",
        "帮我查一下",
    ),
    *(
        "请帮忙查询一下，",
        "急！",
        "急急急，在线等，",
        "老师您好，请教一下",
        "不好意思，我就想问问",
        "在吗？",
        "嗯，那个，",
    ),
    *("你好请问", "喂，你好，麻烦您帮我看一下", "有个问题想咨询您一下：", "請問一下，", "求助！", "亲，", "好的，"),
    *("谢谢，", "各位领导好，我想了解一下", "晚上好～打扰了，请问一下："),
)
BACKS = (
    "，谢谢",
    "，谢谢您了！",
    "，急！",
    "，在线等",
    "，麻烦您了",
    "，辛苦了，谢谢！",
    "谢谢",
    "，请回复",
    "，您知道吗",
    "！！！",
)


@pytest.mark.parametrize("front", FRONTS)
def test_what_is_said_before(front: str) -> None:
    assert unwrapped(front + CORE) == UnwrappedQuestion(CORE)


@pytest.mark.parametrize("back", BACKS)
def test_what_is_said_behind(back: str) -> None:
    assert unwrapped(CORE + back) == UnwrappedQuestion(CORE)
    assert unwrapped(f"你好，请问{CORE}{back}") == UnwrappedQuestion(CORE)


@pytest.mark.parametrize(
    ("asked", "core"),
    [
        ("你好，请问一下，行政复议要交钱吗？谢谢！", "行政复议要交钱吗？"),
        ("能告诉我左云县有多少网格员吗？", "左云县有多少网格员？"),
        ("您知道左云县有多少网格员吗", "左云县有多少网格员"),
        ("食堂几点开门啊", "食堂几点开门"),
        ("請問左雲縣有多少網格員？謝謝", "左雲縣有多少網格員？"),
        ("好的，那兴县呢", "那兴县呢"),
        ("那请问兴县呢", "那兴县呢"),
        ("那我想问一下兴县呢？", "那兴县呢？"),
        ("请问你们村有几个党员", "你们村有几个党员"),
        ("Hi, could you please tell me how many canteens there are? Thanks", "How many canteens there are?"),
        ("Hello! " + ENGLISH + " Thank you very much!", ENGLISH),
        ("Excuse me, where is the hospital", "Where is the hospital"),
        ("I would like to know when the canteen opens, please.", "When the canteen opens"),
        ("Dear Sir, I have a question: who runs the canteen?", "Who runs the canteen?"),
    ],
)
def test_the_core(asked: str, core: str) -> None:
    assert unwrapped(asked) == UnwrappedQuestion(core)


@pytest.mark.parametrize(
    "question",
    [
        *(CORE, CORE + "？", ENGLISH, "那兴县呢", "食堂", "左云县的食堂。"),
        *("“请问”出自哪里", "他说“想问一下，怎么办”是什么意思", "《请问芳名》，谢谢》是谁写的", "方言里怎么说谢谢"),
        *("你好小区在哪里", "多谢镇有多少党员", "急诊几点开门", "求助电话是多少", "咨询电话是多少", "早餐几点开始"),
        *(
            "好人好事有哪些",
            "行政村有几个",
            "在线等候的人有多少",
            "我想请假怎么办",
            "我要查档案去哪里",
            "谢谢你们的是谁",
        ),
        *("想知道的人找谁", "帮我写一首诗", "麻烦告诉我们村有几个人", "嗯哨村在哪", "那个村有几户", "打扰居民怎么罚"),
        *("Could you tell me a joke", "Hello Kitty乐园在哪", "Hi-tech zone: where is it?", "Please Street is where?"),
        "左云县有多少网格员？还想问一下兴县有多少",
        "左云县有多少网格员，想问一下兴县有多少党员",
        "\ud800",
        "",
    ],
)
def test_what_only_looks_like_it_stays(question: str) -> None:
    assert unwrapped(question) == UnwrappedQuestion(question)


@pytest.mark.parametrize(
    "said", ["你好", "请问", "谢谢！", "我想问一下", "在吗？", "急！", "您好，打扰一下", "麻烦问下"]
)
def test_nothing_is_left_of_what_is_wrapping_alone(said: str) -> None:
    assert unwrapped(said) == UnwrappedQuestion("")


@pytest.mark.parametrize(
    ("told", "core"),
    [
        ("我妈今年七十三了，户口在白石镇，想问一下高龄津贴怎么领", "白石镇高龄津贴怎么领"),
        ("我是云溪县白塘镇的，想问下我们镇有几个助餐点", "云溪县白塘镇有几个助餐点"),
        ("我爷爷今年93了，户口在白石镇，想问一下他每个月能领多少高龄津贴", "白石镇每个月能领多少高龄津贴"),
        ("我姓王，家在左云县，想咨询下怎么办低保，谢谢老师", "左云县怎么办低保"),
        ("您好，我是兴县的退休工人，我想问下退休金什么时候发？", "兴县退休金什么时候发？"),
        ("我家住在河街社区，请问那边的食堂几点开门", "河街社区食堂几点开门"),
        ("我每天坐5路公交车上班，今天等了半天没来，我就想知道这个车改到哪条路上去了", "5路公交车改到哪条路上去了"),
    ],
)
def test_a_story_is_cut_to_its_question_with_what_it_names(told: str, core: str) -> None:
    assert unwrapped(told) == UnwrappedQuestion(core, is_completed=True)


@pytest.mark.parametrize(
    ("told", "core"),
    [
        ("我家在左云县，有个亲戚，想问一下兴县有多少网格员", "兴县有多少网格员"),
        ("我妈今年七十三了，腿脚不好，想问一下高龄津贴怎么领", "高龄津贴怎么领"),
        ("我妈今年八十三了，腿脚不好，想问一下她的高龄津贴怎么领", "高龄津贴怎么领"),
        ("我家住得远，腿脚也不好，我就想问问公租房细则哪天开始实行", "公租房细则哪天开始实行"),
    ],
)
def test_a_story_that_names_nothing_more_leaves_nothing(told: str, core: str) -> None:
    assert unwrapped(told) == UnwrappedQuestion(core)


@pytest.mark.parametrize(
    "question", ["你" * 1000, "请问" * 500, "，" * 999 + "谢谢", "谢谢，" * 330, "嗯，" * 500 + "多少"]
)
def test_long_ones_are_quick(question: str) -> None:
    import time

    began = time.perf_counter()
    unwrapped(question)
    assert time.perf_counter() - began < 1


@pytest.fixture
def pages(base: KnowledgeBase, write: Write) -> Iterator[KnowledgeBase]:
    write("a.txt", "左云县的网格员\n\n左云县有网格员51名。\n")
    base.add([write("b.txt", "兴县的食堂\n\n兴县有食堂52处，选举已经完成。\n").parent])
    yield base


def said(answer: Answer) -> Answer:
    """What does not depend on the clock or on how it was typed."""
    return replace(answer, question="", timing_ms={})


def test_the_same_core_gets_the_same_answer(pages: KnowledgeBase) -> None:
    bare = pages.ask("左云县有多少网格员")
    assert bare.answer == "左云县有网格员51名。"
    for front, back in zip(FRONTS, ([back for back in BACKS if back != "谢谢"] * 3)[: len(FRONTS)], strict=True):
        asked = f"{front}左云县有多少网格员{back}"
        answer = pages.ask(asked)
        assert said(answer) == said(bare), asked
        assert answer.question == asked
        assert answer.understood is None
    assert said(pages.ask("hi, please tell me how many 网格员 there are")) != said(bare)


def test_what_a_story_named_is_shown(pages: KnowledgeBase) -> None:
    answer = pages.ask("我家在左云县，想问一下有多少网格员")
    assert (answer.understood, answer.answer) == ("左云县有多少网格员", "左云县有网格员51名。")


def test_a_follow_up_may_be_polite_too(pages: KnowledgeBase) -> None:
    answer = pages.ask("好的，请问兴县呢？谢谢", after="你好，左云县有多少网格员？谢谢！")
    assert answer.understood == "兴县有多少网格员？"


@pytest.mark.parametrize("asked", ["请问", "您好，打扰一下", "急！", "你好，请问你是谁", "谢谢您了"])
def test_where_nothing_is_asked_wenju_says_what_can_be(pages: KnowledgeBase, asked: str) -> None:
    answer = pages.ask(asked)
    assert (answer.status, answer.was_searched) == ("not_found", False)
    assert "我只从收录的文档里找原文来回答" in (message_of(answer) or "")
