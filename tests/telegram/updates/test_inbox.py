"""The updates that wait; by hand, without a process."""

import asyncio
import sqlite3

from telegram import Update

from bot.telegram.updates.inbox import Inbox, UpdateQueue


def _update(number: int, text: str = "问") -> Update:
    content = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": text}
    content["from"] = {"id": 5, "is_bot": False, "first_name": "人"}
    update = Update.de_json({"update_id": number, "message": content}, None)
    assert update is not None
    return update


def test_the_inbox_keeps_what_was_not_struck_out(database: sqlite3.Connection) -> None:
    inbox = Inbox(database)
    assert inbox.take(_update(2)) and inbox.take(_update(1)) and not inbox.take(_update(2))
    inbox.acknowledge(1)
    ((number, body),) = inbox.waiting()
    assert number == 2 and '"update_id": 2' in body
    assert [inbox.begin(2), inbox.begin(2)] == [1, 2]
    inbox.resign(2)
    assert inbox.begin(2) == 2, "a stop is not counted"
    assert not inbox.take(_update(1)), "what was acknowledged is still known"


def test_a_disk_that_is_full_does_not_stop_answers(database: sqlite3.Connection) -> None:
    async def put() -> list[object]:
        queue = UpdateQueue(Inbox(database), lambda _: True, lambda: None)
        database.execute("PRAGMA query_only = ON")  # every write fails, as on a full disk
        await queue.put(_update(1))
        return [queue.get_nowait()]

    assert len(asyncio.run(put())) == 1
