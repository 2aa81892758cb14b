"""Sending: replies that always go out, whatever Telegram thinks of their form."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from telegram import Bot, ForceReply, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.memory.database import tolerating
from bot.memory.memory import Memory
from bot.telegram.messages.addressing import topic_of
from bot.telegram.messages.markup import Markup, one_line, plain
from bot.telegram.updates.network import is_transient

_log = logging.getLogger(__name__)
_TYPING_SECONDS = 4.5
"""Telegram shows it for five seconds."""
_NAME = 120
_FILE_SECONDS = 100
_CLOSED = re.compile(
    r"chat not found|not enough rights|have no rights|topic_closed|administrator rights", re.IGNORECASE
)
"""Refusals that have nothing to do with the form of a message."""
Below = InlineKeyboardMarkup | ForceReply | None
_GONE = re.compile(r"message to edit not found|message can't be edited", re.IGNORECASE)


async def reply(
    message: Message, page: Markup | str, keyboard: Below = None, memory: Memory | None = None
) -> Message:
    """Send the page as a reply to the message. Where Telegram refuses it, it goes out again as plain text; a group
    that became a supergroup is followed, and `memory` told."""
    page = plain(page) if isinstance(page, str) else page
    bot, chat_id = message.get_bot(), message.chat_id
    topic = topic_of(message)
    try:
        return await _send(bot, chat_id, page, keyboard, message.message_id, topic)
    except ChatMigrated as moved:
        with tolerating():
            if memory is not None:
                memory.move_chat(chat_id, moved.new_chat_id)
        return await _send(bot, moved.new_chat_id, page, keyboard, None, topic)


async def _send(bot: Bot, chat_id: int, page: Markup, keyboard: Below, to: int | None, topic: int | None) -> Message:
    answering = ReplyParameters(to, allow_sending_without_reply=True) if to is not None else None
    try:
        return await bot.send_message(
            chat_id, page.html, parse_mode=ParseMode.HTML, reply_markup=keyboard, reply_parameters=answering,
            message_thread_id=topic,
        )  # fmt: skip
    except BadRequest as refused:
        if _CLOSED.search(refused.message):
            raise
        _log.error("Telegram refused a message (%s): sent again as plain text", refused)
        return await bot.send_message(chat_id, page.plain, reply_parameters=answering, message_thread_id=topic)


async def edit(
    bot: Bot, chat_id: int, message_id: int, page: Markup, keyboard: InlineKeyboardMarkup | None = None
) -> bool:
    """Put the page in the place of a message of ours; False when that is not there any more. Nothing happens where it
    says the same already."""
    try:
        await bot.edit_message_text(page.html, chat_id, message_id, parse_mode=ParseMode.HTML, reply_markup=keyboard)
    except BadRequest as refused:
        if "not modified" in refused.message:
            return True
        if _GONE.search(refused.message):
            return False
        _log.error("Telegram refused an edit (%s): tried again as plain text", refused)
        await bot.edit_message_text(page.plain, chat_id, message_id)
    return True


async def react(message: Message, emoji: str) -> bool:
    """Put the emoji on the message; False where Telegram refuses that: in some chats reactions are switched off."""
    try:
        await message.set_reaction(emoji)
    except TelegramError as refused:
        if is_transient(refused):
            raise
        _log.info("Telegram refused a reaction: %s", refused)
        return False
    return True


async def send_file(message: Message, path: Path) -> None:
    """Send the file as a reply to the message."""
    topic = topic_of(message)
    await message.get_bot().send_document(
        message.chat_id, path, filename=one_line(path.name, _NAME), message_thread_id=topic,
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
        read_timeout=_FILE_SECONDS, write_timeout=_FILE_SECONDS,
    )  # fmt: skip


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show that somebody is typing, for as long as it takes. That it cannot be shown holds nothing up."""

    async def show() -> None:
        while True:
            with suppress(TelegramError):
                await message.get_bot().send_chat_action(
                    message.chat_id, ChatAction.TYPING,
                    message_thread_id=topic_of(message),
                )  # fmt: skip
            await asyncio.sleep(_TYPING_SECONDS)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
