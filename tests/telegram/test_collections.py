"""Documents that not everybody sees, tried in every way in which the bot shows one."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.memory.database import open_database
from bot.memory.memory import Memory, QuestionContext
from retrieval.types import Answer
from tests.telegram.conftest import ADMIN, GROUP, NO_LIMITS, OTHER, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import PaperBot
from tests.test_near import ASKED, HOME, PUT
from tests.web.conftest import DOCUMENTS, QUESTION

HIDDEN = "左云县网格员队伍.md"
SECRET = "51名"
OPEN_GROUP = -100200301
LIKED = "请问白沙乡敬老院每月收费多少"
Start = Callable[..., PaperBot]


@pytest.fixture
def start(fake: FakeTelegram, paper_home: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts the bot with a document, or `folder`, that these people alone see; the one before is let finish first,
    or the next would do again what it had just done."""
    home, bots = shutil.copytree(paper_home, tmp_path / "home"), list[PaperBot]()

    def started(*who: str, folder: Path | None = None) -> PaperBot:
        for bot in bots:
            bot.terminate()
        bots.clear()
        collections = {str(folder or paper_home.with_name("documents") / HIDDEN): who} if who else {}
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


def test_what_was_shown_is_not_shown_again_to_who_lost_the_right(
    fake: FakeTelegram, start: Start, paper_home: Path
) -> None:
    start()
    anna, admin = Person(fake, USER), Person(fake, ADMIN)
    admin.press(admin.ask(QUESTION), "👍")
    filed = anna.ask("平山县有多少网格员")  # this document has no address: its button sends the file
    answer = anna.ask(QUESTION)
    assert SECRET in answer.text and "36名" in filed.text
    assert QUESTION in anna.ask("/start").labels()
    start("user:1")
    assert QUESTION not in anna.ask("/start").labels()
    before = len(anna.received())
    for label in ("上下文 1", "更多段落"):
        assert "移除或更新" in (anna.press(answer, label) or "")
    assert len(anna.received()) == before
    for said in ("再说一遍", "为什么", "还有呢"):
        assert SECRET not in anna.ask(said).text
    start("user:1", folder=paper_home.with_name("documents") / "平山县通知.txt")
    before = len(anna.received())
    for label in ("📄 原文", "上下文 1"):
        assert "移除或更新" in (anna.press(filed, label) or "")
    assert len(anna.received()) == before


def test_a_file_that_is_hidden_is_neither_told_nor_replaced(fake: FakeTelegram, start: Start) -> None:
    bot = start("user:1")
    admin = Person(fake, ADMIN)
    text = DOCUMENTS[HIDDEN].encode()
    told = admin.reply_to(admin.send_file("抄件.md", text)).text
    assert "已收录" in told and HIDDEN not in told, "it is not told that the same is there"
    start("user:1", folder=bot.home / "uploads")
    assert "不能看那个文件夹" in admin.reply_to(admin.send_file("抄件.md", b"x")).text
    assert (bot.home / "uploads" / "抄件.md").read_bytes() == text


def test_what_was_put_into_a_follow_up_is_told_to_nobody_else(fake: FakeTelegram, start: Start) -> None:
    bot = start(f"user:{USER}")
    understood = "密码员白小川的电话是多少"  # his name stood in the answer before
    missed = Answer("他的电话", "not_found", 0.1, None, None, (), (), {}, understood=understood)
    with closing(open_database(bot.home)) as database:
        Memory(database).keep(QuestionContext(USER, USER, 1, "zh", None, None), missed)
    listed = Person(fake, ADMIN).ask("/unanswered").text
    assert "他的电话" in listed and "白小川" not in listed


def test_near_questions_of_what_is_hidden_are_offered_to_nobody_else(
    fake: FakeTelegram, start_bot: StartBot, home: Path
) -> None:
    who = [f"user:{ADMIN}", f"user:{USER}"]
    start_bot(ACCESS__COLLECTIONS=json.dumps({str(home / "uploads"): who}))
    admin, insider, outsider = (Person(fake, number) for number in (ADMIN, USER, OTHER))
    assert "已收录" in admin.reply_to(admin.send_file("敬老院.txt", HOME.encode()), 60).text
    admin.press(admin.ask(LIKED, seconds=60), "👍")
    near = {*insider.ask(ASKED, seconds=60).labels()} & {LIKED, *PUT}
    assert len(near) > 1 and LIKED in near
    assert not {*outsider.ask(ASKED, seconds=60).labels()} & {LIKED, *PUT}
