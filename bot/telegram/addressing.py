"""Which messages speak to the bot, and what they ask."""

import re

from telegram import Bot, Document, Message, Update
from telegram.constants import ChatType

COMMANDS = ("start", "ask", "sources", "new", "language", "forget", "help", "about")
ADMIN_COMMANDS = ("add", "remove", "stats", "feedback", "unanswered", "allow", "deny")
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?=\s|$)\s*(?P<rest>.*)", re.DOTALL)


def concerns(update: Update, bot: Bot) -> bool:
    """Whether the bot has to look at the update. In a group it looks at commands, mentions and replies alone."""
    if update.inline_query or update.callback_query or update.my_chat_member:
        return True
    message = update.message or update.edited_message
    if message is None or message.is_automatic_forward:  # a channel's post, in the group where it is discussed
        return False
    if message.via_bot is not None and message.via_bot.id == bot.id:  # ours, by inline mode
        return False
    if message.chat.type == ChatType.PRIVATE or message.migrate_to_chat_id is not None:
        return True
    text = message.text or message.caption or ""
    command = command_of(text)
    if command is not None:
        name, named, _ = command
        if message.forward_origin is not None or message.via_bot is not None:  # somebody else wrote it
            return False
        if message.text is None and name != "add":
            return False
        return named.casefold() == bot.username.casefold() if named else name in (*COMMANDS, *ADMIN_COMMANDS)
    if message.text is None:
        return False
    return mentions(text, bot.username) or _replies_to(message, bot)


def command_of(text: str) -> tuple[str, str, str] | None:
    """`/ask@WenjuBot what` as (ask, WenjuBot, what); None for what is no command."""
    match = _COMMAND.fullmatch(text)
    return (match["name"].lower(), match["bot"] or "", match["rest"].strip()) if match else None


def mentions(text: str, username: str) -> bool:
    return _mention(username).search(text) is not None


def question_in(message: Message, username: str) -> str:
    """What the message asks: without the command and the mention. /ask alone, in reply to somebody, asks what they
    wrote."""
    text = message.text or ""
    command = command_of(text)
    if command is not None:
        text = command[2]
        replied = replied_to(message)
        if not text and replied is not None and replied.text and not _is_bot(replied):
            text = replied.text
    return _mention(username).sub(" ", text).strip()


def file_in(message: Message) -> Document | None:
    """The file that the message brings: its own, or with /add that of the message it replies to."""
    if message.document is not None:
        return message.document
    command = command_of(message.text or "")
    replied = replied_to(message) if command is not None and command[0] == "add" else None
    return replied.document if replied is not None else None


def replied_to(message: Message) -> Message | None:
    """What the message replies to. In a topic every message replies to the one that began the topic; that is none."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None or replied.message_id == message.message_thread_id:
        return None
    return replied


def topic_of(message: Message) -> int | None:
    """The topic of a forum in which the message stands; the number of a thread of replies is none."""
    return message.message_thread_id if message.is_topic_message else None


def _replies_to(message: Message, bot: Bot) -> bool:
    replied = replied_to(message)
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id


def _is_bot(message: Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot


def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@])@{re.escape(username)}(?!\w)", re.IGNORECASE)
