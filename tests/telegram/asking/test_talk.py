"""What people say beside asking: each is met as a person would meet it, and does not count as a question."""

import re
import time

import pytest

from retrieval.query.message.said import what_is_said
from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person

QUESTION = "左云县有多少网格员"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("谢谢", "thanks"), ("多謝您！", "thanks"), ("好的，谢谢啦", "thanks"), ("thanks a lot", "thanks"),
        ("你好", "hello"), ("您好呀~", "hello"), ("hi", "hello"), ("Good morning!", "hello"), ("在吗", "hello"),
        ("好的", "agreed"), ("嗯嗯", "agreed"), ("OK", "agreed"), ("收到", "agreed"), ("知道了 再见", "bye"),
        ("再说一遍", "again"), ("请再說一次", "again"), ("不对", "wrong"), ("你答错了", "wrong"), ("不對！", "wrong"),
        ("还有呢", "more"), ("還有嗎？", "more"), ("更多", "more"), ("谢谢，还有吗", "more"), ("more", "more"),
        ("为什么", "why"), ("為什麼？", "why"), ("Why?", "why"),
        (QUESTION, None), ("谢谢你告诉我，那兴县呢", None), ("不对外开放的有哪些", None), ("为什么停水", None),
        ("更多补贴给谁", None), ("行李怎么寄", None), ("错过报名怎么办", None), ("再说一遍申请条件", None),
        ("谢村有多少人", None), ("还有谁没交", None), ("", None), ("？", None),
    ],
)  # fmt: skip
def test_what_is_said_is_known_by_its_form(text: str, kind: str | None) -> None:
    assert what_is_said(text) == kind


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("你好", "您好"),
        ("hi", "您好"),
        ("再见", "再见"),
    ],
)
def test_kind_words_are_met_with_one_line_and_no_thumbs(person: Person, text: str, told: str) -> None:
    met = person.ask(text)
    assert told in met.text and "\n" not in met.text and not met.labels()


@pytest.mark.parametrize(
    ("text", "told"), [("谢谢", "不客气"), ("多谢！", "不客气"), ("好的", "好的"), ("嗯", "好的"), ("ok", "好的")]
)
def test_thanks_are_met_with_a_reaction_and_where_telegram_refuses_it_with_a_line(
    person: Person, telegram: FakeTelegram, text: str, told: str
) -> None:
    assert person.nodded_at(text) == "👍" and not person.received()
    telegram.trouble("setMessageReaction", "400")
    met = person.ask(text)
    assert told in met.text and "\n" not in met.text and not met.labels()


def test_a_reaction_that_does_not_come_through_is_tried_again(person: Person, telegram: FakeTelegram) -> None:
    telegram.trouble("setMessageReaction", "drop", times=2)
    assert person.nodded_at("谢谢") == "👍" and not person.received()


def test_what_is_no_question_is_not_counted(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper()
    anna, admin = Person(fake, USER), Person(fake, ADMIN)
    for text in ("你好", "给我讲个笑话", "再说一遍", "兴县呢"):
        met = anna.ask(text)
        assert not met.labels() and "🚫" not in met.text, text
    anna.nodded_at("好的，谢谢")
    assert "提问 0 个" in admin.ask("/stats").text
    anna.ask(QUESTION)
    anna.nodded_at("谢谢")
    for text in ("再说一遍", "为什么", "还有呢"):
        anna.ask(text)
    assert "提问 1 个（回答 1" in admin.ask("/stats").text


def test_the_last_answer_is_said_again_with_its_buttons(person: Person) -> None:
    first = person.ask(QUESTION)
    person.nodded_at("谢谢")
    again = person.ask("再说一遍")
    assert (again.text, again.labels()) == (first.text, first.labels()) and again.message_id != first.message_id
    person.press(again, "上下文 1")
    assert "左云县" in person.received()[-1].text


def test_a_wrong_answer_is_asked_for_its_reason(person: Person, admin: Person) -> None:
    question = f"青禾县有多少专职网格员{person.id}"
    person.ask(question)
    asked = person.ask("不对")
    assert asked.labels() == ["位置不对", "没有回答", "已经过时"]
    listed = admin.ask("/feedback").text
    assert f"{question}\n" in f"{listed}\n" and "👎" in listed, "noted before a reason is given"
    assert "谢谢" in (person.press(asked, "已经过时") or "")
    assert f"{question} · 已经过时" in admin.ask("/feedback").text


def test_more_and_why_are_about_the_last_answer(person: Person) -> None:
    answer = person.ask(QUESTION)
    assert "[2]" in person.ask("还有呢").text
    passage = person.ask("为什么")
    assert answer.body.of("b")[0] in passage.text and re.search(r"第\d+段，共\d+段", passage.text)
    follow = person.ask("青禾县呢")
    assert "青禾县" in follow.text.split("\n")[0], "the thread goes on after it"


def test_why_nothing_was_found(person: Person) -> None:
    person.ask("大同县有多少网格员")
    why = person.ask("为什么")
    assert "没有提到" in why.text and not why.labels()


@pytest.mark.parametrize("text", ["再说一遍", "不对", "还有吗", "more"])
def test_where_nothing_was_answered_yet_there_is_nothing_to_speak_of(person: Person, text: str) -> None:
    met = person.ask(text)
    assert "还没有回答过" in met.text and not met.labels()


@pytest.mark.parametrize("text", ["兴县呢", "那青禾县呢？", "多少钱", "为什么", "他是谁", "when?"])
def test_a_follow_up_with_nothing_before_it_is_asked_back(person: Person, text: str) -> None:
    met = person.ask(text)
    assert f"“{text}”" in met.text and "\n" not in met.text and not met.labels()


def test_what_was_forgotten_is_not_said_again(person: Person) -> None:
    person.ask(QUESTION)
    person.ask("/forget")
    assert "还没有回答过" in person.ask("再说一遍").text


def test_what_was_said_in_another_chat_stays_there(person: Person, group: int) -> None:
    person.ask(QUESTION)
    assert "还没有回答过" in person.within(group).ask("/ask 再说一遍").text


def test_in_a_group_it_is_about_the_answer_that_it_replies_to(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 8801, chat_id=group), Person(telegram, 8802, chat_id=group)
    first = anna.ask(f"/ask {QUESTION}")
    bela.ask("/ask 青禾县有多少专职网格员")
    assert "51名" in bela.ask("再说一遍", reply_to=first).text
    assert "172名" in bela.ask("/ask 再说一遍").text
    assert bela.nodded_at("谢谢", reply_to=first) == "👍"


def test_text_that_was_removed_does_not_come_back(person: Person, admin: Person) -> None:
    name = f"停航{person.id}.txt"
    text = f"武溪县渡口停航通告\n\n武溪县渡口因水位过低停航{person.id}天。\n"
    assert "已收录" in admin.reply_to(admin.send_file(name, text.encode())).text
    answer = person.ask("武溪县渡口停航多少天")
    assert f"{person.id}天" in answer.text
    admin.press(admin.ask(f"/remove {name}"), "移除")
    seen = len(person.received())
    for said in ("再说一遍", "还有呢", "为什么"):
        assert f"{person.id}天" not in person.ask(said).text
    if any("更多" in label for label in answer.labels()):
        assert "移除或更新" in (person.press(answer, "更多") or "")
    time.sleep(0.2)
    assert not any(f"{person.id}天" in message.text for message in person.received()[seen:])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我要转人工", "没有人工客服"), ("换个问题吧", "从头开始"), ("你能做什么", "/ask 加问题"),
        ("怎么使用", "/ask 加问题"), ("help", "/ask 加问题"), ("这里有什么", "现在收录"),
        ("what is in here", "现在收录"), ("真的吗", "“真的吗”接的是哪个问题"), ("没什么用", "还没有回答过"),
        ("接着说", "还没有回答过"),
    ],
)  # fmt: skip
def test_who_does_not_know_the_bot_yet_is_told_of_it(person: Person, text: str, told: str) -> None:
    met = person.ask(text)
    assert told in met.text and not any(mark in label for label in met.labels() for mark in "👍👎"), met.text


def test_what_is_said_in_parts_is_met_and_never_gone_on_from(person: Person) -> None:
    first = person.ask(QUESTION)
    assert person.nodded_at("明白了，感谢您的解答🙏") == "👍"
    assert not person.ask("转人工").labels()
    assert "[2]" in person.ask("请说详细一点").text
    assert first.body.of("b")[0] in person.ask("你确定吗？").text
    assert person.ask("你说得不对，应该是九十个").labels() == ["位置不对", "没有回答", "已经过时"]
    assert "青禾县" in person.ask("那青禾县呢").text.split("\n")[0]
    person.ask("换个话题")
    assert "前面还没有提问" in person.ask("那青禾县呢").text


def test_how_something_is_used_is_a_question_after_another(person: Person) -> None:
    person.ask(QUESTION)
    assert "/ask 加问题" not in person.ask("怎么用").text


def test_kind_words_do_not_use_up_the_questions_of_a_minute(fake: FakeTelegram, start_paper: StartBot) -> None:
    start_paper(TELEGRAM__USER_RATE="2")
    anna = Person(fake, USER)
    for text in ("您好", "再见啦", "转人工", "接着说"):
        assert "太快" not in anna.ask(text).text
    for _ in range(2):
        assert "太快" not in anna.ask(QUESTION).text
    assert anna.nodded_at("谢谢") == "👍" and "太快" in anna.ask(QUESTION).text
