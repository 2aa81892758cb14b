"""Wenju as the evidence of an assistant: tools of the Model Context Protocol, over standard input and output or HTTP.

Nothing can be changed, and nothing is seen that `access.collections` keeps from the caller."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from functools import partial
from importlib import metadata
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from bot.line import TooBusyError, TooSlowError
from bot.message import answered
from bot.near import near_questions
from bot.render.json import answers_object, record_object
from bot.search import documents_matching, passages_near
from config.example import EXAMPLE
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase, Scope
from retrieval.types import Answer

InTurn = Callable[[Callable[[], Any]], Awaitable[Any]]
Asked = Callable[..., Awaitable[list[Answer]]]
_READING = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS = (
    "Answers questions from the user's own documents, most of them Chinese local-government news and notices, by "
    "exact quotation. Ask in the language of the documents. Quote `answer` word for word and name its citation. A "
    "status other than `answered` means that the documents do not state it: say so, and do not answer from memory."
)
_LONGEST = 20_000
_BODY = 64 * 1024
"""Bytes of a call."""
Question = Annotated[str, Field(description=f"A question in full, such as {EXAMPLE}", max_length=1000)]
Day = Annotated[str | None, Field(description="2025, 2025-07 or 2025-07-03")]


def evidence(
    documents_now: Callable[[], KnowledgeBase], in_turn: InTurn = asyncio.to_thread, asked: Asked | None = None
) -> MCPServer[Any]:
    """The server with its four tools; `run` answers until its input ends. `documents_now` gives the documents as the
    caller sees them, `in_turn` what a function gives when its turn has come, and `asked` what a message is told,
    where a door counts its questions."""

    async def uncounted(text: str, after: str | None, scope: Scope | None) -> list[Answer]:
        told: list[Answer] = await in_turn(lambda: answered(partial(documents_now().ask, scope=scope), text, after))
        return told

    async def looked_up(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        with _told():
            found: dict[str, Any] = await in_turn(look)
        return found

    server: MCPServer[Any] = MCPServer(
        "wenju",
        title="Wenju 问据",
        instructions=_INSTRUCTIONS,
        version=metadata.version("wenju"),
        log_level="WARNING",
    )

    @server.tool(annotations=_READING)
    async def ask(
        question: Question,
        after: Annotated[
            str | None,
            Field(description="For a follow-up: the `thread` of the answer before, or the question", max_length=2000),
        ] = None,
        since: Day = None,
        until: Day = None,
        documents: Annotated[list[str] | None, Field(description="Only in these: ids, paths or file names")] = None,
    ) -> dict[str, Any]:
        """Answer a question with the sentence of the documents that answers, and its citations; where none does, with
        `near` questions that they do answer."""
        with _told():
            scope = Scope.of(since, until, documents or ())
            answers = await (asked or uncounted)(question, after=after, scope=scope)
        near: list[str] = []
        if scope is None and len(answers) == 1:
            with suppress(TooBusyError, TooSlowError):  # the answer is told all the same
                near = await in_turn(lambda: near_questions(documents_now(), answers[0]))
        return answers_object(answers) | ({"near": near} if near else {})

    @server.tool(annotations=_READING)
    async def search(question: Question, count: Annotated[int, Field(ge=1, le=20)] = 5) -> dict[str, Any]:
        """The passages nearest to a question, best first, without judging whether they answer."""
        return await looked_up(lambda: {"passages": passages_near(documents_now(), question, count)})

    @server.tool(annotations=_READING)
    async def read(
        passage_id: Annotated[str | None, Field(description="A passage, with the text around it")] = None,
        document: Annotated[str | None, Field(description="Or a document: its id, path or file name")] = None,
        start: Annotated[int, Field(ge=0, description="Where in the document to begin")] = 0,
        length: Annotated[int, Field(ge=1, le=_LONGEST, description="Characters at most")] = 4000,
    ) -> dict[str, Any]:
        """Read on where a citation stands, or a document from any place."""
        if (passage_id is None) == (document is None):
            raise ToolError("Give a passage_id or a document, and not both.")
        return await looked_up(lambda: _read(documents_now(), passage_id, document or "", start, length))

    @server.tool(name="list", annotations=_READING)
    async def list_documents(
        words: Annotated[str, Field(description="Only documents with these in title or file name")] = "",
        first: Annotated[int, Field(ge=0)] = 0,
        count: Annotated[int, Field(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        """The documents that there are."""
        return await looked_up(lambda: _listed(documents_now(), words, first, count))

    return server


@contextmanager
def _told() -> Iterator[None]:
    """What the assistant can mend is told to it."""
    try:
        yield
    except WenjuError as error:
        raise ToolError(str(error)) from error
    except TooBusyError as error:
        raise ToolError(f"Too many questions are waiting. Ask again in {error.seconds + 1:.0f} s.") from error
    except TooSlowError as error:
        raise ToolError("The answer took too long. Ask something shorter, or again later.") from error


def over_http(server: MCPServer[Any]) -> tuple[Any, AbstractAsyncContextManager[None]]:
    """What answers the calls at /mcp, and the time in which it does. Each call stands for itself, with its own key.
    Host and origin are looked at before."""
    elsewhere = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        json_response=True, stateless_http=True, max_request_body_size=_BODY, transport_security=elsewhere
    )
    return app, server.session_manager.run()


def _read(base: KnowledgeBase, passage_id: str | None, document: str, start: int, length: int) -> dict[str, Any]:
    if passage_id is not None:
        around = base.surroundings(passage_id, length // 2)
        stored = around.passage
        begin = stored.passage.spans[0][0] - len(around.before)
        text, record = around.before + around.raw + around.after, stored.document
        total = record.characters
    else:
        record, whole = base.find(document), base.text(document).text
        begin, text, total = start, whole[start : start + length], len(whole)
    return {"document": record_object(record), "start": begin, "end": begin + len(text), "of": total, "text": text}


def _listed(base: KnowledgeBase, words: str, first: int, count: int) -> dict[str, Any]:
    named = documents_matching(base.documents(), words)
    return {"total": len(named), "documents": [record_object(record) for record in named[first : first + count]]}
