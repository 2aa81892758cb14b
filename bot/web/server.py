"""The server: where it may listen, and its process from beginning to end."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.application import application
from bot.web.guard import is_open
from bot.web.keys import Keys
from bot.web.runtime import WebRuntime
from config.web import WebSettings
from retrieval.errors import WenjuError

_CONNECTIONS = 500
_IDLE_SECONDS = 15
_LAST_SECONDS = 10
"""How long calls that are being answered are waited for at the end."""


class TimedConnection(H11Protocol):
    """One that is closed where no request comes: uvicorn waits for ever for the first, and for one that has begun, so
    that a few hundred silent callers would shut everybody out."""

    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """From the first that comes of a request on; not while one is answered, nor anew for each part of it."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._ending is None:
            self._ending = self.loop.call_later(_IDLE_SECONDS, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None


def serve(runtime: WebRuntime, ready: Callable[[str], None]) -> None:
    """Answer until SIGINT or SIGTERM; `ready` is told the address. Raises WenjuError when it may not, or cannot."""
    refuse_without_keys(runtime.settings, runtime.keys)
    with closing(_listening(runtime.settings)) as listening:
        address = f"http://{_shown(runtime.settings.host)}:{listening.getsockname()[1]}/"

        async def opened() -> None:
            ready(address)

        server = uvicorn.Server(_config(runtime, opened))
        before = {number: signal.signal(number, _noted) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            server.run(sockets=[listening])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    if not runtime.line.close():  # a long file above all: it is not waited for, and was told to nobody
        logging.shutdown()
        os._exit(0)


def refuse_without_keys(settings: WebSettings, keys: Keys) -> None:
    """Raise WenjuError where nobody could ask."""
    if not is_open(settings) and not keys.all():
        raise WenjuError(
            f"Whoever asks at {settings.host} needs a key, and there is none. Make one (`wenju key add NAME`), "
            'or set web.access = "open", and whoever reaches it may ask and read everything that is indexed.'
        )


def _listening(settings: WebSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=_CONNECTIONS)
    except OSError as error:
        raise WenjuError(
            f"Nothing can be served at {settings.host}, port {settings.port} ({error.strerror or error}). Set "
            "web.host and web.port to an address of this machine and a port that is free."
        ) from error


def _config(runtime: WebRuntime, opened: Callable[[], Awaitable[None]]) -> uvicorn.Config:
    settings = runtime.settings
    return uvicorn.Config(
        application(runtime, opened),
        loop="asyncio",
        http=TimedConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _noted(_: int, __: object) -> None:
    """For the signals that uvicorn has dealt with and raises again."""
