"""Which messages speak to the bot, and what they ask."""

import re

from telegram import Bot, Document, Message, Update
from telegram.constants import ChatType

COMMANDS = ("start", "ask", "sources", "new", "language", "forget", "help", "about")
ADMIN_COMMANDS = ("add", "remove", "stats", "feedback", "unanswered", "answer", "allow", "deny")
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
        if is_from_others(message):
            return False
        if message.text is None and name != ("add" if message.document is not None else "ask"):
            return False
        return named.casefold() == bot.username.casefold() if named else name in (*COMMANDS, *ADMIN_COMMANDS)
    if not text or message.document is not None:
        return False
    return mentions(text, bot.username) or _replies_to(message, bot)


def command_of(text: str) -> tuple[str, str, str] | None:
    """`/ask@WenjuBot what` as (ask, WenjuBot, what); None for what is no command."""
    match = _COMMAND.fullmatch(text)
    return (match["name"].lower(), match["bot"] or "", match["rest"].strip()) if match else None


def mentions(text: str, username: str) -> bool:
    return _mention(username).search(text) is not None


def question_in(message: Message, username: str) -> str:
    """What the message asks, or the caption of a picture: without the command and the mention. These alone, in reply
    to somebody, ask the part that is quoted, or else all that they wrote."""
    text = message.text or message.caption or ""
    command = command_of(text)
    own = _mention(username).sub(" ", command[2] if command is not None else text).strip()
    return own or quoted_in(message) or _written_before(message)


def quoted_in(message: Message) -> str:
    """The part of another message that its writer chose to quote."""
    return message.quote.text if message.quote is not None and message.quote.is_manual else ""


def _written_before(message: Message) -> str:
    replied = replied_to(message)
    if replied is None or _is_bot(replied):
        return ""
    return replied.text or replied.caption or ""


def file_in(message: Message) -> Document | None:
    """The file that the message brings: its own, or with /add that of the message it replies to."""
    if message.document is not None:
        return message.document
    command = command_of(message.text or "")
    replied = replied_to(message) if command is not None and command[0] == "add" else None
    return replied.document if replied is not None else None


def is_from_others(message: Message) -> bool:
    """Whether somebody else wrote it: it was forwarded, or comes out of another bot."""
    return message.forward_origin is not None or message.via_bot is not None


def is_file_of_album(message: Message) -> bool:
    """Whether it is a file among others, with no command below it."""
    is_file = message.media_group_id is not None and message.document is not None
    return is_file and not is_from_others(message) and command_of(message.caption or "") is None


def replied_to(message: Message) -> Message | None:
    """What the message replies to. In a topic every message replies to the one that began the topic; that is none.
    Outside of topics a reply names the message it replies to as its thread."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None or replied.message_id == topic_of(message):
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
