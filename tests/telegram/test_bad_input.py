"""Whatever people and the world send that is no question: each has its answer."""

from pathlib import Path
from typing import Any

import pytest

from tests.documents.make import pdf
from tests.telegram.conftest import ADMIN, USER, StartBot
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import RunningBot

ONE_FILE = {"file_id": "x", "file_unique_id": "x"}
STICKER = {**ONE_FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
POLL = {
    "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(share_paper: StartBot) -> RunningBot:
    return share_paper()


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": STICKER},
        {"voice": {**ONE_FILE, "duration": 1}},
        {"photo": [{**ONE_FILE, "width": 1, "height": 1}]},
        {"poll": POLL},
        {"location": {"longitude": 1.0, "latitude": 1.0}},
        {"video_note": {**ONE_FILE, "length": 1, "duration": 1}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_is_no_text_is_told_that_only_text_is_read(person: Person, content: dict[str, Any]) -> None:
    assert person.reply_to(person.send(**content)).text.startswith("我只看文字")


def test_a_forwarded_post_is_no_question(person: Person) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}
    told = person.reply_to(person.send(text="左云县有多少网格员", forward_origin=origin))
    assert "转发" in told.text and told.labels() == ["就问这句"]
    too_long = person.reply_to(person.send(text="网格员" * 400, forward_origin=origin))
    assert "转发" in too_long.text and not too_long.labels()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/ask", "请在 /ask 后面写问题"),
        ("/ask    ", "请在 /ask 后面写问题"),
        ("/ask@WenjuTestBot", "请在 /ask 后面写问题"),
        ("😀" * 2048, "最多 1,000 个"),
        ("😀" * 100, "没有字"),
        ("？！。", "没有字"),
        ("\u200b\u200d", "没有字"),
        ("网格员" * 400, "1,200 个字"),
        ("/nothing", "没有这个命令"),
    ],
)
def test_a_question_that_cannot_be_asked(person: Person, text: str, told: str) -> None:
    assert told in person.ask(text).text


@pytest.mark.parametrize(
    "text",
    [
        '<b>左云县</b> & "网格员" <script>',
        "左云县\u202e员格网少多有",
        "'; DROP TABLE answers; --",
        "{0} {example} %s 左云县",
        "左云县\x00\x07有多少网格员",
        "Какой уезд?",
        "𝕎𝕙𝕒𝕥 网格员",
    ],
)
def test_a_question_full_of_traps_is_answered_like_any_other(person: Person, text: str) -> None:
    answer = person.ask(text)
    assert not answer.plain, "Telegram took it at first"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("program.pdf", b"MZ\x90\x00" + b"\x00" * 500, "打不开"),
        ("scan.pdf", pdf([[]]), "没有文字"),
        ("locked.pdf", pdf([["fifty-one wardens"]], password="secret"), "密码"),
        ("empty.txt", b"  \n", "空文件"),
        ("binary.txt", b"\x00\x01\x02\x03" * 99, "认不出来"),
        ("broken.docx", b"PK\x03\x04broken", "打不开"),
        ("page.html", b"<html><body><script>1</script></body></html>", "没有文字"),
        ("video.mp4", b"0" * 99, "不支持"),
        ("noname", b"text", "不支持"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"0" * 99, "打不开"),
        ("sketch.dwg", b"AC1032" + b"0" * 99, "不支持"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_the_reason(
    admin: Person, name: str, data: bytes, told: str
) -> None:
    reply = admin.reply_to(admin.send_file(name, data)).text
    assert reply.startswith("❌") and told in reply and name.split(".")[0] in reply
    assert "没有叫" in admin.ask(f"/remove {name}").text


def test_a_file_over_twenty_megabytes_is_not_fetched(telegram: FakeTelegram, admin: Person) -> None:
    fetched = len(telegram.of("getFile"))
    reply = admin.reply_to(admin.send_file("big.pdf", b"x", size=21_000_000)).text
    assert "21.0 MB" in reply and "20 MB" in reply
    assert len(telegram.of("getFile")) == fetched


def test_a_file_that_telegram_does_not_give_out(telegram: FakeTelegram, admin: Person) -> None:
    document = {"file_id": "gone", "file_unique_id": "gone", "file_name": "gone.txt", "file_size": 4}
    assert "没有下载下来" in admin.reply_to(admin.send(document=document)).text
    assert telegram.complaints.pop().startswith("getFile")


@pytest.mark.parametrize(
    "name",
    ["../../../escape.txt", "/etc/passwd.txt", "..\\..\\other.txt", "a\x00b\n.txt", "<b>&\"'.txt", ".hidden.txt",
     "名" * 200 + ".txt", "\u202etxt.exe.txt", "con|?*.txt"],
)  # fmt: skip
def test_no_name_from_outside_becomes_a_path(shared: RunningBot, admin: Person, name: str) -> None:
    uploads, before = shared.home / "uploads", _files(shared.home.parent)
    there = set(uploads.glob("*"))
    reply = admin.reply_to(admin.send_file(name, f"第一县公告\n\n第一县有船{admin.fake.number()}艘。\n".encode()))
    assert "已收录" in reply.text
    (stored,) = set(uploads.iterdir()) - there
    assert stored.suffix == ".txt" and not stored.name.startswith(".") and len(stored.name.encode()) <= 200
    assert _files(shared.home.parent) - before == {stored}


def _files(folder: Path) -> set[Path]:
    """All files below, without those of the index and of the bot's memory."""
    files = {path for path in folder.rglob("*") if path.is_file()}
    return {path for path in files if "index" not in path.parts and not path.name.startswith("bot.db")}


def test_a_bot_that_was_blocked_goes_on_for_the_others(fake: FakeTelegram, start_paper: StartBot) -> None:
    bot = start_paper()
    gone, other = Person(fake, USER), Person(fake, 43)
    fake.blocked.add(gone.chat_id)
    gone.say("左云县有多少网格员")
    assert "51名" in other.ask("左云县有多少网格员").text
    fake.wait(lambda: "was blocked" in bot.log)
    bot.terminate()
    fake.blocked.clear()
    sent = len(fake.sent)
    bot.start()
    other.ask("/new")
    assert len(fake.sent) == sent + 1, "the refused answer is not tried again"


def test_a_group_that_became_a_supergroup_is_followed(telegram: FakeTelegram, group: int) -> None:
    new = group - 10**9
    anna = Person(telegram, USER, chat_id=group)
    anna.ask("/ask 长者食堂有多少志愿者")
    telegram.chats.add(new)
    telegram.migrated[group] = new
    moved = Person(telegram, USER, chat_id=new)
    anna.say("/ask 左云县有多少网格员")
    assert "51名" in moved.next_message(0).text, "an answer on its way finds the new group"
    anna.send(migrate_to_chat_id=new)
    follow = moved.ask("/ask 平山县有多少网格员")
    assert "36名" in follow.text


def test_an_index_without_documents(fake: FakeTelegram, start_empty: StartBot) -> None:
    start_empty()
    assert "还没有收录" in Person(fake, USER).ask("左云县有多少网格员").text
    admin = Person(fake, ADMIN)
    assert "发给我" in admin.ask("左云县有多少网格员").text
    assert "还没有收录" in admin.ask("/sources").text
    assert "已收录" in admin.reply_to(admin.send_file("一.txt", "白水县有供销社47家。".encode())).text
    assert "47家" in Person(fake, USER).ask("白水县有多少供销社").text
