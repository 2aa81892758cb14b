"""Telling somebody, politely and not too often, that there will be no answer now."""

import logging
import math
import time
from collections.abc import Iterable
from functools import wraps

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.rate import Rate
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Callback, Context, Runtime, asker, runtime_of
from bot.telegram.updates.network import DELIVERY, unsaid
from retrieval.errors import QuestionError
from retrieval.service import QUESTION_LENGTH, checked_question

_log = logging.getLogger(__name__)


async def turned_away(message: Message, runtime: Runtime, say: Phrases, *, is_question: bool = True) -> bool:
    """Whether the asker may not ask, or not so fast: then they were told, once for each wait. What is no question
    does not count as one."""
    who = asker(message)
    if not runtime.members.may_ask(who, message.chat_id):
        runtime.metrics.turned_away.labels("access").inc()
        if runtime.by_user.wait(who) == 0 or runtime.by_user.tell(who):
            await reply(message, members_only(message, who, runtime, say))
        return True
    if await _told_too_fast(
        message, _rates(runtime.by_user if is_question else runtime.taps, who, message, runtime), say
    ):
        runtime.metrics.turned_away.labels("rate").inc()
        return True
    return False


def _rates(of_user: Rate, who: int, message: Message, runtime: Runtime) -> list[tuple[Rate, int, str]]:
    """What limits the message: each with its key, and with how that is said."""
    rates = [(of_user, who, "slow_down")]
    if message.chat.type != ChatType.PRIVATE:
        rates.append((runtime.by_chat, message.chat_id, "slow_down_chat"))
    return rates


async def _told_too_fast(message: Message, rates: Iterable[tuple[Rate, int, str]], say: Phrases) -> bool:
    """Whether one of the rates has none left: then it was told, once for each wait."""
    for rate, key, phrase in rates:
        if (seconds := math.ceil(rate.wait(key))) > 0:
            _log.info("too fast", extra={"chat": message.chat.type, "seconds": seconds})
            if rate.tell(key):
                await reply(message, say(phrase, seconds=seconds))
            return True
    return False


def too_fast(query: CallbackQuery, message: Message, runtime: Runtime, say: Phrases) -> str | None:
    """What is told to who asks too many questions with buttons."""
    for rate, key, phrase in _rates(runtime.by_user, query.from_user.id, message, runtime):
        if (seconds := math.ceil(rate.wait(key))) > 0:
            runtime.metrics.turned_away.labels("rate").inc()
            return say(phrase, seconds=seconds)
    return None


def limited(callback: Callback) -> Callback:
    """The handler, for those who do not write too fast; others are told once, and then passed over. In a group what
    all write counts too, or answers to many would hold up each other. Administrators may send a hundred files at
    once."""

    @wraps(callback)
    async def handle(update: Update, context: Context) -> None:
        message, runtime = update.effective_message, runtime_of(context)
        assert message is not None
        say, rates = runtime.say(update.effective_user), _rates(runtime.taps, asker(message), message, runtime)
        if runtime.members.is_admin(asker(message)) or not await _told_too_fast(message, rates, say):
            await callback(update, context)

    return handle


def members_only(message: Message, who: int, runtime: Runtime, say: Phrases) -> str:
    """How one gets in."""
    if message.chat.type != ChatType.PRIVATE:
        return say("members_only_group", chat=message.chat_id)
    return say("members_only_code" if runtime.settings.access == "code" else "members_only", user=who)


async def tell_late(message: Message, runtime: Runtime, say: Phrases) -> None:
    """One note a chat for all the questions that were missed."""
    asked = (message.edit_date or message.date).timestamp()
    runtime.metrics.turned_away.labels("late").inc()
    if runtime.late.get(message.chat_id, 0.0) < asked:
        await reply(message, say("late"))
        runtime.late[message.chat_id] = time.time()


async def tell_kept(update: Update, runtime: Runtime) -> None:
    """Once, that the documents are out of reach and what was asked is answered later."""
    message, delivery = update.message or update.edited_message, DELIVERY.get()
    if message is not None and delivery is not None and not delivery.is_kept:
        await reply(message, runtime.say(update.effective_user)("unreachable"))
        unsaid()
        delivery.is_kept = True


async def nothing_there(runtime: Runtime, who: int, say: Phrases, document_id: str | None) -> str:
    """Why there is nothing to search: no documents at all, or the one that was meant is gone."""
    if document_id is not None and not await runtime.work(lambda: runtime.base.is_empty):
        return say("gone")
    return say("empty_index_admin" if runtime.members.is_admin(who) else "empty_index")


async def objection(message: Message, runtime: Runtime, question: str, say: Phrases) -> str | None:
    """What is wrong with the question, None when it can be asked."""
    asked = " ".join(question.split())
    if not asked:
        is_command = (message.text or message.caption or "").startswith("/")
        return await runtime.with_example(say, "ask_usage" if is_command else "ask_empty")
    if len(asked) > QUESTION_LENGTH:
        return say("ask_too_long", length=f"{len(asked):,}", limit=f"{QUESTION_LENGTH:,}")
    try:
        checked_question(question)
    except QuestionError:
        return await runtime.with_example(say, "ask_no_words")
    return None
