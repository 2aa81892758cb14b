"""A question in a chat → one message that answers it."""

import math
import time

from telegram import Message, Update

from bot.telegram.addressing import question_in, replied_to
from bot.telegram.database import tolerating
from bot.telegram.desk import Context, Desk, TooBusyError, TooSlowError, asker, desk_of
from bot.telegram.keyboards import answer_keyboard, leading
from bot.telegram.markup import Markup
from bot.telegram.memory import Asked, Shown
from bot.telegram.pages import answer_page
from bot.telegram.phrases import Phrases, phrases
from bot.telegram.post import edit, reply, typing
from bot.telegram.refusals import nothing_there, objection, tell_late, turned_away
from retrieval.errors import NotFoundError
from retrieval.service import Scope
from retrieval.types import Answer


async def on_question(update: Update, context: Context) -> None:
    """A question, new or edited: one message answers it, and an edit changes that message."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    question = question_in(message, desk.bot)
    say = desk.say(update.effective_user, question)
    before = desk.memory.shown_for(message.chat_id, message.message_id)
    is_edit = update.edited_message is not None
    if before is not None and before.message_id is not None and (not is_edit or before.answer.question == question):
        return  # answered already: taken up again after a crash, or nothing about the question was changed
    again = before is not None and not is_edit  # it was let in, and could not be sent
    if desk.is_late(message):
        await tell_late(message, desk, say)
        return
    if not again and await turned_away(message, desk, say):
        return
    if (problem := objection(message, question, say)) is not None:
        await reply(message, problem)
    else:
        await _answer(message, desk, question, say, before)


async def _answer(message: Message, desk: Desk, question: str, say: Phrases, shown: Shown | None) -> None:
    who = asker(message)
    asked = shown.asked if shown is not None else Asked(
        message.chat_id, who, message.message_id, say.language, desk.memory.before(message.chat_id, who),
        _replied_document(message, desk),
    )  # fmt: skip
    began = time.monotonic()
    try:
        async with typing(message):
            answer = await compute(desk, question, asked)
            title = await title_of(desk, asked)
    except TooBusyError as busy:
        desk.metrics.turned_away.labels("busy").inc()
        await reply(message, say("busy", seconds=max(1, math.ceil(busy.seconds))))
        return
    except TooSlowError:
        desk.metrics.turned_away.labels("slow").inc()
        await reply(message, say("timed_out"))
        return
    except NotFoundError:
        await reply(message, nothing_there(desk, who, say, asked.document_id))
        return
    desk.log_question(question, answer, message.chat)
    page = answer_page(answer, desk.bot, say, title)
    if desk.memory.was_forgotten(who, began):  # erased while it was computed: it is shown and not kept
        await reply(message, page)
    elif shown is not None and shown.message_id is not None:
        await put_in_place(message, desk, asked, answer, page, shown.number, shown.message_id)
    else:
        await _send(message, desk, asked, answer, page, shown.number if shown is not None else None)
    with tolerating():
        if answer.was_searched and not desk.memory.was_forgotten(who, began):
            desk.memory.go_on_from(message.chat_id, who, answer.understood or question)


async def put_in_place(
    message: Message, desk: Desk, asked: Asked, answer: Answer, page: Markup, number: int, shown_in: int
) -> None:
    """Show the answer in the message of ours that showed another; where that was deleted, as a reply to `message`. It
    is kept after that: should the process be killed in between, the message is edited once more and nothing else."""
    keyboard = answer_keyboard(answer, number, phrases(asked.language), within=asked.document_id is not None)
    if not await edit(message.get_bot(), asked.chat_id, shown_in, page, keyboard):
        await _send(message, desk, asked, answer, page, number)
        return
    with tolerating():
        desk.memory.keep(asked, answer, number)
        _remember_passage(desk, asked, answer, asked.chat_id, shown_in)


async def _send(message: Message, desk: Desk, asked: Asked, answer: Answer, page: Markup, number: int | None) -> None:
    """Keep the answer and send it as a reply; where it cannot be kept, without buttons, which would not work."""
    keyboard = None
    with tolerating():
        number = desk.memory.keep(asked, answer, number)
        keyboard = answer_keyboard(answer, number, phrases(asked.language), within=asked.document_id is not None)
    sent = await reply(message, page, keyboard, desk.memory)
    with tolerating():
        if number is not None:
            desk.memory.sent(number, sent.chat_id, sent.message_id)
        _remember_passage(desk, asked, answer, sent.chat_id, sent.message_id)


async def compute(desk: Desk, question: str, asked: Asked) -> Answer:
    """The answer, measured. Raises what `Desk.ask` raises."""
    scope = Scope(documents=(asked.document_id,)) if asked.document_id is not None else None
    with desk.metrics.seconds.time():
        answer = await desk.ask(question, after=asked.before, scope=scope)
    desk.metrics.answers.labels(answer.status).inc()
    return answer


async def title_of(desk: Desk, asked: Asked) -> str | None:
    """Of the document that is asked, when it is one alone."""
    return (await desk.work(desk.base.find, asked.document_id)).title if asked.document_id is not None else None


def _remember_passage(desk: Desk, asked: Asked, answer: Answer, chat_id: int, message_id: int) -> None:
    if (citation := leading(answer)) is not None:
        desk.memory.passage_sent(chat_id, message_id, asked.user_id, citation.document_id)


def _replied_document(message: Message, desk: Desk) -> str | None:
    """The document whose passage the message replies to."""
    replied = replied_to(message)
    return desk.memory.document_of(message.chat_id, replied.message_id) if replied is not None else None
