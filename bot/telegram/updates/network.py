"""The line to Telegram: updates that cannot be read are stepped over, sending is tried again, floods are avoided."""

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter
from telegram.request import HTTPXRequest

_log = logging.getLogger(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations as the library will have them; it warns of the others
_PAUSES = (0.5, 1.0, 2.0)
"""Seconds between tries to send. Where they do not help, the whole update is tried again later."""
_FLOOD_RETRIES = 3
_LONGEST_WAIT = 20.0
_SAYS = re.compile(r"send(?!ChatAction)|edit|copy|forward|answer")
"""Calls that somebody sees."""
_ARRIVED_PERHAPS = (httpx.ReadTimeout, httpx.WriteTimeout)

Call = Callable[..., Coroutine[Any, Any, Any]]


class Delivery:
    """Whether anything was sent for the update that a handler is dealing with: what is cut short then would be sent
    twice. That somebody is typing does not count."""

    def __init__(self) -> None:
        self.has_begun = False
        self.is_kept = False
        """Whether it was let in, and told that it is answered later."""


DELIVERY: ContextVar[Delivery | None] = ContextVar("delivery", default=None)
"""That of the update whose handler is running."""


AT_ONCE: ContextVar[bool] = ContextVar("at_once", default=False)
"""Whether what is sent now is worth nothing later: it waits for nothing, and others do not wait for it."""


def unsaid() -> None:
    """What was sent for the update at hand is edited when it is begun again: it may be cut short."""
    if (delivery := DELIVERY.get()) is not None:
        delivery.has_begun = False


class FloodError(TelegramError):
    """Telegram asks to wait longer than a handler may; `seconds` is how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Telegram asks to wait {seconds:.0f} s")
        self.seconds = seconds


def is_transient(error: BaseException) -> bool:
    """Whether it may go better a while later."""
    network = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return network or isinstance(error, RetryAfter | FloodError | InvalidToken | TimeoutError)


class WholeRequest(HTTPXRequest):
    """For all but getUpdates: a request goes on to its end, or to its time-out, also when who made it was cancelled.
    httpcore loses the connection of some that are cancelled (its issues 1093 and 658), and one is with every answer:
    in the end none would be left to send with."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._going: set[asyncio.Task[tuple[int, bytes]]] = set()

    async def do_request(self, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        delivery = DELIVERY.get()
        if delivery is not None and _SAYS.match(url.rpartition("/")[2]):
            delivery.has_begun = True
        request = asyncio.create_task(super().do_request(url, *arguments, **options))
        self._going.add(request)
        request.add_done_callback(self._ended)
        return await asyncio.shield(request)

    def _ended(self, request: asyncio.Task[tuple[int, bytes]]) -> None:
        self._going.discard(request)
        if not request.cancelled():
            request.exception()  # perhaps nobody waits for it

    async def shutdown(self) -> None:
        for request in self._going:
            request.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)
        await super().shutdown()


class UpdatesRequest(HTTPXRequest):
    """For getUpdates: an update that the library cannot read becomes one that holds its id alone. Otherwise the
    whole batch would fail, and be fetched again for ever. A token that is suddenly unknown (a proxy, a change in
    @BotFather) is an outage: the library would stop polling for good, without a word."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*arguments, **options)
        if code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            _log.error("Telegram does not know the token any more (%d). Trying on.", code)
            return HTTPStatus.BAD_GATEWAY, b""
        try:
            answer = json.loads(payload)
            updates = answer["result"]
            checked = [readable(update) for update in updates]
        except (ValueError, KeyError, TypeError):  # an error, or no JSON: the library's to judge
            return code, payload
        if all(kept is update for kept, update in zip(checked, updates, strict=True)):
            return code, payload
        left = [update for update in checked if update is not None]
        return code, json.dumps({**answer, "result": left}).encode()


def readable(update: Any) -> dict[str, Any] | None:
    """The update itself when it can be read, else its id in the place of it; None without even that."""
    try:
        Update.de_json(update, None)
        if isinstance(update["update_id"], int):
            return update  # type: ignore[no-any-return]
    except Exception as error:  # noqa: BLE001 - whatever the library trips over
        _log.error("An update could not be read and is stepped over: %s", type(error).__name__)
    number = update.get("update_id") if isinstance(update, dict) else None
    return {"update_id": number} if isinstance(number, int) else None


class PatientLimiter(AIORateLimiter):
    """Keeps to Telegram's rates, waits when it says 429 (FloodError when that is long), and tries again when a
    connection breaks; not when an answer is late, for what was sent may have arrived. That somebody is typing is said
    at once or not at all, as is what `AT_ONCE` tells."""

    def __init__(self, per_second: int) -> None:
        super().__init__(overall_max_rate=per_second, max_retries=_FLOOD_RETRIES)

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        if endpoint == "sendChatAction" or AT_ONCE.get():
            return await callback(*args, **kwargs)

        async def call(*arguments: Any, **options: Any) -> Any:
            try:
                return await callback(*arguments, **options)
            except RetryAfter as flood:
                wait = flood.retry_after
                seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
                if seconds > _LONGEST_WAIT:
                    raise FloodError(seconds) from flood
                raise

        for pause in _PAUSES:
            try:
                return await super().process_request(call, args, kwargs, endpoint, data, rate_limit_args)
            except NetworkError as error:
                if isinstance(error, BadRequest) or isinstance(error.__cause__, _ARRIVED_PERHAPS):
                    raise
                _log.info("%s failed (%s), trying again", endpoint, error)
                await asyncio.sleep(pause)
        return await super().process_request(call, args, kwargs, endpoint, data, rate_limit_args)
