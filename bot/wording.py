"""The reason of an answer → a sentence for people, the same in terminal, chat, JSON and Telegram."""

from collections.abc import Mapping

from bot.catalogue import catalogue
from retrieval.reasons import ListedDocument, Reason
from retrieval.types import Answer

_TITLE = 40
_NAMES = 2
"""Names in a sentence at most."""


def message_of(answer: Answer, language: str | None = None) -> str | None:
    """What is said beside the answer or in its place, in the language, or else in that of the question; None where
    the quotes say all."""
    return None if answer.reason is None else worded(answer.reason, language)


def is_told(answer: Answer) -> bool:
    """Whether what was asked is told: by quotes, or by a sentence about documents that are there."""
    is_of_library = answer.reason is not None and answer.reason.is_told_exactly and bool(answer.citations)
    return answer.answer is not None or is_of_library


def worded(reason: Reason, language: str | None = None) -> str:
    """The sentence, in the language, or else in the reason's."""
    texts = catalogue(language or reason.language)
    told = texts[reason.code].format(
        documents=reason.documents,
        undated=reason.undated,
        names=texts["comma"].join(texts["name"].format(name=name) for name in reason.names[:_NAMES]),
        title=_short(reason.title or ""),
        topic=reason.topic,
        day=reason.day,
        time=_time(reason, texts),
        which=_which(reason, texts),
    )
    return told if reason.shown is None or reason.is_told_of_paper else _listed(told, reason, reason.shown, texts)


def _listed(told: str, reason: Reason, shown: int, texts: Mapping[str, str]) -> str:
    """How many there are, how many of them are shown, and which where they are not quoted."""
    if reason.kind is not None:
        told = texts["of_kind"].format(said=told, which=texts["which_titled"].format(topic=reason.kind))
    if reason.documents is not None and shown < reason.documents:
        told = texts["of_which_first"].format(said=told, shown=shown)
    if not reason.listed:
        return texts["said_alone"].format(said=told)
    titles = texts["comma"].join(_titled(document, texts) for document in reason.listed)
    return texts["said_with_titles"].format(said=told, titles=titles)


def _titled(document: ListedDocument, texts: Mapping[str, str]) -> str:
    if document.day is None:
        return texts["title"].format(title=_short(document.title))
    return texts["title_added"].format(title=_short(document.title), day=document.day)


def _time(reason: Reason, texts: Mapping[str, str]) -> str:
    if reason.since and reason.until:
        return texts["since_until"].format(since=reason.since, until=reason.until)
    if reason.since:
        return texts["since"].format(day=reason.since)
    return texts["until"].format(day=reason.until) if reason.until else ""


def _which(reason: Reason, texts: Mapping[str, str]) -> str:
    """Which of the documents are told of, by all that is said of them."""
    said = {
        "which_dated": reason.since and reason.until,
        "which_issued": reason.names,
        "which_titled": reason.topic,
    }
    return texts["comma"].join(
        texts[key].format(since=reason.since, until=reason.until, name="".join(reason.names[:1]), topic=reason.topic)
        for key, is_said in said.items()
        if is_said
    )


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[:_TITLE]}…"
