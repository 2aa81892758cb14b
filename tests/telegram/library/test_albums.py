"""Albums of files: each is one thing, told in one message, also in a group and after a kill."""

import time

import pytest

from tests.telegram.conftest import ADMIN, USER
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person, notice, texts_of
from tests.telegram.running import RunningBot

PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
SIX = {f"{name}县通知.txt": notice(f"{name}县", 40 + n) for n, name in enumerate("甲乙丙丁戊己")}


def test_an_album_is_one_thing(fake: FakeTelegram, chief: Person) -> None:
    sent = chief.send_album(SIX)
    told = fake.wait(lambda: next(filter(None, map(chief.settled, sent)), None), 60)
    assert told.text.count("✅") == 6 and len(chief.received()) == 1 and told.reply_to == sent[0]
    assert "收到，正在读 1/6：《甲县通知.txt》…" in texts_of(fake, told)[0]
    chief.press(told, "移除")
    choice = chief.received()[-1]
    assert "6 篇" in choice.text and choice.labels() == list(SIX)
    chief.press(choice, "丙县")
    chief.press(chief.received()[-1], "移除")
    assert "《丙县通知.txt》已移除" in chief.received()[-1].text
    chief.press(told, "看看")
    assert chief.received()[-1].labels() == [name for name in SIX if "丙" not in name]


@pytest.mark.parametrize("at", [0, 3])
def test_of_an_album_in_a_group_all_files_are_added(fake: FakeTelegram, chief: Person, at: int) -> None:
    group, member = Person(fake, ADMIN, chat_id=-100555), Person(fake, USER, chat_id=-100555)
    silent = group.send_album({"闲聊.txt": notice("闲县", 1), "闲谈.txt": notice("谈县", 2)})
    theirs = member.send_album({"别的.txt": notice("别县", 3), "他的.txt": notice("他县", 4)}, caption="/add")
    sent = group.send_album(SIX, caption="/add", at=at)
    told = fake.wait(lambda: next(filter(None, map(group.settled, sent)), None), 60)
    assert told.text.count("✅") == 6
    refused = fake.wait(lambda: next(filter(None, map(member.settled, theirs)), None))
    assert "只有管理员" in refused.text
    assert len(group.received()) == 2 and not any(fake.replies(-100555, number) for number in silent)
    assert "6 篇文档" in chief.ask("/sources").text


def test_where_the_group_hides_the_others_it_is_said(bot: RunningBot) -> None:
    """Telegram shows a bot that is no administrator of the group only what speaks to it."""
    group = Person(bot.fake, ADMIN, chat_id=-100556)
    (sent,) = group.send_album({"甲.txt": notice("甲县", 41)}, caption="/add")
    told = group.reply_to(sent)
    assert "已收录" in told.text and "只收到这 1 个" in told.text


def test_an_album_is_read_after_a_kill_and_told_where_it_was_begun(fake: FakeTelegram, bot: RunningBot) -> None:
    chief = Person(fake, ADMIN)
    sent = chief.send_album(SIX)
    fake.wait(lambda: fake.of("getFile"))
    bot.kill()
    bot.start()
    told = fake.wait(lambda: next(filter(None, map(chief.settled, sent)), None), 60)
    assert told.text.count("《") == 6 and len(chief.received()) == 1
    assert told.text.count("✅") >= 5, "but for the one that was being read, all are new"
    fake.wait(lambda: fake.confirmed >= fake.updates[-1]["update_id"] if fake.updates else True)
    bot.terminate()
    bot.start()
    chief.ask("/new")
    assert len(chief.received()) == 2, "nothing of it is told again"
    fake.complaints = [told for told in fake.complaints if "not modified" not in told]  # it said so before the kill


def test_an_album_of_which_nothing_may_be_told_is_dealt_with_once(fake: FakeTelegram, chief: Person) -> None:
    group = Person(fake, ADMIN, chat_id=-100557)
    fake.blocked.add(group.chat_id)
    group.send_album(SIX, caption="/add")
    fake.wait(lambda: len(fake.of("getFile")) == 6, 60)
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    time.sleep(1.0)
    tried = [call for call in fake.of("sendMessage") if int(call.values["chat_id"]) == group.chat_id]
    assert len(tried) == 2, "that it was received, and what became of it"
    assert len(fake.of("getFile")) == 7 and "7 篇文档" in chief.ask("/sources").text


def test_an_album_of_pictures_is_one_question(fake: FakeTelegram, chief: Person) -> None:
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    asked = chief.send(photo=PHOTO, media_group_id="7", caption="白水县有多少家供销社")
    silent = chief.send(photo=PHOTO, media_group_id="7")
    assert "47家" in chief.reply_to(asked).text
    alone = [chief.send(photo=PHOTO, media_group_id="8") for _ in range(3)]
    fake.wait(lambda: any(fake.replies(ADMIN, number) for number in alone))
    chief.ask("/new")
    told = [len(fake.replies(ADMIN, number)) for number in (silent, *alone)]
    assert sum(told) == 1 and told[0] == 0
