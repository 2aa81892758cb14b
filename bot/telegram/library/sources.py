"""/sources: the documents in the chat, the newest first, page by page; or those of some words."""

from telegram import InlineKeyboardMarkup, Message

from bot.search import documents_matching, newest_first
from bot.telegram.answers.refusals import members_only
from bot.telegram.messages.addressing import command_of
from bot.telegram.messages.keyboards import Press, searched, sources_keyboard
from bot.telegram.messages.links import document_link, web_address
from bot.telegram.messages.markup import Markup, one_line, plain
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Runtime, asker, command
from retrieval.types import DocumentRecord

_PAGE = 20
_TITLE, _NAME = 100, 40


@command
async def on_sources(message: Message, runtime: Runtime, say: Phrases, words: str) -> None:
    """/sources, or /sources WORDS: twenty a message."""
    if not runtime.members.may_ask(asker(message), message.chat_id):
        await reply(message, members_only(message, asker(message), runtime, say))
        return
    page, keyboard = await sources_page(runtime, 0, say, words)
    await reply(message, page, keyboard)


async def sources_page(
    runtime: Runtime, number: int, say: Phrases, words: str
) -> tuple[Markup, InlineKeyboardMarkup | None]:
    """Page `number` of the list, from 0, with buttons to the others."""
    counts = await runtime.work(runtime.counts)
    found = newest_first(documents_matching(await runtime.work(runtime.base.documents), words))
    if not found:
        return plain(say("sources_none", words=one_line(words, _TITLE)) if words else say("empty_index")), None
    pages = (len(found) + _PAGE - 1) // _PAGE
    number = min(max(number, 0), pages - 1)
    known = {"page": number + 1, "pages": pages}
    if words:
        heading = say("sources_found", words=one_line(words, _TITLE), found=len(found), **known)
    else:
        heading = say("sources", **counts, **known)
    page = Markup().add(heading, bold=True)
    first = number * _PAGE
    for place, record in enumerate(found[first : first + _PAGE], start=first + 1):
        page += _line(record, place, runtime.bot, say)
    return page.cut(), sources_keyboard(number, pages, words, say)


def words_of(message: Message, press: Press) -> str:
    """For what the list was searched: all that was written, or else as much of it as the button holds."""
    words, asked = searched(press), message.reply_to_message
    written = command_of(asked.text or "") if asked is not None else None
    return written[2] if words and written is not None and written[2].startswith(words) else words


def _line(record: DocumentRecord, place: int, bot: str, say: Phrases) -> Markup:
    """The title, which opens its page or else the document in the chat, and what else is known of it."""
    title = one_line(record.title or record.name, _TITLE)
    address = web_address(record.url) or document_link(bot, record.document_id)
    name = f" · {one_line(record.name, _NAME)}" if record.path.stem not in (record.title, title) else ""
    dated = f" · {record.date}" if record.date else ""
    page = Markup().add("\n" + say("source", number=place, title="")).add(title, link=address)
    return page.add(f"{name}{dated}{say('source_passages', count=record.passages)}")
