"""The webhook: what Telegram posts is taken as what is polled, and what cannot be read is struck out."""

import asyncio
import hmac
import json
import logging
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Updater
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.telegram.updates.network import readable

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 5.0
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


class WebhookUpdater(Updater):
    """The library's own webhook refuses an update that it cannot read, and Telegram sends that again for ever."""

    _server: HTTPServer | None = None

    @property
    def running(self) -> bool:
        return self._server is not None

    async def start_webhook(self, *_: Any, **options: Any) -> "asyncio.Queue[object]":
        """With the options of `Application.run_webhook`. Raises OSError when the port cannot be had, and
        InvalidToken."""
        secret = options["secret_token"]
        handlers = [(rf"/{options['url_path']}/?", _UpdateHandler, {"updater": self, "secret": secret})]
        self._server = HTTPServer(Application(handlers, log_function=lambda _: None))
        self._server.listen(options["port"], address=options["listen"])
        while not await self._told(options["webhook_url"], options["allowed_updates"], secret):
            await asyncio.sleep(_PAUSE_SECONDS)
        return self.update_queue

    async def _told(self, url: str, kinds: list[str], secret: str) -> bool:
        """Whether Telegram knows where to post; False while it cannot be reached."""
        try:
            return await self.bot.set_webhook(url, allowed_updates=kinds, secret_token=secret)
        except (BadRequest, InvalidToken):
            raise
        except (NetworkError, RetryAfter) as error:
            _log.warning("Telegram cannot be told of the webhook: %s. Trying on.", error)
            return False

    async def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            await self._server.close_all_connections()
            self._server = None


class _UpdateHandler(RequestHandler):
    """One request of Telegram's."""

    def initialize(self, updater: WebhookUpdater, secret: str) -> None:
        self._updater, self._secret = updater, secret

    async def post(self) -> None:
        given = self.request.headers.get(_SECRET, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            told = readable(json.loads(self.request.body))
        except ValueError:
            _log.error("What was posted is no JSON, and is struck out")
            return
        if told is not None and (update := Update.de_json(told, self._updater.bot)) is not None:
            await self._updater.update_queue.put(update)
