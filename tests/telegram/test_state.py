"""Texts, rates, members, sending, and small parts of the bot; by hand, without a process."""

import asyncio
import hashlib
import re
import sqlite3
import string
import threading
from pathlib import Path

import httpx
import pytest
from telegram import Message, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.catalogue import SHARED, TELEGRAM, catalogue
from bot.intake import safe_name, take_in, uploads_folder
from bot.memory.memory import Memory
from bot.rate import Rate
from bot.telegram.access import Members
from bot.telegram.addressing import concerns, replied_to
from bot.telegram.keyboards import pressed
from bot.telegram.ledger import Removal
from bot.telegram.markup import Markup
from bot.telegram.network import FloodError, PatientLimiter
from bot.telegram.phrases import LANGUAGES, language_of, phrases
from bot.telegram.removal import confirm_removal
from bot.telegram.runtime import Runtime
from config.settings import Settings
from config.telegram import TelegramSettings
from retrieval.errors import StorageError
from retrieval.service import KnowledgeBase, Progress
from tests.support.paper import PaperEmbedder

# -- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same(language: str) -> None:
    chinese, other = phrases("zh").texts, phrases(language).texts
    assert chinese.keys() == other.keys()
    for key in chinese:
        assert _fields(chinese[key]) == _fields(other[key]), key
        assert chinese[key].strip() and other[key].strip(), key


def test_no_text_stands_in_both_catalogues() -> None:
    assert not catalogue("zh", SHARED).keys() & catalogue("zh", TELEGRAM).keys()


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_text_is_used() -> None:
    root = Path(__file__).parents[2]
    files = [*(root / "bot").rglob("*.py"), root / "retrieval" / "reasons.py"]
    source = "".join(path.read_text("utf-8") for path in files)
    prefixes = ("button_", "menu_", "reason_", "left_out_", "tally_")
    named = set(re.findall(r"[\"']([a-z_]+)[\"']", source))
    assert {key for key in phrases("zh").texts if not key.startswith(prefixes)} <= named


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh", "zh"), ("zh-hans", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("ru", "en"), (None, "zh"), ("", "zh")],
)
def test_the_language_of_a_user(code: str | None, language: str) -> None:
    assert language_of(code, "zh") == language


# -- rates and members -------------------------------------------------------------------------------------------


def test_a_rate_counts_the_last_minute() -> None:
    rate = Rate(2)
    assert [rate.wait(1, now) for now in (0.0, 10.0)] == [0.0, 0.0]
    assert rate.wait(1, 20.0) == 40.0, "the first is a minute old at 60"
    assert rate.wait(2, 20.0) == 0.0, "others are not concerned"
    assert rate.tell(1, 20.0) and not rate.tell(1, 30.0)
    assert rate.wait(1, 60.0) == 0.0 and rate.wait(1, 61.0) == 9.0
    assert rate.tell(1, 61.0), "it is another wait"


def test_members(database: sqlite3.Connection) -> None:
    members = Members(database, TelegramSettings(access="allowlist", admins=(7,), allowed=(5, -100)))
    asked = {(user, chat): members.may_ask(user, chat) for user, chat in [(7, 7), (5, 5), (6, 6), (6, -100), (7, -1)]}
    assert asked == {(7, 7): True, (5, 5): True, (6, 6): False, (6, -100): True, (7, -1): True}
    members.deny(5)
    members.allow(6)
    assert not members.may_ask(5, 5) and not members.may_ask(5, -100) and members.may_ask(6, 6)
    members.deny(7)
    assert members.may_ask(7, 7), "an administrator is not shut out from the chat"
    everybody = Members(database, TelegramSettings(access="open"))
    assert everybody.may_ask(99, 99) and not everybody.may_ask(5, 5)
    assert not everybody.join(99, members.new_code()), "codes are for where they are in use"


# -- sending -----------------------------------------------------------------------------------------------------


def _tries(error: Exception) -> int:
    """How often a message is sent, when each time this error comes of it."""
    tries = 0

    async def call() -> object:
        nonlocal tries
        tries += 1
        raise error

    async def send() -> None:
        with pytest.raises(type(error) if not isinstance(error, RetryAfter) else FloodError):
            await PatientLimiter(30).process_request(call, (), {}, "sendMessage", {"chat_id": 1}, None)

    asyncio.run(send())
    return tries


def test_what_may_have_arrived_is_not_sent_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.network._PAUSES", (0.0, 0.0, 0.0))
    late, unsent = TimedOut(), TimedOut()
    late.__cause__, unsent.__cause__ = httpx.ReadTimeout("late"), httpx.ConnectTimeout("no line")
    assert _tries(late) == 1
    assert _tries(unsent) == _tries(NetworkError("502")) == 4
    assert _tries(BadRequest("no")) == 1
    assert _tries(RetryAfter(3600)) == 1, "nobody waits an hour within a handler"


# -- who is spoken to --------------------------------------------------------------------------------------------


def _message(**content: object) -> Message:
    known: dict[str, object] = {"message_id": 9, "date": 1, "chat": {"id": -5, "type": "supergroup", "title": "群"}}
    known["from"] = {"id": 5, "is_bot": False, "first_name": "人"}
    message = Message.de_json({**known, **content}, None)
    assert message is not None
    return message


def test_in_a_topic_nobody_replies_to_its_beginning() -> None:
    beginning = {"message_id": 3, "date": 1, "chat": {"id": -5, "type": "supergroup", "title": "群"}}
    created = {**beginning, "forum_topic_created": {"name": "题", "icon_color": 1}}
    topic = {"message_thread_id": 3, "is_topic_message": True}
    assert replied_to(_message(reply_to_message=created, **topic)) is None
    assert replied_to(_message(reply_to_message=beginning, **topic)) is None
    assert replied_to(_message(reply_to_message={**beginning, "message_id": 4}, **topic)) is not None
    assert replied_to(_message(reply_to_message=beginning, message_thread_id=3)) is not None, "that is no topic"


class _Bot:
    id, username = 123, "WenjuTestBot"


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        ({"text": "/ask 网格员"}, True),
        ({"text": "/ask@wenjutestbot 网格员"}, True),
        ({"text": "/ask@OtherBot 网格员"}, False),
        ({"text": "@WenjuTestBot 网格员"}, True),
        ({"text": "x@WenjuTestBot.example"}, False),
        ({"text": "网格员"}, False),
        ({"caption": "/add", "document": {"file_id": "x", "file_unique_id": "x"}}, True),
        ({"caption": "/ask 网格员", "document": {"file_id": "x", "file_unique_id": "x"}}, False),
        ({"text": "/ask 网格员", "via_bot": {"id": 123, "is_bot": True, "first_name": "问据"}}, False),
        ({"text": "网格员", "chat": {"id": 5, "type": "private"}}, True),
    ],
)
def test_what_concerns_the_bot(content: dict[str, object], ours: bool) -> None:
    update = Update(1, message=_message(**content))
    assert concerns(update, _Bot()) is ours  # type: ignore[arg-type]


# -- small parts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, "", "v1", "v1:m", "v2:m:1", "v1:m:1;", "x" * 64, "v1:M:1"])
def test_data_of_nobody(data: str | None) -> None:
    assert pressed(data) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("通知.pdf", "通知.pdf"),
        ("../../a.txt", "a.txt"),
        ("C:\\x\\a.txt", "a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("", "document"),
        ("..", "document"),
        ("a\x00b.txt", "a_b.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["通知.zip", "信.MBOX"])
def test_what_holds_several_documents_is_not_taken_in(base: KnowledgeBase, name: str) -> None:
    received = take_in(base, name, b"PK")
    assert (received.outcome, received.kind) == ("not_added", "type")
    assert not uploads_folder(base).exists()


def test_a_version_that_was_left_behind_by_a_crash_is_put_back(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "added"
    (folder / ".before-通知.txt").write_bytes((folder / "通知.txt").read_bytes())
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", b"\x00\x01").outcome == "not_added_kept"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
    assert [path.name for path in folder.iterdir()] == ["通知.txt"]
    (folder / "通知.txt").write_bytes(b"half a ")
    assert take_in(base, "通知.txt", "网格员51名。".encode()).outcome == "unchanged"
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"


def test_a_removal_leaves_a_version_that_came_while_it_waited(
    base: KnowledgeBase, settings: Settings, paper: PaperEmbedder, database: sqlite3.Connection
) -> None:
    """An administrator confirms that the old one goes, while a new one of another's is being indexed."""
    path = uploads_folder(base) / "通知.txt"
    take_in(base, path.name, "网格员51名。".encode())
    (old,) = base.documents()
    chosen = TelegramSettings(admins=(7,))
    runtime = Runtime(chosen, base, Memory(database), Members(database, chosen))
    number = runtime.ledger.propose_removal(Removal(7, old.document_id, old.sha256))
    path.write_text("网格员52名。", "utf-8")
    indexing, go_on = threading.Event(), threading.Event()

    told = list[Progress]()

    def hold(progress: Progress) -> None:
        told.append(progress)
        if len(told) > 1:  # it is embedded, and the index is locked
            indexing.set()
            assert go_on.wait(20)

    other = KnowledgeBase(settings, embedder=paper)
    adding = threading.Thread(target=other.add, args=([path],), kwargs={"progress": hold})
    adding.start()
    assert indexing.wait(20)

    async def confirm() -> object:
        asyncio.get_running_loop().call_later(0.5, go_on.set)
        return await confirm_removal(runtime, 7, number, True, phrases("zh"))

    outcome = asyncio.run(confirm())
    adding.join(20)
    assert isinstance(outcome, Markup) and "更新" in outcome.plain
    assert [record.sha256 for record in base.documents()] == [hashlib.sha256(path.read_bytes()).hexdigest()]
    runtime.close()
    other.close()


def test_a_file_that_cannot_be_written_leaves_the_version_before(base: KnowledgeBase) -> None:
    folder = uploads_folder(base)
    take_in(base, "通知.txt", "网格员51名。".encode())
    (folder / ".incoming-通知.txt").mkdir()  # so that writing there fails
    with pytest.raises(StorageError, match="cannot be written"):
        take_in(base, "通知.txt", "网格员52名。".encode())
    assert (folder / "通知.txt").read_text("utf-8") == "网格员51名。"
