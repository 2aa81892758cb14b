"""The documents of a period, of a kind, or of who issued them, by what each tells of itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.answering.library.papers import day, issuers
from retrieval.documents.structure.dates import iso_date
from retrieval.index.base import PassageIndex
from retrieval.query.library.issued import IssuedQuestion
from retrieval.query.words.short_bodies import is_short_for
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.types import DocumentRecord

_BETWEEN = re.compile(r"[ \t\u3000、]+")
_SPELLED = (("人民政府", "政府"), ("办公室", "办"), ("办公厅", "办"))
"""As documents write it, and as people say it."""
_PLACES = f"{PLACES}省州"
_WHOSE = re.compile(rf"[{_PLACES}](?:党?委)?$")
"""What stands before the short name of a body: 中共青溪县委 before 组织部."""
GoesBy = Callable[[str, str], bool]
"""Whether a body goes by the name that is said, which comes first."""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document with its day, YYYY-MM-DD, None where it tells none; `bodies` are those who issued it and are asked
    for."""

    record: DocumentRecord
    day: str | None
    bodies: tuple[str, ...]


def issued_documents(
    index: PassageIndex, asked: IssuedQuestion, known: Sequence[DocumentRecord]
) -> list[IssuedDocument]:
    """Those of the `known` that are meant, the newest first; of a body that goes by no such name those of the one for
    which it is short."""
    may_be = [record for record in known if _is_of_kind(record, asked.kind) and _may_be_of_time(record, asked)]
    meant: list[IssuedDocument] = []
    for goes_by in (_goes_by, is_short_for) if asked.issuer else (_goes_by,):
        read = (_read(index, record, asked, goes_by) for record in may_be if not meant)
        meant = meant or [
            document
            for document in read
            if _is_within(document.day, asked) and (asked.issuer is None or document.bodies)
        ]
    return sorted(meant, key=lambda document: document.day or "", reverse=True)


def _is_of_kind(record: DocumentRecord, kind: str | None) -> bool:
    """Whether the title ends in the kind; a notice that prints a plan (关于印发…方案的通知) is of both."""
    if kind is None:
        return True
    return re.search(rf"(?:{kind}|印发.*{kind}》?的通知)(?:\([^()]*\)|[^\w(])*$", fold(record.title)) is not None


def _may_be_of_time(record: DocumentRecord, asked: IssuedQuestion) -> bool:
    return record.date is None or _is_within(record.date, asked)


def _is_within(day_of: str | None, asked: IssuedQuestion) -> bool:
    if asked.since is None or asked.until is None:
        return True
    return day_of is not None and asked.since <= day_of <= asked.until


def _read(index: PassageIndex, record: DocumentRecord, asked: IssuedQuestion, goes_by: GoesBy) -> IssuedDocument:
    if record.date is not None and asked.issuer is None:
        return IssuedDocument(record, record.date, ())
    passages = index.passages_of(record.document_id)
    own = " ".join(excerpt.text for excerpt in issuers(passages)) if asked.issuer else ""
    bodies = tuple(_called(asked.issuer, own, goes_by)) if asked.issuer else ()
    signed = day(passages, None) if record.date is None else None
    return IssuedDocument(record, iso_date(signed.text) if signed else record.date, bodies)


def _called(said: str, own: str, goes_by: GoesBy) -> Iterator[str]:
    """Those who issued a document that go by what is said: 青溪县水务局 by 县水务局 and 水务局,
    青溪县教育科技局 not by 科技局."""
    return (body for body in _BETWEEN.split(own) if goes_by(_spelled(said), _spelled(body)))


def _goes_by(said: str, body: str) -> bool:
    before = body.removesuffix(said)
    return before != body and (not before or _WHOSE.search(before) is not None or said[0] in _PLACES)


def _spelled(body: str) -> str:
    for written, short in _SPELLED:
        body = body.replace(written, short)
    return body
