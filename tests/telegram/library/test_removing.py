"""Documents that are removed while something goes wrong, or that look alike."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.memory.beside_the_index import beside_the_index
from bot.memory.database import FILE
from tests.maintenance.backup.homes import back_up
from tests.telegram.conftest import ADMIN, NO_LIMITS
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person, notice
from tests.telegram.running import PaperBot
from tests.web.conftest import opened


@pytest.fixture
def home(paper_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(paper_home, tmp_path / "home")


@pytest.fixture
def bot(fake: FakeTelegram, home: Path) -> Iterator[PaperBot]:
    """Not yet started."""
    running = PaperBot(fake, home, {"TELEGRAM__ADMINS": str(ADMIN), **NO_LIMITS})
    yield running
    running.kill()


@pytest.fixture
def chief(fake: FakeTelegram) -> Person:
    return Person(fake, ADMIN)


def proposed(home: Path) -> int:
    """How many removals wait to be confirmed."""
    with closing(sqlite3.connect(home / FILE)) as database:
        return int(database.execute("SELECT count(*) FROM removals").fetchone()[0])


def test_a_removal_that_could_not_be_told_is_told_when_telegram_is_back(
    fake: FakeTelegram, bot: PaperBot, chief: Person, home: Path
) -> None:
    bot.start()
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    asked = chief.ask("/remove 白水.txt")
    fake.trouble("editMessageText", "502", times=4)  # as often as one try of the whole asks for it
    assert chief.press(asked, "移除") is None
    assert asked.text == "这篇文档已经移除。" and not asked.labels()
    assert proposed(home) == 0 and not list((home / "uploads").iterdir())


def test_a_removal_cut_short_takes_the_sent_file_too(bot: PaperBot, chief: Person, home: Path) -> None:
    """The process was killed when the document was gone from the index, and its file was not yet deleted."""
    bot.start()
    chief.reply_to(chief.send_file("黑水.txt", notice("黑水县", 33)))
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    asked = chief.ask("/remove 白水.txt")
    with closing(opened(home)) as base:
        base.remove("白水.txt")
    assert chief.press(asked, "移除") is None
    assert "已经移除" in asked.text
    assert [path.name for path in (home / "uploads").iterdir()] == ["黑水.txt"]


def test_a_newer_version_stays_and_is_told(bot: PaperBot, chief: Person, home: Path) -> None:
    bot.start()
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47)))
    asked = chief.ask("/remove 白水.txt")
    chief.reply_to(chief.send_file("白水.txt", notice("白水县", 48)))
    chief.press(asked, "移除")
    assert "更新" in asked.text and proposed(home) == 0
    assert "48家" in (home / "uploads" / "白水.txt").read_text("utf-8")


def test_documents_of_one_name_are_told_apart_by_their_folders(bot: PaperBot, chief: Person, home: Path) -> None:
    for folder, county in (("甲/办公室", "甲县"), ("乙/办公室", "乙县"), ("丙", "丙县")):
        path = home.parent / folder / "通知.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(notice(county, 40 + len(folder)))
        with closing(opened(home)) as base:
            base.add([path])
    bot.start()
    which = chief.ask("/remove 通知.txt")
    assert {*which.labels()} == {"甲/办公室/通知.txt", "乙/办公室/通知.txt", "丙/通知.txt"}
    chief.press(which, "乙/")
    asked = chief.received()[-1]
    assert "要移除《乙/办公室/通知.txt》吗" in asked.text
    chief.press(asked, "移除")
    assert "《乙/办公室/通知.txt》已移除" in asked.text
    assert {*chief.ask("/remove 通知.txt").labels()} == {"办公室/通知.txt", "丙/通知.txt"}
    assert "要移除《长者食堂.txt》吗" in chief.ask("/remove 食堂").text, "its name says it all"


def test_of_files_whose_long_names_begin_alike_the_buttons_show_what_differs(bot: PaperBot, chief: Person) -> None:
    bot.start()
    named = "白水县二〇二六年城乡居民养老保险待遇发放公告"
    files = {f"{named}（{part}）.txt": notice("白水县", 40 + place) for place, part in enumerate("上中下")}
    sent = chief.send_album(files)
    chief.reply_to(sent[0])
    which = chief.ask("/remove 养老保险待遇")
    assert "3 篇" in which.text and {*which.labels()} == {f"…放公告（{part}）.txt" for part in "上中下"}
    chief.press(which, "（中）")
    asked = chief.received()[-1]
    assert f"要移除《{named}（中）.txt》吗" in asked.text, "whole, before it is gone"
    chief.press(asked, "移除")
    assert {*chief.ask("/remove 养老保险待遇").labels()} == {f"…放公告（{part}）.txt" for part in "上下"}


@pytest.mark.parametrize(("language", "told"), [("zh-hans", "来自另一台机器"), ("en", "on another machine")])
def test_a_replica_is_changed_where_it_is_a_copy_of(
    fake: FakeTelegram, bot: PaperBot, home: Path, language: str, told: str
) -> None:
    backups = home.with_name("backups")
    backups.mkdir()
    back_up(home, backups / "backup.zip")
    with closing(opened(home)) as base:
        base.maintenance.take_newest(backups, beside_the_index(home), confirmed=True, notify=lambda _: None)
    bot.start()
    chief = Person(fake, ADMIN, language)
    refused = chief.reply_to(chief.send_file("白水.txt", notice("白水县", 47))).text
    assert told in refused and str(home) not in refused and not list(home.glob("uploads/*"))
    asked = chief.ask("/remove 长者食堂.txt")
    assert told in (chief.press(asked, "移除" if language == "zh-hans" else "Remove") or "")
    assert "Traceback" not in bot.log and asked.labels()
