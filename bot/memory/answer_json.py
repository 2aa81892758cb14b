"""An answer, or what became of a file ⇄ the JSON as which the bot's database keeps it."""

import json
import re
from dataclasses import asdict
from typing import Any

from bot.intake import ReceivedFile
from retrieval.left_out import LeftOut
from retrieval.reasons import ListedDocument, Reason, ReasonCode
from retrieval.tally import PlaceSum, Tally, TallyRow
from retrieval.types import Answer, Citation, Figure, Quote, Reprint

_CHINESE = re.compile("[\u4e00-\u9fff]")
_BY_STATUS: dict[str, ReasonCode] = {"related": "only_related", "not_found": "no_answer"}


def body_of(kept: Answer | ReceivedFile) -> str:
    return json.dumps(asdict(kept))


def received_of(body: str) -> ReceivedFile:
    """What became of a file, as it was kept."""
    fields: dict[str, Any] = json.loads(body)
    left_out = tuple(LeftOut(omission["kind"], tuple(omission["names"])) for omission in fields["left_out"])
    return ReceivedFile(**{**fields, "pages": tuple(fields["pages"]), "left_out": left_out})


def answer_of(body: str) -> Answer:
    """The answer as it was kept."""
    fields: dict[str, Any] = json.loads(body)
    fields["quotes"] = tuple(Quote(**quote) for quote in fields["quotes"])
    fields["closest"] = Quote(**fields["closest"]) if fields.get("closest") else None
    fields["figures"] = tuple(Figure(**figure) for figure in fields.get("figures", ()))
    fields["citations"] = tuple(_citation(citation) for citation in fields["citations"])
    fields["tally"] = _tally(fields["tally"]) if fields.get("tally") else None
    fields["reason"] = _reason(fields["reason"]) if "reason" in fields else _earlier(fields)
    return Answer(**fields)


def _tally(fields: dict[str, Any]) -> Tally:
    places = tuple(PlaceSum(**place) for place in fields.get("places", ()))
    return Tally(**{**fields, "rows": tuple(TallyRow(**row) for row in fields["rows"]), "places": places})


def _citation(fields: dict[str, Any]) -> Citation:
    also = tuple(Reprint(**reprint) for reprint in fields["also"])
    spans = tuple((start, end) for start, end in fields["spans"])
    breaks, became = tuple(fields.get("breaks", ())), _reason(fields.get("became"))
    return Citation(**{**fields, "spans": spans, "also": also, "breaks": breaks, "became": became})


def _reason(fields: dict[str, Any] | None) -> Reason | None:
    if fields is None:
        return None
    listed = tuple(ListedDocument(**document) for document in fields["listed"])
    return Reason(**{**fields, "names": tuple(fields["names"]), "listed": listed})


def _earlier(fields: dict[str, Any]) -> Reason | None:
    """Earlier versions kept a sentence in the place of a reason. The reason is then the one that is plain from the
    rest, in the language of the sentence; what it named beside that is not said again."""
    message = fields.pop("message")
    code = "figures_differ" if fields["figures"] else _BY_STATUS.get(fields["status"])
    if message is None or code is None:
        return None
    return Reason(code, "zh" if _CHINESE.search(message) else "en")
