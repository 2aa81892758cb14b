"""What every call passes first: is it meant for us, from where does it come, who is it, how often; and what every
response carries. No cookie tells who somebody is, so that no other site can act in anybody's name."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.visibility import NOBODY, ROLES, VIEWER, Role, Viewer
from bot.web.problems import LANGUAGE, Problem, language_of, problem_of
from bot.web.runtime import WebRuntime
from config.web import WebSettings

Endpoint = Callable[[Request], Awaitable[Response]]
ANSWER = "Wenju-Answer"
"""The header with the word by which an answer can be judged; of several answers each has its own."""
_SHOWN = f"{ANSWER}, Idempotency-Replayed, Retry-After"
_SAFE = ("GET", "HEAD", "OPTIONS")
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}


class Guard:
    """Around the whole application: host and origin are looked at, and headers are put on."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app = app
        self._settings = settings
        self._always = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        VIEWER.set(NOBODY)  # a connection is used again, and its next call may be somebody else's
        headers = Headers(scope=scope)
        LANGUAGE.set(language_of(headers.get("accept-language", "")))
        origin = headers.get("origin", "").lower()
        known = origin in self._settings.origins

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                carried = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    carried.setdefault(name, value)
                carried.add_vary_header("Origin")
                if known:
                    carried["Access-Control-Allow-Origin"] = origin
                    carried["Access-Control-Expose-Headers"] = _SHOWN
            await send(message)

        try:
            self._admit(scope["method"], headers.get("host", ""), origin, known=known)
        except Problem as problem:
            await problem.response()(scope, receive, send_with_headers)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_ALLOWED if known else None)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _admit(self, method: str, host: str, origin: str, *, known: bool) -> None:
        """A name that is not ours is somebody's who has it lead here; a page of another site may not act here."""
        if not is_ours(host, self._settings):
            raise Problem(421, "host", f"This server does not go by the name {host!r}. web.hosts can name it.")
        if origin and not known and method not in _SAFE and not _is_of(origin, host):
            raise Problem(403, "origin", f"Pages of {origin} may not call this. The setting web.origins lets them.")


def security_headers(settings: WebSettings) -> dict[str, str]:
    frames = " ".join(settings.frame_ancestors) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }


def is_ours(host: str, settings: WebSettings) -> bool:
    """Whether the host is one that is named, or no name at all: only a name can be made to lead elsewhere."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in {"localhost", *map(str.lower, (settings.host, *settings.hosts))} or _is_address(name)


def _is_of(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc == host.lower()
    except ValueError:
        return False


def guarded(endpoint: Endpoint, needed: Role, runtime: WebRuntime, path: str) -> Endpoint:
    """The endpoint of the path for those who have the role. Whatever goes wrong is answered as a problem."""

    async def answer(request: Request) -> Response:
        try:
            let_in(request, needed, runtime)
            response = await endpoint(request)
        except Exception as error:  # noqa: BLE001 - the one place where all of them are told
            response = problem_of(error).response()
        runtime.metrics.requests.labels(path, str(response.status_code)).inc()
        return response

    return answer


class GuardedApp:
    """An application of another maker at the path, for calls by POST of those who may read."""

    def __init__(self, app: ASGIApp, runtime: WebRuntime, path: str) -> None:
        self._app, self._runtime, self._path = app, runtime, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._runtime.metrics.requests.labels(self._path, str(message["status"])).inc()
            await send(message)

        request = Request(scope, receive)
        try:
            if request.method != "POST":
                raise HTTPException(405, headers={"Allow": "POST"})
            let_in(request, "reader", self._runtime)
        except Exception as error:  # noqa: BLE001 - as above
            await problem_of(error).response()(scope, receive, counted)
            return
        await self._app(scope, receive, counted)


def let_in(request: Request, needed: Role, runtime: WebRuntime) -> None:
    """From here on it is looked for the caller. Raises Problem when he calls too often, or has not the role."""
    found = caller(request, runtime)
    wait = runtime.rate.wait(found.counted)
    if wait > 0:
        seconds = int(wait) + 1
        raise Problem(429, "rate", f"Too many calls. Try again in {seconds} s.", {"Retry-After": str(seconds)})
    if ROLES.index(found.role) < ROLES.index(needed):
        if not found.has_key:
            raise _unknown(f"This needs a key with the role {needed}, and none was sent: Authorization: Bearer KEY.")
        raise Problem(403, "role", f"This needs a key of a {needed}; this key is of a {found.role}.")
    VIEWER.set(found.viewer)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: by what calls are counted, what may be done, what is seen."""

    counted: str
    role: Role
    viewer: Viewer
    has_key: bool


def caller(request: Request, runtime: WebRuntime) -> Caller:
    """Raises Problem when a key is missing or is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        if not is_open(runtime.settings):
            raise _unknown("This needs a key: Authorization: Bearer KEY. Ask whoever runs this server for one.")
        return Caller(_place(request), "reader", NOBODY, has_key=False)
    known = runtime.keys.of(key.strip()) if scheme.lower() == "bearer" else None
    if known is None:
        if runtime.rate.wait(_place(request)) > 0:
            raise Problem(429, "rate", "Too many calls. Try again in a minute.", {"Retry-After": "60"})
        raise _unknown("This key is not known here (any more). Send a known one, or none.")
    return Caller(f"key {known.name}", known.role, known.viewer(), has_key=True)


def is_open(settings: WebSettings) -> bool:
    """Whether whoever reaches it may ask and read. A name beside the loopback address means a proxy before it, and
    that others reach it."""
    return settings.access == "open" or (
        settings.access == "auto" and is_loopback(settings.host) and not settings.hosts
    )


def is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _unknown(detail: str) -> Problem:
    return Problem(401, "key", detail, {"WWW-Authenticate": "Bearer"})


def _place(request: Request) -> str:
    """The caller's address; of a long one the part that its provider gave."""
    host = request.client.host if request.client is not None else ""
    if _is_address(host) and (address := ipaddress.ip_address(host)).version == 6:
        return str(ipaddress.ip_network(f"{address.exploded.partition('%')[0]}/64", strict=False))
    return host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
