"""`wenju mcp`, as an assistant starts and uses it: the official client over standard input and output."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.web.keys import Keys
from tests.web.conftest import DOCUMENTS, GRID, QUESTION, StartServer
from tests.web.running import ROOT, Server
from tests.web.test_api import problem

if find_spec("mcp") is None:
    pytest.skip("needs the extra wenju[mcp]", allow_module_level=True)

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

Use = Callable[[Client], Coroutine[Any, Any, None]]


def with_assistant(home: Path, use: Use, settings: dict[str, str] | None = None, key: str | None = None) -> None:
    """Start the process as a client does, and use it; with the key of that name, and these settings."""
    environment = Server(home, settings or {}).environment()
    named = [] if key is None else [key]
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "tests.web.paper", "mcp", *named], env=environment, cwd=ROOT
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
        assert {citation["document"] for citation in narrowed["citations"]} == {"平山县通知.txt"}
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
        assert [document["document"] for document in listed["documents"]] == ["长者食堂.txt"]

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


# -- over HTTP ---------------------------------------------------------------------------------------------------


def with_server(server: Server, use: Use, key: str | None = None) -> None:
    """The same client, at the address of a server that runs."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}

    async def talk() -> None:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=300) as http,
            Client(streamable_http_client(f"http://{server.place}/mcp", http_client=http)) as client,
        ):
            await use(client)

    asyncio.run(talk())


@pytest.mark.usefixtures("web", "loopback")
def test_a_server_is_asked_over_http_by_those_who_have_a_key(home: Path, start: StartServer) -> None:
    hidden = home.with_name("documents") / "选举公告.txt"
    keys = {name: Keys(home).add(name, "reader") for name in ("insider", "outsider")}
    collections = json.dumps({str(hidden): ["key:insider"]})
    server = start(WEB__ACCESS="keys", ACCESS__COLLECTIONS=collections, WEB__RATE="40")
    totals = []

    async def use(client: Client) -> None:
        assert {tool.name for tool in (await client.list_tools()).tools} == {"ask", "search", "read", "list"}
        answer = await call(client, "ask", question=QUESTION)
        assert (answer["status"], answer["answer"]) == ("answered", GRID)
        assert "no date" in await refused(client, "ask", question=QUESTION, since="yesterday")
        totals.append((await call(client, "list"))["total"])
        if totals[-1] < len(DOCUMENTS):
            assert "选举" not in await refused(client, "read", document="notice.txt")
            told = await call(client, "search", question="青禾县选举委员会", count=20)
            assert "青禾" not in json.dumps(told, ensure_ascii=False)

    for key in keys.values():
        with_server(server, use, key)
    assert totals == [len(DOCUMENTS), len(DOCUMENTS) - 1]
    keys["boss"] = Keys(home).add("boss", "administrator")
    figures = server.get("/metrics", key=keys["boss"]).text
    assert 'wenju_web_answers_total{status="answered"} 2.0' in figures
    assert "wenju_web_answer_seconds_count 2.0" in figures

    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    problem(server.call("POST", "/mcp", asked, headers=accept), 401, "key")
    problem(server.call("GET", "/mcp", headers=accept, key=keys["insider"]), 405, "http")
    problem(server.call("POST", "/mcp", asked, headers={**accept, "Origin": "https://evil.example"}), 403, "origin")
    problem(server.call("POST", "/mcp", asked, headers={**accept, "Host": "evil.example"}), 421, "host")
    assert server.call("POST", "/mcp", b"x" * 100_000, headers=accept, key=keys["insider"]).status == 413
    replies = [server.call("POST", "/mcp", asked, headers=accept, key=keys["outsider"]).status for _ in range(60)]
    assert 429 in replies and "bug in Wenju" not in server.log
