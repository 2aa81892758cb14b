"""Questions: answered, searched for, suggested, judged, and those that were left open."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.memory.database import open_database
from bot.memory.memory import FeedbackReason, Memory, QuestionContext, Rating
from bot.memory.unanswered import shown_to
from bot.memory.unanswered import unanswered as found_unanswered
from bot.message import is_met
from bot.near import near_questions
from bot.render.json import answers_object
from bot.search import passages_near
from bot.web.body import LONGEST, SentBody, read
from bot.web.guard import ANSWER, Endpoint
from bot.web.idempotency import once
from bot.web.problems import LANGUAGE, Problem
from bot.web.runtime import GivenAnswer, WebRuntime
from retrieval.service import Scope

_NAMES = 50
_FOUND = 20
_OPEN = 50
_NOBODY = 0
"""Whose the judged answers are: no user's and no chat's of Telegram."""
Name = Annotated[str, Field(min_length=1, max_length=1000)]


class Narrowing(SentBody):
    """What a question may be narrowed to."""

    since: Name | None = None
    until: Name | None = None
    documents: Annotated[tuple[Name, ...], Field(max_length=_NAMES)] = ()
    folders: Annotated[tuple[Name, ...], Field(max_length=_NAMES)] = ()

    def scope(self) -> Scope | None:
        return Scope.of(self.since, self.until, self.documents, [Path(folder) for folder in self.folders])


class QuestionBody(Narrowing):
    """The body of /api/ask. `after` is what a follow-up goes on from: the `thread` of the answer before, or
    the question before."""

    question: str
    after: Annotated[str, Field(max_length=2000)] | None = None


class Judgement(SentBody):
    """The body of /api/feedback."""

    answer: Name
    rating: Rating
    reason: FeedbackReason | None = None


def ask(runtime: WebRuntime) -> Endpoint:
    async def answered(request: Request) -> Response:
        asked = await read(request, QuestionBody)
        answers = await runtime.tell(asked.question, after=asked.after or None, scope=asked.scope())
        words = [runtime.remember(answer) for answer in answers if not is_met(answer)]
        told = answers_object(answers, LANGUAGE.get())
        return JSONResponse(told, headers={ANSWER: ", ".join(words)} if words else None)

    return answered


def near(runtime: WebRuntime) -> Endpoint:
    """Called for when the answer is there, which it does not hold up."""

    async def offered(request: Request) -> Response:
        if not (word := request.query_params.get("answer")):
            raise Problem(422, "invalid", f"answer is the word of an answer, which its header {ANSWER} tells.")
        given = runtime.given(word)
        found = await runtime.line.ask(lambda: near_questions(runtime.base, given.answer)) if given else []
        return JSONResponse({"questions": found})

    return offered


def search(runtime: WebRuntime) -> Endpoint:
    async def found(request: Request) -> Response:
        question, count = request.query_params.get("q", ""), number(request, "count", 5, _FOUND)
        scope = _narrowing(request).scope()
        passages = await runtime.line.ask(lambda: passages_near(runtime.base, question, count, scope))
        return JSONResponse({"question": question, "passages": passages})

    return found


def _narrowing(request: Request) -> Narrowing:
    """As the query tells it, under the names that the body of /api/ask has. Raises ValidationError."""
    told = request.query_params
    several = {name: tuple(told.getlist(name)) for name in ("documents", "folders")}
    return Narrowing(since=told.get("since"), until=told.get("until"), **several)


def suggestions(runtime: WebRuntime) -> Endpoint:
    async def suggested(_: Request) -> Response:
        return JSONResponse({"questions": list(await runtime.line.work(runtime.suggestions, LANGUAGE.get()))})

    return suggested


def feedback(runtime: WebRuntime) -> Endpoint:
    async def judged(request: Request) -> Response:
        judgement = await read(request, Judgement)
        given = runtime.given(judgement.answer)
        if given is None:
            raise Problem(404, "not-found", f"That answer is not known any more. Ask again: {ANSWER} has its word.")
        await runtime.line.work(_keep(runtime, given, judgement))
        runtime.metrics.feedback.labels(judgement.rating).inc()
        return Response(status_code=204)

    return once(judged, runtime, LONGEST)


def _keep(runtime: WebRuntime, given: GivenAnswer, judgement: Judgement) -> Callable[[], None]:
    """Keep it where the bot keeps its own: `wenju feedback export` prints both."""
    settings = runtime.own.settings

    def keep() -> None:
        with closing(open_database(settings.home)) as database:
            memory = Memory(database)
            memory.expire(settings.telegram.keep_days)
            if given.number is None or memory.shown(given.number) is None:
                asked = QuestionContext(_NOBODY, _NOBODY, _NOBODY, settings.telegram.language, None, None)
                given.number = memory.keep(asked, given.answer)
            memory.judge(given.number, _NOBODY, judgement.rating, judgement.reason)

    return keep


def unanswered(runtime: WebRuntime) -> Endpoint:
    async def listed(_: Request) -> Response:
        return JSONResponse({"questions": await runtime.line.work(_unanswered, runtime)})

    return listed


def _unanswered(runtime: WebRuntime) -> list[dict[str, Any]]:
    """The newest that are of what the caller sees, as they were written: as understood they may say more."""
    settings, shows = runtime.own.settings, shown_to(runtime.base)
    with closing(open_database(settings.home)) as database:
        found = found_unanswered(database, settings.telegram.keep_days, shows)[:_OPEN]
    return [{"question": group.written, "count": group.count, "last": group.row()["last"]} for group in found]


def number(request: Request, name: str, default: int, most: int, least: int = 1) -> int:
    """A number of the query, between bounds. Raises Problem."""
    told = request.query_params.get(name, str(default))
    if not (told.isascii() and told.isdecimal() and len(told) < 20 and least <= int(told) <= most):
        raise Problem(422, "invalid", f"{name} is a whole number from {least} to {most:,}.")
    return int(told)
