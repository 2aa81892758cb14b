"""Commands about people and the bot itself: helping, forgetting, letting in, and what they thought."""

import logging
from datetime import UTC, datetime
from functools import wraps
from importlib import metadata

from telegram import ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.example_place import example_place
from bot.memory.memory import Rating
from bot.telegram.messages.addressing import is_from_others, replied_to, topic_of
from bot.telegram.messages.links import join_link
from bot.telegram.messages.markup import Markup, one_line
from bot.telegram.messages.outgoing import reply
from bot.telegram.messages.phrases import Phrases
from bot.telegram.state.runtime import Callback, Context, Runtime, asker, command, runtime_of

_log = logging.getLogger(__name__)
_DAYS = 7
_VERDICTS = 10
_QUESTION = 120
_PLACE = 20
_SIGNS: dict[Rating, str] = {"up": "👍", "down": "👎"}


def for_admins(callback: Callback) -> Callback:
    """The handler for administrators; others are told so."""

    @wraps(callback)
    async def handle(update: Update, context: Context) -> None:
        message, runtime = update.effective_message, runtime_of(context)
        assert message is not None
        if runtime.members.is_admin(asker(message)):
            await callback(update, context)
        else:
            await reply(message, runtime.say(update.effective_user)("only_admins"))

    return handle


@command
async def on_help(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    await show_help(message, runtime, say)


async def show_help(message: Message, runtime: Runtime, say: Phrases) -> None:
    """How the bot is used, here and by this user."""
    place = await runtime.work(example_place, runtime.base)
    going_on = say("help_going_on_none") if place is None else say("help_going_on", place=one_line(place, _PLACE))
    text = await runtime.with_example(say, "help", bot=runtime.bot, going_on=going_on)
    if runtime.members.is_admin(asker(message)) and message.chat.type == ChatType.PRIVATE:
        text += "\n\n" + say("help_admin")
    await reply(message, text)


@command
async def on_about(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    counts = await runtime.work(runtime.counts)
    await reply(message, say("about", version=metadata.version("wenju"), days=runtime.settings.keep_days, **counts))


@command
async def on_new(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    await begin_anew(message, runtime, say)


async def begin_anew(message: Message, runtime: Runtime, say: Phrases) -> None:
    """Let the next question of this user here go on from none."""
    runtime.memory.go_on_from(message.chat_id, topic_of(message) or 0, asker(message), None)
    await reply(message, say("said_new"))


@command
async def on_forget(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    who = asker(message)
    runtime.memory.forget(who)
    _log.info("forgotten")
    await reply(
        message, say("forgotten", kept=say("forgotten_kept") if runtime.members.is_listed(who) else "").strip()
    )


@command
async def on_stats(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    known = await runtime.work(runtime.counts)
    counts = runtime.memory.counts(_DAYS)
    await reply(message, say("stats", **known, days=_DAYS, waiting=runtime.waiting, **counts))


@command
async def on_feedback(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """The last verdicts, for a private chat: what people asked is not for a group's eyes."""
    counts = runtime.memory.counts(_DAYS)
    verdicts = list(runtime.memory.verdicts(_VERDICTS))
    if not verdicts:
        await reply(message, say("feedback_none"))
        return
    page = Markup().add(say("feedback_heading", up=counts["up"], down=counts["down"]), bold=True)
    if message.chat.type == ChatType.PRIVATE:
        for verdict in verdicts:
            day = datetime.fromtimestamp(verdict.at, UTC).strftime("%m-%d")
            reason = f" · {say(f'button_{verdict.reason}')}" if verdict.reason else ""
            page = page.add(
                f"\n{_SIGNS[verdict.rating]} {day} {one_line(verdict.answer.question, _QUESTION)}{reason}"
            )
    await reply(message, page.add(f"\n\n{say('feedback_export')}", italic=True).cut())


@command
async def on_allow(message: Message, runtime: Runtime, say: Phrases, argument: str) -> None:
    """/allow ID, /allow in reply to somebody, or /allow alone for a one-time code."""
    member = _member(message, argument)
    if member is not None:
        runtime.members.allow(member)
        _log.info("allowed", extra={"member": member, "by": asker(message)})
        await reply(message, say("allowed", who=member))
    elif argument:
        await reply(message, say("allow_usage"))
    elif runtime.settings.access != "code":
        await reply(message, say("code_off"))
    elif message.chat.type != ChatType.PRIVATE:
        await reply(message, say("code_private"))
    else:
        code = runtime.members.new_code()
        await reply(message, say("code_made", code=code, link=join_link(runtime.bot, code)))


@command
async def on_deny(message: Message, runtime: Runtime, say: Phrases, argument: str) -> None:
    member = _member(message, argument)
    if member is None:
        await reply(message, say("deny_usage"))
    elif runtime.members.is_admin(member):
        await reply(message, say("deny_admin", who=member))
    else:
        runtime.members.deny(member)
        _log.info("denied", extra={"member": member, "by": asker(message)})
        await reply(message, say("denied", who=member))


@command
async def on_migration(message: Message, runtime: Runtime, _say: Phrases, _: str) -> None:
    """A group became a supergroup: what is known of it moves along."""
    if message.migrate_to_chat_id is not None:
        runtime.memory.move_chat(message.chat_id, message.migrate_to_chat_id)


@command
async def on_other(message: Message, runtime: Runtime, say: Phrases, _: str) -> None:
    """Anything that is no text of their own and no file, in a private chat; an album of pictures is one thing, and
    what stands below one of them a question."""
    messages = await runtime.albums.whole(message)
    if not messages or any(other.caption for other in messages if other.message_id != message.message_id):
        return
    runtime.albums.done(message)
    told = say("forwarded") if is_from_others(message) else await runtime.with_example(say, "only_text")
    await reply(message, told)


@command
async def on_unknown_command(message: Message, _runtime: Runtime, say: Phrases, _: str) -> None:
    await reply(message, say("unknown_command"))


async def on_membership(update: Update, context: Context) -> None:
    """The bot was put into a group, or blocked: it greets, or takes note."""
    change = update.my_chat_member
    assert isinstance(change, ChatMemberUpdated)
    runtime, chat, status = runtime_of(context), change.chat, change.new_chat_member.status
    _log.info("membership", extra={"chat": chat.type, "status": status})
    joined = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
    if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and status in joined:
        if change.old_chat_member.status in joined or runtime.taps.wait(change.from_user.id) > 0:
            return  # it was given other rights, or is put in and out again and again
        say = runtime.say(change.from_user)
        known = runtime.members.may_ask(change.from_user.id, chat.id)
        text = say("group_hello", bot=runtime.bot) if known else say("members_only_group", chat=chat.id)
        await chat.send_message(text)


def _member(message: Message, argument: str) -> int | None:
    """The id that was written, or of whom the command replies to."""
    digits = argument.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return int(argument)
    replied = replied_to(message)
    if replied is None or argument or replied.sender_chat is not None:  # an anonymous one stands for the whole group
        return None
    return asker(replied)
