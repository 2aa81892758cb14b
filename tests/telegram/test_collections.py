"""Documents that not everybody sees, tried in every way in which the bot shows one."""

import json

from retrieval.samples import SAMPLES
from tests.telegram.conftest import ADMIN, GROUP, OTHER, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person

QUESTION = "左云县专职网格员有多少名"
HIDDEN = SAMPLES / "左云县网格员队伍.md"
BESIDE = SAMPLES / "四地网格员队伍对比.txt"
"""It says the same."""
FIRST = 120.0
"""Seconds for an answer with which the models are loaded."""
OPEN_GROUP = -100200301


def collections(*who: str) -> dict[str, str]:
    return {"ACCESS__COLLECTIONS": json.dumps({str(path): who for path in (HIDDEN, BESIDE)})}


def test_only_those_who_are_let_in_see_it(fake: FakeTelegram, start_bot: StartBot) -> None:
    start_bot(**collections(f"user:{USER}", f"group:{GROUP}"))
    insider, outsider, admin = Person(fake, USER), Person(fake, OTHER), Person(fake, ADMIN)
    answer = insider.ask(QUESTION, seconds=FIRST)
    assert "51名" in answer.text.split("\n")[0] and "20 篇文档" in insider.ask("/about").text
    link = answer.body.links()[0].partition("?start=")[2]
    assert "51名" in insider.ask(f"/start {link}").text

    fake.chats.update({GROUP, OPEN_GROUP})
    assert "51名" in outsider.within(GROUP).ask(f"/ask {QUESTION}").text, "what the group is shown all of it read"
    for blind in (outsider, admin, insider.within(OPEN_GROUP), outsider.within(OPEN_GROUP)):
        in_group = blind.chat_id < 0
        assert "51名" not in blind.ask(f"/ask {QUESTION}").text
        assert "移除或更新" in blind.ask(f"/start {link}").text
        assert "18 篇文档" in blind.ask("/about").text
        listed = blind.ask("/sources").text
        assert "左云县网格员队伍" not in listed and "18" in listed
        assert "左云县网格员队伍" not in blind.ask("/start").text
        if not in_group:
            assert HIDDEN.stem not in blind.ask("有没有关于网格员队伍的文件").text
    assert "没有" in admin.ask(f"/remove {HIDDEN.name}").text and "移除" not in admin.received()[-1].labels()
    for person in (insider, outsider):
        assert "51名" not in str(person.type_inline(QUESTION)), "it is sent to whoever gets it"
    assert "左云县网格员队伍" in insider.ask("/sources").text, "nothing was removed"


def test_what_was_shown_is_not_shown_again_to_who_lost_the_right(fake: FakeTelegram, start_bot: StartBot) -> None:
    bot = start_bot()
    anna, admin = Person(fake, USER), Person(fake, ADMIN)
    admin.press(admin.ask(QUESTION, seconds=FIRST), "👍")
    answer = anna.ask(QUESTION)
    assert QUESTION in anna.ask("/start").labels()
    bot.kill()
    start_bot(**collections("user:1"))
    assert QUESTION not in anna.ask("/start").labels()
    before = len(anna.received())
    for label in ("上下文 1", "更多段落"):
        assert "移除或更新" in (anna.press(answer, label) or "")
    assert len(anna.received()) == before
    for said in ("再说一遍", "为什么", "还有呢"):
        assert "51名" not in anna.ask(said).text


def test_a_file_that_is_hidden_is_neither_told_nor_replaced(fake: FakeTelegram, start_bot: StartBot) -> None:
    bot = start_bot(**collections("user:1"))
    admin = Person(fake, ADMIN)
    told = admin.reply_to(admin.send_file("抄件.md", HIDDEN.read_bytes()), FIRST).text
    assert "已收录" in told and HIDDEN.name not in told, "it is not told that the same is there"
    bot.kill()
    uploads = {"ACCESS__COLLECTIONS": json.dumps({str(bot.home / "uploads"): ["user:1"]})}
    start_bot(**uploads)
    assert "不能看那个文件夹" in admin.reply_to(admin.send_file("抄件.md", b"x")).text
    assert (bot.home / "uploads" / "抄件.md").read_bytes() == HIDDEN.read_bytes()
