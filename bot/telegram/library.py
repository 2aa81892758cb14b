"""The documents in the chat: what there is, and for administrators adding by sending a file, and removing."""

import logging
from functools import partial

from telegram import InlineKeyboardMarkup, Message

from bot.intake import delete_upload
from bot.telegram.keyboards import confirm_keyboard, sources_keyboard
from bot.telegram.links import web_address
from bot.telegram.markup import Markup, one_line, plain
from bot.telegram.outgoing import reply
from bot.telegram.phrases import Phrases
from bot.telegram.refusals import members_only
from bot.telegram.runtime import Runtime, asker, command
from retrieval.errors import BusyError, NotFoundError
from retrieval.types import DocumentRecord

_log = logging.getLogger(__name__)
_PAGE = 20
_TITLE = 100


@command
async def on_sources(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """/sources: the documents, twenty a message."""
    if not runtime.members.may_ask(asker(message), message.chat_id):
        await reply(message, members_only(message, asker(message), runtime, say))
        return
    page, keyboard = await sources_page(runtime, 0, say)
    await reply(message, page, keyboard)


async def sources_page(runtime: Runtime, number: int, say: Phrases) -> tuple[Markup, InlineKeyboardMarkup | None]:
    """Page `number` of the list, from 0, with buttons to the others."""
    counts = await runtime.work(runtime.counts)
    pages = (counts["documents"] + _PAGE - 1) // _PAGE
    number = min(max(number, 0), max(pages - 1, 0))
    first = number * _PAGE
    shown = await runtime.work(runtime.base.documents, first, _PAGE)
    if not shown:
        return plain(say("empty_index")), None
    heading = say("sources", **counts, first=first + 1, last=first + len(shown))
    page = Markup().add(heading, bold=True)
    for place, record in enumerate(shown, start=first + 1):
        title = one_line(record.title or record.name, _TITLE)
        page = page.add("\n" + say("source", number=place, title=""))
        page = page.add(title, link=web_address(record.url)).add(say("source_passages", count=record.passages))
    return page.cut(), sources_keyboard(number, pages, say)


@command
async def on_remove(message: Message, runtime: Runtime, say: Phrases, target: str) -> None:
    """/remove NAME: asks first."""
    if not target:
        await reply(message, say("remove_usage"))
        return
    found = await runtime.work(_named, runtime, target)
    if not found:
        await reply(message, say("remove_unknown", name=one_line(target, _TITLE)))
    elif len(found) > 1:
        ids = "\n".join(f"{record.document_id}  {one_line(record.title, _TITLE)}" for record in found[:_PAGE])
        await reply(message, say("remove_several", count=len(found), ids=ids))
    else:
        (record,) = found
        number = runtime.memory.propose_removal(asker(message), record.document_id, record.sha256)
        question = say("remove_ask", name=_name(record), passages=record.passages)
        await reply(message, question, confirm_keyboard(number, say))


async def confirm_removal(runtime: Runtime, user_id: int, number: int, wanted: bool, say: Phrases) -> Markup | str:
    """What to say in the place of the question; or a notice to whom it is not for."""
    proposed = runtime.memory.proposed_removal(number)
    if proposed is None:
        return say("old_button")
    who, document_id, sha256 = proposed
    if user_id != who or not runtime.members.is_admin(user_id):
        return say("not_yours")
    phrase = "kept"
    try:
        if wanted:
            (record,) = await runtime.write(partial(runtime.base.remove, document_id, sha256=sha256))
            deleted = await runtime.work(delete_upload, runtime.base, record)
            phrase = "removed_file" if deleted else "removed"
            _log.info("removed", extra={"document": document_id, "by": user_id})
        else:
            record = await runtime.work(runtime.base.find, document_id)
    except BusyError:
        return say("storage_busy")
    except NotFoundError:  # or another version has come: nobody was asked about that
        runtime.memory.settle_removal(number)
        return plain(say("gone"))
    runtime.memory.settle_removal(number)
    return plain(say(phrase, name=_name(record)))


def _named(runtime: Runtime, target: str) -> list[DocumentRecord]:
    """Documents that go by the id, the name of the file, or the title."""
    records = runtime.base.documents()
    for known in ("document_id", "name", "title"):
        found = [record for record in records if getattr(record, known) == target]
        if found:
            return found
    return []


def _name(record: DocumentRecord) -> str:
    return one_line(record.name, _TITLE)
