"""Our message that tells what becomes of files: 收到，正在读 3/6…, edited to its end."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.intake import ReceivedFile
from bot.memory.database import tolerating
from bot.telegram.messages.addressing import replied_to
from bot.telegram.messages.markup import Markup, one_line, plain
from bot.telegram.messages.outgoing import edit, reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker
from bot.telegram.updates.network import AT_ONCE, unsaid

_SHOWN = 100
_NAMED = 10
"""Pages or sheets named one by one."""
_EDIT_SECONDS, _IN_GROUPS = 3.0, 10.0
"""Telegram takes about twenty messages a minute in a group, and edits count."""


class Report:
    """On the files of the messages, in reply to the first of them. After a crash the message of before is edited."""

    def __init__(self, runtime: Runtime, messages: Sequence[Message]) -> None:
        self._runtime = runtime
        self._messages = messages
        self._first = messages[0]
        self._shown = runtime.ledger.report_of(self._first.chat_id, self._first.message_id)
        self._text = ""

    async def begin(self, text: str) -> None:
        """Say that they have come, once. Where nothing may be said they are read all the same."""
        if self._text:
            return
        self._text = text
        if self._shown is None:
            with suppress(BadRequest, Forbidden):
                self._shown = (await reply(self._first, text)).message_id
            unsaid()
        self._remember()

    @asynccontextmanager
    async def following(self, text: Callable[[], str]) -> AsyncIterator[None]:
        """Show what the text says now, again and again. That it cannot be shown holds nothing up."""

        ended = asyncio.Event()

        async def follow() -> None:
            AT_ONCE.set(True)  # for this task alone
            seconds = _EDIT_SECONDS if self._first.chat.type == ChatType.PRIVATE else _IN_GROUPS
            while not await _within(ended, seconds):
                if (now := text()) != self._text and self._shown is not None:
                    with suppress(TelegramError):
                        await self._edit(plain(now))
                    unsaid()
                    self._text = now

        task = asyncio.create_task(follow())
        try:
            yield
        finally:
            ended.set()
            await task  # an edit that is on its way would come after the end

    async def end(self, page: Markup, keyboard: InlineKeyboardMarkup | None, *, anew: bool) -> int:
        """What became of them; `anew` in a message of its own, which makes a sound. The message that tells it."""
        if anew or self._shown is None or not await self._edit(page, keyboard):
            self._shown = (await reply(self._first, page, keyboard, self._runtime.memory)).message_id
            self._remember()
        return self._shown

    def became(self, message: Message, received: ReceivedFile) -> None:
        """What the file of the message became is known."""
        ledger, chat_id = self._runtime.ledger, message.chat_id
        with tolerating():
            ledger.became(chat_id, message.message_id, received)
            for number in _numbers(message) if received.document_id else ():
                ledger.brought(chat_id, number, received.document_id)

    async def _edit(self, page: Markup, keyboard: InlineKeyboardMarkup | None = None) -> bool:
        assert self._shown is not None
        return await edit(self._first.get_bot(), self._first.chat_id, self._shown, page, keyboard)

    def _remember(self) -> None:
        with tolerating():
            for message in self._messages:
                for number in _numbers(message):
                    self._runtime.ledger.reported(message.chat_id, number, asker(message), self._shown or 0)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _numbers(message: Message) -> list[int]:
    """Of the message, and of the one that it adds the file of."""
    replied = replied_to(message) if message.document is None else None
    return [message.message_id] + ([replied.message_id] if replied is not None else [])


class FilesProgress:
    """How far the files are; `passages` is told from the thread that reads."""

    def __init__(self, count: int, seconds: float, say: Phrases) -> None:
        self._count, self._say, self._seconds = count, say, seconds
        self._number, self._name = 1, ""
        self._began = math.inf
        self.passages = 0

    def begin(self) -> None:
        """Somebody knows of it, and waits from now on, if not before."""
        self._began = min(self._began, time.monotonic())

    def at(self, number: int, name: str) -> None:
        """The file of that number, from 1, is read now."""
        self._number, self._name, self.passages = number, one_line(name, _SHOWN), 0

    @property
    def is_long(self) -> bool:
        return time.monotonic() - self._began > self._seconds

    def text(self) -> str:
        name = self._name
        if self._count > 1:
            told = self._say("reading_several", number=self._number, count=self._count, name=name)
        else:
            told = self._say("reading", name=name)
        told += self._say("reading_passages", passages=f"{self.passages:,}") if self.passages else ""
        return told + (f"\n{self._say('still_reading')}" if self.is_long else "")


def told(received: ReceivedFile, say: Phrases) -> str:
    """What became of a file, and what of it was not read."""
    reason = say(f"reason_{received.kind}", reason=received.reason)
    known = {"name": one_line(received.name, _SHOWN), "passages": received.passages, "reason": reason}
    return "\n".join([say(received.outcome, **known), *_left_out(received, say)])


def _left_out(received: ReceivedFile, say: Phrases) -> Iterator[str]:
    if received.pages:
        yield say("left_out_pages", names=_some([str(page) for page in received.pages], say))
    for omission in received.left_out:
        yield say(f"left_out_{omission.kind}", names=_some(omission.names, say))


def _some(names: Sequence[str], say: Phrases) -> str:
    shown = say("comma").join(one_line(name, _SHOWN) for name in names[:_NAMED])
    return say("and_more", names=shown, count=len(names) - _NAMED) if len(names) > _NAMED else shown
