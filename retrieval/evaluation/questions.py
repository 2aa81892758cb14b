"""A question whose answer is known."""

from dataclasses import dataclass
from itertools import chain

from retrieval.types import Span

DECLINE = ("other_place", "other_topic", "chitchat")
"""Reasons why a question is to be met with not_found."""
NOT_ANSWER = ("missing_fact", "false_premise")
"""Reasons why a question, about something that the documents do have, is not to be met with answered."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with what is known of its answer.

    `answers` holds one group of spellings for each thing that is asked for. `document` is the name of the file that
    has to be cited, None where any may; `span` narrows it down to [start, end) of its text. `why` tells why there is
    no answer, None where there is one.

    `after` are the turns before it in a conversation, the first one first. `told` holds one group of spellings for
    each thing that the answer must tell in whatever form it has (quoted, computed over rows, from the index), and
    `not_told` what it must not quote or compute; where there is `told`, `answers` are not looked at.
    """

    id: str
    text: str
    kind: str
    answers: tuple[tuple[str, ...], ...] = ()
    document: str | None = None
    span: Span | None = None
    evidence: tuple[str, ...] = ()
    why: str | None = None
    after: tuple[str, ...] = ()
    told: tuple[tuple[str, ...], ...] = ()
    not_told: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(self.answers))


def squeeze(text: str) -> str:
    """Without white space: a page may break a line inside an answer."""
    return "".join(text.split())
