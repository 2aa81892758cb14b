"""Answer → the JSON object of `wenju ask --json`; document → that of `wenju list --json`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.render.tally import tally_line, words_of
from bot.render.visible import escaped_json
from bot.wording import message_of, worded
from retrieval.reasons import Reason
from retrieval.service import thread_of
from retrieval.types import Answer, Citation, DocumentRecord


def answer_object(answer: Answer, language: str | None = None) -> dict[str, Any]:
    """Plain values with the keys in the documented order; offsets count code points. `message` words the `reason`, of
    which the values are told that it has, in the language, or else in that of the question."""
    fields: dict[str, Any] = {"message" if key == "reason" else key: value for key, value in asdict(answer).items()}
    del fields["named"]
    fields["thread"] = thread_of(answer)
    fields["message"] = message_of(answer, language)
    fields["reason"] = None if answer.reason is None else _reason_object(answer.reason, language)
    if answer.closest is None:
        del fields["closest"]  # only where there are passages and none of them is sure to answer
    if answer.tally is None:
        del fields["tally"]  # only where rows were counted
    else:
        fields["tally"]["line"] = tally_line(answer, answer.tally, words_of(answer, language), answer.tally.title)
    return {**fields, "citations": [citation_object(citation, language) for citation in answer.citations]}


def answers_object(answers: Sequence[Answer], language: str | None = None) -> dict[str, Any]:
    """What a message is told: the answer, and in `further` those to its other questions, where it asks several."""
    first, *further = (answer_object(answer, language) for answer in answers)
    return {**first, "further": further} if further else first


def citation_object(citation: Citation, language: str | None = None) -> dict[str, Any]:
    fields = asdict(citation)
    del fields["section"]  # for people
    if citation.became is None:
        del fields["became"]  # only where something did
    else:
        fields["became"] = {**_reason_object(citation.became, language), "message": worded(citation.became, language)}
    return fields


def _reason_object(reason: Reason, language: str | None) -> dict[str, Any]:
    """The values that it has; `language` is that of its sentence."""
    told = asdict(reason) | {"language": language or reason.language}
    return {key: value for key, value in told.items() if value not in (None, ())}


def record_object(record: DocumentRecord) -> dict[str, Any]:
    return {
        "document_id": record.document_id, "document": record.name, "path": str(record.path), "title": record.title,
        "date": record.date, "url": record.url, "passages": record.passages, "characters": record.characters,
        "indexed_at": record.indexed_at,
    }  # fmt: skip


def one_line(value: object) -> str:
    """The value as JSON on one line. Chinese stays readable; what cannot be seen is escaped, and so is what the
    encoding of the output lacks."""
    text = escaped_json(json.dumps(value, ensure_ascii=False))
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
