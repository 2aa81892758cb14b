"""The server of the stand-in for Telegram: its thread, the calls it remembers, and what goes wrong in the world."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.telegram.strict import Formatted, RefusedError

TOKEN = "123456789:AAF-strictly_for_tests_0123456789abc"
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
    forces_reply: bool = False

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
class Server:
    """One server; `complaints` holds what it had to refuse without being told to."""

    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    notices: dict[str, str | None] = field(default_factory=dict)
    inline: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    menus: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    chats: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    known: dict[int, set[int]] = field(default_factory=dict)
    topics: dict[int, set[int]] = field(default_factory=dict)
    written: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    reactions: dict[tuple[int, int], str] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    _next: int = field(default_factory=lambda: int(time.time() * 10) % 10**10)
    confirmed: int = 0
    _polls: int = 0

    # -- the server ----------------------------------------------------------------------------------------------

    def start(self) -> Self:
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
            return refusal(401, "Unauthorized")
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
            return refusal(400, str(refused))
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
            return refusal(429, f"Too Many Requests: retry after {int(due.seconds)}", more)
        if due.kind == "409":
            return refusal(409, "Conflict: terminated by other getUpdates request")
        if due.kind == "400":
            return refusal(400, "Bad Request: can't parse entities")
        if due.kind == "garbage":
            return web.Response(text='{"ok": true, "result": [{')
        return web.Response(status=int(due.kind), text="<html>Bad Gateway</html>")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        answer = await self._suffer("download")
        data = self.files.get(request.match_info["path"])
        return answer or (web.Response(body=data) if data is not None else refusal(404, "Not Found"))


async def _cancel_all() -> None:
    """Handlers of connections that the bot has left."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _yes(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refusal(code: int, told: str, more: dict[str, Any] | None = None) -> web.Response:
    answer = {"ok": False, "error_code": code, "description": told, **({"parameters": more} if more else {})}
    return web.json_response(answer, status=code)
