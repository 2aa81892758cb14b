"""Files that administrators send: fetched, put beside the index, read, and reported."""

import asyncio
import hashlib
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from telegram import Document, Message
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest

from bot.telegram.addressing import file_in
from bot.telegram.keeping import INCOMING, UPLOADS
from bot.telegram.markup import one_line
from bot.telegram.outgoing import reply, typing
from bot.telegram.phrases import Phrases
from bot.telegram.runtime import Runtime, asker, command
from retrieval.errors import BusyError, StorageError, WenjuError
from retrieval.left_out import LeftOut
from retrieval.service import KnowledgeBase

_log = logging.getLogger(__name__)
_NAME_BYTES = 200
_SHOWN = 100
_NAMED = 10
"""Pages or sheets named one by one."""
_NEW, _OLD = INCOMING, ".before-"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file. `name` is the document's, which differs from the file's where it was known already."""

    outcome: Literal["added", "changed", "unchanged", "same_content", "not_added", "not_added_kept"]
    name: str
    passages: int = 0
    reason: str = ""
    kind: str = "other"
    pages: tuple[int, ...] = ()
    """Pages that hold no text."""
    left_out: tuple[LeftOut, ...] = ()


def uploads_folder(base: KnowledgeBase) -> Path:
    return base.settings.home / UPLOADS


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
    refusal = _refusal(document.file_size or 0, runtime, say)
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


def _left_out(received: Received, say: Phrases) -> Iterator[str]:
    """What of the file was not read, a line each."""
    if received.pages:
        yield say("left_out_pages", names=_some([str(page) for page in received.pages], say))
    for one in received.left_out:
        yield say(f"left_out_{one.kind}", names=_some(one.names, say))


def _some(names: Sequence[str], say: Phrases) -> str:
    shown = say("comma").join(one_line(name, _SHOWN) for name in names[:_NAMED])
    return say("and_more", names=shown, count=len(names) - _NAMED) if len(names) > _NAMED else shown


async def _read(runtime: Runtime, name: str, data: bytes, say: Phrases) -> Received:
    try:
        return await runtime.write(take_in, runtime.base, name, data)
    except BusyError:
        return Received("not_added", name, reason=say("storage_busy"))
    except WenjuError as error:
        _log.error("%s was not indexed: %s", name, error)
        return Received("not_added", name, reason=str(error))


def _refusal(size: int, runtime: Runtime, say: Phrases) -> str | None:
    """Why the file is not even fetched."""
    limit = min(FileSizeLimit.FILESIZE_DOWNLOAD / 1_000_000, runtime.base.settings.documents.max_megabytes)
    if size > limit * 1_000_000:
        return say("too_large", size=f"{size / 1_000_000:.1f}", limit=f"{limit:g}")
    return None


async def _fetch(document: Document) -> bytes | None:
    """The file's content; None when Telegram does not give it out."""
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        _log.warning("a file could not be fetched: %s", error)
        return None


def safe_name(name: str) -> str:
    """A file name out of one from outside: no folder, nothing hidden, no character that means something elsewhere,
    at most 200 bytes with its suffix."""
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").split("/")[-1]
    flat = "".join("_" if unicodedata.category(character)[0] == "C" else character for character in flat)
    flat = re.sub(r'[<>:"|?*]', "_", flat).strip(" .") or "document"
    stem, suffix = Path(flat).stem, Path(flat).suffix
    room = _NAME_BYTES - len(suffix.encode())
    return stem.encode()[: max(room, 1)].decode(errors="ignore") + suffix if room > 0 else "document"


def take_in(base: KnowledgeBase, name: str, data: bytes) -> Received:
    """Put the file beside the index and read it. The version before stays, in the index and on the disk, unless the
    new one can be read. Raises BusyError, StorageError and the like; then everything is as it was."""
    path = uploads_folder(base) / name
    known = base.documents()
    digest = hashlib.sha256(data).hexdigest()
    same = {record.path: record for record in known if record.sha256 == digest}
    if path in same:
        with _in_place(path, data) as keep:  # whatever a killed process left there
            keep()
        return Received("unchanged", name, same[path].passages)
    for record in same.values():
        return Received("same_content", record.name, record.passages)
    with _in_place(path, data) as keep:
        report = base.add([path])
        if report.failures:
            failure = report.failures[0]
            replaced = any(record.path == path for record in known)
            return Received("not_added_kept" if replaced else "not_added", name, 0, failure.reason, failure.kind)
        keep()
    passages = base.find(str(path)).passages
    pages, left_out = tuple(report.without_text.get(path, ())), report.left_out.get(path, ())
    return Received("changed" if report.changed else "added", name, passages, pages=pages, left_out=left_out)


@contextmanager
def _in_place(path: Path, data: bytes) -> Iterator[Callable[[], None]]:
    """The data under the path; when the block does not call what it is given, what was there before is put back. A
    process killed within leaves the version before under a name of its own, and the next try begins with it."""
    new, old = path.with_name(_NEW + path.name), path.with_name(_OLD + path.name)
    placed, kept = False, False

    def keep() -> None:
        nonlocal kept
        kept = True

    try:
        with _storage_errors(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if old.exists():
                old.replace(path)
            new.write_bytes(data)
            if path.exists():
                path.replace(old)
            new.replace(path)
            placed = True
        yield keep
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        if kept:
            old.unlink(missing_ok=True)
        elif old.exists():
            old.replace(path)
        elif placed:
            path.unlink(missing_ok=True)


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}. Check free space and permissions."
        ) from error
