"""Telegram's side of the Bot API on loopback, for a real bot process to talk to.

It is strict where Telegram is (see `strict`), remembers every call, and injects what goes wrong in the world. It runs
in a thread of its own; people are played through `tests.telegram.people`.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram.strict import Formatted, RefusedError, commands, formatted, inline_results, keyboard, utf16

TOKEN = "123456789:AAF-strictly_for_tests_0123456789abc"
BOT = {
    "id": 123456789, "is_bot": True, "first_name": "问据", "username": "WenjuTestBot", "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": True,
}  # fmt: skip
_DOWNLOAD, _UPLOAD = 20_000_000, 50_000_000
_SILENT = {"getUpdates", "sendChatAction"}


@dataclass
class Sent:
    """A message that the bot sent, as it looks now."""

    chat_id: int
    message_id: int
    body: Formatted
    buttons: list[list[dict[str, Any]]]
    reply_to: int | None
    at: float
    topic: int | None = None
    file_name: str | None = None
    file: bytes = b""
    edits: int = 0
    plain: bool = False

    @property
    def text(self) -> str:
        return self.body.text

    def button(self, label: str) -> dict[str, Any]:
        """The button whose label contains this."""
        return next(button for row in self.buttons for button in row if label in button["text"])

    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class Trouble:
    """What befalls the next `times` calls of a method (`*`: of any but getUpdates)."""

    method: str
    times: int
    kind: str
    seconds: float = 0.0


@dataclass
class Call:
    method: str
    values: dict[str, Any]
    at: float
    refused: str | None = None


@dataclass
class FakeTelegram:
    """One server; `complaints` holds what it had to refuse without being told to."""

    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    notices: dict[str, str | None] = field(default_factory=dict)
    inline: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    menus: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    chats: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    known: dict[int, set[int]] = field(default_factory=dict)
    topics: dict[int, set[int]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    _next: int = field(default_factory=lambda: int(time.time() * 10) % 10**10)
    confirmed: int = 0
    _polls: int = 0

    # -- the server ----------------------------------------------------------------------------------------------

    def start(self) -> "FakeTelegram":
        """Listen on 127.0.0.1, on the port of the last time when there was one."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the server did not start")
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        app = web.Application(client_max_size=64_000_000)
        app.router.add_post("/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path}", self._download)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(_cancel_all())
        self._loop.close()

    @property
    def environment(self) -> dict[str, str]:
        """What points a bot at this server."""
        here = f"http://127.0.0.1:{self.port}"
        known = {"TOKEN": TOKEN, "BASE_URL": f"{here}/bot", "BASE_FILE_URL": f"{here}/file/bot"}
        return {f"WENJU_TELEGRAM__{name}": value for name, value in known.items()}

    # -- the world -----------------------------------------------------------------------------------------------

    def number(self) -> int:
        self._next += 1
        return self._next

    def deliver(self, kind: str, content: Any) -> int:
        """Have the bot receive an update; its id."""
        update_id = self.number()
        self.updates.append({"update_id": update_id, kind: content})
        return update_id

    def trouble(self, method: str, kind: str, times: int = 1, seconds: float = 0.0) -> None:
        self.troubles.append(Trouble(method, times, kind, seconds))

    def wait(self, what: Callable[[], Any], seconds: float = 20.0) -> Any:
        """What the function returns, once that is true. Raises AssertionError when the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := what():
                return found
            time.sleep(0.01)
        last = [f"{call.method} {call.refused or ''}" for call in self.calls if call.method not in _SILENT][-8:]
        raise AssertionError(f"it did not happen in {seconds} s; the last calls: {last}; {self.complaints}")

    def replies(self, chat_id: int, message_id: int) -> list[Sent]:
        return [message for message in self.sent if message.chat_id == chat_id and message.reply_to == message_id]

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    # -- the API -------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        values: dict[str, Any] = dict(await request.post())
        if request.match_info["token"] != TOKEN:
            return _no(401, "Unauthorized")
        call = Call(method, values, time.monotonic())
        self.calls.append(call)
        answer = await self._suffer(method)
        if answer is not None:
            return answer
        try:
            handler = getattr(self, f"_on_{method}", None)
            if handler is None:
                raise RefusedError("Not Found: method not found")
            result = await handler(values)
        except RefusedError as refused:
            call.refused = str(refused)
            self.complaints.append(f"{method}: {refused}")
            return _no(400, str(refused))
        return result if isinstance(result, web.Response) else _yes(result)

    async def _suffer(self, method: str) -> web.StreamResponse | None:
        """The trouble that is due, None when the call shall have its way."""
        due = next(
            (t for t in self.troubles if t.method == method or (t.method == "*" and method != "getUpdates")), None
        )
        if due is None:
            return None
        due.times -= 1
        if due.times <= 0:
            self.troubles.remove(due)
        if due.kind == "slow":
            await asyncio.sleep(due.seconds)
            return None
        if due.kind == "drop":
            raise ConnectionResetError  # aiohttp closes the connection without an answer
        if due.kind == "429":
            more = {"retry_after": int(due.seconds)}
            return _no(429, f"Too Many Requests: retry after {int(due.seconds)}", more)
        if due.kind == "409":
            return _no(409, "Conflict: terminated by other getUpdates request")
        if due.kind == "400":
            return _no(400, "Bad Request: can't parse entities")
        if due.kind == "garbage":
            return web.Response(text='{"ok": true, "result": [{')
        return web.Response(status=int(due.kind), text="<html>Bad Gateway</html>")

    async def _on_getUpdates(self, values: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        offset, timeout = int(values.get("offset") or 0), float(values.get("timeout") or 0)
        limit = int(values.get("limit") or 100)
        self.confirmed = max(self.confirmed, offset - 1)
        self._polls += 1
        mine, deadline = self._polls, time.monotonic() + timeout
        self.updates = [update for update in self.updates if _id(update) >= offset]
        while True:
            due = self.updates[:limit]
            if due or time.monotonic() >= deadline:
                return due
            await asyncio.sleep(0.01)
            if mine != self._polls and timeout:
                return _no(409, "Conflict: terminated by other getUpdates request")

    async def _on_getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802
        return BOT

    async def _on_deleteWebhook(self, _: dict[str, Any]) -> Any:  # noqa: N802
        self.webhook = {}
        return True

    async def _on_setWebhook(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if not str(values["url"]).startswith("https://"):
            raise RefusedError("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = values
        return True

    async def _on_getWebhookInfo(self, _: dict[str, Any]) -> Any:  # noqa: N802
        return {
            "url": self.webhook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }  # fmt: skip

    async def _on_setMyCommands(self, values: dict[str, Any]) -> Any:  # noqa: N802
        scope = json.loads(values.get("scope") or '{"type": "default"}')
        if "chat_id" in scope and scope["chat_id"] not in self.chats:
            raise web.HTTPBadRequest(
                text=json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
            )
        name = f"{scope['type']}{scope.get('chat_id', '')}:{values.get('language_code', '')}"
        self.menus[name] = commands(values["commands"])
        return True

    async def _on_sendChatAction(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if values["action"] not in ("typing", "upload_document"):
            raise RefusedError("Bad Request: wrong parameter action in request")
        return True

    async def _on_sendMessage(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if (no := self._closed(values)) is not None:
            return no
        body = formatted(str(values["text"]), values.get("parse_mode"))
        if not json.loads(values.get("link_preview_options") or "{}").get("is_disabled"):
            raise RefusedError("Bad Request: (strictly) link previews are to be off")
        return self._post(values, body)

    async def _on_sendDocument(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if (no := self._closed(values)) is not None:
            return no
        part = values["document"]
        data = part.file.read()
        if not data or len(data) > _UPLOAD:
            raise RefusedError("Bad Request: file must be non-empty and not too large")
        message = self._post(values, Formatted(""))
        self.sent[-1].file_name, self.sent[-1].file = part.filename, data
        document = {"file_id": "sent", "file_unique_id": "sent", "file_name": part.filename, "file_size": len(data)}
        return {**message, "document": document}

    async def _on_editMessageText(self, values: dict[str, Any]) -> Any:  # noqa: N802
        sent = self._mine(values)
        body, buttons = formatted(str(values["text"]), values.get("parse_mode")), keyboard(values.get("reply_markup"))
        if (body, buttons) == (sent.body, sent.buttons):
            raise RefusedError("Bad Request: message is not modified")
        sent.body, sent.buttons = body, buttons
        sent.edits += 1
        return _message(sent)

    async def _on_editMessageReplyMarkup(self, values: dict[str, Any]) -> Any:  # noqa: N802
        sent, buttons = self._mine(values), keyboard(values.get("reply_markup"))
        if buttons == sent.buttons:
            raise RefusedError("Bad Request: message is not modified")
        sent.buttons = buttons
        return _message(sent)

    async def _on_answerCallbackQuery(self, values: dict[str, Any]) -> Any:  # noqa: N802
        asked, text = values["callback_query_id"], values.get("text")
        if self.notices.get(asked, "") != "":
            raise RefusedError("Bad Request: query is too old and response timeout expired or query ID is invalid")
        if text is not None and not 1 <= utf16(text) <= 200:
            raise RefusedError("Bad Request: MESSAGE_TOO_LONG")
        self.notices[asked] = text
        return True

    async def _on_answerInlineQuery(self, values: dict[str, Any]) -> Any:  # noqa: N802
        self.inline[values["inline_query_id"]] = inline_results(values["results"], values.get("button"))
        return True

    async def _on_getFile(self, values: dict[str, Any]) -> Any:  # noqa: N802
        data = self.files.get(values["file_id"])
        if data is None:
            raise RefusedError("Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(data) > _DOWNLOAD:
            raise RefusedError("Bad Request: file is too big")
        known = {"file_id": values["file_id"], "file_unique_id": values["file_id"], "file_size": len(data)}
        return {**known, "file_path": values["file_id"]}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _no(401, "Unauthorized")
        answer = await self._suffer("download")
        data = self.files.get(request.match_info["path"])
        return answer or (web.Response(body=data) if data is not None else _no(404, "Not Found"))

    # -- the rest ------------------------------------------------------------------------------------------------

    def _closed(self, values: dict[str, Any]) -> web.Response | None:
        chat_id = int(values["chat_id"])
        if chat_id in self.migrated:
            more = {"migrate_to_chat_id": self.migrated[chat_id]}
            return _no(400, "Bad Request: group chat was upgraded to a supergroup chat", more)
        if chat_id in self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self.chats:
            raise RefusedError("Bad Request: chat not found")
        return None

    def _post(self, values: dict[str, Any], body: Formatted) -> dict[str, Any]:
        chat_id = int(values["chat_id"])
        reply = json.loads(values.get("reply_parameters") or "{}")
        target = reply.get("message_id")
        if target is not None and target not in self.known.setdefault(chat_id, set()):
            if not reply.get("allow_sending_without_reply"):
                raise RefusedError("Bad Request: message to be replied not found")
            target = None
        topic = int(values["message_thread_id"]) if "message_thread_id" in values else None
        if topic is not None and topic not in self.topics.get(chat_id, ()):
            raise RefusedError("Bad Request: message thread not found")
        buttons = keyboard(values.get("reply_markup"))
        sent = Sent(chat_id, self.number(), body, buttons, target, time.monotonic(), topic)
        sent.plain = "parse_mode" not in values
        self.known.setdefault(chat_id, set()).add(sent.message_id)
        self.sent.append(sent)
        return _message(sent)

    def _mine(self, values: dict[str, Any]) -> Sent:
        chat_id, message_id = int(values["chat_id"]), int(values["message_id"])
        for message in self.sent:
            if (message.chat_id, message.message_id) == (chat_id, message_id):
                return message
        raise RefusedError("Bad Request: message to edit not found")


async def _cancel_all() -> None:
    """Handlers of connections that the bot has left."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _id(update: dict[str, Any]) -> int:
    return int(update["update_id"])


def _message(sent: Sent) -> dict[str, Any]:
    kind = "private" if sent.chat_id > 0 else "supergroup"
    chat = {"id": sent.chat_id, "type": kind, "title": "群", "first_name": "人"}
    known = {"message_id": sent.message_id, "date": int(time.time()), "chat": chat, "from": BOT, "text": sent.text}
    return known | within_topic(sent.topic)


def within_topic(topic: int | None) -> dict[str, Any]:
    """What a message of a forum says of its topic."""
    return {"message_thread_id": topic, "is_topic_message": True} if topic is not None else {}


def _yes(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _no(code: int, told: str, more: dict[str, Any] | None = None) -> web.Response:
    answer = {"ok": False, "error_code": code, "description": told, **({"parameters": more} if more else {})}
    return web.json_response(answer, status=code)
