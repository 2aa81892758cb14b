"""Documents that not everybody sees: tried at every address with keys that may see them and keys that may not."""

import http.client
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.memory.database import open_database
from bot.memory.memory import Memory, QuestionContext
from bot.visibility import Role
from bot.web.application import API
from bot.web.keys import Keys
from retrieval.types import Answer, Citation, Status
from tests.web.conftest import DOCUMENTS, QUESTION, StartServer, make_home, opened
from tests.web.running import Reply, Server
from tests.web.test_api import problem

pytestmark = pytest.mark.usefixtures("web", "loopback")
NAME = "机要室问答.txt"
ASKED = "白沙乡机要室有多少密码员？"
TEXT = f"白沙乡机要室问答\n\n问：{ASKED}\n答：白沙乡机要室配备密码员9名。\n\n左云县的暗号是芝麻开门。\n"
BLIND = (None, "outsider", "boss", "feeder")
"""Who is not let in: without a key, and with keys of every role."""


@dataclass
class Office:
    """A server with a restricted folder, and a copy of it that never held a restricted document."""

    server: Server
    without: Server
    folder: Path
    keys: dict[str, str] = field(default_factory=dict)

    def call(self, who: str | None, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        return self.server.call(method, path, body, key=self.keys[who] if who else None, **more)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = make_home(tmp_path_factory.mktemp("office"))
    folder = home.with_name("documents") / "机要"
    limits = {"WEB__RATE": "100000"}
    without = Server(shutil.copytree(home, home.with_name("without")), limits).start()
    folder.mkdir()
    (folder / NAME).write_text(TEXT, "utf-8")
    with closing(opened(home)) as base:
        base.add([folder])
    settings = {**limits, "ACCESS__COLLECTIONS": json.dumps({str(folder): ["key:insider", "user:42"]})}
    keys = Keys(home)
    made = {
        "insider": keys.add("insider", "reader"),
        "outsider": keys.add("outsider", "reader"),
        "feeder": keys.add("feeder", "feeder"),
        "boss": keys.add("boss", "administrator"),
        "clinic": keys.add("clinic", "administrator", [folder]),
    }
    server = Server(home, settings).start()
    yield Office(server, without, folder, made)
    for running in (server, without):
        running.kill()
        assert "bug in Wenju" not in running.log


def hidden(office: Office) -> tuple[str, str]:
    """Ids of the restricted document and of its first passage."""
    with closing(opened(office.server.home)) as base:
        record = base.find(NAME)
        return record.document_id, base.passages_of(record.document_id)[0].passage.passage_id


def alike(reply: Reply) -> Any:
    """What was told, without what differs from call to call."""
    told = reply.json if "json" in reply.headers["Content-Type"] else reply.text
    if isinstance(told, dict):
        for name in ("timing_ms", "id", "created"):
            told.pop(name, None)
        told.get("wenju", {}).pop("timing_ms", None)
    return told


def tries(document: str, passage: str, folder: Path) -> dict[tuple[str, str], list[tuple[str, Any]]]:
    """For each route what may be tried to learn of the document."""
    path = str(folder / NAME)
    asked = [
        ASKED,
        "密码员",
        "左云县的暗号是什么",
        "有哪些文件",
        "有多少文件",
        "有哪些关于机要室的文件",
        "最近新增了哪些文件",
    ]
    asked += ["《白沙乡机要室问答》是哪年的", QUESTION, "白沙乡有多少网格员", "谢谢"]
    scopes: list[dict[str, Any]] = [{"documents": [name]} for name in (document, NAME, path)]
    scopes += [{"folders": [str(folder)]}, {"folders": [str(folder.parent)]}, {"since": "2020"}, {"after": ASKED}]
    questions = [{"question": question} for question in asked]
    questions += [{"question": ASKED, **scope} for scope in scopes]
    conversation = [{"role": "user", "content": ASKED}]
    words = ("机要室", "密码员", "网格员", "左云县")
    names = [document, NAME, "..%2F机要%2F" + NAME]
    return {
        ("POST", "/api/ask"): [("/api/ask", body) for body in questions],
        ("GET", "/api/search"): [
            (f"/api/search?q={word}&count=20{narrowed}", None)
            for word in words
            for narrowed in ("", f"&folders={folder}", f"&folders={folder.parent}", f"&documents={document}")
        ],
        ("GET", "/api/folders"): [("/api/folders", None)],
        ("GET", "/api/suggestions"): [("/api/suggestions", None)],
        ("GET", "/api/near"): [(f"/api/near?answer={passage}", None)],
        ("POST", "/api/feedback"): [("/api/feedback", {"answer": passage, "rating": "up"})],
        ("GET", "/api/documents"): [
            (f"/api/documents?{query}", None) for query in ("", "size=1&page=1", "size=1&page=5", "q=机要", "q=txt")
        ],
        ("POST", "/api/documents"): [],  # tried below: it leaves something behind
        ("GET", "/api/documents/{id}"): [(f"/api/documents/{name}", None) for name in names],
        ("DELETE", "/api/documents/{id}"): [(f"/api/documents/{name}", None) for name in names],
        ("GET", "/api/documents/{id}/text"): [(f"/api/documents/{name}/text", None) for name in names],
        ("GET", "/api/documents/{id}/original"): [(f"/api/documents/{name}/original", None) for name in names],
        ("GET", "/api/passages/{id}"): [(f"/api/passages/{passage}?context=5000", None)],
        ("GET", "/api/passages/{id}/picture"): [(f"/api/passages/{passage}/picture", None)],
        ("POST", "/v1/chat/completions"): [("/v1/chat/completions", {"messages": conversation})],
        ("GET", "/api/unanswered"): [("/api/unanswered", None)],
        ("GET", "/v1/models"): [("/v1/models", None)],
    }


def test_every_route_is_as_if_it_had_never_been_indexed(office: Office) -> None:
    document, passage = hidden(office)
    routes = tries(document, passage, office.folder)
    assert routes.keys() == {(method, path) for method, path, _, _ in API}, "a new route is to be tried too"
    owner = Keys(office.without.home).add("owner", "administrator")
    for (method, _), calls in routes.items():
        for path, body in [*calls, ("/health", None)]:
            path = quoted(path)
            expected = office.without.call("GET" if path == "/health" else method, path, body, key=owner)
            for who in BLIND:
                reply = office.call(who, "GET" if path == "/health" else method, path, body)
                if path == "/api/unanswered" and who != "boss":
                    problem(reply, *((403, "role") if who else (401, "key")))
                    continue
                if reply.status == (403 if who else 401) and method == "DELETE" and who != "boss":
                    continue  # whatever it names
                assert (reply.status, alike(reply)) == (expected.status, alike(expected)), (who, path, body)


def quoted(path: str) -> str:
    return quote(path, safe="/?&=%")


def test_who_is_let_in_sees_it(office: Office) -> None:
    document, passage = hidden(office)
    answer = office.call("insider", "POST", "/api/ask", {"question": ASKED}).json
    assert "9名" in answer["answer"] and answer["citations"][0]["document_id"] == document
    assert office.call("insider", "GET", "/api/documents").json["total"] == len(DOCUMENTS) + 1
    assert office.call("insider", "GET", f"/api/documents/{document}/text").text == TEXT
    assert office.call("insider", "GET", f"/api/documents/{document}/original").data == TEXT.encode()
    assert "密码员" in office.call("insider", "GET", f"/api/passages/{passage}").text
    (told,) = office.call("insider", "GET", "/api/folders").json["folders"]
    assert told == {"folder": str(office.folder), "name": "机要", "documents": 1}
    assert office.call("insider", "GET", quoted("/api/search?q=密码员")).json["passages"]


def test_a_key_for_one_collection_sees_that_alone(office: Office) -> None:
    listed = office.call("clinic", "GET", "/api/documents").json
    assert [record["document"] for record in listed["documents"]] == [NAME] and listed["total"] == 1
    assert "9名" in office.call("clinic", "POST", "/api/ask", {"question": ASKED}).json["answer"]
    told = office.call("clinic", "POST", "/api/ask", {"question": QUESTION}).json
    assert "51" not in json.dumps([told["message"], told["answer"], told["citations"]], ensure_ascii=False)
    problem(office.call("clinic", "GET", quoted("/api/documents/选举公告.txt")), 404, "not-found")
    problem(office.call("clinic", "DELETE", quoted("/api/documents/选举公告.txt")), 404, "not-found")
    sent = office.call("clinic", "POST", "/api/documents?name=a.txt", "网格员3名。".encode())
    problem(sent, 403, "collection")


def test_questions_that_documents_put_are_suggested_to_those_who_see_them(office: Office) -> None:
    def suggested(who: str | None) -> list[str]:
        found: list[str] = office.call(who, "GET", "/api/suggestions").json["questions"]
        return found

    deadline = time.monotonic() + 20
    while ASKED not in suggested("insider") and time.monotonic() < deadline:
        assert not suggested("boss")
        time.sleep(0.05)
    assert ASKED in suggested("insider")
    assert not any(suggested(who) for who in BLIND)


def test_a_connection_lends_nobodys_sight_to_the_next_call(office: Office) -> None:
    connection = http.client.HTTPConnection(office.server.place, timeout=30)
    seen = []
    for path, key in [
        ("/api/documents", "insider"),
        ("/health", None),
        ("/api/documents", None),
        ("/health", "insider"),
    ]:
        headers = {"Authorization": f"Bearer {office.keys[key]}"} if key else {}
        connection.request("GET", path, headers=headers)
        told = json.loads(connection.getresponse().read())
        seen.append(told.get("documents") if path == "/health" else told["total"])
    connection.close()
    assert seen == [len(DOCUMENTS) + 1, len(DOCUMENTS), len(DOCUMENTS), len(DOCUMENTS)]


# -- what feeders might learn, or spoil --------------------------------------------------------------------------


def test_sending_what_is_hidden_tells_nothing(home: Path, start: StartServer) -> None:
    office = restricted(home, start, lambda: home.with_name("documents") / "选举公告.txt")
    text = DOCUMENTS["选举公告.txt"].encode()
    sent = office.call("boss", "POST", quoted("/api/documents?name=同样的.txt"), text)
    assert sent.status == 201 and sent.json["document"] == "同样的.txt"
    again = office.call("boss", "POST", quoted("/api/documents?name=另一个.txt"), text)
    assert again.json["outcome"] == "same_content" and again.json["document"] == "同样的.txt"
    assert office.call("insider", "GET", "/api/documents").json["total"] == len(DOCUMENTS) + 1


def test_what_was_sent_is_not_replaced_by_who_does_not_see_it(home: Path, start: StartServer) -> None:
    office = restricted(home, start, lambda: home / "uploads", insider="feeder")
    first = office.call("insider", "POST", "/api/documents?name=a.txt", "平山县有密码员9名。".encode())
    assert first.status == 201
    problem(office.call("boss", "POST", "/api/documents?name=a.txt", b"x"), 403, "collection")
    assert "9名" in office.call("insider", "GET", "/api/documents/a.txt/text").text
    problem(office.call("boss", "GET", "/api/documents/a.txt/text"), 404, "not-found")


def test_a_role_lets_in_and_a_key_that_is_taken_away_does_not(home: Path, start: StartServer) -> None:
    folder = home.with_name("documents")
    office = restricted(home, start, lambda: folder, ["role:feeder"], insider="feeder")
    totals = [office.call(who, "GET", "/api/documents").json["total"] for who in ("insider", "boss", None)]
    assert totals == [len(DOCUMENTS), len(DOCUMENTS), 0]
    Keys(home).remove("insider")
    problem(office.call("insider", "GET", "/api/documents"), 401, "key")
    problem(office.call(None, "POST", "/api/ask", {"question": QUESTION}), 404, "not-found")


def restricted(
    home: Path, start: StartServer, folder: Callable[[], Path], who: list[str] | None = None, insider: Role = "reader"
) -> Office:
    """An office where the folder, or file, is seen by the insider alone, or by those."""
    keys = {"insider": Keys(home).add("insider", insider), "boss": Keys(home).add("boss", "administrator")}
    server = start(ACCESS__COLLECTIONS=json.dumps({str(folder()): who or ["key:insider"]}))
    return Office(server, server, folder(), keys)


# -- an assistant ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "outsider", "insider"])
def test_an_assistant_sees_what_its_key_sees(home: Path, key: str | None) -> None:
    pytest.importorskip("mcp")
    from tests.web.test_assistants import call, refused, with_assistant

    for name in ("insider", "outsider"):
        Keys(home).add(name, "reader")
    folder = home.with_name("documents") / "选举公告.txt"
    with closing(opened(home)) as base:
        record = base.find("选举公告.txt")
        passage = base.passages_of(record.document_id)[0].passage.passage_id
    settings = {"ACCESS__COLLECTIONS": json.dumps({str(folder): ["key:insider"]})}

    async def use(client: Any) -> None:
        total = (await call(client, "list"))["total"]
        answer = await call(client, "ask", question="青禾县选举委员会由几人组成")
        found = await call(client, "search", question="青禾县选举", count=20)
        if key == "insider":
            assert total == len(DOCUMENTS) and answer["status"] != "not_found"
            assert (await call(client, "read", passage_id=passage))["text"]
            return
        assert total == len(DOCUMENTS) - 1
        assert "青禾" not in json.dumps([answer["citations"], found], ensure_ascii=False)
        for target in ({"passage_id": passage}, {"document": record.document_id}, {"document": str(folder)}):
            assert "青禾县选举于" not in await refused(client, "read", **target)

    with_assistant(home, use, settings, key)


def test_what_was_left_open_is_told_as_far_as_it_is_of_what_is_seen(office: Office) -> None:
    """By where its answer came closest: of the restricted folder, of another document, or nowhere."""
    cited = {
        "密码员几点上班": office.call("insider", "POST", "/api/ask", {"question": ASKED}).json["citations"][:1],
        "网格员几点上班": office.call("boss", "POST", "/api/ask", {"question": QUESTION}).json["citations"][:1],
        "火星上的房租": [],
    }
    with closing(open_database(office.server.home)) as database:
        memory = Memory(database)
        for question, citations in cited.items():
            known = [
                Citation(
                    1, told["document"], told["path"], None, told["document_id"], told["passage_id"], told["title"],
                    None, None, None, None, (), told["text"], 0.5,
                )
                for told in citations
            ]  # fmt: skip
            status: Status = "related" if known else "not_found"
            answer = Answer(question, status, 0.1, None, None, (), tuple(known), {})
            memory.keep(QuestionContext(77, 77, 1, "zh", None, None), answer)
        seen = {
            who: {row["question"] for row in office.call(who, "GET", "/api/unanswered").json["questions"]}
            for who in ("boss", "clinic")
        }
        memory.forget(77)
    assert seen == {"boss": {"网格员几点上班", "火星上的房租"}, "clinic": {"密码员几点上班"}}
