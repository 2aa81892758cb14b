"""The documents: listed, read and removed; and a passage in its document."""

from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from bot.folders import folders_of
from bot.intake import delete_upload, digest_of
from bot.render.json import record_object
from bot.search import documents_matching, newest_first
from bot.web.body import LONGEST
from bot.web.guard import Endpoint
from bot.web.idempotency import once
from bot.web.problems import Problem
from bot.web.questions import number
from bot.web.runtime import WebRuntime
from retrieval.errors import NotFoundError
from retrieval.samples import are_samples
from retrieval.service import KnowledgeBase
from retrieval.types import DocumentRecord

_PAGE = 20
_MOST = 200
_PAGES = 1_000_000
_CONTEXT = 400
_WIDEST = 5000
_OPAQUE = "application/octet-stream"
_GONE = "There is no document {id}. GET /api/documents lists those that there are."


def listed(runtime: WebRuntime) -> Endpoint:
    async def page(request: Request) -> Response:
        wanted = request.query_params.get("q", "")
        place, size = number(request, "page", 1, _PAGES), number(request, "size", _PAGE, _MOST)
        return JSONResponse(await runtime.line.work(_page, runtime, wanted, place, size))

    return page


def _page(runtime: WebRuntime, wanted: str, place: int, size: int) -> dict[str, Any]:
    base, first = runtime.base, (place - 1) * size
    named = newest_first(documents_matching(base.documents(), wanted))
    total, shown = len(named), named[first : first + size]
    return {
        "total": total, "page": place, "pages": max(1, -(-total // size)), "samples": are_samples(base),
        "documents": [record_object(record) for record in shown],
    }  # fmt: skip


def folders(runtime: WebRuntime) -> Endpoint:
    async def known(_: Request) -> Response:
        found = await runtime.line.work(lambda: folders_of(runtime.base.documents()))
        told = [{"folder": str(held.path), "name": held.name, "documents": held.documents} for held in found]
        return JSONResponse({"folders": told})

    return known


def described(runtime: WebRuntime) -> Endpoint:
    async def record(request: Request) -> Response:
        return JSONResponse(record_object(await runtime.line.work(lambda: _record(runtime.base, request))))

    return record


def text(runtime: WebRuntime) -> Endpoint:
    async def stored(request: Request) -> Response:
        def look() -> str:
            base = runtime.base
            return base.text(_record(base, request).document_id).text

        return PlainTextResponse(await runtime.line.work(look))

    return stored


def original(runtime: WebRuntime) -> Endpoint:
    """Only the very file that was indexed is evidence, and only that may leave here."""

    async def file(request: Request) -> Response:
        record = await runtime.line.work(lambda: _record(runtime.base, request))
        if not await runtime.line.work(_is_unchanged, record):
            detail = "The file has changed, is gone, or lies in an archive. …/text has what was stored of it."
            raise Problem(410, "changed", detail)
        return FileResponse(record.path, media_type=_OPAQUE, filename=record.name)

    return file


def _is_unchanged(record: DocumentRecord) -> bool:
    try:
        return digest_of(record.path) == record.sha256
    except OSError:
        return False


def removed(runtime: WebRuntime) -> Endpoint:
    async def remove(request: Request) -> Response:
        def take_out() -> dict[str, Any]:
            record = _record(runtime.seen, request)
            (gone,) = runtime.seen.remove(record.document_id, sha256=record.sha256)
            return {"removed": record_object(gone), "file_deleted": delete_upload(runtime.own, gone)}

        async with runtime.writing:
            return JSONResponse(await runtime.line.write(take_out))

    return once(remove, runtime, LONGEST)


def passage(runtime: WebRuntime) -> Endpoint:
    async def shown(request: Request) -> Response:
        context = number(request, "context", _CONTEXT, _WIDEST, least=0)
        return JSONResponse(await runtime.line.work(_passage, runtime, request.path_params["id"], context))

    return shown


def _passage(runtime: WebRuntime, passage_id: str, context: int) -> dict[str, Any]:
    around = runtime.base.surroundings(passage_id, context)
    stored = around.passage
    spans = stored.passage.spans
    return {
        "passage_id": passage_id, "document_id": stored.document.document_id, "document": stored.document.name,
        "title": stored.passage.context.title, "section": stored.passage.section,
        "place": stored.passage.context.place, "date": stored.passage.context.date, "page": stored.passage.page,
        "ocr": stored.ocr,
        "url": stored.document.url, "start": spans[0][0], "end": spans[-1][1], "spans": spans, "text": stored.text,
        "before": around.before, "raw": around.raw, "after": around.after,
    }  # fmt: skip


def _record(base: KnowledgeBase, request: Request) -> DocumentRecord:
    """The document of the path. Raises Problem."""
    target = request.path_params["id"]
    try:
        return base.find(target)
    except NotFoundError:
        raise Problem(404, "not-found", _GONE.format(id=target)) from None
