"""Near questions at the page's address and for assistants, and in which language a caller is told what."""

import json
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest

from bot.web.keys import Keys
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.service import KnowledgeBase
from tests.test_near import ASKED, HOME, PUT
from tests.web.conftest import DOCUMENTS, QUESTION
from tests.web.running import Server
from tests.web.test_serve import SERVE

pytestmark = pytest.mark.usefixtures("web", "loopback")


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Iterator[Server]:
    """Over the four documents and one of questions that administrators alone see, with the bundled models."""
    folder = tmp_path_factory.mktemp("near")
    open_to_all, restricted, home = folder / "documents", folder / "机要", folder / "home"
    for own, documents in ((open_to_all, DOCUMENTS), (restricted, {"敬老院.txt": HOME})):
        own.mkdir()
        for name, text in documents.items():
            (own / name).write_text(text, "utf-8")
    with closing(KnowledgeBase(load_settings(home=home), embedder=real_embedder)) as base:
        assert not base.add([open_to_all, restricted]).failures
    settings = {"WEB__RATE": "100000", "WEB__ANSWER_SECONDS": "300"}
    settings["ACCESS__COLLECTIONS"] = json.dumps({str(restricted): ["role:administrator"]})
    server = Server(home, settings, SERVE).start()
    yield server
    server.kill()
    assert "bug in Wenju" not in server.log


def near(server: Server, word: str, key: str | None = None) -> list[str]:
    found: list[str] = server.get(f"/api/near?answer={quote(word)}", key=key).json["questions"]
    return found


def test_they_are_asked_for_by_the_word_of_an_answer(asking: Server) -> None:
    boss = Keys(asking.home).add("boss", "administrator")
    missed = asking.ask(ASKED, key=boss)
    assert missed.json["answer"] is None
    word = missed.headers["Wenju-Answer"]
    found = near(asking, word, boss)
    assert found and len(found) <= 3 and {*found} <= PUT
    assert asking.ask(found[0], key=boss).json["status"] == "answered"
    assert near(asking, word) == [], "who does not see the document is not told what it answers"
    assert near(asking, asking.ask(QUESTION).headers["Wenju-Answer"]) == [], "that was answered"
    assert near(asking, "x") == []


def test_an_assistant_has_them_with_what_is_not_answered(asking: Server) -> None:
    pytest.importorskip("mcp")
    from mcp import Client

    from tests.web.test_assistants import call, with_server

    async def use(client: Client) -> None:
        found = (await call(client, "ask", question=ASKED))["near"]
        assert found and {*found} <= PUT
        assert "near" not in await call(client, "ask", question=QUESTION)
        assert "near" not in await call(client, "ask", question=ASKED, documents=["长者食堂.txt"])

    with_server(asking, use, Keys(asking.home).add("chief", "administrator"))


@pytest.mark.parametrize("question", ["火星上的房租是多少", "What is the rent on Mars?"])
def test_what_is_told_is_in_the_language_of_the_caller(asking: Server, question: str) -> None:
    def told(language: str | None) -> str:
        headers = {"Accept-Language": language} if language else {}
        reply = asking.call("POST", "/api/ask", {"question": question}, headers=headers)
        message = str(reply.json["message"])
        spoken = "en" if "document" in message else "zh"
        assert reply.json["reason"]["language"] == spoken
        return spoken

    assert (told("zh-CN"), told("en-GB,en;q=0.9")) == ("zh", "en")
    assert told(None) == ("en" if question.isascii() else "zh"), "a program is told in that of its question"


def test_the_list_begins_with_the_newest(asking: Server) -> None:
    listed = asking.get("/api/documents").json["documents"]
    dates = [document["date"] or "" for document in listed]
    assert dates == sorted(dates, reverse=True) and dates[0] == "2026-06-30"
    pages = [asking.get(f"/api/documents?size=1&page={page}").json["documents"] for page in range(1, len(listed) + 1)]
    assert [record for page in pages for record in page] == listed
