"""Documents that not everybody sees, tried in every way in which the bot shows one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.telegram.conftest import ADMIN, GROUP, NO_LIMITS, OTHER, USER
from tests.telegram.fake import FakeTelegram
from tests.telegram.paper import PaperBot
from tests.telegram.people import Person
from tests.web.conftest import DOCUMENTS, QUESTION, make_home

HIDDEN = "左云县网格员队伍.md"
SECRET = "51名"
OPEN_GROUP = -100200301
Start = Callable[..., PaperBot]


@pytest.fixture
def start(fake: FakeTelegram, tmp_path: Path) -> Iterator[Start]:
    """Starts the bot with a document, or `folder`, that these people alone see; the one before is killed."""
    home, bots = make_home(tmp_path), list[PaperBot]()

    def started(*who: str, folder: Path | None = None) -> PaperBot:
        for bot in bots:
            bot.kill()
        bots.clear()
        collections = {str(folder or home.with_name("documents") / HIDDEN): who} if who else {}
        settings = {"TELEGRAM__ADMINS": str(ADMIN), **NO_LIMITS, "ACCESS__COLLECTIONS": json.dumps(collections)}
        bots.append(PaperBot(fake, home, settings))
        bots[0].start()
        return bots[0]

    yield started
    for bot in bots:
        bot.kill()
        assert "bug in Wenju" not in bot.log


def test_only_those_who_are_let_in_see_it(fake: FakeTelegram, start: Start) -> None:
    start(f"user:{USER}", f"group:{GROUP}")
    insider, outsider, admin = Person(fake, USER), Person(fake, OTHER), Person(fake, ADMIN)
    answer = insider.ask(QUESTION)
    assert SECRET in answer.text.split("\n")[0] and "4 篇文档" in insider.ask("/about").text
    link = next(link for link in answer.body.links() if "?start=p_" in link).partition("?start=")[2]
    assert SECRET in insider.ask(f"/start {link}").text

    fake.chats.update({GROUP, OPEN_GROUP})
    in_group = outsider.within(GROUP)
    assert SECRET in in_group.ask(f"/ask {QUESTION}").text, "what the group is shown all of it read"
    for blind in (outsider, admin, insider.within(OPEN_GROUP), outsider.within(OPEN_GROUP)):
        assert SECRET not in blind.ask(f"/ask {QUESTION}").text
        assert "移除或更新" in blind.ask(f"/start {link}").text
        assert "3 篇文档" in blind.ask("/about").text
        listed = blind.ask("/sources").text
        assert "平山县" in listed and "左云县" not in listed
        assert "左云县" not in blind.ask("/start").text
    assert HIDDEN not in outsider.ask("有没有关于左云县的文件").text
    assert not admin.ask(f"/remove {HIDDEN}").labels()
    for person in (insider, outsider):
        assert SECRET not in str(person.type_inline(QUESTION)), "it is sent to whoever gets it"


def test_what_was_shown_is_not_shown_again_to_who_lost_the_right(fake: FakeTelegram, start: Start) -> None:
    start()
    anna, admin = Person(fake, USER), Person(fake, ADMIN)
    admin.press(admin.ask(QUESTION), "👍")
    answer = anna.ask(QUESTION)
    assert QUESTION in anna.ask("/start").labels()
    start("user:1")
    assert QUESTION not in anna.ask("/start").labels()
    before = len(anna.received())
    for label in ("上下文 1", "📄 原文", "更多段落"):
        if any(label in name for name in answer.labels()):
            assert "移除或更新" in (anna.press(answer, label) or "")
    assert len(anna.received()) == before
    for said in ("再说一遍", "为什么", "还有呢"):
        assert SECRET not in anna.ask(said).text


def test_a_file_that_is_hidden_is_neither_told_nor_replaced(fake: FakeTelegram, start: Start) -> None:
    bot = start("user:1")
    admin = Person(fake, ADMIN)
    text = DOCUMENTS[HIDDEN].encode()
    told = admin.reply_to(admin.send_file("抄件.md", text)).text
    assert "已收录" in told and HIDDEN not in told, "it is not told that the same is there"
    start("user:1", folder=bot.home / "uploads")
    assert "不能看那个文件夹" in admin.reply_to(admin.send_file("抄件.md", b"x")).text
    assert (bot.home / "uploads" / "抄件.md").read_bytes() == text
