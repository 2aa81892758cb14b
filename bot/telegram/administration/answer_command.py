"""/answer: administrators add an answer to a question that was not answered, by pointing to a passage."""

import logging
import re
from collections.abc import Sequence
from functools import partial

from telegram import Message
from telegram.constants import ChatType

from bot.added_answers import FILE, FollowUpError, HiddenSourceError, add_answer
from bot.memory.database import tolerating
from bot.memory.unanswered import answer_added, shown_to, unanswered
from bot.telegram.messages.addressing import replied_to
from bot.telegram.messages.citing import leading, marks_in
from bot.telegram.messages.links import passage_in
from bot.telegram.messages.markup import one_line
from bot.telegram.messages.outgoing import reply, typing
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker, command
from retrieval.errors import BusyError, NotFoundError, ReadOnlyError, WenjuError
from retrieval.types import Span

_log = logging.getLogger(__name__)
_ARGUMENT = re.compile(r"#?(?P<number>[0-9]{1,15})(?:\s+(?P<passage>\S+))?")
_LONGEST = 600


@command
async def on_answer(message: Message, runtime: Runtime, say: Phrases, argument: str) -> None:
    """/answer NUMBER in reply to a passage, or with the id of one or a link to it; in a private chat, for what people
    asked is not for a group's eyes."""
    match = _ARGUMENT.fullmatch(argument)
    pointed = _pointed_at(message, runtime, match["passage"]) if match is not None else None
    if message.chat.type != ChatType.PRIVATE:
        await reply(message, say("answer_private"))
    elif match is None or pointed is None:
        await reply(message, say("answer_usage"))
    else:
        async with typing(message):
            told = await _added(runtime, int(match["number"]), *pointed, asker(message), say)
        await reply(message, told)


def _pointed_at(message: Message, runtime: Runtime, written: str | None) -> tuple[str, Sequence[Span]] | None:
    """The passage that is meant, and what is marked in it: of a link, of the message with a passage, or of the first
    in an answer."""
    replied = replied_to(message)
    if written is None and replied is None:
        return None
    here = (message.chat_id, replied.message_id) if replied is not None else (0, 0)
    link = written or runtime.memory.passage_at(*here)
    if link is not None:
        passage_id, marked = passage_in(link.rpartition("start=")[2])
        return passage_id, (marked,) if marked is not None else ()
    shown = runtime.memory.shown_in(*here)
    citation = leading(shown.answer) if shown is not None else None
    if shown is None or citation is None:
        return None
    return citation.passage_id, marks_in(shown.answer, citation)


async def _added(
    runtime: Runtime, number: int, passage_id: str, marks: Sequence[Span], who: int, say: Phrases
) -> str:
    """Add it; what became of that."""
    database, shows = runtime.memory.database, await runtime.work(shown_to, runtime.base)
    left = {group.number: group for group in unanswered(database, runtime.settings.keep_days, shows)}
    if number not in left:
        return say("answer_no_number", number=number)
    try:
        passage = await runtime.work(runtime.base.passage, passage_id)  # as the administrator sees it
        added = await runtime.write(partial(add_answer, runtime.own, left[number], passage, marks))
    except NotFoundError:
        return say("gone")
    except HiddenSourceError:
        return say("answer_hidden")
    except FollowUpError:
        return say("answer_follow_up", file=FILE)
    except BusyError:
        return say("answer_busy")
    except ReadOnlyError:
        return say("read_only")
    except WenjuError as error:
        _log.error("no answer was added: %s", error)
        return say("answer_failed", reason=error)
    _log.info("answer added", extra={"number": number, "by": who})
    with tolerating():
        answer_added(database, left[number])
    told = {"question": added.question, "answer": added.answer, "source": added.source}
    return say("answer_added", file=FILE, **{name: one_line(text, _LONGEST) for name, text in told.items()})
