"""What people say beside asking is known by its form, in whatever parts it comes; whatever else stands in the message
makes a question of it."""

import time

import pytest

from bot.message import Ask, answered, is_met, met, separate_questions
from config.example import EXAMPLE
from retrieval.errors import QuestionError
from retrieval.reasons import Reason
from retrieval.service import thread_of, what_is_said
from retrieval.types import Answer

SAID = {
    "thanks": (
        "感谢您的耐心解答", "多谢你们的帮助！", "您辛苦了", "谢谢各位领导", "明白了谢谢🙏", "答得真好", "你真厉害",
        "太好了！谢谢", "很有帮助，多谢啦", "🌹🌹", "ok谢谢", "thank you for your help", "great, thanks!",
        "that is very helpful", "你真厲害",
    ),
    "hello": (
        "老师您好", "你好呀，问据", "有人吗", "hi all", "Hello again!",
    ),
    "bye": (
        "先这样吧", "拜拜啦👋", "see you later",
    ),
    "agreed": (
        "收到👌", "没关系的", "不用了，就这样", "我知道了", "对的", "no, thanks", "never mind", "yes",
    ),
    "wrong": (
        "你说得不对", "这个数字有误", "不对吧，应该是八十个", "没什么用", "不是我要问的", "答错啦😡",
        "没有回答我的问题", "that's not correct", "not what I meant", "nope",
    ),
    "again": (
        "麻烦再讲一次好吗", "请把刚才的答案再发一遍", "你刚才说什么", "重複一下", "could you say that again please",
    ),
    "more": (
        "接着说", "下一条", "请说得具体一点", "能再详细些吗", "还有其他的吗", "continue", "more details please",
        "what else", "繼續",
    ),
    "why": (
        "你肯定吗", "真的假的？", "没看明白", "聽不懂", "是真的吗", "are you sure?", "I don't understand",
        "你说得对不对",
    ),
    "help": (
        "使用说明", "怎么提问", "问据怎么用？", "你会做什么", "求助", "help me please", "what can you do",
    ),
    "how": (
        "如何使用", "这个怎么操作？", "how does it work",
    ),
    "contents": (
        "这里有些什么内容？", "可以问哪些", "what's in here?",
    ),
    "new": (
        "换个问题吧", "我想问点别的", "從頭開始", "重新开始", "another topic",
    ),
    "person": (
        "我要找人工客服", "能转接真人吗", "人工服务", "不对，转人工", "can I talk to a human?",
    ),
}  # fmt: skip
QUESTIONS = (
    "谢谢，那渡口几点收班", "谢谢你们的帮助热线是多少", "医疗帮助怎么申请", "下一个站台在哪", "继续教育要多少学时",
    "人工湖有多深", "转人工费怎么算", "真人秀在哪里报名", "不对外营业的有哪些", "不用交钱吗", "没用完的额度怎么退",
    "应该是60吗", "不对，应该是多少", "确定低保的标准", "保证金多少", "怎么用电最省", "如何使用医保卡",
    "重新开始供水是哪天", "换个驾照要什么", "详细地址", "有用吗", "管理员", "工作人员", "😂", "", "no.3", "nope村",
    "不对，我问的是青禾县", "错了，是问青禾县的", "不是左云县，是青禾县", "no, I meant Qinghe County",
    "more than 60", "next bus", "human rights", "help centre",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_what_is_said_in_parts(kind: str, text: str) -> None:
    assert what_is_said(text) == kind


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_asks_stays_a_question(text: str) -> None:
    assert what_is_said(text) is None
    assert met(text) is None


@pytest.mark.parametrize("part", ["谢谢", "请能可以", "再更", "太很", "哈", "这个刚才", "help ", "、", "😂"])
def test_however_often_it_is_said_it_is_known_at_once(part: str) -> None:
    began = time.perf_counter()
    what_is_said(part * 40 + "甲")
    what_is_said(part * 4000)
    assert time.perf_counter() - began < 0.5


def test_what_greets_among_questions_is_left_out() -> None:
    asked = ["甲县有多少网格员？", "乙县呢？"]
    assert separate_questions(f"您辛苦了！{''.join(asked)}在吗？") == [f"您辛苦了！{asked[0]}", asked[1]]
    assert separate_questions("谢谢老师") == ["谢谢老师"]


def asker(asked: list[tuple[str, str | None]]) -> Ask:
    def ask(question: str, *, after: str | None = None) -> Answer:
        asked.append((question, after))
        return Answer(question, "not_found", 0.0, Reason("no_answer", "zh"), None, (), (), {"search": 1.0})

    return ask


def test_each_question_of_a_message_goes_on_from_the_one_before() -> None:
    asked: list[tuple[str, str | None]] = []
    first, second = "甲县有多少网格员？", "乙县呢？"
    told = answered(asker(asked), first + second, "丙县有多少网格员")
    assert asked == [(first, "丙县有多少网格员"), (second, first)]
    assert [answer.question for answer in told] == [first, second]
    with pytest.raises(QuestionError):
        answered(asker(asked), f"{first}{'长' * 1000}？")


def test_what_is_no_question_is_met_without_asking() -> None:
    asked: list[tuple[str, str | None]] = []
    for text, code, topic in (
        ("感谢解答", "said_thanks", None), ("转人工", "said_person", None), ("答错了", "said_wrong", None),
        ("再说一次", "of_last", "again"), ("还有吗", "of_last", "more"), ("你确定吗", "of_last", "why"),
    ):  # fmt: skip
        (told,) = answered(asker(asked), text, EXAMPLE)
        assert told.reason == Reason(code, "zh", topic=topic)  # type: ignore[arg-type]
        assert is_met(told) and not told.was_searched and thread_of(told) is None
    assert not asked
    assert met("thx").reason.language == "en"  # type: ignore[union-attr]


def test_how_something_is_used_is_asked_of_what_was_spoken_of() -> None:
    asked: list[tuple[str, str | None]] = []
    assert is_met(*answered(asker(asked), "怎么用")) and not asked
    answered(asker(asked), "怎么用", "医保卡在哪里领")
    assert asked == [("怎么用", "医保卡在哪里领")]


def test_who_asks_what_is_in_here_is_told_of_the_library() -> None:
    asked: list[tuple[str, str | None]] = []
    (told,) = answered(asker(asked), "这里有什么")
    assert asked == [("收录了哪些文件", None)] and not is_met(told)
