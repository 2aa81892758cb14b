"""/language: who wants another language than that of their Telegram chooses it, and it is kept."""

import logging

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.telegram.messages.keyboards import LANGUAGE, Press, data
from bot.telegram.messages.markup import plain
from bot.telegram.messages.menus import offer_in_chat
from bot.telegram.messages.outgoing import edit, reply
from bot.telegram.messages.phrases import LANGUAGES, Phrases, phrases
from bot.telegram.state.runtime import Runtime, asker, command
from config.language import Language

_log = logging.getLogger(__name__)


@command
async def on_language(message: Message, runtime: Runtime, say: Phrases, argument: str) -> None:
    """/language offers the languages; /language en takes one."""
    named = {language: phrases(language)("language_name") for language in LANGUAGES}
    wanted = argument.casefold()
    chosen = next((language for language, name in named.items() if wanted in (language, name.casefold())), None)
    if chosen is None:
        buttons = [
            InlineKeyboardButton(name, callback_data=data(LANGUAGE, language)) for language, name in named.items()
        ]
        await reply(message, say("language_ask"), InlineKeyboardMarkup([buttons]))
    else:
        await _keep(message, runtime, asker(message), chosen)
        await reply(message, phrases(chosen)("language_kept"))


async def choose_language(
    query: CallbackQuery, message: Message, runtime: Runtime, press: Press, say: Phrases
) -> str | None:
    """The user pressed a button of the message: told in its place, or in a group, where others may choose too, as a
    notice."""
    user, language = query.from_user.id, next((own for own in LANGUAGES if own == press.values[0]), None)
    if language is None:
        return say("old_button")
    await _keep(message, runtime, user, language)
    told = phrases(language)("language_kept")
    if message.chat.type != ChatType.PRIVATE:
        return told
    await edit(message.get_bot(), message.chat_id, message.message_id, plain(told))
    return None


async def _keep(message: Message, runtime: Runtime, user: int, language: Language) -> None:
    runtime.memory.keep_language(user, language)
    bot = message.get_bot()
    if message.chat.type == ChatType.PRIVATE and isinstance(bot, ExtBot):
        try:
            await offer_in_chat(bot, user, language, is_admin=runtime.members.is_admin(user))
        except TelegramError as error:
            _log.warning("a menu could not be set: %s", error)
