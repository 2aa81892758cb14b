"""Answer → the JSON object of `wenju ask --json`."""

import json
from dataclasses import asdict
from typing import Any

from retrieval.types import Answer


def answer_object(answer: Answer) -> dict[str, Any]:
    """Plain values with the keys in the documented order; offsets count code points."""
    fields = asdict(answer)
    for citation in fields["citations"]:
        del citation["section"]  # for people; `title` is the document's
    return fields


def one_line(value: object) -> str:
    """The value as JSON on one line. Chinese stays readable; a lone surrogate, which UTF-8 lacks, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
