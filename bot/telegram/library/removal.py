"""/remove, and the buttons below what became of a file: take it out again, look at it, ask in it."""

import logging
from collections.abc import Iterable, Sequence
from functools import partial

from telegram import CallbackQuery, ForceReply, Message
from telegram.constants import ChatType

from bot.intake import delete_left, delete_upload
from bot.memory.database import tolerating
from bot.search import documents_matching
from bot.telegram.answers.passages import show_document
from bot.telegram.messages import keyboards
from bot.telegram.messages.addressing import replied_to
from bot.telegram.messages.keyboards import Press, confirm_keyboard, which_keyboard
from bot.telegram.messages.markup import Markup, one_line, plain
from bot.telegram.messages.outgoing import edit, reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.ledger import Removal
from bot.telegram.state.runtime import Action, Runtime, asker, command
from retrieval.errors import BusyError, NotFoundError, ReadOnlyError
from retrieval.types import DocumentRecord

_log = logging.getLogger(__name__)
_TITLE = 100
_CHOICES = 10


@command
async def on_remove(message: Message, runtime: Runtime, say: Phrases, target: str) -> None:
    """/remove NAME, or a part of it, or in reply to the file or to what was said of it: asks first."""
    replied = replied_to(message)
    if target:
        found = await runtime.work(_named, runtime, target)
        none = say("remove_unknown", name=one_line(target, _TITLE))
    elif replied is not None:
        here = (message.chat_id, replied.message_id)
        of_answer = runtime.memory.document_of(*here)
        ids = runtime.ledger.documents_at(*here) or ([of_answer] if of_answer else [])
        found, none = await _found(runtime, ids), say("remove_usage")
    else:
        found, none = [], say("remove_usage")
    await _choose(message, runtime, asker(message), found, say, none)


async def _choose(
    message: Message, runtime: Runtime, who: int, found: Sequence[DocumentRecord], say: Phrases, none: str
) -> None:
    if not found:
        await reply(message, none)
    elif len(found) > 1:
        asked = say("remove_several", count=len(found))
        asked += say("remove_first", shown=_CHOICES) if len(found) > _CHOICES else ""
        await reply(message, asked, which_keyboard(keyboards.DISCARD, await _names(runtime, found[:_CHOICES])))
    else:
        (record,) = found
        number = runtime.ledger.propose_removal(Removal(who, record.document_id, record.sha256))
        (name,) = (await _names(runtime, found)).values()
        await reply(message, say("remove_ask", name=name, passages=record.passages), confirm_keyboard(number, say))


async def _settle(query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    wanted, number = press.kind == keyboards.REMOVE, press.number(0)
    outcome = await confirm_removal(runtime, query.from_user.id, number, wanted, say)
    if isinstance(outcome, Markup):
        await edit(message.get_bot(), message.chat_id, message.message_id, outcome)
        runtime.ledger.settle_removal(number)  # not before: where the edit fails, all of this is tried again
        return None
    return outcome


async def confirm_removal(runtime: Runtime, user_id: int, number: int, wanted: bool, say: Phrases) -> Markup | str:
    """What to say in the place of the question, also when it was confirmed before; or a notice to whom it is not
    for."""
    proposed = runtime.ledger.proposed_removal(number)
    if proposed is None:
        return say("old_button")
    if user_id != proposed.user_id or not runtime.members.is_admin(user_id):
        return say("not_yours")
    phrase, document_id = "kept", proposed.document_id
    try:
        if wanted:
            (record,) = await runtime.write(partial(runtime.base.remove, document_id, sha256=proposed.sha256))
            deleted = await runtime.work(delete_upload, runtime.base, record)
            phrase = "removed_file" if deleted else "removed"
            _log.info("removed", extra={"document": document_id, "by": user_id})
        else:
            record = await runtime.work(runtime.base.find, document_id)
    except BusyError:
        return say("storage_busy")
    except ReadOnlyError:
        return say("read_only")
    except NotFoundError:
        if not wanted or await _found(runtime, [document_id]):  # another version: nobody was asked about that
            return plain(say("gone"))
        await runtime.write(delete_left, runtime.own, proposed.sha256)  # where this was cut short before
        return plain(say("removed_already"))
    (name,) = (await _names(runtime, [record])).values()
    return plain(say(phrase, name=name))


async def _on_document(
    query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases
) -> str | None:
    """What a button below a report does to its document; of several it is asked which. Raises NotFoundError."""
    who = query.from_user.id
    if press.kind == keyboards.DISCARD and not runtime.members.is_admin(who):
        return say("only_admins")
    ids = [press.values[0]] if press.values[0] else runtime.ledger.documents_at(message.chat_id, message.message_id)
    found = await _found(runtime, ids)
    if press.kind == keyboards.DISCARD:
        await _choose(message, runtime, who, found, say, say("gone"))
    elif len(found) > 1:
        await reply(message, say("which"), which_keyboard(press.kind, await _names(runtime, found[:_CHOICES])))
    elif not found:
        raise NotFoundError("It was removed since.")
    elif press.kind == keyboards.LOOK:
        await show_document(message, runtime, found[0].document_id, say, who)
    else:
        await _ask_in(message, runtime, found[0], say, who)
    return None


async def _ask_in(message: Message, runtime: Runtime, record: DocumentRecord, say: Phrases, who: int) -> None:
    """A message to reply to, which asks within the document."""
    asked = say("ask_in", title=one_line(record.title or record.name, _TITLE))
    forced = ForceReply() if message.chat.type == ChatType.PRIVATE else None  # in a group it would be for all
    sent = await reply(message, asked, forced)
    with tolerating():
        runtime.memory.passage_sent(sent.chat_id, sent.message_id, who, record.document_id)


async def _found(runtime: Runtime, ids: Iterable[str]) -> list[DocumentRecord]:
    """Those of the documents that are still there."""
    records = list[DocumentRecord]()
    for document_id in ids:
        try:
            records.append(await runtime.work(runtime.base.find, document_id))
        except NotFoundError:
            continue
    return records


def _named(runtime: Runtime, target: str) -> list[DocumentRecord]:
    """Documents that go by the id, the name of the file, or the title; or else hold the words in both."""
    records = runtime.base.documents()
    for known in ("document_id", "name", "title"):
        found = [record for record in records if getattr(record, known) == target]
        if found:
            return found
    return documents_matching(records, target)


async def _names(runtime: Runtime, records: Iterable[DocumentRecord]) -> dict[str, str]:
    """By the document's id, a name that no other document goes by."""
    known = await runtime.work(runtime.base.documents)
    return {record.document_id: one_line(_told_apart(record, known), _TITLE) for record in records}


def _told_apart(record: DocumentRecord, known: Iterable[DocumentRecord]) -> str:
    """The name of the file, behind as many of its folders as tell it from others of that name."""
    others = {other.path for other in known if other.name == record.name} - {record.path}
    parts, count = record.path.parts, 1
    while count < len(parts) and any(other.parts[-count:] == parts[-count:] for other in others):
        count += 1
    return "/".join(parts[-count:])


DOCUMENT_ACTIONS: dict[str, Action] = {
    keyboards.REMOVE: _settle,
    keyboards.KEEP: _settle,
    keyboards.DISCARD: _on_document,
    keyboards.LOOK: _on_document,
    keyboards.ASK_IN: _on_document,
}
