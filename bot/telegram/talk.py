"""What people say to the bot beside asking (`bot.said`): it is met as a person would meet it, without thumbs, and
does not count as a question."""

from collections.abc import Awaitable, Callable

from telegram import Message

from bot.memory.memory import ShownAnswer
from bot.said import what_is_said
from bot.telegram.addressing import replied_to, topic_of
from bot.telegram.citing import leading, marks_in, still_there
from bot.telegram.keyboards import DOWN, answer_keyboard, reasons_keyboard
from bot.telegram.outgoing import react, reply
from bot.telegram.pages import answer_page
from bot.telegram.passages import show_more, show_passage, title_of
from bot.telegram.phrases import Phrases
from bot.telegram.runtime import Runtime, asker
from retrieval.errors import NotFoundError

_MET = {"thanks": "said_thanks", "hello": "said_hello", "bye": "said_bye", "agreed": "said_agreed"}
"""What is said to those that ask the bot to do nothing."""


_NODDED_AT = ("thanks", "agreed")
"""What a person would not answer in words."""
_NOD = "👍"


def asks_nothing(text: str) -> bool:
    """Whether it is thanks, a greeting and the like alone."""
    return what_is_said(text) in _MET


async def talked(message: Message, runtime: Runtime, text: str, say: Phrases) -> bool:
    """Whether the message was no question; then it was met."""
    kind = what_is_said(text) if message.forward_origin is None else None
    if kind is None:
        return False
    if kind in _MET:
        if kind not in _NODDED_AT or not await react(message, _NOD):
            await reply(message, say(_MET[kind]))
        return True
    last = _last(message, runtime)
    if last is None and kind == "why":  # of what, is asked back
        return False
    try:
        await (_ACTIONS[kind](message, runtime, last, say) if last is not None else reply(message, say("no_last")))
    except NotFoundError:
        await reply(message, say("gone"))
    return True


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


_ACTIONS: dict[str, Callable[[Message, Runtime, ShownAnswer, Phrases], Awaitable[None]]] = {
    "again": _again, "wrong": _wrong, "more": show_more, "why": _why,
}  # fmt: skip
