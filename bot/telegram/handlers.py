"""Which function deals with what."""

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.telegram.administration.answer_command import on_answer
from bot.telegram.administration.unanswered_command import on_unanswered
from bot.telegram.answers.inline import on_inline
from bot.telegram.answers.refusals import limited
from bot.telegram.asking.questions import on_question
from bot.telegram.buttons import on_button
from bot.telegram.library.removal import on_remove
from bot.telegram.library.sources import on_sources
from bot.telegram.library.uploads import on_file
from bot.telegram.members import member_commands
from bot.telegram.members.language import on_language
from bot.telegram.members.member_commands import for_admins
from bot.telegram.members.welcome import joined_by_code, on_start
from bot.telegram.messages.addressing import command_of, is_from_others
from bot.telegram.state.runtime import Context, runtime_of

_TEXT = filters.TEXT & ~filters.COMMAND

App = Application[Any, Any, Any, Any, Any, Any]


def add_handlers(app: App) -> None:
    """Commands first; what is left is a question, a file, or nothing we can read. A command that was forwarded, or
    comes out of another bot, was written by somebody else: nobody's rights are lent to it."""
    theirs = filters.COMMAND & (filters.FORWARDED | filters.VIA_BOT)
    new = filters.UpdateType.MESSAGE
    own = filters.UpdateType.MESSAGES & ~theirs
    commands = {
        "start": on_start, "help": member_commands.on_help, "about": member_commands.on_about,
        "new": member_commands.on_new, "language": on_language, "forget": member_commands.on_forget,
        "sources": on_sources, "add": on_file, "remove": for_admins(on_remove),
        "stats": for_admins(member_commands.on_stats), "feedback": for_admins(member_commands.on_feedback),
        "unanswered": for_admins(on_unanswered), "answer": for_admins(on_answer),
        "allow": for_admins(member_commands.on_allow), "deny": for_admins(member_commands.on_deny),
    }  # fmt: skip
    app.add_handler(CommandHandler("ask", on_text, own))
    for name, callback in commands.items():
        app.add_handler(CommandHandler(name, limited(callback), new & own))
    app.add_handler(MessageHandler(new & theirs & filters.ChatType.PRIVATE, limited(member_commands.on_other)))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, member_commands.on_migration))
    app.add_handler(MessageHandler(new & filters.Document.ALL, limited(on_file)))
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGES & _TEXT, on_text))
    captioned = filters.CAPTION & ~filters.Document.ALL  # what is written below a file asks nothing, nor when edited
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGES & captioned, on_caption))
    app.add_handler(
        MessageHandler(new & filters.COMMAND & filters.ChatType.PRIVATE, limited(member_commands.on_unknown_command))
    )
    others = new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & ~filters.TEXT
    app.add_handler(MessageHandler(others, limited(member_commands.on_other)))
    app.add_handler(CallbackQueryHandler(on_button))
    app.add_handler(InlineQueryHandler(on_inline))
    app.add_handler(ChatMemberHandler(member_commands.on_membership))


async def on_text(update: Update, context: Context) -> None:
    """Text is a question; or a code, of somebody who has yet to join."""
    message, runtime = update.effective_message, runtime_of(context)
    assert message is not None
    if update.message is None or not await joined_by_code(message, runtime, runtime.say(update.effective_user)):
        await on_question(update, context)


async def on_caption(update: Update, context: Context) -> None:
    """What stands below a picture is a question; of commands /ask alone."""
    message = update.effective_message
    assert message is not None
    command = command_of(message.caption or "")
    if command is None or (command[0] == "ask" and not is_from_others(message)):
        await on_question(update, context)
    elif update.message is not None:
        await limited(member_commands.on_other)(update, context)
