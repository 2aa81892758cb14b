"""The first contact: /start, what is in here, questions to begin with, and codes to join with."""

import logging

from telegram import Message
from telegram.constants import ChatType

from bot.search import newest_first
from bot.telegram.answers.near import liked_answers
from bot.telegram.answers.passages import show_document, show_passage
from bot.telegram.answers.refusals import members_only
from bot.telegram.messages.citing import is_there
from bot.telegram.messages.keyboards import questions_keyboard
from bot.telegram.messages.links import passage_in
from bot.telegram.messages.markup import one_line, plain
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker, command
from bot.topics import topics_of
from config.language import Language
from retrieval.errors import NotFoundError

_log = logging.getLogger(__name__)
_TITLE = 80
_SHORT = 40
_FEW = 5
"""So few documents are told by their titles where they share no topics."""
_OFFERED = 3


@command
async def on_start(message: Message, runtime: Runtime, say: Phrases, payload: str) -> None:
    """/start, alone or with what a link carries: a code to join, or a passage to show."""
    who = asker(message)
    if payload.startswith("join_") and message.chat.type == ChatType.PRIVATE:  # a code is for one person
        await _join(message, runtime, say, payload.removeprefix("join_"))
    elif not runtime.members.may_ask(who, message.chat_id):
        await reply(message, members_only(message, who, runtime, say))
    elif payload.startswith(("p_", "d_")):
        try:
            if payload.startswith("p_"):
                passage_id, marked = passage_in(payload)
                await show_passage(message, runtime, passage_id, say, who, marked)
            else:
                await show_document(message, runtime, payload[2:], say, who)
        except NotFoundError:
            await reply(message, say("gone"))
    else:
        await welcome(message, runtime, say)


async def welcome(message: Message, runtime: Runtime, say: Phrases) -> None:
    """Who this is, what is in here, and questions to begin with."""
    in_group = message.chat.type != ChatType.PRIVATE
    await _welcome(message, runtime, say, say("group_hello", bot=runtime.bot) if in_group else say("start"))


async def joined_by_code(message: Message, runtime: Runtime, say: Phrases) -> bool:
    """Whether the message was the code of somebody who may not ask yet; then they were told whether it was right."""
    text = (message.text or "").strip()
    private = message.chat.type == ChatType.PRIVATE
    if runtime.settings.access != "code" or not private or runtime.members.may_ask(asker(message), message.chat_id):
        return False
    if not text or len(text.split()) > 1 or not text.isascii():
        return False
    await _join(message, runtime, say, text)
    return True


async def _join(message: Message, runtime: Runtime, say: Phrases, code: str) -> None:
    who = asker(message)
    if runtime.by_user.wait(who) > 0:  # nobody tries many codes
        return
    if runtime.members.may_ask(who, message.chat_id):
        await _welcome(message, runtime, say, say("start"))
        return
    joined = runtime.members.join(who, code)
    _log.info("code", extra={"accepted": joined, "user": who})
    if joined:
        await _welcome(message, runtime, say, say("joined"))
    else:
        await reply(message, say("code_wrong"))


async def _welcome(message: Message, runtime: Runtime, say: Phrases, greeting: str) -> None:
    """The greeting, what there is to ask about, and questions that are answered."""
    page = plain(greeting)
    is_admin = runtime.members.is_admin(asker(message)) and message.chat.type == ChatType.PRIVATE
    held = await runtime.work(_holdings, runtime, say)
    if held is None:
        await reply(message, page.add("\n" + say("empty_index_admin" if is_admin else "empty_index")))
        return
    page = page.add("\n\n" + held)
    page = page.add("\n" + say("start_admin")) if is_admin else page
    questions = await offered_questions(runtime, say.language)
    page = page.add("\n" + say("start_try")) if questions else page
    await reply(message, page.cut(), questions_keyboard(questions) if questions else None)


def _holdings(runtime: Runtime, say: Phrases) -> str | None:
    """How many documents there are, the newest of them, and what many of them are about, or else of few what they are
    called; None where there is none."""
    records = newest_first(runtime.base.documents())
    if not records:
        return None
    newest = records[0]
    title = one_line(newest.title or newest.name, _TITLE)
    dated = say("dated", date=newest.date) if newest.date else ""
    held = say("start_holds", documents=len(records), title=title, dated=dated)
    if shared := topics_of(runtime.base, records):
        return held + say("start_topics", topics=say("comma").join(shared))
    others = dict.fromkeys(one_line(record.title or record.name, _SHORT) for record in records[1:])
    is_told = others and len(records) <= _FEW
    return held + say("start_titles", titles=say("comma").join(others)) if is_told else held


async def offered_questions(runtime: Runtime, language: Language | None = None) -> list[str]:
    """Questions that are answered here: those that were liked and whose answers are still there, then those that the
    documents put themselves."""
    liked = list[str]()
    for question, answer in liked_answers(runtime).items():
        if len(liked) == _OFFERED:
            break
        if await runtime.work(is_there, runtime.base, answer):
            liked.append(question)
    put = await runtime.work(runtime.suggestions, language) if len(liked) < _OFFERED else ()
    return list(dict.fromkeys([*liked, *put]))[:_OFFERED]
