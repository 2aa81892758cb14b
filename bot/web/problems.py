"""Errors of the API as RFC 9457 tells them: what is so, and what to do next."""

import http
import json
import logging
import math
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Literal, get_args

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.catalogue import catalogue
from bot.intake import suffixes
from bot.line import TooBusyError, TooSlowError
from bot.next_steps import in_terminal
from config.language import Language
from retrieval.errors import BusyError, ConfirmationRequired, NotFoundError, QuestionError, ReadOnlyError, WenjuError

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
LANGUAGE: ContextVar[str | None] = ContextVar("language", default=None)
"""That of whom is answered; None for programs, which are told in English with all that is known."""
_BUSY_SECONDS = 10
_DETAILS = {
    404: "There is nothing at this address. /api/openapi.json lists what there is.",
    405: "This address does not take this method. /api/openapi.json tells which it takes.",
}
ProblemKind = Literal[
    "bug", "busy", "changed", "collection", "confirmation", "gone", "host", "http", "idempotency-key",
    "invalid", "key", "key-reused", "media-type", "not-found", "origin", "question", "queue-full", "rate",
    "read-only", "role", "slow", "too-large", "too-slow", "unavailable", "under-way", "unreadable",
]  # fmt: skip
"""The last part of the URN of a problem's type."""


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """What the caller did, or what keeps the server from doing it; `kind` is for programs, and `said` are the keys of
    the texts for people, where there are other ones than that of the kind."""

    def __init__(
        self, status: int, kind: ProblemKind, detail: str, headers: Mapping[str, str] | None = None, *,
        said: Sequence[str] = (), **more: object,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.said = said or (f"problem_{kind.replace('-', '_')}",)
        self.more = more

    def fields(self) -> dict[str, Any]:
        title = http.HTTPStatus(self.status).phrase
        return {
            "type": f"urn:wenju:{self.kind}", "title": title, "status": self.status, "detail": self._told(),
            **self.more,
        }  # fmt: skip

    def _told(self) -> str:
        texts = catalogue(language) if (language := LANGUAGE.get()) is not None else {}
        if not all(key in texts for key in self.said):
            return self.detail
        known = {"seconds": self.headers.get("Retry-After", ""), "types": " ".join(suffixes()), "reason": self.detail}
        return " ".join(texts[key].format(**known) for key in self.said)

    def response(self) -> Response:
        body = json.dumps(self.fields(), ensure_ascii=False)
        return Response(body, self.status, self.headers, MEDIA_TYPE)


def language_of(accepted: str) -> str | None:
    """The first language of an Accept-Language that Wenju speaks; None where there is none, as from programs."""
    spoken = (part.strip().lower()[:2] for part in accepted.split(","))
    return next((language for language in spoken if language in get_args(Language)), None)


def problem_of(error: Exception) -> Problem:
    """How the caller is told of it. What only the operator can mend stands in the log."""
    match error:
        case Problem():
            return error
        case ValidationError():
            wrong = [
                {"pointer": "".join(f"/{part}" for part in fault["loc"]), "detail": fault["msg"]}
                for fault in error.errors(include_url=False, include_input=False)
            ]
            named = "; ".join(f"{fault['pointer'] or 'the body'}: {fault['detail']}" for fault in wrong)
            return Problem(422, "invalid", f"The request is not as /api/openapi.json tells: {named}.", errors=wrong)
        case HTTPException():
            return Problem(error.status_code, "http", _DETAILS.get(error.status_code, error.detail), error.headers)
        case QuestionError():
            return Problem(422, "question", str(error))
        case NotFoundError():
            return Problem(404, "not-found", str(error))
        case ConfirmationRequired():
            return Problem(409, "confirmation", str(error))
        case TooBusyError():
            return _later("queue-full", "Too many questions are waiting", max(1, math.ceil(error.seconds)))
        case ReadOnlyError():
            return Problem(409, "read-only", "This server answers from a copy: add and remove where that is made.")
        case BusyError():
            return _later("busy", "Something else is being written to the index", _BUSY_SECONDS)
        case TooSlowError():
            return Problem(504, "too-slow", "The answer took too long. Ask something shorter, or try again later.")
        case WenjuError():
            _log.error("%s", in_terminal(error))
            return Problem(503, "unavailable", "The documents cannot be used now. The log of the server tells why.")
    _log.error("This is a bug in Wenju", exc_info=error)
    return Problem(500, "bug", "This is a bug in Wenju. The log of the server has the details; please report it.")


async def answered_with_problem(_: Request, error: Exception) -> Response:
    """The one error handler of the API."""
    return problem_of(error).response()


def _later(kind: ProblemKind, fact: str, seconds: int) -> Problem:
    return Problem(503, kind, f"{fact}. Try again in {seconds} s.", {"Retry-After": str(seconds)})
