"""What people do with the bot: ask, look closer, go on, judge; alone, in groups, and inline."""

import json
from typing import Any

import pytest

from retrieval.samples import SAMPLES
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.strict import utf16

QUESTION = "左云县专职网格员有多少名"


def test_an_answer_is_one_message_with_its_evidence(person: Person) -> None:
    asked = person.say(QUESTION)
    answer = person.reply_to(asked)
    assert len(person.received()) == 1
    headline = answer.text.split("\n")[0]
    assert "51名" in headline and answer.body.of("b")[0] in headline
    assert answer.body.of("u") == ["51名"], "the figure that was asked for"
    (passage,) = answer.body.of("blockquote")
    first = answer.body.of("b")[0]
    assert first in passage and answer.body.of("b").count(first) == 2, "it is marked inside its passage too"
    assert "[1] " in answer.text and "[2]" not in answer.text and len(answer.text) <= 450
    assert "2026-06-30" in answer.text and ".md" in answer.text
    assert not any(county in answer.text for county in ("青禾县", "云溪县", "岚谷县")), "of another place is nothing"


def test_typing_is_shown_while_it_works(telegram: FakeTelegram, person: Person) -> None:
    person.ask(QUESTION)
    chats = [call.values["chat_id"] for call in telegram.of("sendChatAction")]
    assert str(person.chat_id) in chats


def test_a_page_with_an_address_is_linked_to_the_sentence(person: Person) -> None:
    answer = person.ask(QUESTION)
    source = answer.button("原文")
    assert source["url"].startswith("https://example.org/news/2026/zuoyun-wangge.html#:~:text=")
    assert source["url"] in answer.body.links()


def test_refusals_look_different_from_answers(person: Person) -> None:
    refused = person.ask("大同县有多少网格员")
    assert refused.text.startswith("🚫") and "大同县" in refused.text
    assert not refused.body.of("blockquote") and refused.labels() == ["👍", "👎"]


def test_what_is_in_the_library_is_told_with_its_titles(person: Person) -> None:
    answer = person.ask("有没有关于转场的文件")
    assert answer.text.startswith("标题提到“转场”的文件有1份。")
    assert "转场" in answer.body.of("b")[0] and "[1] " in answer.text


def test_more_shows_what_was_not_shown(person: Person) -> None:
    answer = person.ask(QUESTION)
    person.press(answer, "更多段落")
    more = person.received()[-1]
    assert more.reply_to == answer.message_id and "[1]" not in more.text
    here, _, elsewhere = more.text.partition("别的地方的段落")
    assert "[2]" in here and "左云县网格员队伍.md" not in more.text and "[4]" in elsewhere
    person.press(more, "上下文 4")
    assert person.received()[-1].reply_to == more.message_id


def test_context_leafs_through_the_document(person: Person) -> None:
    answer = person.ask("岚谷县长者食堂的午餐多少钱")
    person.press(answer, "上下文 1")
    context = person.received()[-1]
    assert answer.body.of("b")[0] in context.text and ("第1段" in context.text or "第2段" in context.text)
    direction, back = ("下一段", "上一段") if "第1段" in context.text else ("上一段", "下一段")
    first = context.text
    person.press(context, direction)
    second = context.text
    assert second != first and context.edits == 1 and len(person.received()) == 2
    person.press(context, back)
    assert context.text.split("\n")[:2] == first.split("\n")[:2]


def test_the_quotation_is_copied_with_its_source(person: Person) -> None:
    answer = person.ask(QUESTION)
    copied = answer.button("复制引文")["copy_text"]["text"]
    assert answer.body.of("b")[0] in copied and "左云县网格员队伍.md" in copied and utf16(copied) <= 256


def test_the_original_file_is_sent_as_it_is(person: Person, telegram: FakeTelegram) -> None:
    answer = person.ask("兴县村社区党组织换届后书记平均年龄多大")
    person.press(answer, "📄 原文")
    sent = telegram.wait(lambda: [message for message in person.received() if message.file_name])[0]
    assert sent.file == (SAMPLES / sent.file_name).read_bytes() and sent.reply_to == answer.message_id


def test_a_button_answers_though_telegram_refuses_the_file(person: Person, telegram: FakeTelegram) -> None:
    answer = person.ask("兴县村社区党组织换届后书记平均年龄多大")
    telegram.trouble("sendDocument", "400")
    assert "没有让我发出来" in (person.press(answer, "📄 原文") or "")
    assert person.press(answer, "📄 原文") is None and person.received()[-1].file_name


def test_a_follow_up_goes_on_and_new_forgets(person: Person) -> None:
    person.ask("青禾县有多少专职网格员")
    follow = person.ask("云溪县呢")
    assert "云溪县" in follow.text.split("\n")[0] and "226名" in follow.text
    person.nodded_at("谢谢")
    assert "226名" not in person.ask("青禾县呢").text.split("[1]")[0] and "青禾县" in person.received()[-1].text
    assert "从头开始" in person.ask("/new").text
    alone = person.ask("岚谷县呢")
    assert "理解为" not in alone.text


def test_threads_of_a_group_do_not_mix(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 8101, chat_id=group), Person(telegram, 8102, chat_id=group)
    anna.ask("/ask 青禾县有多少专职网格员")
    bela.ask("/ask 临河镇志愿服务积分可以换什么")
    assert "专职网格员" in anna.ask("/ask 云溪县呢").text.split("\n")[0]


def test_threads_of_a_forum_do_not_mix_its_topics(telegram: FakeTelegram, group: int) -> None:
    here, there = (Person(telegram, 8103, chat_id=group, topic=topic) for topic in (2, 3))
    asked = here.ask("/ask 青禾县有多少专职网格员")
    there.ask("/ask 临河镇志愿服务积分可以换什么")
    follow = here.ask("/ask 云溪县呢")
    assert "专职网格员" in follow.text.split("\n")[0] and (asked.topic, follow.topic) == (2, 2)
    assert "积分" in there.ask("/ask 再说一遍").text, "nor is the last answer that of another topic"
    there.ask("/new")
    assert "前面还没有提问" in there.ask("/ask 岚谷县呢").text
    assert "专职网格员" in here.ask("/ask 岚谷县呢").text


def test_an_edited_question_updates_its_answer(person: Person, telegram: FakeTelegram) -> None:
    number = person.say("青禾县有多少专职网格员")
    answer = person.reply_to(number)
    assert "172名" in answer.text
    person.edit(number, "云溪县有多少专职网格员")
    telegram.wait(lambda: answer.edits == 1)
    assert "226名" in answer.text.split("[1]")[0] and len(person.received()) == 1
    person.press(answer, "上下文 1")
    assert "云溪县" in person.received()[-1].text, "the buttons speak of the new answer"


def test_an_edited_question_whose_answer_was_deleted_is_answered_anew(person: Person, telegram: FakeTelegram) -> None:
    number = person.say("青禾县有多少专职网格员")
    telegram.sent.remove(person.reply_to(number))
    person.edit(number, "云溪县有多少专职网格员")
    again = person.reply_to(number)
    assert "226名" in again.text
    person.press(again, "上下文 1")
    assert telegram.complaints.pop().endswith("message to edit not found")


def test_a_reply_to_a_passage_asks_within_its_document(person: Person) -> None:
    answer = person.ask("四县的网格员数字对照")
    person.press(answer, "上下文 1")
    context = person.received()[-1]
    name = next(part for part in context.text.split("\n")[1].split(" · ") if "." in part)
    narrowed = person.ask("老年人免费体检什么时候开始", reply_to=context)
    assert narrowed.text.startswith("只查《")
    assert all(line.startswith(name) for line in narrowed.text.split("\n") if line.endswith((".md", ".txt", ".html")))
    before = narrowed.text
    person.press(narrowed, "查全部文档")
    assert narrowed.text != before and not narrowed.text.startswith("只查")
    assert "查全部" not in "".join(narrowed.labels())


def test_feedback_counts_once_for_each_user(person: Person, admin: Person) -> None:
    answer = person.ask(QUESTION)
    assert "谢谢" in (person.press(answer, "👍") or "")
    assert "原因" in (person.press(answer, "👎") or "")
    assert "没有回答" in answer.labels()
    assert "谢谢" in (person.press(answer, "没有回答") or "")
    listed = admin.ask("/feedback").text
    assert f"👎 {QUESTION}"[2:] in listed and "没有回答" in listed and listed.count(QUESTION) == 1


def test_a_deep_link_shows_the_passage(person: Person) -> None:
    answer = person.ask(QUESTION)
    link = answer.body.links()[0]
    payload = link.partition("?start=")[2]
    assert link.startswith("https://t.me/WenjuTestBot?start=p_") and len(payload) <= 64
    shown = person.ask(f"/start {payload}")
    assert answer.body.of("blockquote")[0].strip("…") in shown.text
    assert answer.body.of("b")[0] in shown.body.of("b"), "what was quoted is marked there"
    made_up = person.ask(f"/start {payload[:24]}_9-999999")
    assert made_up.text == shown.text and answer.body.of("b")[0] not in made_up.body.of("b")
    assert "移除或更新" in person.ask("/start p_AAAAAAAAAAAAAAAAAAAAAA").text


def test_start_help_about_and_sources(person: Person) -> None:
    assert "问据" in person.ask("/start").text
    assert "@WenjuTestBot" in person.ask("/help").text and "管理员：" not in person.received()[-1].text
    assert "20 篇文档" in person.ask("/about").text
    assert "左云县" in person.ask("/sources").text


def test_english_for_those_who_speak_it(telegram: FakeTelegram) -> None:
    reader = Person(telegram, 8201, "en")
    answer = reader.ask(QUESTION)
    assert "51名" in answer.text and "👍" in answer.labels() and "➕ More passages" in answer.labels()
    assert "Ask" in reader.ask("/start").text
    unknown = Person(telegram, 8202, None)
    assert "您好" in unknown.ask("/start").text


def test_menus_by_scope_and_language(telegram: FakeTelegram) -> None:
    assert {"default:", "default:zh", "all_group_chats:", "all_group_chats:zh"} <= telegram.menus.keys()
    names = {command["command"] for command in telegram.menus["default:zh"]}
    assert names == {"ask", "sources", "new", "language", "forget", "help", "about"}
    assert telegram.menus["default:zh"][0]["description"] == "提问"


def test_inline_offers_passages_to_send(person: Person) -> None:
    offered = person.type_inline(QUESTION)
    assert 1 <= len(offered) <= 5 and "51名" in offered[0]["title"]
    content = offered[0]["formatted"]
    assert "51名" in content.text and content.of("blockquote") and content.links()
    assert person.type_inline("") == []


def test_inline_answers_what_was_typed_last(person: Person, telegram: FakeTelegram) -> None:
    typed = [f"typed{telegram.number()}" for _ in range(9)]
    for length, query in enumerate(typed, start=1):
        content = {"id": query, "from": person.user, "query": QUESTION[:length], "offset": ""}
        telegram.deliver("inline_query", content)
    telegram.wait(lambda: typed[-1] in telegram.inline)
    assert len(telegram.inline.keys() & set(typed)) < len(typed)


# -- groups ------------------------------------------------------------------------------------------------------


def test_a_group_is_answered_when_it_asks_and_never_else(telegram: FakeTelegram, group: int) -> None:
    anna = Person(telegram, 8301, chat_id=group)
    silent = [
        anna.say(text)
        for text in (
            QUESTION,
            "@OtherBot 左云县",
            "/ask@OtherBot 左云县",
            "/weather 左云县",
            "me@WenjuTestBot.example",
        )
    ]
    silent.append(anna.send(sticker={"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1,
                                     "is_animated": False, "is_video": False, "type": "regular"}))  # fmt: skip
    for text in (f"/ask {QUESTION}", f"/ask@WenjuTestBot {QUESTION}", f"@WenjuTestBot {QUESTION}",
                 f"{QUESTION} @wenjutestbot"):  # fmt: skip
        assert "51名" in anna.ask(text).text
    again = anna.ask("青禾县呢", reply_to=anna.received()[-1])
    assert "青禾县" in again.text
    assert not any(telegram.replies(group, number) for number in silent)


def test_a_post_of_the_channel_in_its_discussion_group_is_left_alone(telegram: FakeTelegram, group: int) -> None:
    anna, channel = Person(telegram, 8303, chat_id=group), {"id": -100778, "type": "channel", "title": "网格报"}
    origin = {"type": "channel", "chat": channel, "message_id": 5, "date": 1}
    posted: dict[str, Any] = {"sender_chat": channel, "is_automatic_forward": True, "forward_origin": origin}
    silent = anna.send(text=f"@WenjuTestBot {QUESTION}", **posted)
    post = anna.message(text="本周通知", **posted)
    assert "51名" in anna.ask(f"@WenjuTestBot {QUESTION}", reply_to=post).text, "a comment below it is a question"
    assert not telegram.replies(group, silent)


def test_in_a_group_an_answer_is_short(telegram: FakeTelegram, group: int) -> None:
    answer = Person(telegram, 8302, chat_id=group).ask(f"/ask {QUESTION}")
    assert "51名" in answer.text.split("\n")[0]
    assert "左云县网格员队伍.md" in answer.text and "2026-06-30" in answer.text
    assert not answer.body.of("blockquote") and answer.labels() == ["🔍 上下文 1", "➕ 更多段落"]


def test_ask_in_reply_to_somebody_asks_what_they_wrote(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 8401, chat_id=group), Person(telegram, 8402, chat_id=group)
    question = anna.message(text=QUESTION)
    assert "51名" in bela.ask("/ask", reply_to=question).text


def test_a_follow_up_goes_on_from_the_answer_it_replies_to_and_asks_everywhere(
    telegram: FakeTelegram, group: int
) -> None:
    anna, bela = Person(telegram, 8403, chat_id=group), Person(telegram, 8404, chat_id=group)
    answer = anna.ask(f"/ask {QUESTION}")
    bela.ask("/ask 老年人免费体检什么时候开始")
    followed = bela.ask("那兴县呢", reply_to=answer)
    assert "理解为：兴县专职网格员" in followed.text and not followed.text.startswith("只查"), "whoever asked it"
    anna.press(answer, "上下文 1")
    assert bela.ask("那兴县呢", reply_to=anna.received()[-1]).text.startswith("只查"), (
        "of a passage within its document"
    )


def test_anyone_in_the_group_may_look_closer(telegram: FakeTelegram, group: int) -> None:
    anna, bela = Person(telegram, 8501, chat_id=group), Person(telegram, 8502, chat_id=group)
    answer = anna.ask(f"/ask {QUESTION}")
    bela.press(answer, "上下文 1")
    assert "第" in bela.received()[-1].text
    bela.press(answer, "更多")
    assert "[4]" in bela.received()[-1].text


def test_only_who_asked_has_another_answer_put_in_the_place_of_the_first(telegram: FakeTelegram, group: int) -> None:
    """What was thought of the first goes with it."""
    anna, bela = Person(telegram, 8503, chat_id=group), Person(telegram, 8504, chat_id=group)
    anna.press(anna.ask("/ask 四县的网格员数字对照"), "上下文 1")
    narrowed = anna.ask("老年人免费体检什么时候开始", reply_to=anna.received()[-1])
    before = narrowed.text
    assert "提问的人" in (bela.press(narrowed, "查全部文档") or "")
    assert narrowed.text == before and narrowed.edits == 0
    assert anna.press(narrowed, "查全部文档") is None
    assert narrowed.edits == 1 and not narrowed.text.startswith("只查")


def test_a_button_of_another_chat_shows_nothing(telegram: FakeTelegram, person: Person) -> None:
    """The number of an answer can be guessed; what strangers asked stays theirs."""
    answer = person.ask(QUESTION)
    data = answer.button("更多")["callback_data"]
    stranger = Person(telegram, 8601)
    own = stranger.ask("青禾县有多少网格员")
    assert "失效" in (stranger.press_data(own, data) or "")
    assert len(stranger.received()) == 1


def test_data_that_no_button_of_the_message_has_changes_nothing(person: Person, telegram: FakeTelegram) -> None:
    """Programs other than Telegram's own can send any data for any message."""
    answer = person.ask(QUESTION)
    before = answer.text
    passage = answer.body.links()[0].partition("p_")[2]
    for data in ("v1:s:0", f"v1:p:{passage}", "v1:a:1"):
        assert "失效" in (Person(telegram, 8602, chat_id=person.chat_id).press_data(answer, data) or "")
    assert answer.text == before and answer.edits == 0


def test_the_bot_greets_a_group_that_it_is_put_into(telegram: FakeTelegram, group: int) -> None:
    anna = Person(telegram, 8701, chat_id=group)
    bot = json.loads(json.dumps({"id": 123456789, "is_bot": True, "first_name": "问据", "username": "WenjuTestBot"}))
    change = {"chat": anna.chat, "from": anna.user, "date": 1}
    change |= {
        "old_chat_member": {"status": "left", "user": bot},
        "new_chat_member": {"status": "member", "user": bot},
    }
    telegram.deliver("my_chat_member", change)
    assert "/ask" in anna.next_message(0).text


@pytest.mark.parametrize(
    "data", ["v1:m:999999999", "v1:c:x:y", "v0:m:1", "", "v1:zz:1", "v1:p:", "v1:m:١", "'; DROP"]
)
def test_old_and_made_up_buttons_are_met_with_a_notice(person: Person, data: str) -> None:
    answer = person.ask("你好")
    if data:
        notice = person.press_data(answer, data)
        assert notice is not None and "重新提问" in notice
