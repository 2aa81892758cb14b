"""The line to Telegram: updates that cannot be read are stepped over, sending is tried again, floods are avoided."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError
from telegram.ext import AIORateLimiter
from telegram.request import HTTPXRequest

_log = logging.getLogger(__name__)
_PAUSES = (0.5, 1.0, 2.0)
"""Seconds between tries to send. Where they do not help, the whole update is tried again later."""
_FLOOD_RETRIES = 3

Call = Callable[..., Coroutine[Any, Any, Any]]


class UpdatesRequest(HTTPXRequest):
    """For getUpdates: an update that the library cannot read becomes one that holds its id alone. Otherwise the
    whole batch would fail, and be fetched again for ever."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*arguments, **options)
        try:
            answer = json.loads(payload)
            updates = answer["result"]
            readable = [_readable(update) for update in updates]
        except (ValueError, KeyError, TypeError):  # an error, or no JSON: the library's to judge
            return code, payload
        if all(one is update for one, update in zip(readable, updates, strict=True)):
            return code, payload
        kept = [one for one in readable if one is not None]
        return code, json.dumps({**answer, "result": kept}).encode()


def _readable(update: Any) -> dict[str, Any] | None:
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
    """Keeps to Telegram's rates, waits when it says 429, and tries again when a connection breaks. That somebody is
    typing is said at once or not at all."""

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
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        for pause in _PAUSES:
            try:
                return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except (BadRequest, Conflict):
                raise
            except NetworkError as error:
                _log.info("%s failed (%s), trying again", endpoint, error)
                await asyncio.sleep(pause)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
