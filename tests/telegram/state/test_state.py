"""Languages, members, sending, and small parts of the bot; by hand, without a process."""

import asyncio
import hashlib
import sqlite3
import threading

import httpx
import pytest
from telegram import Message, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.intake import take_in, uploads_folder
from bot.memory.memory import Memory
from bot.telegram.library.removal import confirm_removal
from bot.telegram.messages.addressing import concerns, replied_to
from bot.telegram.messages.keyboards import pressed
from bot.telegram.messages.markup import Markup
from bot.telegram.messages.phrases import language_of, phrases
from bot.telegram.state.access import Members
from bot.telegram.state.ledger import Removal
from bot.telegram.state.runtime import Runtime
from bot.telegram.updates.network import FloodError, PatientLimiter
from config.settings import Settings
from config.telegram import TelegramSettings
from retrieval.service import KnowledgeBase, Progress
from tests.support.paper import PaperEmbedder

# -- languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh", "zh"), ("zh-hans", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("ru", "en"), (None, "zh"), ("", "zh")],
)
def test_the_language_of_a_user(code: str | None, language: str) -> None:
    assert language_of(code, "zh") == language


# -- members -----------------------------------------------------------------------------------------------------


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
    monkeypatch.setattr("bot.telegram.updates.network._PAUSES", (0.0, 0.0, 0.0))
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
