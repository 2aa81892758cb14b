"""Answer → the JSON object of `wenju ask --json`."""

import json
import sys
from dataclasses import asdict
from typing import Any

from bot.render.visible import escaped_json
from bot.wording import message_of
from retrieval.types import Answer


def answer_object(answer: Answer) -> dict[str, Any]:
    """Plain values with the keys in the documented order; offsets count code points. `message` words the `reason`, of
    which the values are told that it has."""
    fields: dict[str, Any] = {"message" if key == "reason" else key: value for key, value in asdict(answer).items()}
    reason = fields["message"]
    fields["message"] = message_of(answer)
    fields["reason"] = reason and {key: value for key, value in reason.items() if value not in (None, ())}
    if answer.tally is None:
        del fields["tally"]  # only where rows were counted
    for citation in fields["citations"]:
        del citation["section"], citation["breaks"]  # for people
    return fields


def one_line(value: object) -> str:
    """The value as JSON on one line. Chinese stays readable; what cannot be seen is escaped, and so is what the
    encoding of the output lacks."""
    text = escaped_json(json.dumps(value, ensure_ascii=False))
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
