"""Feeding the bot: what becomes of files is told in one message, and nobody waits for long."""

from email.message import EmailMessage

from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person, notice, texts_of
from tests.telegram.running import RunningBot

LONG = "".join(f"第{n}条 红石县第{n}村有果园{n + 3}亩，由村委会统一管理，每年十月验收。\n" for n in range(2200))


def test_one_message_tells_from_the_beginning_to_the_end(fake: FakeTelegram, chief: Person) -> None:
    told = chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    assert told.text == "✅ 《白水.txt》已收录：1 个段落，现在就能查。"
    assert texts_of(fake, told)[0] == "收到，正在读《白水.txt》…" and len(chief.received()) == 1
    assert told.labels() == ["移除", "看看", "问一句"]


def test_below_the_report_it_is_looked_at_asked_in_and_removed(fake: FakeTelegram, chief: Person) -> None:
    chief.reply_to(chief.send_file("黑水.txt", notice("黑水县", 33)))
    told = chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    chief.press(told, "看看")
    assert "白水县现有供销社47家" in chief.received()[-1].text and "第1段" in chief.received()[-1].text
    chief.press(told, "问一句")
    asked = chief.received()[-1]
    assert "只查《" in asked.text and asked.forces_reply
    answer = chief.ask("有多少家供销社", reply_to=asked)
    assert "只查《" in answer.text and "47家" in answer.text and "33家" not in answer.text
    assert "47家" in chief.ask("有多少家供销社", reply_to=told).text, "the report itself is replied to as well"
    stranger = Person(fake, USER, chat_id=ADMIN)
    assert "管理员" in (stranger.press(told, "移除") or "")
    chief.press(told, "移除")
    question = chief.received()[-1]
    assert "要移除《白水.txt》吗" in question.text
    chief.press(question, "移除")
    assert "已移除" in question.text
    assert "移除或更新" in (chief.press(told, "看看") or "")


def test_what_became_of_a_file_is_told_when_the_line_is_there_again(fake: FakeTelegram, bot: RunningBot) -> None:
    chief = Person(fake, ADMIN)
    letter = EmailMessage()
    letter["Subject"] = "白水县来信"
    letter.set_content("白水县现有供销社47家，周末不休息。")
    letter.add_attachment(b"\x00", "application", "octet-stream", filename="另附.bin")
    fake.trouble("editMessageText", "502", times=8)
    sent = chief.send_file("来信.eml", letter.as_bytes())
    fake.wait(lambda: len(fake.of("editMessageText")) >= 5)
    bot.kill()
    fake.troubles.clear()
    fetched = len(fake.of("getFile"))
    bot.start()
    told = chief.reply_to(sent, 60).text
    assert "《来信.eml》已收录" in told and "⚠️ 附件没有收录" in told
    assert fetched == 1 == len(fake.of("getFile")), "it is not read again"


def test_a_large_file_tells_how_far_it_is_and_holds_up_no_small_one(
    fake: FakeTelegram, start_empty: StartBot
) -> None:
    start_empty(1.5)
    chief = Person(fake, ADMIN)
    large = chief.send_file("红石县果园.txt", LONG.encode())
    fake.wait(lambda: fake.replies(ADMIN, large))
    small = chief.send_file("白水.txt", notice("白水县", 47))
    assert "已收录" in chief.reply_to(small, 60).text
    assert not chief.settled(large), "it was before, and is read still"
    told = chief.reply_to(large, 300)
    assert "已收录" in told.text and any("已读" in text for text in texts_of(fake, told))


def test_of_two_files_of_one_name_the_later_one_stays(chief: Person) -> None:
    large = chief.send_file("果园.txt", LONG[:90_000].encode())
    small = chief.send_file("果园.txt", notice("白水县", 47))
    assert "已更新" in chief.reply_to(small, 300).text and "已收录" in chief.reply_to(large).text
    assert "47家" in chief.ask("白水县有多少家供销社").text


def test_a_version_that_was_sent_before_replaces_no_newer_one(fake: FakeTelegram, start_empty: StartBot) -> None:
    start_empty(1.5)
    chief = Person(fake, ADMIN)
    album = chief.send_album({"红石县果园.txt": LONG.encode(), "通知.txt": notice("白水县", 33)})
    fake.wait(lambda: fake.replies(ADMIN, album[0]))
    newer = chief.send_file("通知.txt", notice("白水县", 47))
    assert "已收录" in chief.reply_to(newer, 60).text and not chief.settled(album[0]), "the album is read still"
    told = chief.reply_to(album[0], 300).text
    assert "《红石县果园.txt》已收录" in told
    assert told.endswith("《通知.txt》之后又收到了新的一份，没有替换。")
    assert "47家" in chief.ask("白水县有多少家供销社").text
    again = chief.send_file("通知.txt", notice("白水县", 33))
    assert "已更新" in chief.reply_to(again, 60).text, "sent again it is the newest"


def test_of_many_files_that_wait_few_are_told_before_their_turn(fake: FakeTelegram, start_empty: StartBot) -> None:
    start_empty(1.5, TELEGRAM__ADD_SECONDS="6")
    chief = Person(fake, ADMIN)
    sent = [chief.send_file(f"{n}.txt", notice(f"甲{n}县", 40 + n)) for n in range(7)]
    fake.wait(lambda: next(filter(None, map(chief.settled, sent)), None), 60)
    assert 4 <= len(chief.received()) <= 5 and len(fake.of("sendChatAction")) < 7
    assert all("已收录" in chief.reply_to(number, 60).text for number in sent)
    assert all(len(fake.replies(ADMIN, number)) == 1 for number in sent[4:]), "nobody was kept waiting"


def test_in_a_group_progress_is_told_seldom_and_holds_up_nothing_when_telegram_has_enough(
    fake: FakeTelegram, start_empty: StartBot
) -> None:
    start_empty(4)  # three times: what is told after ten seconds is how much was read in the first
    group = Person(fake, ADMIN, chat_id=-100558)
    fake.trouble("editMessageText", "429", seconds=20)
    sent = group.send_file("红石县果园.txt", LONG[:60_000].encode(), caption="/add")
    (begun,) = fake.wait(lambda: fake.replies(group.chat_id, sent))
    fake.wait(lambda: fake.of("editMessageText"), 60)
    refused = fake.of("editMessageText")[0].at
    assert "收到" in begun.text and refused - begun.at > 9
    Person(fake, ADMIN).ask("/help", seconds=10)
    assert "已收录" in group.reply_to(sent, 300).text


def test_removing_by_a_part_of_the_name_or_in_reply(chief: Person) -> None:
    for county in ("甲水县", "乙水县", "丙山县"):
        sent = chief.send_file(f"{county}通知.txt", notice(county, 40))
        told = chief.reply_to(sent)
    assert "要移除《丙山县通知.txt》吗" in chief.ask("/remove 丙山").text
    several = chief.ask("/remove 水县 通知")
    assert "2 篇" in several.text and set(several.labels()) == {"甲水县通知.txt", "乙水县通知.txt"}
    chief.press(several, "乙水县")
    assert "要移除《乙水县通知.txt》吗" in chief.received()[-1].text
    file = {"message_id": sent, "date": 1, "chat": chief.chat, "from": chief.user}
    for replied in (told, file):
        assert "要移除《丙山县通知.txt》吗" in chief.ask("/remove", reply_to=replied).text
    assert "没有叫" in chief.ask("/remove 丁县").text


def test_the_list_has_pages_newest_first_and_is_searched(fake: FakeTelegram, chief: Person) -> None:
    dated = {
        f"通知{n}.md": f"---\ntitle: 第{n}号通知\ndate: 2026-01-{n:02}\n---\n\n第{n}村有井{n}口。\n".encode()
        for n in range(1, 22)
    }
    sent = chief.send_album({**dated, "青禾县.txt": notice("青禾县", 47)})
    fake.wait(lambda: next(filter(None, map(chief.settled, sent)), None), 120)
    listed = chief.ask("/sources")
    lines = listed.text.split("\n")
    assert "22 篇文档" in lines[0] and "第 1/2 页" in lines[0]
    assert "第21号通知" in lines[1] and "2026-01-21" in lines[1] and "通知21.md" in lines[1]
    chief.press(listed, "▶️")
    assert "第 2/2 页" in listed.text and "青禾县" in listed.text.split("\n")[-1]
    found = chief.ask("/sources 青禾")
    assert "“青禾”的文档 1 篇（第 1/1 页）" in found.text and not found.labels()
    payload = found.body.links()[0].partition("?start=")[2]
    assert "青禾县现有供销社47家" in chief.ask(f"/start {payload}").text, "a title opens"
    many = chief.ask("/sources 号通知")
    chief.press(many, "▶️")
    assert "“号通知”的文档 21 篇（第 2/2 页）" in many.text and many.text.endswith("1 段）")
    assert "没有" in chief.ask("/sources 没有这个").text
    spelled = "第 号 通 知 号通 通知 号通知 第 号 通 知"  # more than a button holds
    assert "没有" in chief.ask(f"/sources {spelled} 没有这个").text
    for last, count in (("md", 21), ("21", 1)):
        assert f"的文档 {count} 篇" in chief.ask(f"/sources {spelled} {last}").text
    many = chief.ask(f"/sources {spelled} md")
    chief.press(many, "▶️")
    assert f"“{spelled} md”的文档 21 篇（第 2/2 页）" in many.text


def test_what_takes_long_ends_in_a_message_of_its_own(fake: FakeTelegram, start_empty: StartBot) -> None:
    """An edit makes no sound, and who waited long has looked away."""
    start_empty(TELEGRAM__ADD_SECONDS="0.01")
    chief = Person(fake, ADMIN)
    number = chief.send_file("白水.txt", notice("白水县", 47))
    told = chief.reply_to(number)
    assert "已收录" in told.text and len(fake.replies(ADMIN, number)) == 2 and told.edits == 0
    assert "要移除《白水.txt》吗" in chief.ask("/remove", reply_to=told).text
