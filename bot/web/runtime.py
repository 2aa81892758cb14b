"""What all calls share: the documents, the keys, the line in front of the model, and what was answered of late."""

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from bot.line import WaitingLine
from bot.message import met, questions_of
from bot.rate import Rate
from bot.suggested import SuggestionsOf
from bot.visibility import Views
from bot.web.keys import Keys
from bot.web.metrics import WebMetrics
from config.web import WebSettings
from retrieval.service import KnowledgeBase, Scope, thread_of
from retrieval.types import Answer

_REMEMBERED = 1000
"""Answers that may still be judged; nothing of them is kept before somebody does."""


@dataclass(slots=True)
class GivenAnswer:
    """An answer that was given out; `number` is the memory's when it was judged."""

    answer: Answer
    number: int | None = None


@dataclass(slots=True)
class WebRuntime:
    """One server at work. Everything runs on the event loop except what `line` hands to threads."""

    own: KnowledgeBase
    """What is added goes here; whatever is shown to somebody comes from `seen` or `base`."""
    samples: KnowledgeBase | None = None
    """What is answered from while there is nothing else."""
    settings: WebSettings = field(init=False)
    keys: Keys = field(init=False)
    line: WaitingLine = field(init=False)
    rate: Rate = field(init=False)
    metrics: WebMetrics = field(init=False)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Who adds or removes holds it."""
    running: set[asyncio.Task[Any]] = field(default_factory=set)
    """What goes on to its end whether its caller listens or not."""
    calls_under_way: set[str] = field(default_factory=set)
    """Those that carry a word of their own for being made again (idempotency.py)."""
    views: Views = field(init=False)
    _suggested: SuggestionsOf = field(init=False)
    _given: OrderedDict[str, GivenAnswer] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.settings = chosen = self.own.settings.web
        self.keys = Keys(self.own.settings.home)
        self.line = WaitingLine(chosen.queue, chosen.workers, chosen.answer_seconds)
        self._suggested = SuggestionsOf(self.line)
        self.rate = Rate(chosen.rate)
        self.metrics = WebMetrics(lambda: self.line.waiting)
        self.views = Views(self.own)

    @property
    def seen(self) -> KnowledgeBase:
        """The user's own documents, as far as the caller sees them."""
        return self.views.now()

    @property
    def base(self) -> KnowledgeBase:
        """What is asked and read: the user's own documents that the caller sees, else the samples."""
        return self.samples if self.samples is not None and self.seen.is_empty else self.seen

    async def ask(self, question: str, *, after: str | None = None, scope: Scope | None = None) -> Answer:
        """The answer, counted and timed. Raises what `WaitingLine.ask` and `KnowledgeBase.ask` raise."""
        began = time.perf_counter()
        answer = await self.line.ask(lambda: self.base.ask(question, after=after, scope=scope))
        self.metrics.seconds.observe(time.perf_counter() - began)
        self.metrics.answers.labels(answer.status).inc()
        return answer

    async def tell(self, text: str, *, after: str | None = None, scope: Scope | None = None) -> list[Answer]:
        """What the message is told, as `bot.message.answered` has it; what asks nothing waits for nobody. Raises what
        `ask` raises, and QuestionError."""
        if (told := met(text, after)) is not None:
            return [told]
        answers = list[Answer]()
        for question in questions_of(text):
            answers.append(await self.ask(question, after=after, scope=scope))
            after = thread_of(answers[-1]) or after
        return answers

    def remember(self, answer: Answer) -> str:
        """A word by which the answer can be judged, for as long as it is among the last."""
        word = secrets.token_urlsafe(12)
        self._given[word] = GivenAnswer(answer)
        while len(self._given) > _REMEMBERED:
            self._given.popitem(last=False)
        return word

    def given(self, word: str) -> GivenAnswer | None:
        return self._given.get(word)

    def counts(self) -> dict[str, int]:
        """Documents and passages in the index."""
        base = self.base
        figures = base.stats() if base.exists else {}
        return {name: int(figures.get(name, 0)) for name in ("documents", "passages")}

    def suggestions(self, language: str | None) -> tuple[str, ...]:
        """Questions to begin with, in the language before others; none until they are found."""
        return self._suggested.now(self.base, language)

    async def keep_suggestions(self) -> None:
        """Have them found before somebody comes, for those of whom no setting tells."""
        await self._suggested.keep_up(lambda: self.base)
