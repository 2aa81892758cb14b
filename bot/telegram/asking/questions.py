"""A question in a chat → one message that answers it."""

import math
import time
from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardMarkup, Message, Update

from bot.line import TooBusyError, TooSlowError
from bot.memory.database import tolerating
from bot.memory.memory import QuestionContext, ShownAnswer
from bot.message import separate_questions
from bot.telegram.answers.near import near_to
from bot.telegram.answers.passages import title_of
from bot.telegram.answers.refusals import nothing_there, objection, tell_late, turned_away
from bot.telegram.asking.talk import meet, said_in
from bot.telegram.messages.addressing import question_in, quoted_in, replied_to, topic_of
from bot.telegram.messages.citing import leading
from bot.telegram.messages.keyboards import answer_keyboard, forwarded_keyboard
from bot.telegram.messages.markup import MESSAGE, Markup, one_line, plain
from bot.telegram.messages.outgoing import edit, reply, typing
from bot.telegram.messages.pages import answer_page
from bot.telegram.messages.phrases import Phrases, phrases
from bot.telegram.state.runtime import Context, Runtime, asker, runtime_of
from bot.telegram.updates.network import DELIVERY
from bot.wording import message_of
from retrieval.errors import NotFoundError
from retrieval.service import Scope, goes_on, thread_of
from retrieval.types import Answer

_SAID = 40
_NEAR_UNITS = 60
"""Room for the line above near questions."""


async def on_question(update: Update, context: Context) -> None:
    """A question, new or edited: one message answers it, and an edit changes that message. Of several questions each
    has its own; the answer to one that was edited out is put in the place of another's, or withdrawn."""
    message = update.effective_message
    assert message is not None
    runtime = runtime_of(context)
    text, is_edit = question_in(message, runtime.bot), update.edited_message is not None
    say = runtime.say(update.effective_user, text)
    questions = separate_questions(text)
    before = runtime.memory.shown_for(message.chat_id, message.message_id)
    kept = {shown.answer.question: shown for shown in before}
    left = [question for question in questions if question not in kept or kept[question].message_id is None]
    replaced = [shown for shown in before if is_edit and shown.answer.question not in questions]
    if before and not left:  # answered already: taken up again after a crash, or no question was changed or added
        await _withdraw(message, runtime, replaced, say)
        return
    delivery = DELIVERY.get()
    was_kept = delivery is not None and delivery.is_kept
    again = was_kept or (bool(before) and not is_edit)  # it was let in, and could not be computed or sent
    if runtime.is_late(message):
        await tell_late(message, runtime, say)
        return
    kind = None if before else said_in(message, runtime, text)
    if not again and await turned_away(message, runtime, say, is_question=kind is None):
        return
    if kind is not None:
        await meet(message, runtime, text, kind, say)
        return
    problem = await objection(message, runtime, text, say)
    if message.forward_origin is not None:
        await reply(
            message, say("forwarded" if problem else "forwarded_offer"), None if problem else forwarded_keyboard(say)
        )
    elif problem is not None:
        await reply(message, problem)
    else:
        for question in left:
            shown = kept.get(question) or next(iter(replaced), None)
            asked = shown.asked if shown is not None else _asked(message, runtime, question, say)
            if shown is None and asked.before is None and asked.document_id is None and goes_on(question):
                await reply(message, say("follows_nothing", said=one_line(question, _SAID)))
            elif await answer_it(message, runtime, question, say, asked, shown, named=len(questions) > 1):
                replaced = [other for other in replaced if other is not shown]
        await _withdraw(message, runtime, replaced, say)


async def _withdraw(message: Message, runtime: Runtime, answers: Iterable[ShownAnswer], say: Phrases) -> None:
    """Say in the place of each that its question is not asked any more; then it is forgotten."""
    for shown in answers:
        if shown.message_id is not None:
            await edit(message.get_bot(), shown.asked.chat_id, shown.message_id, plain(say("withdrawn")))
        with tolerating():
            runtime.memory.withdraw(shown)


def _asked(message: Message, runtime: Runtime, question: str, say: Phrases) -> QuestionContext:
    """A part of what somebody wrote that is quoted is what a follow-up goes on from, and an answer, whoever asked for
    it, that is replied to; any other question that replies to a message with passages asks within their document."""
    who, topic, replied = asker(message), topic_of(message) or 0, replied_to(message)
    answered = runtime.memory.shown_in(message.chat_id, replied.message_id) if replied is not None else None
    before: str | None
    if answered is not None and goes_on(question) and (thread := thread_of(answered.answer)) is not None:
        before, document = quoted_in(message) or thread, answered.asked.document_id
    else:
        document = runtime.memory.document_of(message.chat_id, replied.message_id) if replied is not None else None
        before = (None if document else quoted_in(message)) or runtime.memory.before(message.chat_id, topic, who)
    return QuestionContext(message.chat_id, who, message.message_id, say.language, before, document, topic)


async def answer_it(
    message: Message, runtime: Runtime, question: str, say: Phrases, asked: QuestionContext,
    shown: ShownAnswer | None = None, *, named: bool = False,
) -> bool:  # fmt: skip
    """Compute and show the answer, as a reply to the message or where another was `shown`; `named`, one of several,
    is said which question it answers. What documents do not answer by their nature (a joke, who the bot is) is met
    without thumbs, and is not counted; among several questions it leaves what was `shown` to another: False."""
    who, began = asked.user_id, time.monotonic()
    try:
        async with typing(message):
            answer = await compute(runtime, question, asked)
            title = await title_of(runtime, asked)
            near = [] if runtime.memory.was_forgotten(who, began) else await near_to(runtime, answer, asked)
    except TooBusyError as busy:
        runtime.metrics.turned_away.labels("busy").inc()
        await reply(message, say("busy", seconds=max(1, math.ceil(busy.seconds))))
        return True
    except TooSlowError:
        runtime.metrics.turned_away.labels("slow").inc()
        await reply(message, say("timed_out"))
        return True
    except NotFoundError:
        await reply(message, await nothing_there(runtime, who, say, asked.document_id))
        return True
    runtime.log_question(question, answer, message.chat)
    if is_aside(answer, asked) and (shown is None or named):
        await reply(message, message_of(answer, say.language) or "")
        return False
    told = question if named else None
    page = answer_page(answer, runtime.bot, say, title, in_group=asked.in_group, question=told)
    page = page.cut(MESSAGE - _NEAR_UNITS).add(f"\n\n{say('near')}") if near else page
    if runtime.memory.was_forgotten(who, began):  # erased while it was computed: it is shown and not kept
        await reply(message, page)
    elif shown is not None and shown.message_id is not None:
        await put_in_place(message, runtime, asked, answer, page, shown.number, shown.message_id, near)
    else:
        await _send(message, runtime, asked, answer, page, shown.number if shown is not None else None, near)
    with tolerating():
        if (thread := thread_of(answer)) is not None and not runtime.memory.was_forgotten(who, began):
            runtime.memory.go_on_from(message.chat_id, asked.topic, who, thread)
    return True


async def put_in_place(
    message: Message, runtime: Runtime, asked: QuestionContext, answer: Answer, page: Markup, number: int,
    shown_in: int, near: Sequence[str] = (),
) -> None:  # fmt: skip
    """Show the answer in the message of ours that showed another; where that was deleted, as a reply to `message`. It
    is kept after that: should the process be killed in between, the message is edited once more and nothing else."""
    keyboard = _keyboard(answer, number, asked, near)
    if not await edit(message.get_bot(), asked.chat_id, shown_in, page, keyboard):
        await _send(message, runtime, asked, answer, page, number, near)
        return
    with tolerating():
        runtime.memory.keep(asked, answer, number)
        _remember_passage(runtime, asked, answer, asked.chat_id, shown_in)


async def _send(
    message: Message, runtime: Runtime, asked: QuestionContext, answer: Answer, page: Markup, number: int | None,
    near: Sequence[str] = (),
) -> None:  # fmt: skip
    """Keep the answer and send it as a reply; where it cannot be kept, without buttons, which would not work."""
    keyboard = None
    with tolerating():
        number = runtime.memory.keep(asked, answer, number)
        keyboard = _keyboard(answer, number, asked, near)
    sent = await reply(message, page, keyboard, runtime.memory)
    with tolerating():
        if number is not None:
            runtime.memory.sent(number, sent.chat_id, sent.message_id)
        _remember_passage(runtime, asked, answer, sent.chat_id, sent.message_id)


async def compute(runtime: Runtime, question: str, asked: QuestionContext) -> Answer:
    """The answer, measured. Raises what `Runtime.ask` raises."""
    scope = Scope(documents=(asked.document_id,)) if asked.document_id is not None else None
    with runtime.metrics.seconds.time():
        answer = await runtime.ask(question, after=asked.before, scope=scope)
    if not is_aside(answer, asked):
        runtime.metrics.answers.labels(answer.status).inc()
    return answer


def is_aside(answer: Answer, asked: QuestionContext) -> bool:
    """Whether it was nothing to look up in documents, and quotes none."""
    return asked.document_id is None and not answer.was_searched and answer.answer is None


def _keyboard(answer: Answer, number: int, asked: QuestionContext, near: Sequence[str]) -> InlineKeyboardMarkup:
    within, say = asked.document_id is not None, phrases(asked.language)
    return answer_keyboard(answer, number, say, within=within, in_group=asked.in_group, near=near)


def _remember_passage(
    runtime: Runtime, asked: QuestionContext, answer: Answer, chat_id: int, message_id: int
) -> None:
    if (citation := leading(answer)) is not None:
        runtime.memory.passage_sent(chat_id, message_id, asked.user_id, citation.document_id)
