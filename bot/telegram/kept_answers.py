"""Answers as the bot's database holds them, read back."""

import json
from typing import Any

from retrieval.tally import Tally, TallyRow
from retrieval.types import Answer, Citation, Figure, Quote, Reprint


def kept_answer(body: str) -> Answer:
    """The answer of the JSON that `Memory.keep` wrote, perhaps of an older version."""
    fields: dict[str, Any] = json.loads(body)
    fields["quotes"] = tuple(Quote(**one) for one in fields["quotes"])
    fields["figures"] = tuple(Figure(**one) for one in fields.get("figures", ()))
    fields["citations"] = tuple(_citation(one) for one in fields["citations"])
    fields["tally"] = _tally(fields["tally"]) if fields.get("tally") else None
    return Answer(**fields)


def _tally(fields: dict[str, Any]) -> Tally:
    return Tally(**{**fields, "rows": tuple(TallyRow(**one) for one in fields["rows"])})


def _citation(fields: dict[str, Any]) -> Citation:
    also = tuple(Reprint(**one) for one in fields["also"])
    spans = tuple((start, end) for start, end in fields["spans"])
    return Citation(**{**fields, "spans": spans, "also": also, "breaks": tuple(fields.get("breaks", ()))})
