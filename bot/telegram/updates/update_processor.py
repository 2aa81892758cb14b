"""Whose turn it is: updates of a chat one after the other, chats beside each other, files beside all of them."""

import asyncio
import itertools
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import BaseUpdateProcessor

from bot.memory.database import tolerating
from bot.telegram.updates.inbox import Inbox
from bot.telegram.updates.network import DELIVERY, Delivery, FloodError, is_transient
from retrieval.errors import AwayError

_log = logging.getLogger(__name__)
_ATTEMPTS = 5
"""An update that was begun in so many processes and never ended may be what ends them."""
_PAUSES = (1, 2, 5, 10, 20, 30)
"""Seconds between tries while Telegram, or what keeps the index, cannot be reached."""
_TRIES = 60
"""Half an hour; a question is told to be late before."""
_GRACE = 4.0
"""Seconds that handlers have to end when the bot is stopped; what is cut short is taken up at the next start."""
_APOLOGY_SECONDS = 10.0
_UNBOUNDED = 1_000_000

_FINAL = (BadRequest, Forbidden, ChatMigrated)
"""Telegram says no, and will say so again."""

Lane = tuple[str, int | str]


class UpdateProcessor(BaseUpdateProcessor):
    """Runs the handlers of each update in its turn, within its time, until it is dealt with.

    `handle` runs the handlers; what they raise is told by `failed`. `is_long` tells what is a file,
    `seconds` is how long one try of an update may take, `apologize` is called for one that hit a bug, `tell_kept` for
    what was written while the index is away.
    """

    def __init__(self, inbox: Inbox, is_long: Callable[[Update], bool], seconds: Callable[[Update], float]) -> None:
        super().__init__(_UNBOUNDED)
        self._inbox = inbox
        self._is_long = is_long
        self._seconds = seconds
        self._lanes: defaultdict[Lane, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[Lane] = Counter()
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._failures: dict[int, BaseException] = {}
        self._stopping = asyncio.Event()
        self.handle: Callable[[Update], Coroutine[Any, Any, None]]
        self.apologize: Callable[[Update], Coroutine[Any, Any, None]]
        self.tell_kept: Callable[[Update], Coroutine[Any, Any, None]]

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def stop(self) -> None:
        """Begin nothing more, and give what is running a few seconds."""
        self._stopping.set()
        asyncio.get_running_loop().call_later(_GRACE, self._cut_short)

    def _lane(self, update: Update) -> Lane:
        """Updates of one lane are dealt with in the order of their arrival."""
        if update.inline_query is not None:
            return "inline", update.inline_query.from_user.id
        if self._is_long(update):  # whose turn it is among files is told by `FileQueue`; but an album is one thing
            message = update.message
            return "files", (message.media_group_id if message is not None else None) or update.update_id
        chat, user = update.effective_chat, update.effective_user
        return "chat", chat.id if chat else user.id if user else 0

    def failed(self, update: Update, error: BaseException) -> None:
        """Told by the application's error handler."""
        self._failures[update.update_id] = error

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if isinstance(coroutine, Coroutine):
            coroutine.close()  # tries are counted here, and each needs a coroutine of its own
        if isinstance(update, Update):
            async with self._turn(self._lane(update)):
                if not self._stopping.is_set():
                    delivery = Delivery()
                    DELIVERY.set(delivery)  # the task takes a copy of what is set here
                    task = asyncio.create_task(self._deal_with(update))
                    self._running[task] = delivery
                    task.add_done_callback(self._running.pop)
                    with suppress(asyncio.CancelledError):
                        await task

    @asynccontextmanager
    async def _turn(self, lane: Lane) -> AsyncIterator[None]:
        self._waiting[lane] += 1
        try:
            async with self._lanes[lane]:
                yield
        finally:
            self._waiting[lane] -= 1
            if not self._waiting[lane]:
                del self._waiting[lane], self._lanes[lane]

    async def _deal_with(self, update: Update) -> None:
        """Try until it is dealt with, or the bot is stopped: then it stays in the inbox."""
        begun = 1
        with tolerating():
            begun = self._inbox.begin(update.update_id)
        if begun > _ATTEMPTS:
            _log.error("Update %d was begun %d times and never ended: given up", update.update_id, begun - 1)
            await self._failure(update, self.apologize(update), _APOLOGY_SECONDS)
        else:
            try:
                if not await self._try_on(update):
                    return
            except asyncio.CancelledError:
                self._resign(update)
                raise
        with tolerating():
            self._inbox.acknowledge(update.update_id)

    async def _try_on(self, update: Update) -> bool:
        """Until it is settled; False when the bot is stopped before."""
        for tries in itertools.count():
            pause = await self._try(update, last=tries == _TRIES)
            if pause is None:
                return True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause or _PAUSES[min(tries, len(_PAUSES) - 1)])
            if self._stopping.is_set():
                break
        self._resign(update)
        return False

    def _resign(self, update: Update) -> None:
        with tolerating():
            self._inbox.resign(update.update_id)

    async def _try(self, update: Update, *, last: bool) -> float | None:
        """None when it is settled. Else Telegram could not be reached or was too slow: the seconds to wait that it
        asked for, 0 when it named none; or what keeps the index could not be."""
        error = await self._failure(update, self.handle(update), self._seconds(update))
        is_written = (update.message or update.edited_message) is not None and not self._is_long(update)
        if isinstance(error, AwayError) and is_written and not last:
            _log.warning("%s Update %d is tried again", error, update.update_id)
            await self._failure(update, self.tell_kept(update), _APOLOGY_SECONDS)
            return 0.0
        if error is not None and not is_transient(error) and not isinstance(error, _FINAL):
            _log.error("Update %d: %s", update.update_id, type(error).__name__, exc_info=error)
            error = await self._failure(update, self.apologize(update), _APOLOGY_SECONDS)
        if error is None:
            return None
        if is_transient(error) and not last:
            _log.warning("Telegram cannot be reached (%r); update %d is tried again", error, update.update_id)
            return error.seconds if isinstance(error, FloodError) else 0.0
        _log.error("Update %d is given up: %r", update.update_id, error)
        return None

    async def _failure(self, update: Update, work: Coroutine[Any, Any, None], seconds: float) -> BaseException | None:
        try:
            await asyncio.wait_for(work, seconds)
        except Exception as error:  # noqa: BLE001 - the one place where what handlers raise is judged
            return error
        return self._failures.pop(update.update_id, None)

    def _cut_short(self) -> None:
        """All but those of which something was sent: cut short, that would be sent again at the next start."""
        for task, delivery in self._running.items():
            if not delivery.has_begun:
                task.cancel()
