"""What was read of a sentence, and what stands against it."""

from dataclasses import dataclass
from typing import Literal

Objection = Literal["place", "code", "time", "office", "form", "kind", "unread"]
"""The check that a sentence fails (`answering.checks.objections`); `unread` where it was not read at all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The log odds that the sentence answers, the check that objects to it, and whether it begins the very article or
    paper that the question names (`answering.checks.named`)."""

    logit: float
    objection: Objection | None
    is_named: bool = False
