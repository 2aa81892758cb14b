"""What is sent along with a call: read to a limit of size and time, and held against what it should be."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect, Request

from bot.web.problems import Problem

LONGEST = 64 * 1024
"""Bytes of JSON."""
_PAUSE_SECONDS = 30
"""How long a part of a body may be waited for."""
M = TypeVar("M", bound="SentBody")


class SentBody(BaseModel):
    """What a caller sends: unknown keys are refused, and what was sent stands in no traceback."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


async def read(request: Request, kind: type[M], limit: int = LONGEST) -> M:
    """The body as JSON of that kind, of so many bytes at most. Raises Problem or ValidationError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "media-type", "Send JSON, with Content-Type: application/json.")
    body = bytearray()
    async for part in parts(request, limit):
        body += part
    return kind.model_validate_json(bytes(body))


async def save(request: Request, path: Path, limit: int) -> None:
    """The body as a new file. Raises Problem or OSError; then there is none."""
    with path.open("xb") as file:
        try:
            async for part in parts(request, limit):
                await asyncio.to_thread(file.write, part)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


async def parts(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body, part by part, of so many bytes at most."""
    told = request.headers.get("content-length", "")
    too_large = Problem(413, "too-large", f"At most {limit:,} bytes are taken here.")
    if told.isdecimal() and (len(told) > 18 or int(told) > limit):
        raise too_large
    stream, size = aiter(request.stream()), 0
    while True:
        try:
            async with asyncio.timeout(_PAUSE_SECONDS):
                part = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Problem(408, "slow", "The rest of the body did not come. Send it again.") from None
        except ClientDisconnect:
            raise Problem(400, "gone", "The connection ended before the body did.") from None
        size += len(part)
        if size > limit:
            raise too_large
        yield part
