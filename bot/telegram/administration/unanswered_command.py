"""/unanswered: administrators see which questions the documents did not answer."""

from datetime import UTC, datetime

from telegram import Message
from telegram.constants import ChatType

from bot.memory.unanswered import shown_to, unanswered
from bot.telegram.messages.markup import Markup, one_line
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, command

_SHOWN = 20
_QUESTION = 120


@command
async def on_unanswered(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """The newest, in a private chat; what people asked is not for a group's eyes, which get the counts alone.
    Questions are told as they were written: as understood they may say what an administrator does not see."""
    shows = await runtime.work(shown_to, runtime.base)
    found = unanswered(runtime.memory.database, runtime.settings.keep_days, shows)
    if not found:
        await reply(message, say("unanswered_none"))
        return
    times = sum(group.count for group in found)
    page = Markup().add(say("unanswered_heading", questions=len(found), times=times), bold=True)
    if message.chat.type == ChatType.PRIVATE:
        for group in found[:_SHOWN]:
            day = datetime.fromtimestamp(group.last, UTC).strftime("%m-%d")
            page = page.add(f"\n{group.count}× {day} #{group.number} {one_line(group.written, _QUESTION)}")
    await reply(message, page.add(f"\n\n{say('unanswered_more')}", italic=True).cut())
