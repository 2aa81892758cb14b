"""What Telegram itself says of the bot, in each language: its commands, and what stands in its profile."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.telegram.messages import addressing
from bot.telegram.messages.phrases import LANGUAGES, phrases
from config.language import Language

_log = logging.getLogger(__name__)
_OWN = [name for name in addressing.COMMANDS if name != "start"]
_IN_GROUPS = ("ask", "sources", "new", "help")

Chosen = Callable[[int], Language | None]
"""The language that a user chose."""


async def introduce(bot: ExtBot[Any], admins: Sequence[int], chosen: Chosen) -> None:
    """Set all of it. What Telegram refuses is logged: this is a convenience, and an administrator who never spoke to
    the bot has no chat with it yet."""
    try:
        await _offer(bot, BotCommandScopeDefault(), _OWN)
        await _offer(bot, BotCommandScopeAllGroupChats(), _IN_GROUPS)
        for admin in admins:
            await offer_in_chat(bot, admin, chosen(admin), is_admin=True)
        for language in LANGUAGES:
            say, code = phrases(language), _code(language)
            await _tolerated(bot.set_my_description(say("description"), language_code=code))
            await _tolerated(bot.set_my_short_description(say("short_description"), language_code=code))
    except TelegramError as error:
        _log.warning("menus could not be set: %s", error)


async def offer_in_chat(bot: ExtBot[Any], user: int, language: Language | None, *, is_admin: bool) -> None:
    """The commands of the private chat with the user, in the language that was chosen, else in that of the
    program. Raises TelegramError."""
    names = [*_OWN, *addressing.ADMIN_COMMANDS] if is_admin else _OWN
    await _offer(bot, BotCommandScopeChat(user), names, language)


async def _offer(
    bot: ExtBot[Any], scope: BotCommandScope, names: Sequence[str], chosen: Language | None = None
) -> None:
    for language in LANGUAGES:
        say = phrases(chosen or language)
        commands = [BotCommand(name, say(f"menu_{name}")) for name in names]
        await _tolerated(bot.set_my_commands(commands, scope, language_code=_code(language)))


def _code(language: Language) -> str | None:
    """English is for all whose language has no text of its own."""
    return None if language == "en" else language


async def _tolerated(call: Awaitable[bool]) -> None:
    try:
        await call
    except BadRequest as error:
        _log.info("a menu could not be set: %s", error)
