"""The page and the API as one application: what stands at which address, and who may call it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from importlib.util import find_spec
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.intake import suffixes
from bot.visibility import Role
from bot.web import completions, documents, pictures, questions, uploads
from bot.web.description import openapi
from bot.web.guard import Endpoint, Guard, GuardedApp, caller, guarded, is_open
from bot.web.metrics import MEDIA_TYPE
from bot.web.pages import page_routes
from bot.web.problems import answered_with_problem, problem_of
from bot.web.runtime import WebRuntime
from config.formats import OLDER
from retrieval.errors import WenjuError

Make = Callable[[WebRuntime], Endpoint]
API: tuple[tuple[str, str, Role, Make], ...] = (
    ("POST", "/api/ask", "reader", questions.ask),
    ("GET", "/api/near", "reader", questions.near),
    ("GET", "/api/search", "reader", questions.search),
    ("GET", "/api/suggestions", "reader", questions.suggestions),
    ("POST", "/api/feedback", "reader", questions.feedback),
    ("GET", "/api/unanswered", "administrator", questions.unanswered),
    ("GET", "/api/documents", "reader", documents.listed),
    ("POST", "/api/documents", "feeder", uploads.added),
    ("GET", "/api/folders", "reader", documents.folders),
    ("GET", "/api/documents/{id}", "reader", documents.described),
    ("DELETE", "/api/documents/{id}", "administrator", documents.removed),
    ("GET", "/api/documents/{id}/text", "reader", documents.text),
    ("GET", "/api/documents/{id}/original", "reader", documents.original),
    ("GET", "/api/passages/{id}", "reader", documents.passage),
    ("GET", "/api/passages/{id}/picture", "reader", pictures.picture),
    ("POST", "/v1/chat/completions", "reader", completions.complete),
    ("GET", "/v1/models", "reader", completions.models),
)


def application(runtime: WebRuntime, opened: Callable[[], Awaitable[None]] | None = None) -> ASGIApp:
    """All of it; `opened` is awaited before the first call is taken."""

    assistants, answering = _assistants(runtime)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with answering:
            if opened is not None:
                await opened()
            looking = asyncio.create_task(runtime.keep_suggestions())
            yield
            looking.cancel()

    routes = [Route(path, _by_method(path, runtime), methods=_methods(path)) for path in dict.fromkeys(_paths())]
    routes += [
        Route("/health", _health(runtime)),
        Route("/metrics", _metrics(runtime)),
        Route("/api/me", _me(runtime)),
        Route("/api/openapi.json", _openapi),
        *([Route("/mcp", GuardedApp(assistants, runtime, "/mcp"))] if assistants is not None else []),
        *page_routes(),
    ]
    handlers: Any = {HTTPException: answered_with_problem}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False  # an id that ends in a slash is one that is not there, and no other address
    return Guard(app, runtime.settings)


def _assistants(runtime: WebRuntime) -> tuple[ASGIApp | None, AbstractAsyncContextManager[None]]:
    """What speaks to assistants, where the extra for that is installed."""
    if find_spec("mcp") is None:
        return None, nullcontext()
    from bot.assistants import evidence, over_http

    return over_http(evidence(lambda: runtime.base, runtime.line.ask, runtime.tell))


def _paths() -> list[str]:
    return [path for _, path, _, _ in API]


def _methods(path: str) -> list[str]:
    return [method for method, known, _, _ in API if known == path]


def _by_method(path: str, runtime: WebRuntime) -> Endpoint:
    """One endpoint for the path, so that a method it does not take is told as such."""
    chosen = {
        method: guarded(make(runtime), role, runtime, path) for method, known, role, make in API if known == path
    }

    async def endpoint(request: Request) -> Response:
        return await chosen["GET" if request.method == "HEAD" else request.method](request)

    return endpoint


def _health(runtime: WebRuntime) -> Endpoint:
    """Whether it can answer; for whoever watches it, without a key."""

    async def health(_: Request) -> Response:
        try:
            counts = await runtime.line.work(runtime.counts)
        except WenjuError as error:
            return problem_of(error).response()
        return JSONResponse({"status": "ok", **counts})

    return health


def _metrics(runtime: WebRuntime) -> Endpoint:
    """For administrators; on this machine alone for whoever reads without a key too."""

    async def metrics(_: Request) -> Response:
        return Response(runtime.metrics.text(), media_type=MEDIA_TYPE)

    local = runtime.settings.access == "auto" and is_open(runtime.settings)
    return guarded(metrics, "reader" if local else "administrator", runtime, "/metrics")


def _me(runtime: WebRuntime) -> Endpoint:
    """What the caller may do, and which files are read here, so that the page shows what works."""

    async def me(request: Request) -> Response:
        found = caller(request, runtime)
        return JSONResponse({"role": found.role, "has_key": found.has_key, "files": [*suffixes(), ".htm", *OLDER]})

    return guarded(me, "reader", runtime, "/api/me")


async def _openapi(_: Request) -> Response:
    return JSONResponse(openapi())
