"""What people say to the bot beside asking (`retrieval.query.message.said`): it is met as a person would meet it,
without thumbs, and does not count as a question."""

from collections.abc import Awaitable, Callable

from telegram import Message

from bot.memory.memory import ShownAnswer
from bot.telegram.answers.passages import show_more, show_passage, title_of
from bot.telegram.members.member_commands import begin_anew, show_help
from bot.telegram.members.welcome import welcome
from bot.telegram.messages.addressing import replied_to, topic_of
from bot.telegram.messages.citing import leading, marks_in, still_there
from bot.telegram.messages.keyboards import DOWN, answer_keyboard, reasons_keyboard
from bot.telegram.messages.markup import one_line
from bot.telegram.messages.outgoing import react, reply
from bot.telegram.messages.pages import answer_page
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker
from retrieval.errors import NotFoundError
from retrieval.service import COURTESY, Said, what_is_said

_NODDED_AT = ("thanks", "agreed")
"""What a person would not answer in words."""
_NOD = "👍"
_SAID = 40
"""Characters of what was said."""


def said_in(message: Message, runtime: Runtime, text: str) -> Said | None:
    """What kind of thing the message says beside asking; None for a question, as is 怎么用 after another question: it
    may be about what that asks."""
    kind = what_is_said(text) if message.forward_origin is None else None
    return None if kind == "how" and _last(message, runtime) is not None else kind


async def meet(message: Message, runtime: Runtime, text: str, kind: Said, say: Phrases) -> None:
    """Meet what is no question."""
    if kind in COURTESY:
        if kind not in _NODDED_AT or not await react(message, _NOD):
            await reply(message, say(f"said_{kind}"))
        return
    if kind in _COMMANDS:
        await _COMMANDS[kind](message, runtime, say)
        return
    last = _last(message, runtime)
    if last is None:
        told = say("follows_nothing", said=one_line(text, _SAID)) if kind == "why" else say("no_last")
        await reply(message, told)
        return
    try:
        await _ACTIONS[kind](message, runtime, last, say)
    except NotFoundError:
        await reply(message, say("gone"))


def _last(message: Message, runtime: Runtime) -> ShownAnswer | None:
    """What the message speaks of: the answer that it replies to, or else the last one of its writer, or of anybody
    here."""
    replied = replied_to(message)
    found = runtime.memory.shown_in(message.chat_id, replied.message_id) if replied is not None else None
    return found or runtime.memory.last_shown(message.chat_id, topic_of(message) or 0, asker(message))


async def _again(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    answer = await runtime.work(still_there, runtime.base, last.answer)
    in_group, within = last.asked.in_group, last.asked.document_id is not None
    page = answer_page(answer, runtime.bot, say, await title_of(runtime, last.asked), in_group=in_group)
    sent = await reply(message, page, answer_keyboard(answer, last.number, say, within=within, in_group=in_group))
    if (citation := leading(answer)) is not None:
        runtime.memory.passage_sent(sent.chat_id, sent.message_id, asker(message), citation.document_id)


async def _wrong(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    runtime.memory.judge(last.number, asker(message), DOWN, None)
    runtime.metrics.feedback.labels(DOWN).inc()
    await reply(message, say("sorry_reason"), reasons_keyboard(last.number, say))


async def _why(message: Message, runtime: Runtime, last: ShownAnswer, say: Phrases) -> None:
    citation = leading(last.answer)
    if citation is None:
        await reply(message, say("why_not"))
        return
    marked = next(iter(marks_in(last.answer, citation)), None)
    await show_passage(message, runtime, citation.passage_id, say, asker(message), marked)


_ACTIONS: dict[Said, Callable[[Message, Runtime, ShownAnswer, Phrases], Awaitable[None]]] = {
    "again": _again, "wrong": _wrong, "more": show_more, "why": _why,
}  # fmt: skip
_COMMANDS: dict[Said, Callable[[Message, Runtime, Phrases], Awaitable[None]]] = {
    "new": begin_anew, "help": show_help, "how": show_help, "contents": welcome,
}  # fmt: skip
"""What a command does as well."""
