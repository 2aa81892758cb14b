"""Calls that are made again: `Idempotency-Key` on what changes something
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).

What a call that succeeded was answered is kept for a day, so that who did not get it calls again and does. Where a
process was killed in between nothing is kept, and the call is made anew: that adds no document twice.
"""

import asyncio
import hashlib
import logging
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from bot.web.body import parts
from bot.web.guard import Endpoint, caller
from bot.web.problems import Problem
from bot.web.runtime import WebRuntime
from retrieval.errors import StorageError

FILE = "calls.db"
_LAYOUT = (
    "CREATE TABLE IF NOT EXISTS calls (call TEXT PRIMARY KEY, print TEXT NOT NULL, status INTEGER NOT NULL,"
    " type TEXT, body BLOB NOT NULL, at REAL NOT NULL) WITHOUT ROWID"
)
_DAY = 86_400
_KEY = re.compile(r"[!-~]{1,255}")
_REST = 64 * 1024
"""Bytes of a body that its endpoint did not read."""
_REST_SECONDS = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What a call was answered; `fingerprint` is of all that was called with."""

    fingerprint: str
    status: int
    media_type: str | None
    body: bytes

    def response(self) -> Response:
        return Response(self.body, self.status, {"Idempotency-Replayed": "true"}, self.media_type)


class Calls:
    """The calls of the last day, kept in the home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def kept(self, call: str) -> KeptReply | None:
        """Raises StorageError."""
        if not self._path.exists():
            return None
        with self._database() as database:
            query = "SELECT print, status, type, body FROM calls WHERE call = ? AND at > ?"
            row = database.execute(query, (call, time.time() - _DAY)).fetchone()
        return None if row is None else KeptReply(*row)

    def keep(self, call: str, kept: KeptReply) -> None:
        """Keep it, and forget what is older than a day. Raises StorageError."""
        with self._database() as database, database:
            database.execute("DELETE FROM calls WHERE at <= ?", (time.time() - _DAY,))
            row = (call, kept.fingerprint, kept.status, kept.media_type, kept.body, time.time())
            database.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?)", row)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=30)) as database:
                database.execute(_LAYOUT)
                yield database
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{self._path} cannot be used ({error}). It may be deleted.") from error


class _WatchedBody:
    """The body on its way to the endpoint, and its fingerprint together with the address."""

    def __init__(self, request: Request) -> None:
        self._receive: Receive = request.receive
        self._sum = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
        self.is_whole = False

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._sum.update(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
        return message

    async def fingerprint(self) -> str | None:
        """Of all of it, what the endpoint left unread too; None where that does not come or is too much."""
        left = _REST
        with suppress(TimeoutError):
            async with asyncio.timeout(_REST_SECONDS):
                while not self.is_whole and left > 0:
                    message = await self()
                    if message["type"] != "http.request":
                        break
                    left -= len(message.get("body", b""))
        return self._sum.hexdigest() if self.is_whole else None


def once(endpoint: Endpoint, runtime: WebRuntime, limit: int) -> Endpoint:
    """The endpoint, which changes something, run once for each key; `limit` is of its body in bytes."""
    calls, under_way = Calls(runtime.own.settings.home), runtime.calls_under_way

    async def answer(request: Request) -> Response:
        key = request.headers.get("idempotency-key")
        if key is None:
            return await endpoint(request)
        if not _KEY.fullmatch(key):
            raise Problem(
                400, "idempotency-key", "An Idempotency-Key is 1 to 255 visible ASCII characters without a space."
            )
        who = f"{caller(request, runtime).counted}\n{request.headers.get('authorization', '')}"
        call = hashlib.sha256(f"{who}\n{key}".encode()).hexdigest()
        if call in under_way:
            detail = "The call with this Idempotency-Key is being answered. Try again when it is."
            raise Problem(409, "under-way", detail, {"Retry-After": "5"})
        under_way.add(call)
        try:
            kept = await runtime.line.work(calls.kept, call)
            watched = _WatchedBody(request)
            request = Request(request.scope, watched)
            if kept is None:
                return await _first(request, watched, call)
            async for _ in parts(request, limit):
                pass
            if await watched.fingerprint() != kept.fingerprint:
                detail = "This Idempotency-Key was used for another call within a day. Take a new one for each."
                raise Problem(422, "key-reused", detail)
            return kept.response()
        finally:
            under_way.discard(call)

    async def _first(request: Request, watched: _WatchedBody, call: str) -> Response:
        response = await endpoint(request)
        fingerprint = await watched.fingerprint() if response.status_code < 300 else None
        if fingerprint is not None:
            kept = KeptReply(fingerprint, response.status_code, response.media_type, bytes(response.body))
            try:
                await runtime.line.work(calls.keep, call, kept)
            except StorageError as error:  # what was called for is done all the same
                _log.error("%s", error)
        return response

    return answer
