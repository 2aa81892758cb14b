"""Pages of PDFs as pictures: looked at by those who see the document, and kept in memory for a while."""

import asyncio
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import Response

from bot.web.guard import Endpoint
from bot.web.problems import Problem
from bot.web.questions import number
from bot.web.runtime import WebRuntime
from retrieval.errors import DocumentError
from retrieval.pictures import Picture, page_of, picture_of

_KEPT_BYTES = 32_000_000
_FURTHEST = 1_000_000_000
BOXES = "Wenju-Boxes"
"""The header that says how many lines are boxed."""


def picture(runtime: WebRuntime) -> Endpoint:
    kept: OrderedDict[tuple[str, int, str], Picture] = OrderedDict()
    drawing = asyncio.Semaphore(1)  # so that what else is looked up has a thread

    async def drawn(request: Request) -> Response:
        passage_id, told = request.path_params["id"], request.query_params
        start, end = (
            number(request, name, 0, _FURTHEST, least=0) if name in told else None for name in ("start", "end")
        )
        base = await runtime.line.work(lambda: runtime.base)
        asked = await runtime.line.work(page_of, base, passage_id, start, end)  # for each caller, what is kept too
        async with drawing:
            if (found := kept.pop(asked, None)) is None:
                try:
                    found = await runtime.line.work(picture_of, base, passage_id, *asked[1:])
                except DocumentError as error:
                    raise Problem(422, "unreadable", f"The page cannot be drawn: {error.reason}.") from error
            kept[asked] = found
        while sum(len(page.png) for page in kept.values()) > _KEPT_BYTES:
            kept.popitem(last=False)
        return Response(found.png, media_type="image/png", headers={BOXES: str(found.boxes)})

    return drawn
