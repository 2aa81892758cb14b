"""The running bot: put together, started, and stopped."""

import asyncio
import errno
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

from telegram import LinkPreviewOptions, Update
from telegram.error import Conflict, InvalidToken, NetworkError
from telegram.ext import Application, Defaults, ExtBot, Updater

from bot.memory.database import open_database, tolerating
from bot.memory.memory import Memory
from bot.telegram.answers.refusals import tell_kept
from bot.telegram.handlers import App, add_handlers
from bot.telegram.messages import addressing
from bot.telegram.messages.menus import introduce
from bot.telegram.messages.outgoing import reply
from bot.telegram.state.access import Members
from bot.telegram.state.albums import Albums
from bot.telegram.state.runtime import Context, Runtime, asker
from bot.telegram.updates.inbox import Inbox, UpdateQueue
from bot.telegram.updates.network import PatientLimiter, UpdatesRequest, WholeRequest
from bot.telegram.updates.update_processor import UpdateProcessor
from bot.telegram.updates.webhook import WebhookUpdater
from bot.visibility import VIEWER
from config.telegram import TelegramSettings
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase

_log = logging.getLogger(__name__)
_HOUR = 3600
_CONNECTIONS = 64
_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
_CONFLICT_SECONDS = 60
_STOP_SECONDS = 10.0
_NO_PLACE = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)
_SENDING_SECONDS = 60
"""Beyond the time in which a question is computed; Telegram may ask to wait."""


class TelegramBot:
    """One bot over one knowledge base, from `run` to a signal."""

    def __init__(self, settings: TelegramSettings, base: KnowledgeBase) -> None:
        """Raises StorageError."""
        self._settings = settings
        self._database = open_database(base.settings.home)
        self._inbox = Inbox(self._database)
        self._runtime = Runtime(settings, base, Memory(self._database), Members(self._database, settings))
        self._runtime.albums = Albums(self._strike_out)
        self._processor = UpdateProcessor(self._inbox, self._is_upload, self._seconds)
        self._stop_metrics: Callable[[], None] | None = None
        self._keeping: asyncio.Future[Any] | None = None
        self._conflict_told = 0.0
        self._app = self._build()
        self._processor.handle = self._handle
        self._processor.apologize = self._apologize
        self._processor.tell_kept = partial(tell_kept, runtime=self._runtime)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; whatever was taken and not answered is taken up at the next start. Raises
        WenjuError when Telegram does not know the token, or a port of the settings is taken."""
        _log.info("Connecting to Telegram")
        webhook = self._settings.webhook_url
        listen, port = self._settings.webhook_listen, self._settings.webhook_port
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        known: dict[str, Any] = {"allowed_updates": _UPDATES, "bootstrap_retries": -1, "stop_signals": None}
        try:
            if webhook is None:
                self._app.run_polling(**known)
            else:
                secret, path = _text(self._settings.webhook_secret), urlsplit(webhook).path.lstrip("/")
                self._app.run_webhook(listen, port, path, webhook_url=webhook, secret_token=secret, **known)
        except InvalidToken:
            raise WenjuError(
                "Telegram does not know this token. Copy it again from @BotFather into WENJU_TELEGRAM__TOKEN."
            ) from None
        except OSError as error:
            if webhook is None or not (isinstance(error, gaierror) or error.errno in _NO_PLACE):
                raise
            raise WenjuError(
                f"The webhook cannot be served on {listen}:{port} ({error.strerror}). Set telegram.webhook_listen "
                "and telegram.webhook_port to an address of this machine and a port that is free."
            ) from error
        finally:
            self._database.close()
            _log.info("stopped")

    async def _handle(self, update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        VIEWER.set(self._runtime.members.viewer(user.id if user else None, chat.id if chat else None))
        await self._app.process_update(update)

    def _on_signal(self) -> None:
        """Stop; and however long the library waits for a network that is not there, not longer than a deadline. What
        is cut short by it is taken up at the next start."""
        deadline = threading.Timer(_STOP_SECONDS, os._exit, (0,))
        deadline.daemon = True
        deadline.start()
        raise SystemExit

    def finish(self) -> None:
        """After `run`: end the process without waiting for threads at work, a long file above all; what they had not
        finished is done again at the next start."""
        if not self._runtime.close():
            logging.shutdown()
            os._exit(0)

    def _build(self) -> App:
        token = _text(self._settings.token)
        assert token is not None
        queue = UpdateQueue(self._inbox, self._concerns, self._processor.stop)
        bot: ExtBot[Any] = ExtBot(
            token,
            base_url=self._settings.base_url,
            base_file_url=self._settings.base_file_url,
            request=WholeRequest(connection_pool_size=_CONNECTIONS, read_timeout=30, pool_timeout=30),
            get_updates_request=UpdatesRequest(connection_pool_size=1),
            defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
            rate_limiter=PatientLimiter(self._settings.send_rate),
        )
        updater = (Updater if self._settings.webhook_url is None else WebhookUpdater)(bot, queue)
        app: App = (
            Application.builder()
            .updater(updater)
            .concurrent_updates(self._processor)
            .post_init(self._begin)
            .post_shutdown(self._end)  # also when it never came to serving
            .build()
        )
        app.bot_data["runtime"] = self._runtime
        add_handlers(app)
        app.add_error_handler(self._on_error)
        return app

    async def _begin(self, app: App) -> None:
        """Telegram was reached: take up what was left, say what there is, and serve figures."""
        self._runtime.bot = app.bot.username
        with tolerating():
            self._runtime.tidy()
            self._inbox.expire()
        if self._settings.metrics_port:
            self._stop_metrics = self._runtime.metrics.serve(
                self._settings.metrics_port, lambda: self._runtime.waiting
            )
        queue = app.update_queue
        assert isinstance(queue, UpdateQueue)
        left = [self._kept(update_id, body) for update_id, body in self._inbox.waiting()]
        for update in left:
            if update is not None:
                self._runtime.albums.note(update)
                await queue.replay(update)
        self._keeping = asyncio.gather(self._keep_house(app), self._runtime.keep_suggestions())
        known = {"access": self._settings.access, "admins": len(self._settings.admins), "left": len(left)}
        _log.info("@%s is listening; Ctrl-C or SIGTERM ends it", app.bot.username, extra=known)

    def _kept(self, update_id: int, body: str) -> Update | None:
        try:
            return Update.de_json(json.loads(body), self._app.bot)
        except Exception as error:  # noqa: BLE001 - whatever another version of the library trips over
            _log.error("Update %d in the inbox cannot be read and is acknowledged: %r", update_id, error)
            self._strike_out(update_id)
            return None

    def _strike_out(self, update_id: int) -> None:
        with tolerating():
            self._inbox.acknowledge(update_id)

    def _concerns(self, update: Update) -> bool:
        if (query := update.inline_query) is not None:
            self._runtime.inline[query.from_user.id] = update.update_id
        is_ours = addressing.concerns(update, self._app.bot) or self._is_beside(update)
        if is_ours:
            self._runtime.albums.note(update)
        return is_ours

    def _is_beside(self, update: Update) -> bool:
        """Whether it may lie in an album that an administrator adds: only one message of that says so."""
        message = update.message
        return message is not None and addressing.is_file_of_album(message) and self._is_upload(update)

    def _is_upload(self, update: Update) -> bool:
        """Whether an administrator brings a file."""
        message = update.message
        if message is None or addressing.file_in(message) is None:
            return False
        return self._runtime.members.is_admin(asker(message))

    async def _end(self, _: App) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._stop_metrics is not None:
            await asyncio.to_thread(self._stop_metrics)

    async def _keep_house(self, app: App) -> None:
        """The profile and menus first, then once an hour whatever is due."""
        await introduce(app.bot, self._settings.admins, self._runtime.memory.language_of)
        while True:
            await asyncio.sleep(_HOUR)
            with tolerating():
                self._runtime.tidy()
                self._inbox.expire()

    def _seconds(self, update: Update) -> float:
        if self._is_upload(update):  # a day: the chat was told long before, and a thread cannot be cut short
            return 24 * _HOUR
        return self._settings.handler_seconds + _SENDING_SECONDS

    async def _apologize(self, update: Update) -> None:
        """Tell whoever asked that it did not work; the log has the reference and the traceback."""
        message = update.message or update.edited_message
        told = self._runtime.say(update.effective_user)("failed", reference=update.update_id)
        if message is not None:
            await reply(message, told)
        elif update.callback_query is not None:
            await update.callback_query.answer(told)

    async def _on_error(self, update: object, context: Context) -> None:
        """Told by the application: of an update, or of polling when there is none."""
        error = context.error
        assert error is not None
        self._runtime.metrics.errors.labels(type(error).__name__).inc()
        if isinstance(update, Update):
            self._processor.failed(update, error)
        elif isinstance(error, Conflict):
            if time.monotonic() - self._conflict_told > _CONFLICT_SECONDS:
                self._conflict_told = time.monotonic()
                _log.error("Another process receives updates with this token (409): stop it, or this one. Trying on.")
        elif isinstance(error, NetworkError):
            _log.warning("Telegram cannot be reached: %s. Trying on.", error)
        else:
            _log.error("While polling: %s", error, exc_info=error)


def _text(secret: Any) -> str | None:
    return secret.get_secret_value() if secret is not None else None
