"""`wenju bot --check`: would it work?"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.memory.database import open_database
from bot.next_steps import in_terminal
from bot.telegram.logs import Redaction
from config.telegram import TelegramSettings
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; what to do when it is not well stands in `message`."""

    subject: str
    well: bool
    message: str


def check(settings: TelegramSettings, base: KnowledgeBase) -> Iterator[Finding]:
    """Token and bot, model, index, memory, access; one after the other, the rest even when one is not well."""
    redact = Redaction(settings)
    for found in asyncio.run(_telegram(settings)):
        yield replace(found, message=redact(found.message))
    for subject, look in (("model", _model), ("index", _index), ("memory", _memory)):
        try:
            yield Finding(subject, True, look(base))
        except WenjuError as error:
            yield Finding(subject, False, in_terminal(error))
    yield _access(settings)


async def _telegram(settings: TelegramSettings) -> list[Finding]:
    assert settings.token is not None
    bot = Bot(settings.token.get_secret_value(), settings.base_url, settings.base_file_url)
    try:
        async with bot:
            return [_who(await bot.get_me()), _updates(await bot.get_webhook_info(), settings)]
    except InvalidToken:
        told = "Telegram does not know this token. Copy it again from @BotFather into WENJU_TELEGRAM__TOKEN."
        return [Finding("token", False, told)]
    except TelegramError as error:
        return [Finding("token", False, f"Telegram cannot be reached: {error}. Check the network and base_url.")]


def _who(me: User) -> Finding:
    sees = "every message" if me.can_read_all_group_messages else "commands, mentions and replies"
    inline = "on" if me.supports_inline_queries else "off (@BotFather, /setinline)"
    return Finding("token", True, f"@{me.username}; in groups it is sent {sees}; inline mode is {inline}")


def _updates(info: WebhookInfo, settings: TelegramSettings) -> Finding:
    if settings.webhook_url is None:
        told = "by polling" + (f"; the webhook {info.url} will be removed" if info.url else "")
        return Finding("updates", True, f"{told}; {info.pending_update_count} are waiting")
    return Finding("updates", True, f"by webhook at {settings.webhook_url}; {info.pending_update_count} are waiting")


def _model(base: KnowledgeBase) -> str:
    embedder = base.embedder()
    embedder.embed_questions(["?"])
    return f"{embedder.identity.name}, by {embedder.engine}"


def _index(base: KnowledgeBase) -> str:
    if base.is_empty:
        raise WenjuError("Nothing is indexed. Run `wenju index PATH`, or send the bot a file as an administrator.")
    base.check()
    figures = base.stats()
    return f"{figures['documents']} documents, {figures['passages']} passages"


def _memory(base: KnowledgeBase) -> str:
    open_database(base.settings.home).close()
    return f"in {base.settings.home}"


def _access(settings: TelegramSettings) -> Finding:
    who = {
        "open": "everybody who finds the bot may ask",
        "allowlist": f"{len(settings.allowed)} users and chats of the settings, and those let in with /allow",
        "code": "whoever joins with a one-time code (/allow makes one)",
    }[settings.access]
    if not settings.admins:
        told = f"{who}; there is no administrator, so nobody can add files in the chat (WENJU_TELEGRAM__ADMINS)"
        return Finding("access", settings.access == "open", told)
    return Finding("access", True, f"{who}; administrators: {len(settings.admins)}")
