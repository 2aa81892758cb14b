"""A message at any door: what is said beside asking is met with a word, and each of several questions is answered."""

from typing import Protocol

from config.language import Language
from retrieval.reasons import Reason, ReasonCode
from retrieval.service import (
    COURTESY,
    OF_LAST,
    Said,
    checked_question,
    language_of,
    questions_in,
    thread_of,
    what_is_said,
)
from retrieval.types import Answer

_SAID: dict[Said, ReasonCode] = {
    "person": "said_person", "wrong": "said_wrong", "help": "said_help", "how": "said_help", "new": "said_new",
    "thanks": "said_thanks", "hello": "said_hello", "bye": "said_bye", "agreed": "said_agreed",
    **dict.fromkeys(OF_LAST, "of_last"),
}  # fmt: skip
_CONTENTS: dict[Language, str] = {"zh": "收录了哪些文件", "en": "which documents are there"}
"""What is asked by who wants to know what is in here."""


class Ask(Protocol):
    """As `KnowledgeBase.ask`."""

    def __call__(self, question: str, *, after: str | None = None) -> Answer: ...


def separate_questions(text: str) -> list[str]:
    """Those of a message, each once, without what only greets or thanks; the text itself where there is none."""
    return list(dict.fromkeys(part for part in questions_in(text) if what_is_said(part) not in COURTESY)) or [text]


def met(text: str, after: str | None = None) -> Answer | None:
    """What is told to who asks nothing, without looking into the documents; None for a question. With a question
    before, `after`, 怎么用 may be about what that one asks."""
    kind = what_is_said(text)
    if kind is None or kind not in _SAID or (kind == "how" and after):
        return None
    reason = Reason(_SAID[kind], language_of(text), topic=kind if kind in OF_LAST else None)
    return Answer(text, "not_found", 0.0, reason, None, (), (), {"total": 0.0})


def is_met(answer: Answer) -> bool:
    """Whether it answers no question: it is not counted, and cannot be judged."""
    return answer.reason is not None and answer.reason.code in _SAID.values()


def questions_of(text: str) -> list[str]:
    """What is to be asked for the message, one after the other. Raises QuestionError."""
    checked_question(text)  # the whole, before it is taken apart
    return [_CONTENTS[language_of(text)]] if what_is_said(text) == "contents" else separate_questions(text)


def answered(ask: Ask, text: str, after: str | None = None) -> list[Answer]:
    """What the message is told, one answer for each of its questions; each goes on from the one before it, as the
    first does from `after`. Raises what `ask` raises, and QuestionError."""
    if (told := met(text, after)) is not None:
        return [told]
    answers = list[Answer]()
    for question in questions_of(text):
        answers.append(ask(question, after=after))
        after = thread_of(answers[-1]) or after
    return answers
