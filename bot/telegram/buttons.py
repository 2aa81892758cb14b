"""What the buttons do: context, more, the original, feedback, leafing through the documents."""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot.line import TooBusyError, TooSlowError
from bot.memory.memory import ShownAnswer
from bot.render.tally import rest_of
from bot.telegram.answers.passages import show_more, show_passage
from bot.telegram.answers.refusals import too_fast
from bot.telegram.answers.rest import show_rest
from bot.telegram.asking.question_buttons import QUESTION_ACTIONS
from bot.telegram.asking.questions import compute, put_in_place
from bot.telegram.library.removal import DOCUMENT_ACTIONS
from bot.telegram.library.sources import sources_page, words_of
from bot.telegram.members.language import choose_language
from bot.telegram.messages import keyboards
from bot.telegram.messages.citing import marks_in, others
from bot.telegram.messages.keyboards import Press, answer_keyboard, pressed
from bot.telegram.messages.outgoing import edit, send_file
from bot.telegram.messages.pages import answer_page
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Action, Context, Runtime, runtime_of
from retrieval.errors import NotFoundError
from retrieval.types import DocumentRecord

_log = logging.getLogger(__name__)
_SENDABLE_BYTES = 50_000_000
"""https://core.telegram.org/bots/api#senddocument"""


async def on_button(update: Update, context: Context) -> None:
    """A button was pressed, perhaps long ago, perhaps on a message that an older version sent."""
    query, runtime = update.callback_query, runtime_of(context)
    assert query is not None
    say = runtime.say(query.from_user)
    notice = await _press(query, runtime, say)
    try:
        await query.answer(notice, show_alert=False)
    except BadRequest as error:  # it was pressed too long ago to be answered; what it asked for was done
        _log.info("a button's notice could not be shown: %s", error)


async def _press(query: CallbackQuery, runtime: Runtime, say: Phrases) -> str | None:
    press = pressed(query.data)
    action = _ACTIONS.get(press.kind) if press is not None else None
    if press is None or action is None or not isinstance(query.message, Message) or not _stands_there(query):
        return say("old_button")
    if not runtime.members.may_ask(query.from_user.id, query.message.chat_id):
        return say("members_only", user=query.from_user.id)[:200]
    if (seconds := runtime.taps.wait(query.from_user.id)) > 0:
        return say("slow_down", seconds=int(seconds) + 1)
    try:
        return await action(query, query.message, runtime, press, say)
    except NotFoundError:
        return say("gone")
    except TooSlowError:
        return say("timed_out")
    except TooBusyError as busy:
        return say("busy", seconds=int(busy.seconds) + 1)
    except BadRequest as refused:
        _log.error("Telegram refused what the button %r asked for: %s", press.kind, refused)
        return say("refused")


def _stands_there(query: CallbackQuery) -> bool:
    """Whether the message has the button that is said to have been pressed: others than Telegram's own programs can
    send any data."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup is not None else ()
    return any(button.callback_data == query.data for row in rows for button in row)


async def _more(_: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    shown = _shown(runtime, message, press)
    if shown is not None and 0 <= press.number(1) < len(rest_of(shown.answer)):
        await show_rest(message, runtime, shown, press.number(1), say)
        return None
    if shown is None or not others(shown.answer):
        return say("no_more" if shown is not None else "old_button")
    await show_more(message, runtime, shown, say)
    return None


async def _context(
    query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases
) -> str | None:
    shown = _shown(runtime, message, press)
    number = press.number(1)
    citations = shown.answer.citations if shown else ()
    citation = next((candidate for candidate in citations if candidate.number == number), None)
    if shown is None or citation is None:
        return say("old_button")
    marked = next(iter(marks_in(shown.answer, citation)), None)
    await show_passage(message, runtime, citation.passage_id, say, query.from_user.id, marked)
    return None


async def _turn(query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    await show_passage(message, runtime, press.values[0], say, query.from_user.id, in_place=True)
    return None


async def _everywhere(
    query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases
) -> str | None:
    shown = _shown(runtime, message, press)
    if shown is None or shown.asked.document_id is None:
        return say("old_button")
    # It takes the place of the answer and of what was thought of that. Who asked in the name of a chat is not known.
    if 0 < shown.asked.user_id != query.from_user.id:
        return say("not_your_question")
    if (notice := too_fast(query, message, runtime, say)) is not None:
        return notice
    asked = replace(shown.asked, document_id=None)
    answer = await compute(runtime, shown.answer.question, asked)
    page = answer_page(answer, runtime.bot, say, in_group=asked.in_group)
    await put_in_place(message, runtime, asked, answer, page, shown.number, message.message_id)
    return None


async def _original(_: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    record = await runtime.work(runtime.base.find, press.values[0])
    problem = await runtime.work(_unfit, record)
    if problem is not None:
        return say(problem)
    await send_file(message, record.path)
    return None


def _unfit(record: DocumentRecord) -> str | None:
    """Why the file cannot be sent. Only the very file that was indexed is evidence, and only that may leave here."""
    try:
        if record.path.stat().st_size > _SENDABLE_BYTES:
            return "file_large"
        same = hashlib.sha256(Path(record.path).read_bytes()).hexdigest() == record.sha256
    except OSError:
        return "file_changed"
    return None if same else "file_changed"


async def _judge(query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    shown = _shown(runtime, message, press)
    _, said, why, *_ = (*press.values, "", "")
    rating = next((known for known in keyboards.RATINGS if known == said), None)
    reason = next((known for known in keyboards.REASONS if known == why), None)
    if shown is None or rating is None or (why and reason is None):
        return say("old_button")
    runtime.memory.judge(shown.number, query.from_user.id, rating, reason)
    runtime.metrics.feedback.labels(rating).inc()
    if rating == keyboards.UP or reason:
        return say("thanks")
    within, in_group = shown.asked.document_id is not None, shown.asked.in_group
    near = keyboards.near_on(message.reply_markup)
    keyboard = answer_keyboard(
        shown.answer, shown.number, say, within=within, reasons=True, in_group=in_group, near=near
    )
    try:
        await message.edit_reply_markup(keyboard)
    except BadRequest as error:  # the reasons stand there already: somebody else did not like it either
        if "not modified" not in error.message:
            raise
    return say("thanks_reason")


async def _leaf(_: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    page, keyboard = await sources_page(runtime, press.number(0), say, words_of(message, press))
    await edit(message.get_bot(), message.chat_id, message.message_id, page, keyboard)
    return None


def _shown(runtime: Runtime, message: Message, press: Press) -> ShownAnswer | None:
    """What the button speaks of; only in the chat where it was shown, for its number could be made up."""
    shown = runtime.memory.shown(press.number(0))
    return shown if shown is not None and shown.asked.chat_id == message.chat_id else None


_ACTIONS: dict[str, Action] = {
    **QUESTION_ACTIONS,
    **DOCUMENT_ACTIONS,
    keyboards.MORE: _more,
    keyboards.CONTEXT: _context,
    keyboards.PASSAGE: _turn,
    keyboards.FILE: _original,
    keyboards.EVERYWHERE: _everywhere,
    keyboards.FEEDBACK: _judge,
    keyboards.SOURCES: _leaf,
    keyboards.LANGUAGE: choose_language,
}
