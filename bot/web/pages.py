"""The files of the page: sent as they are, and asked for again only when they have changed."""

import hashlib
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FILES = {
    "/": ("index.html", "text/html"),
    "/static/style.css": ("style.css", "text/css"),
    "/static/app.js": ("app.js", "text/javascript"),
    "/static/view.js": ("view.js", "text/javascript"),
    "/static/folders.js": ("folders.js", "text/javascript"),
    "/static/library.js": ("library.js", "text/javascript"),
    "/static/api.js": ("api.js", "text/javascript"),
    "/static/marks.js": ("marks.js", "text/javascript"),
    "/static/texts.js": ("texts.js", "text/javascript"),
    "/static/icon.svg": ("icon.svg", "image/svg+xml"),
}


def page_routes() -> list[Route]:
    return [Route(path, _sent) for path in _FILES]


async def _sent(request: Request) -> Response:
    name, media_type = _FILES[request.url.path]
    data, tag = _file(name)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


@cache
def _file(name: str) -> tuple[bytes, str]:
    data = (resources.files("bot.web") / "static" / name).read_bytes()
    return data, f'"{hashlib.sha256(data).hexdigest()[:24]}"'
