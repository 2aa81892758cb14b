"""The files of the page: sent as they are, and asked for again only when they have changed. Only what the page
says is made of its texts, which lie with those of all doors."""

import hashlib
import json
from functools import cache
from importlib import resources
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.catalogue import PAGE, SHARED, catalogue
from config.language import Language

_TEXTS = "texts.js"
_FILES = {
    "/": ("index.html", "text/html"),
    "/static/style.css": ("style.css", "text/css"),
    "/static/app.js": ("app.js", "text/javascript"),
    "/static/view.js": ("view.js", "text/javascript"),
    "/static/folders.js": ("folders.js", "text/javascript"),
    "/static/library.js": ("library.js", "text/javascript"),
    "/static/api.js": ("api.js", "text/javascript"),
    "/static/marks.js": ("marks.js", "text/javascript"),
    "/static/texts.js": (_TEXTS, "text/javascript"),
    "/static/icon.svg": ("icon.svg", "image/svg+xml"),
}
_OF_ALL_DOORS = ("understood", "items_follow", "page", "page_ocr", "no_more")
"""What the page says in the same words as the other doors."""


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
    data = texts_module() if name == _TEXTS else (resources.files("bot.web") / "static" / name).read_bytes()
    return data, f'"{hashlib.sha256(data).hexdigest()[:24]}"'


def texts_module() -> bytes:
    """What the page says, by language, as a module of JavaScript: the policy allows no inline script."""
    texts = {
        language: {key: catalogue(language, SHARED)[key] for key in _OF_ALL_DOORS} | {**catalogue(language, PAGE)}
        for language in get_args(Language)
    }
    return f"export const TEXTS = {json.dumps(texts, ensure_ascii=False, indent=1)};\n".encode()
