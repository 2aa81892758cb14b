"""Files that are sent: taken in, and while they are read told how far that is, for those who want to know."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.intake import INCOMING, ReceivedFile, safe_name, take_in, uploads_folder
from bot.web.body import save
from bot.web.guard import Endpoint
from bot.web.idempotency import once
from bot.web.problems import Problem, problem_of
from bot.web.runtime import WebRuntime
from retrieval.errors import StorageError
from retrieval.service import Progress, ignore

LINES = "application/x-ndjson"
_OPAQUE = "application/octet-stream"
_PAUSE_SECONDS = 0.3
"""Between two lines: nobody reads faster."""
_SILENCE_SECONDS = 10
"""After so long the last line comes once more, so that no proxy takes the connection for dead."""


def added(runtime: WebRuntime) -> Endpoint:
    """The file is the body. When this has answered, the document is stored."""
    limit = int(runtime.own.settings.documents.max_megabytes * 1_000_000)

    async def add(request: Request) -> Response:
        told = request.query_params.get("name", "")
        if not told:
            raise Problem(422, "invalid", "Name the file: POST /api/documents?name=notice.pdf with its bytes.")
        if request.headers.get("content-type", "").startswith(("multipart/", "application/x-www-form-urlencoded")):
            raise Problem(415, "media-type", f"Send the file itself as the body, with Content-Type: {_OPAQUE}.")
        folder, name = uploads_folder(runtime.own), safe_name(told)
        if not runtime.views.shows(folder / name):
            raise Problem(403, "collection", "Files that are sent lie in a folder that this key does not see.")
        incoming = folder / f"{INCOMING}{secrets.token_hex(8)}"
        try:
            await runtime.line.work(lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True))
            await save(request, incoming, limit)
        except OSError as error:
            raise StorageError(f"{folder} cannot be written: {error.strerror or error}.") from error
        if LINES in request.headers.get("accept", "") and "idempotency-key" not in request.headers:
            return StreamingResponse(_lines(runtime, name, incoming), media_type=LINES)
        received = await _taken_in(runtime, name, incoming)
        return JSONResponse(_fields(received), 201 if received.outcome == "added" else 200)

    return once(add, runtime, limit)


async def _taken_in(
    runtime: WebRuntime, name: str, incoming: Path, tell: Callable[[Progress], None] = ignore
) -> ReceivedFile:
    """What became of the file. Raises what `take_in` raises."""
    try:
        async with runtime.writing:  # two of one name would take each other's place
            received = await runtime.line.write(partial(take_in, runtime.seen, name, incoming, tell))
    except OSError as error:
        raise StorageError(f"{incoming.parent} cannot be written: {error.strerror or error}.") from error
    finally:
        incoming.unlink(missing_ok=True)
    runtime.metrics.files.labels(received.outcome).inc()
    return received


def _lines(runtime: WebRuntime, name: str, incoming: Path) -> AsyncIterator[str]:
    """JSON, a line each: `progress` as it goes, and at the end `result` or `problem`. The file is taken in to its end
    whether somebody listens or not."""
    loop, changed, passages = asyncio.get_running_loop(), asyncio.Event(), 0

    def tell(progress: Progress) -> None:  # in the thread that reads
        nonlocal passages
        passages = progress.passages
        loop.call_soon_threadsafe(changed.set)

    task = asyncio.create_task(_taken_in(runtime, name, incoming, tell))
    runtime.running.add(task)
    task.add_done_callback(runtime.running.discard)
    task.add_done_callback(lambda _: changed.set())

    async def lines() -> AsyncIterator[str]:
        while not task.done():
            yield _line(progress={"passages": passages})
            await asyncio.sleep(_PAUSE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), _SILENCE_SECONDS)
            changed.clear()
        try:
            told = {"result": _fields(task.result())}
        except Exception as error:  # noqa: BLE001 - the response has begun: its last line tells it
            told = {"problem": problem_of(error).fields()}
        yield _line(**told)

    return lines()


def _line(**told: Any) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _fields(received: ReceivedFile) -> dict[str, Any]:
    """As the API tells it. Raises Problem where nothing was added."""
    if received.outcome in ("not_added", "not_added_kept"):
        is_kept = received.outcome == "not_added_kept"
        detail = f"{received.name} was not added: {received.reason.rstrip('.')}."
        detail += " The version before is kept." if is_kept else ""
        said = (f"reason_{received.kind}", *(["problem_kept"] if is_kept else []))
        raise Problem(422, "unreadable", detail, said=said, reason=received.kind)
    left_out = [{"kind": omission.kind, "names": list(omission.names)} for omission in received.left_out]
    return {
        "outcome": received.outcome, "document": received.name, "passages": received.passages,
        "pages_without_text": list(received.pages), "left_out": left_out,
    }  # fmt: skip
