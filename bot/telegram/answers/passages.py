"""Showing what stands behind an answer: a passage in its surroundings, and further passages."""

from dataclasses import replace

from telegram import Message

from bot.memory.database import tolerating
from bot.memory.memory import QuestionContext, ShownAnswer
from bot.render.tally import rest_of
from bot.telegram.answers.rest import show_rest
from bot.telegram.messages.citing import others, still_there
from bot.telegram.messages.keyboards import more_keyboard, passage_keyboard
from bot.telegram.messages.links import passage_payload
from bot.telegram.messages.outgoing import edit, reply
from bot.telegram.messages.pages import more_page, passage_page
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime
from retrieval.errors import NotFoundError
from retrieval.service import cite, printed_on


async def show_passage(
    message: Message, runtime: Runtime, passage_id: str, say: Phrases, who: int,
    marked: tuple[int, int] | None = None, *, in_place: bool = False,
) -> None:  # fmt: skip
    """The passage in its surroundings, as a reply to the message or in its place, for `who`. Raises NotFoundError."""
    stored = await runtime.work(runtime.base.passage, passage_id)
    if marked is not None and not marked[0] < marked[1] <= len(stored.text):  # a link can be made up
        marked = None
    siblings = await runtime.work(runtime.base.passages_of, stored.document.document_id)
    ids = [sibling.passage.passage_id for sibling in siblings]
    if passage_id not in ids:
        raise NotFoundError(f"{passage_id} was removed a moment ago.")
    place = ids.index(passage_id)
    before, after = (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)
    if marked is not None and stored.passage.page is not None:
        document = await runtime.work(runtime.base.text, stored.document.document_id)
        number, ocr = printed_on(document, stored.passage.spans, *marked)
        siblings[place] = replace(stored, passage=replace(stored.passage, page=number), ocr=ocr)
    page = passage_page(siblings, place, say, marked)
    sentence = stored.text[slice(*marked)] if marked is not None else stored.text
    keyboard = passage_keyboard(cite(1, stored), sentence, before, after, say)
    if in_place:
        await edit(message.get_bot(), message.chat_id, message.message_id, page, keyboard)
        sent = message
    else:
        sent = await reply(message, page, keyboard, runtime.memory)
    with tolerating():
        link = passage_payload(passage_id, marked)
        runtime.memory.passage_sent(sent.chat_id, sent.message_id, who, stored.document.document_id, link)


async def show_document(message: Message, runtime: Runtime, document_id: str, say: Phrases, who: int) -> None:
    """The first passage of the document. Raises NotFoundError."""
    passages = await runtime.work(runtime.base.passages_of, document_id)
    if not passages:
        raise NotFoundError(f"{document_id} has no passages.")
    await show_passage(message, runtime, passages[0].passage.passage_id, say, who)


async def show_more(message: Message, runtime: Runtime, shown: ShownAnswer, say: Phrases) -> None:
    """The rows, or else the passages, that the answer did not show and that are still there. Raises NotFoundError
    when the answer itself is not."""
    if rest_of(shown.answer):
        await show_rest(message, runtime, shown, 0, say)
        return
    answer = await runtime.work(still_there, runtime.base, shown.answer)
    if others(answer):
        page = more_page(answer, runtime.bot, say)
        await reply(message, page, more_keyboard(answer, shown.number, say), runtime.memory)
    else:
        await reply(message, say("no_more"))


async def title_of(runtime: Runtime, asked: QuestionContext) -> str | None:
    """Of the document that is asked, when it is one alone. Raises NotFoundError."""
    return (await runtime.work(runtime.base.find, asked.document_id)).title if asked.document_id is not None else None
