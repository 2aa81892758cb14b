"""What was true when, as far as anybody could know, and whether an answer was.

Each document states one fact, 松上岭村食堂有1007个座位, whose number is never used twice. A change is possible from
the moment at which the writer begins it, and what it replaces until the moment at which the change is reported.
"""

import itertools
import math
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_FACT = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{3}村)食堂有(\d+)个座位")
_NO_ANSWER = ("🚫", "🔎")
_STARTS, _MIDDLES, _ENDS = (
    "松柏杨柳梅兰竹菊莲荷云霞雪霜雨露溪泉潭湾",
    "上下前后大小新老东西",
    "岭坡沟坪台堡屯庄桥渡塘井埠墩圩寨垭坳岗峪",
)

Change = tuple[str, int | None]
"""A document's name and its number from now on, None when it goes."""


def names() -> list[str]:
    """4,000 villages, always in the same disorder."""
    made = ["".join((*syllables, "村")) for syllables in itertools.product(_STARTS, _MIDDLES, _ENDS)]
    random.Random(7).shuffle(made)
    return made


def sentence(name: str, number: int) -> str:
    """All that a document says."""
    return f"{name}食堂有{number}个座位。\n"


def question(name: str) -> str:
    """Answered by the document of that name."""
    return f"{name}食堂有多少个座位"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot: the facts that it quotes, and whether it is an answer at all (no apology, no limit)."""

    facts: tuple[tuple[str, int], ...]
    is_answer: bool

    @classmethod
    def of(cls, text: str) -> "Said":
        facts = tuple(sorted({(name, int(number)) for name, number in _FACT.findall(text)}))
        return cls(facts, bool(facts) or text.startswith(_NO_ANSWER))


@dataclass(slots=True)
class _Span:
    """A state of a document, and from when to when it may have been the current one."""

    number: int | None
    first: float
    last: float = math.inf


_NEVER = (_Span(None, -math.inf),)


@dataclass(slots=True)
class Truth:
    """The states of all documents, told by the writer as they change. Times are those of CLOCK_MONOTONIC, in seconds,
    which all processes share."""

    _states: dict[str, list[_Span]] = field(default_factory=dict)

    def begin(self, changes: Iterable[Change], at: float) -> None:
        """From now on the documents may be as they will be."""
        for name, number in changes:
            self._of(name).append(_Span(number, at))

    def report(self, changes: Iterable[Change], at: float) -> None:
        """From now on they are not as they were."""
        for name, _ in changes:
            self._of(name)[-2].last = at

    def present(self) -> int:
        """Documents that are there."""
        return sum(spans[-1].number is not None for spans in list(self._states.values()))

    def known(self) -> int:
        """Documents that are or were there."""
        return len(self._states)

    def may_be(self, name: str, number: int | None, first: float, last: float) -> bool:
        """Whether the document was in that state (None: not there) at some moment between two."""
        spans = self._states.get(name, _NEVER)
        return any(state.number == number and state.first <= last and state.last >= first for state in spans)

    def faults(self, name: str, said: Said, asked: float, answered: float) -> Iterator[str]:
        """What is untrue of an answer: a quotation of what was not so at any moment between asking and answering, or
        nothing of a document that was there all the time."""
        for quoted, number in said.facts:
            if not self.may_be(quoted, number, asked, answered):
                yield f"{quoted} did not have {number}"
        if not any(quoted == name for quoted, _ in said.facts) and not self.may_be(name, None, asked, answered):
            yield f"{name} was there, and was not found"

    def history(self, name: str) -> list[Mapping[str, object]]:
        """The states of a document, for people."""
        return [
            {"number": state.number, "from": state.first, "to": state.last}
            for state in self._states.get(name, _NEVER)
        ]

    def _of(self, name: str) -> list[_Span]:
        return self._states.setdefault(name, [_Span(None, -math.inf)])
