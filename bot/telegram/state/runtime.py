"""What all handlers share: the documents, the memory, and the line in front of the model."""

import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import Any, TypeVar

from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.ext import ContextTypes

from bot.line import WaitingLine
from bot.memory.database import tolerating
from bot.memory.memory import Memory
from bot.rate import Rate
from bot.suggested import SuggestionsOf
from bot.telegram.messages.addressing import command_of
from bot.telegram.messages.keyboards import Press
from bot.telegram.messages.phrases import Phrases, language_of, phrases
from bot.telegram.state.access import Members
from bot.telegram.state.albums import Albums
from bot.telegram.state.file_queue import FileQueue
from bot.telegram.state.ledger import Ledger
from bot.telegram.state.metrics import TelegramMetrics
from bot.visibility import Views
from config.language import Language
from config.telegram import TelegramSettings
from retrieval.service import KnowledgeBase, Scope
from retrieval.types import Answer

Context = ContextTypes.DEFAULT_TYPE
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
T = TypeVar("T")
_log = logging.getLogger(__name__)
_TAPS = 6
"""So many times more taps and inline queries than questions are taken: they cost less, or come with each letter."""
_DAY = 86_400


@dataclass(slots=True)
class Runtime:
    """One bot at work. Everything runs on the event loop except what `ask` and `work` hand to threads."""

    settings: TelegramSettings
    own: KnowledgeBase
    memory: Memory
    members: Members
    metrics: TelegramMetrics = field(default_factory=TelegramMetrics)
    bot: str = ""
    """The bot's user name, known when it has started."""
    inline: dict[int, int] = field(default_factory=dict)
    """The newest inline query of each user whose query waits: the update's id."""
    late: dict[int, float] = field(default_factory=dict)
    """When a chat was last told that questions were missed."""
    views: Views = field(init=False)
    _suggested: SuggestionsOf = field(init=False)
    _line: WaitingLine = field(init=False)
    by_user: Rate = field(init=False)
    by_chat: Rate = field(init=False)
    taps: Rate = field(init=False)

    ledger: Ledger = field(init=False)
    albums: Albums = field(default_factory=Albums)
    file_queue: FileQueue = field(default_factory=FileQueue)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.memory.database)
        self._line = WaitingLine(self.settings.queue, self.settings.workers, self.settings.handler_seconds)
        self._suggested = SuggestionsOf(self._line)
        self.by_user, self.by_chat = Rate(self.settings.user_rate), Rate(self.settings.chat_rate)
        self.views = Views(self.own)
        self.taps = Rate(self.settings.user_rate * _TAPS)

    @property
    def base(self) -> KnowledgeBase:
        """The documents, as far as those see them in whose chat the update came."""
        return self.views.now()

    @property
    def waiting(self) -> int:
        """Questions in line or at the model."""
        return self._line.waiting

    def counts(self) -> dict[str, int]:
        """Documents and passages in the index."""
        figures = self.base.stats() if self.base.exists else {}
        return {name: int(figures.get(name, 0)) for name in ("documents", "passages")}

    def suggestions(self, language: str | None) -> tuple[str, ...]:
        """Questions to begin with, in the language before others; none until they are found."""
        return self._suggested.now(self.base, language)

    async def keep_suggestions(self) -> None:
        """Have them found before somebody comes, for those of whom no setting tells."""
        await self._suggested.keep_up(lambda: self.base)

    async def ask(self, question: str, *, after: str | None = None, scope: Scope | None = None) -> Answer:
        """The answer, computed in a thread when its turn comes. Raises TooBusyError at once when the line is full,
        TooSlowError, and what `KnowledgeBase.ask` raises."""
        return await self._line.ask(partial(self.base.ask, question, after=after, scope=scope))

    async def work(self, task: Callable[..., T], *arguments: Any) -> T:
        """The task's result, from a thread that questions do not wait for."""
        return await self._line.work(task, *arguments)

    async def write(self, task: Callable[..., T], *arguments: Any) -> T:
        """As `work`, for what changes the index: it may take minutes, or wait for another writer."""
        return await self._line.write(task, *arguments)

    def is_late(self, message: Message) -> bool:
        """Whether the message waited so long that an answer would come out of nowhere."""
        asked = message.edit_date or message.date
        return time.time() - asked.timestamp() > self.settings.late_minutes * 60

    def say(self, user: User | None, text: str = "") -> Phrases:
        """The user's language: the one that was chosen, Telegram's word for it, that of the text, or the setting."""
        is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
        fallback: Language = "zh" if is_chinese else self.settings.language
        chosen = None
        with tolerating():
            chosen = self.memory.language_of(user.id) if user is not None else None
        spoken = phrases(chosen or language_of(user.language_code if user else None, fallback))
        return replace(spoken, example=lambda: next(iter(self.suggestions(spoken.language)), None))

    async def with_example(self, say: Phrases, key: str, **values: object) -> str:
        """A text with an example, which is looked up."""
        return await self.work(partial(say, key, **values))

    def log_question(self, question: str, answer: Answer, chat: Chat) -> None:
        """That there was a question, and what became of it; its text only where the setting says so."""
        text = {"question": question} if self.settings.log_questions else {}
        took = {"milliseconds": answer.timing_ms.get("total"), "confidence": answer.confidence}
        _log.info("answered", extra={"status": answer.status, "chat": chat.type, **took, **text})

    def tidy(self) -> None:
        """What is done now and then."""
        oldest = time.time() - _DAY
        self.late = {chat: at for chat, at in self.late.items() if at > oldest}
        self.albums.tidy()
        self.memory.expire(self.settings.keep_days)

    def close(self) -> bool:
        """Begin nothing more; whether no thread is at work any more."""
        return self._line.close()


Action = Callable[[CallbackQuery, Message, Runtime, Press, Phrases], Awaitable[str | None]]
"""What a button does; what it returns is shown as a passing notice."""
Answering = Callable[[Message, Runtime, Phrases, str], Awaitable[None]]


def runtime_of(context: Context) -> Runtime:
    runtime = context.bot_data["runtime"]
    assert isinstance(runtime, Runtime)
    return runtime


def asker(message: Message) -> int:
    """Who asks: the user, or the chat in whose name was written (an anonymous administrator, a channel)."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat_id


def command(answering: Answering) -> Callback:
    """A handler from a function of the message, the runtime, the user's language and the command's argument."""

    @wraps(answering)
    async def handle(update: Update, context: Context) -> None:
        message, runtime = update.effective_message, runtime_of(context)
        assert message is not None
        found = command_of(message.text or message.caption or "")
        await answering(message, runtime, runtime.say(update.effective_user), found[2] if found is not None else "")

    return handle
