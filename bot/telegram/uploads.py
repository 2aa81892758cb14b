"""Files that administrators send: fetched, put beside the index, read, and reported."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

from telegram import Document, Message
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest

from bot.intake import ReceivedFile, safe_name, take_in, uploads_folder
from bot.telegram.addressing import file_in
from bot.telegram.markup import one_line
from bot.telegram.outgoing import reply, typing
from bot.telegram.phrases import Phrases
from bot.telegram.runtime import Runtime, asker, command
from retrieval.errors import BusyError, WenjuError

_log = logging.getLogger(__name__)
_SHOWN = 100
_NAMED = 10
"""Pages or sheets named one by one."""


@command
async def on_file(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """A file was sent, or /add in reply to one."""
    document = file_in(message)
    if not runtime.members.is_admin(asker(message)):
        await reply(message, say("only_admins_add"))
    elif document is None:
        await reply(message, say("add_usage"))
    else:
        await _receive(message, document, runtime, say)


async def _receive(message: Message, document: Document, runtime: Runtime, say: Phrases) -> None:
    name = safe_name(document.file_name or "")
    shown = one_line(name, _SHOWN)
    refusal = _refusal(name, document.file_size or 0, runtime, say)
    if refusal is not None:
        runtime.metrics.files.labels("refused").inc()
        await reply(message, say("not_added", name=shown, reason=refusal))
        return
    async with typing(message):
        data = await _fetch(document)
        if data is None:
            await reply(message, say("download_failed"))
            return
        reading = asyncio.create_task(_read(runtime, name, data, say))
        try:
            received = await asyncio.wait_for(asyncio.shield(reading), runtime.settings.add_seconds)
        except TimeoutError:
            await reply(message, say("still_reading", name=shown))
            received = await reading
    runtime.metrics.files.labels(received.outcome).inc()
    _log.info("file", extra={"outcome": received.outcome, "passages": received.passages, "by": asker(message)})
    reason = say(f"reason_{received.kind}", reason=received.reason)
    known = {"name": one_line(received.name, _SHOWN), "passages": received.passages, "reason": reason}
    await reply(message, "\n".join([say(received.outcome, **known), *_left_out(received, say)]))


def _left_out(received: ReceivedFile, say: Phrases) -> Iterator[str]:
    """What of the file was not read, a line each."""
    if received.pages:
        yield say("left_out_pages", names=_some([str(page) for page in received.pages], say))
    for omission in received.left_out:
        yield say(f"left_out_{omission.kind}", names=_some(omission.names, say))


def _some(names: Sequence[str], say: Phrases) -> str:
    shown = say("comma").join(one_line(name, _SHOWN) for name in names[:_NAMED])
    return say("and_more", names=shown, count=len(names) - _NAMED) if len(names) > _NAMED else shown


async def _read(runtime: Runtime, name: str, data: bytes, say: Phrases) -> ReceivedFile:
    try:
        return await runtime.write(take_in, runtime.base, name, data)
    except BusyError:
        return ReceivedFile("not_added", name, reason=say("storage_busy"))
    except WenjuError as error:
        _log.error("%s was not indexed: %s", name, error)
        return ReceivedFile("not_added", name, reason=str(error))


def _refusal(name: str, size: int, runtime: Runtime, say: Phrases) -> str | None:
    """Why the file is not even fetched."""
    limit = min(FileSizeLimit.FILESIZE_DOWNLOAD / 1_000_000, runtime.base.settings.documents.max_megabytes)
    if size > limit * 1_000_000:
        return say("too_large", size=f"{size / 1_000_000:.1f}", limit=f"{limit:g}")
    if not runtime.views.shows(uploads_folder(runtime.own) / name):
        return say("folder_unseen")
    return None


async def _fetch(document: Document) -> bytes | None:
    """The file's content; None when Telegram does not give it out."""
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        _log.warning("a file could not be fetched: %s", error)
        return None
