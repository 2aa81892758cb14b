"""Buttons that ask: questions that were offered, near ones, and what somebody else wrote."""

from telegram import CallbackQuery, Message

from bot.memory.memory import QuestionContext
from bot.message import separate_questions
from bot.telegram.answers.refusals import too_fast
from bot.telegram.asking.questions import answer_it
from bot.telegram.members.welcome import offered_questions
from bot.telegram.messages import keyboards
from bot.telegram.messages.addressing import question_in, topic_of
from bot.telegram.messages.keyboards import Press, question_key
from bot.telegram.messages.phrases import LANGUAGES, Phrases
from bot.telegram.state.runtime import Action, Runtime


async def _ask(query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases) -> str | None:
    """A question that was offered at the beginning: asked by who pressed."""
    offered = [question for language in LANGUAGES for question in await offered_questions(runtime, language)]
    question = next((candidate for candidate in offered if question_key(candidate) == press.values[0]), None)
    return await _asked(question, query, message, runtime, say)


async def _ask_near(
    query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases
) -> str | None:
    """A question that stands below one that was not answered: what its button says was answered then."""
    below = keyboards.near_on(message.reply_markup)
    question = next((candidate for candidate in below if question_key(candidate) == press.values[0]), None)
    return await _asked(question, query, message, runtime, say)


async def _ask_forwarded(
    query: CallbackQuery, message: Message, runtime: Runtime, _: Press, say: Phrases
) -> str | None:
    """What somebody else wrote, and the message replies to."""
    replied = message.reply_to_message
    text = question_in(replied, runtime.bot) if replied is not None else ""
    return await _asked(text or None, query, message, runtime, say)


async def _asked(
    text: str | None, query: CallbackQuery, message: Message, runtime: Runtime, say: Phrases
) -> str | None:
    """What stands for a button is asked by who pressed."""
    if text is None:
        return say("old_button")
    if (notice := too_fast(query, message, runtime, say)) is not None:
        return notice
    who, topic = query.from_user.id, topic_of(message) or 0
    before = None
    for question in separate_questions(text):
        asked = QuestionContext(message.chat_id, who, message.message_id, say.language, before, None, topic)
        await answer_it(message, runtime, question, say, asked, named=True)
        before = runtime.memory.before(message.chat_id, topic, who)
    return None


QUESTION_ACTIONS: dict[str, Action] = {
    keyboards.QUESTION: _ask,
    keyboards.NEAR: _ask_near,
    keyboards.FORWARDED: _ask_forwarded,
}
