"""The shape that chat front ends speak: /v1/chat/completions and /v1/models. What comes is the quotation and its
citations; nothing is written by a model, whichever is named."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.message import met, separate_questions
from bot.render.json import answers_object
from bot.render.tally import tally_line, words_of
from bot.web.body import SentBody, read
from bot.web.guard import Endpoint
from bot.web.problems import Problem
from bot.web.runtime import WebRuntime
from bot.wording import message_of, worded
from config.example import EXAMPLE
from retrieval.service import OF_LAST, QUESTION_LENGTH, goes_on, what_is_said
from retrieval.types import Answer, Citation, Figure

MODEL = "wenju"
_MESSAGES = 200
"""So many of the last are looked at: front ends send the whole conversation each time."""
_LONGEST = 1_000_000
"""Bytes of a conversation."""


class Part(SentBody):
    """A part of a message: of several, those with text count."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class Turn(SentBody):
    """One message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[Part] | None = None

    def said(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Chat(SentBody):
    """The body. What else a front end sends (temperature, tools) has no meaning here, and is passed over."""

    model_config = ConfigDict(extra="ignore")

    messages: Annotated[list[Turn], Field(min_length=1)]
    model: str = MODEL
    stream: bool | None = False


def complete(runtime: WebRuntime) -> Endpoint:
    async def completed(request: Request) -> Response:
        chat = await read(request, Chat, limit=_LONGEST)
        question, before, wish = asked_in(chat.messages[-_MESSAGES:])
        answers = await runtime.tell(question, after=before)
        content, told = content_of(answers, wish), answers_object(answers)
        head: dict[str, Any] = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time())}
        head["model"] = MODEL
        if chat.stream:
            return StreamingResponse(_events(head, content, told), media_type="text/event-stream")
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # no model writes
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice], "usage": usage, "wenju": told})

    return completed


def models(_: WebRuntime) -> Endpoint:
    async def listed(_: Request) -> Response:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "wenju"}
        return JSONResponse({"object": "list", "data": [model]})

    return listed


def asked_in(messages: list[Turn]) -> tuple[str, str | None, str | None]:
    """The last thing that the user said, the last before it that stands by itself, and None; where it speaks of the
    answer before, what that answered is asked again, and last comes what is wanted of it. Raises Problem."""
    said = [turn.said().strip() for turn in messages if turn.role == "user" and turn.said().strip()]
    if not said:
        raise Problem(422, "invalid", "There is no question: no message of the role user has text.")
    wish = what_is_said(said[-1])
    earlier = [text for text in said[:-1] if len(text) <= QUESTION_LENGTH]  # a longer one was no question
    asked = [text for text in earlier if met(text, EXAMPLE) is None]
    again = wish in OF_LAST and bool(asked)
    question = asked.pop() if again else said[-1]
    before = next((text for text in reversed(asked) if not goes_on(text)), None)
    return question, before and separate_questions(before)[-1], wish if again else None


def content_of(answers: Sequence[Answer], wish: str | None = None) -> str:
    """As Markdown: each of several answers below its question; of one that was given before the passages alone, those
    that answer or the others, where these are the wish."""
    if wish in ("more", "why"):
        return "\n\n".join(_passages(answer, others=wish == "more") for answer in answers)
    if len(answers) == 1:
        return written(answers[0])
    return "\n\n".join(f"**{_on_one_line(answer.question)}**\n\n{written(answer)}" for answer in answers)


def _passages(answer: Answer, *, others: bool) -> str:
    leading = _spoken_of(answer)
    chosen = [citation for citation in answer.citations if (citation.number in leading) != others]
    if not chosen:
        return words_of(answer)("no_more") if others else written(answer)
    return "\n\n".join(_source(citation, whole=True) for citation in chosen)


def _spoken_of(answer: Answer) -> set[int]:
    """Numbers of the citations that the answer itself names."""
    closest = (answer.closest,) if answer.closest is not None else ()
    return {told.citation for told in (*answer.quotes, *closest, *answer.figures)}


def written(answer: Answer) -> str:
    """As Markdown: what was counted, each sentence that answers, quoted, the figures that disagree, and where they
    stand; or what keeps it from being answered and the passages that are near."""
    cited = {citation.number: citation for citation in answer.citations}
    quoted = [f"> {_on_one_line(cited[q.citation].text[q.start : q.end])} [{q.citation}]" for q in answer.quotes]
    message = message_of(answer)
    if (near := answer.closest) is not None:
        said = _on_one_line(cited[near.citation].text[near.start : near.end])
        quoted = [f"{words_of(answer)('closest_sentence')}\n> {said} [{near.citation}]"]
    counted = [_on_one_line(tally_line(answer, t, words_of(answer), t.title))] if (t := answer.tally) else []
    differing = ["\n".join(map(_figure, answer.figures))] if answer.figures else []
    told = [*([message] if message else []), *counted, *quoted, *differing]
    spoken_of = {q.citation for q in answer.quotes} | {f.citation for f in answer.figures} or set(cited)
    sources = [
        _source(citation, whole=not answer.quotes) for citation in answer.citations if citation.number in spoken_of
    ]
    return "\n\n".join([*told, *sources])


def _figure(figure: Figure) -> str:
    where = " · ".join(_on_one_line(detail) for detail in (figure.text, figure.place, figure.date) if detail)
    return f"- {where} [{figure.citation}]"


def _source(citation: Citation, *, whole: bool) -> str:
    page = f"p. {citation.page}{' (OCR)' if citation.ocr else ''}" if citation.page is not None else None
    known = (citation.title, citation.place, citation.date, citation.document, page, citation.url)
    line = f"[{citation.number}] " + " · ".join(_on_one_line(detail) for detail in dict.fromkeys(known) if detail)
    if not whole:
        return line
    became = f"\n{_on_one_line(worded(citation.became))}" if citation.became is not None else ""
    return f"{line}{became}\n> {_on_one_line(citation.text)}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _events(head: dict[str, Any], content: str, told: dict[str, Any]) -> Iterator[str]:
    """The same in three parts: that somebody speaks, what is said, and that it is over."""
    finish: Literal["stop"] = "stop"
    yield _event(head, {"role": "assistant", "content": ""}, None)
    yield _event(head, {"content": content}, None)
    yield _event(head, {}, finish, wenju=told)
    yield "data: [DONE]\n\n"


def _event(head: dict[str, Any], delta: dict[str, str], finish: str | None, **more: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {**head, "object": "chat.completion.chunk", "choices": [choice], **more}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
