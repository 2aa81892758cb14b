"""`wenju mcp`, as an assistant starts and uses it: the official client over standard input and output."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import GRID, QUESTION
from tests.web.running import ROOT, Server

if find_spec("mcp") is None:
    pytest.skip("needs the extra wenju[mcp]", allow_module_level=True)

from mcp import Client, StdioServerParameters, stdio_client

Use = Callable[[Client], Coroutine[Any, Any, None]]


def with_assistant(home: Path, use: Use, settings: dict[str, str] | None = None, key: str | None = None) -> None:
    """Start the process as a client does, and use it; with the key of that name, and these settings."""
    environment = Server(home, settings or {}).environment()
    named = [] if key is None else [key]
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "tests.web.running", "mcp", *named], env=environment, cwd=ROOT
    )

    async def talk() -> None:
        async with Client(stdio_client(started)) as client:
            await use(client)

    asyncio.run(talk())


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content)


def test_an_assistant_asks_searches_reads_and_lists(home: Path) -> None:
    async def use(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == {"ask", "search", "read", "list"}
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)

        answer = await call(client, "ask", question=QUESTION)
        assert (answer["status"], answer["answer"]) == ("answered", GRID)
        narrowed = await call(client, "ask", question="有多少网格员", documents=["平山县通知.txt"])
        assert {one["document"] for one in narrowed["citations"]} == {"平山县通知.txt"}
        assert (await call(client, "ask", question="平山县呢", after=QUESTION))["understood"]

        found = (await call(client, "search", question=QUESTION, count=2))["passages"]
        assert len(found) == 2 and GRID in found[0]["text"]

        around = await call(client, "read", passage_id=found[0]["passage_id"], length=40)
        assert GRID in around["text"] and around["document"]["document"] == found[0]["document"]
        whole = await call(client, "read", document=found[0]["document_id"], length=20_000)
        assert whole["text"][around["start"] : around["end"]] == around["text"]
        assert (whole["start"], whole["end"]) == (0, whole["of"])
        part = await call(client, "read", document=found[0]["document_id"], start=5, length=3)
        assert part["text"] == whole["text"][5:8]

        assert (await call(client, "list"))["total"] == 4
        listed = await call(client, "list", words="食堂", count=1)
        assert [one["document"] for one in listed["documents"]] == ["长者食堂.txt"]

    with_assistant(home, use)


def test_what_it_can_mend_is_told(home: Path) -> None:
    async def use(client: Client) -> None:
        assert "没有.txt" in await refused(client, "ask", question=QUESTION, documents=["没有.txt"])
        assert "no date" in await refused(client, "ask", question=QUESTION, since="yesterday")
        assert "passage_id" in await refused(client, "read")
        assert "none" in await refused(client, "read", passage_id="none")
        assert await refused(client, "search", question=QUESTION, count=0)
        assert "2000" in await refused(client, "ask", question=QUESTION, after="问" * 2001)
        assert (await call(client, "ask", question=QUESTION))["answer"] == GRID

    with_assistant(home, use)
