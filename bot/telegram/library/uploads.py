"""Files that administrators send: fetched, put beside the index, read, and reported. An album is one thing."""

import logging
from collections.abc import Sequence
from functools import partial

from telegram import Document, Message
from telegram.constants import ChatType, FileSizeLimit
from telegram.error import BadRequest

from bot.intake import ReceivedFile, safe_name, take_in, uploads_folder
from bot.memory.database import tolerating
from bot.telegram.library.report import FilesProgress, Report, told
from bot.telegram.messages.addressing import file_in
from bot.telegram.messages.keyboards import report_keyboard
from bot.telegram.messages.markup import one_line, plain
from bot.telegram.messages.outgoing import reply, typing
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker, command
from bot.telegram.updates.network import is_transient
from retrieval.errors import BusyError, ReadOnlyError, WenjuError
from retrieval.service import Progress

_log = logging.getLogger(__name__)
_TOLD = 3
"""So many files of a chat that wait are told at once, the others when their turn comes: sixty would be a flood."""
_LARGE = 200_000
"""Bytes from which on a file does not hold up those that are smaller."""


@command
async def on_file(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """A file was sent, or an album of them, or /add in reply to one."""
    messages = await runtime.albums.whole(message)
    if not messages:  # dealt with in the name of another of the album
        return
    files = [(sent, document) for sent in messages if (document := file_in(sent)) is not None]
    is_wanted = message.chat.type == ChatType.PRIVATE or runtime.albums.is_added(messages)
    try:
        if is_wanted and not runtime.members.is_admin(asker(message)):
            await reply(message, say("only_admins_add"))
        elif is_wanted and not files:
            await reply(message, say("add_usage"))
        elif is_wanted:
            await _receive(files, runtime, say)
    except Exception as error:
        if not is_transient(error):  # or each of the album would come to the same
            runtime.albums.done(message)
        raise
    runtime.albums.done(message)


async def _receive(files: Sequence[tuple[Message, Document]], runtime: Runtime, say: Phrases) -> None:
    first = files[0][0]
    report = Report(runtime, [message for message, _ in files])
    progress = FilesProgress(len(files), runtime.settings.add_seconds, say)
    became = list[ReceivedFile]()
    for number, (message, document) in enumerate(files, start=1):
        name = safe_name(document.file_name or "")
        received = runtime.ledger.outcome_of(message.chat_id, message.message_id)
        if received is None:  # else it was read by a process that was killed, or could not tell
            progress.at(number, name)
            received = await _received(message, document, name, report, progress, runtime, say)
        became.append(received)
    lines = [told(received, say) for received in became]
    if len(files) == 1 and first.media_group_id is not None and first.chat.type != ChatType.PRIVATE:
        lines.append(say("album_alone"))
    documents = list(dict.fromkeys(received.document_id for received in became if received.document_id))
    keyboard = report_keyboard(documents, say) if documents else None
    shown = await report.end(plain("\n".join(lines)).cut(), keyboard, anew=progress.is_long)
    if len(documents) == 1:
        with tolerating():
            runtime.memory.passage_sent(first.chat_id, shown, asker(first), documents[0])


async def _received(
    message: Message, document: Document, name: str, report: Report, progress: FilesProgress, runtime: Runtime,
    say: Phrases,
) -> ReceivedFile:  # fmt: skip
    """What became of the file, when its turn has come."""
    is_large = (document.file_size or 0) >= _LARGE
    with runtime.file_queue.join(name, message.chat_id, is_large=is_large) as queued:
        if queued.waits and queued.ahead <= _TOLD:
            progress.begin()
            await report.begin(say("reading_waits", name=one_line(name, 100)))
        async with queued.turn(), typing(message):
            progress.begin()
            await report.begin(progress.text())
            async with report.following(progress.text):
                if runtime.ledger.is_superseded(message.chat_id, message.message_id, name):
                    received = ReceivedFile("superseded", name)
                else:
                    received = await _taken_in(document, name, progress, runtime, say)
                report.became(message, received)
    runtime.metrics.files.labels(received.outcome).inc()
    _log.info("file", extra={"outcome": received.outcome, "passages": received.passages, "by": asker(message)})
    return received


async def _taken_in(
    document: Document, name: str, progress: FilesProgress, runtime: Runtime, say: Phrases
) -> ReceivedFile:
    refusal = _refusal(name, document.file_size or 0, runtime, say)
    if refusal is not None:
        return ReceivedFile("not_added", name, reason=refusal)
    data = await _fetch(document)
    if data is None:
        return ReceivedFile("not_added", name, reason=say("download_failed"))

    def tell(now: Progress) -> None:  # in the thread that reads
        progress.passages = max(progress.passages, now.passages)

    try:
        return await runtime.write(partial(take_in, runtime.base, name, data, tell))
    except BusyError:
        return ReceivedFile("not_added", name, reason=say("storage_busy"))
    except ReadOnlyError:
        return ReceivedFile("not_added", name, reason=say("read_only"))
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
