"""The API as a program calls it, over HTTP, with the documents behind it."""

import itertools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest

from bot.intake import suffixes
from bot.memory.database import open_database
from bot.memory.memory import Memory
from bot.render.json import answer_object
from bot.visibility import Role
from retrieval.left_out import recognises
from tests.web.conftest import GRID, QUESTION, StartServer, opened
from tests.web.running import Reply, Server

MakeKey = Callable[[Role], str]
pytestmark = pytest.mark.usefixtures("web", "loopback")


def problem(reply: Reply, status: int, kind: str) -> dict[str, Any]:
    """The problem that the reply tells."""
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = reply.json
    assert told["status"] == status and told["type"] == f"urn:wenju:{kind}" and told["title"]
    assert len(told["detail"].split()) > 3
    return told


def document_id(server: Server, name: str) -> str:
    (found,) = [
        document
        for document in server.get("/api/documents?size=200").json["documents"]
        if document["document"] == name
    ]
    return str(found["document_id"])


# -- questions ---------------------------------------------------------------------------------------------------


def test_an_answer_is_the_very_json_of_the_command(server: Server) -> None:
    answered = server.ask(QUESTION).json
    with closing(opened(server.home)) as base:
        expected = json.loads(json.dumps(answer_object(base.ask(QUESTION))))
    assert answered.pop("timing_ms").keys() == expected.pop("timing_ms").keys()
    assert answered == expected
    assert answered["status"] == "answered" and answered["answer"] == GRID


def test_a_follow_up_goes_on_from_the_question_before(server: Server) -> None:
    answered = server.ask("平山县呢", after=QUESTION).json
    assert answered["understood"] == "平山县有多少网格员"
    assert "36名" in answered["citations"][0]["text"]
    named = server.ask("他的电话呢", after="平山县县长是谁\x1f林芳").json
    assert named["understood"] == "林芳的电话是多少", "JSON carries what parts the two"


def test_a_question_is_narrowed_to_documents_folders_and_times(server: Server) -> None:
    narrowed = server.ask("有多少网格员", documents=["平山县通知.txt"]).json
    assert {citation["document"] for citation in narrowed["citations"]} == {"平山县通知.txt"}
    folder = str(server.home.parent / "documents")
    assert server.ask(QUESTION, folders=[folder]).json["status"] == "answered"
    assert server.ask(QUESTION, since="2026-06", until="2026").json["citations"][0]["date"] == "2026-06-30"
    assert "没有" in problem(server.ask(QUESTION, documents=["没有.txt"]), 404, "not-found")["detail"]
    assert "2026-13" in problem(server.ask(QUESTION, since="2026-13"), 422, "question")["detail"]


def test_what_is_found_is_listed_best_first_without_an_answer(server: Server) -> None:
    found = server.get(f"/api/search?q={quote(QUESTION)}&count=2").json
    assert found["question"] == QUESTION and len(found["passages"]) == 2
    assert GRID in found["passages"][0]["text"]
    problem(server.get("/api/search?q="), 422, "question")
    problem(server.get(f"/api/search?q={quote(QUESTION)}&count=x"), 422, "invalid")


def test_what_is_found_is_narrowed_as_a_question_is(server: Server) -> None:
    def found(narrowed: str) -> list[str]:
        passages = server.get(quote(f"/api/search?q=有多少网格员&{narrowed}", safe="/?&=")).json["passages"]
        return [passage["document"] for passage in passages]

    folder = server.home.parent / "documents"
    assert {"平山县通知.txt", "左云县网格员队伍.md"} < set(found(f"folders={folder}"))
    assert set(found("documents=平山县通知.txt&documents=长者食堂.txt")) == {"平山县通知.txt", "长者食堂.txt"}
    assert set(found("since=2026-06&until=2026")) == {"左云县网格员队伍.md"} and not found("since=2031")
    problem(server.get("/api/search?q=a&folders=/nowhere"), 404, "not-found")
    problem(server.get("/api/search?q=a&since=2026-13"), 422, "question")
    assert "/folders/0" in problem(server.get("/api/search?q=a&folders="), 422, "invalid")["detail"]


def test_a_passage_is_shown_within_its_document(server: Server) -> None:
    cited = server.ask(QUESTION).json["citations"][0]
    passage = server.get(f"/api/passages/{cited['passage_id']}?context=30").json
    text = server.get(f"/api/documents/{cited['document_id']}/text").text
    assert passage["before"] + passage["raw"] + passage["after"] in text
    assert text[passage["start"] : passage["end"]] == passage["raw"]
    assert len(passage["before"]) <= 30
    assert "".join(text[start:end] for start, end in passage["spans"]) == cited["text"] == passage["text"]
    problem(server.get("/api/passages/none"), 404, "not-found")


def test_a_judgement_is_kept_with_the_answer_and_nothing_before(start: StartServer) -> None:
    server = start()
    word = server.ask(QUESTION).headers["Wenju-Answer"]
    assert not (server.home / "bot.db").exists()
    for rating, reason in (("up", None), ("down", "outdated")):
        judged = server.call("POST", "/api/feedback", {"answer": word, "rating": rating, "reason": reason})
        assert judged.status == 204
    problem(server.call("POST", "/api/feedback", {"answer": "never", "rating": "up"}), 404, "not-found")
    problem(server.call("POST", "/api/feedback", {"answer": word, "rating": "so-so"}), 422, "invalid")
    with closing(open_database(server.home)) as database:
        (verdict,) = Memory(database).verdicts()
    assert (verdict.answer.question, verdict.rating, verdict.reason) == (QUESTION, "down", "outdated")


def test_many_ask_while_a_file_is_added_and_removed(server: Server, key: MakeKey) -> None:
    feeding = key("administrator")
    with ThreadPoolExecutor(9) as threads:
        answers = [threads.submit(server.ask, QUESTION) for _ in range(16)]
        sending = ("POST", "/api/documents?name=busy.txt", "培训两次。".encode())
        added = threads.submit(server.call, *sending, key=feeding)
        answers += [threads.submit(server.ask, "平山县有多少网格员") for _ in range(16)]
        assert added.result().status == 201
        assert [pending.result().json["status"] for pending in answers] == ["answered"] * 32
    gone = server.call("DELETE", f"/api/documents/{document_id(server, 'busy.txt')}", key=feeding).json
    assert gone["removed"]["document"] == "busy.txt" and gone["file_deleted"]


# -- documents ---------------------------------------------------------------------------------------------------


def test_a_page_knows_which_files_are_read_here(server: Server) -> None:
    files = server.get("/api/me").json["files"]
    assert {*suffixes(), ".htm", ".doc", ".wps", ".ppt"} == {*files}
    assert (".png" in files) == recognises()


def test_the_list_has_pages_and_a_search(server: Server) -> None:
    pages = [server.get(f"/api/documents?size=3&page={page}").json for page in (1, 2, 3)]
    assert [len(page["documents"]) for page in pages] == [3, 1, 0]
    assert all(page["total"] == 4 and page["pages"] == 2 and not page["samples"] for page in pages)
    names = [document["document"] for page in pages for document in page["documents"]]
    assert len(set(names)) == 4
    named = server.get(f"/api/documents?q={quote('网格员 平山')}").json
    assert [document["document"] for document in named["documents"]] == ["平山县通知.txt"] and named["total"] == 1


def test_the_original_is_given_out_while_it_is_the_one_that_was_indexed(start: StartServer) -> None:
    server = start()
    own = document_id(server, "选举公告.txt")
    file = server.home.parent / "documents" / "选举公告.txt"
    given = server.get(f"/api/documents/{own}/original")
    assert given.data == file.read_bytes()
    assert given.headers["Content-Disposition"].startswith("attachment;")
    file.write_text("别的内容", "utf-8")
    problem(server.get(f"/api/documents/{own}/original"), 410, "changed")
    assert "青禾县选举" in server.get(f"/api/documents/{own}/text").text


def test_a_file_is_added_changed_refused_and_removed(server: Server, key: MakeKey) -> None:
    feeder, chief = key("feeder"), key("administrator")
    uploads = server.home / "uploads"

    def send(name: str, data: bytes) -> Reply:
        return server.call("POST", f"/api/documents?name={quote(name)}", data, key=feeder)

    first = send("../新通知.txt", "柳树沟有网格员9名。".encode())
    assert (first.status, first.json["outcome"], first.json["document"]) == (201, "added", "新通知.txt")
    assert server.ask("柳树沟有多少网格员").json["answer"] == "柳树沟有网格员9名。"
    assert send("新通知.txt", "柳树沟有网格员9名。".encode()).json["outcome"] == "unchanged"
    assert send("另一个名.txt", "柳树沟有网格员9名。".encode()).json["outcome"] == "same_content"
    assert send("新通知.txt", "柳树沟有网格员11名。".encode()).json["outcome"] == "changed"
    told = problem(send("新通知.txt", b"\x00\x01"), 422, "unreadable")
    assert "kept" in told["detail"] and told["reason"]
    problem(send("x.exe", b"MZ"), 422, "unreadable")
    assert server.ask("柳树沟有多少网格员").json["answer"] == "柳树沟有网格员11名。"
    assert [path.name for path in uploads.iterdir()] == ["新通知.txt"]
    own = document_id(server, "新通知.txt")
    problem(server.call("DELETE", f"/api/documents/{own}", key=feeder), 403, "role")
    assert server.call("DELETE", f"/api/documents/{own}", key=chief).status == 200
    assert not list(uploads.iterdir())
    problem(server.call("DELETE", f"/api/documents/{own}", key=chief), 404, "not-found")
    outside = document_id(server, "长者食堂.txt")
    for wrong in (".", "..", "documents", "%2e%2e%2fdocuments", quote(str(server.home.parent / "documents"), "")):
        assert server.call("DELETE", f"/api/documents/{wrong}", key=chief).status in (404, 405), wrong
    assert server.get(f"/api/documents/{outside}").json["document"] == "长者食堂.txt"


def test_a_file_beyond_the_limit_is_refused_however_it_comes(start: StartServer) -> None:
    server = start(DOCUMENTS__MAX_MEGABYTES="0.1", WEB__ACCESS="open")
    from bot.web.keys import Keys

    feeder = Keys(server.home).add("f", "feeder")
    large = b"a" * 100_001
    parts: Iterator[bytes] = iter([large[:50_000], large[50_000:]])
    for body in (large, parts):
        problem(server.call("POST", "/api/documents?name=a.txt", body, key=feeder), 413, "too-large")
    assert not list((server.home / "uploads").iterdir())
    problem(server.call("POST", "/api/documents", b"a", key=feeder), 422, "invalid")
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(server.call("POST", "/api/documents?name=a.txt", b"a", key=feeder, headers=form), 415, "media-type")


def test_what_was_left_open_is_told_to_administrators(server: Server, key: Callable[[Role], str]) -> None:
    question = "苍梧县渡口停航多少天"
    for _ in range(2):
        asked = server.ask(question)
        assert asked.json["status"] != "answered"
        judged = {"answer": asked.headers["Wenju-Answer"], "rating": "down", "reason": "not_answering"}
        assert server.call("POST", "/api/feedback", judged).status == 204
    told = server.get("/api/unanswered", key=key("administrator")).json["questions"]
    (found,) = [row for row in told if row["question"] == question]
    assert found["count"] == 2 and found["last"].startswith("20")
    problem(server.get("/api/unanswered", key=key("feeder")), 403, "role")
    assert "none was sent" in problem(server.get("/api/unanswered"), 401, "key")["detail"]


# -- what is wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'{"question": 5}', b'{"question": "a", "more": 1}', b'{"question": "\xff"}',
        b'{"question": "\\ud800"}', b"[" * 60_000, b'{"question": "a", "after": ' + b"9" * 10_000 + b"}",
        b'{"question": "a", "documents": "b"}', b'{"question": "a", "documents": [""]}',
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_a_body_that_is_not_as_described_is_told(server: Server, body: bytes) -> None:
    sent = server.call("POST", "/api/ask", body, headers={"Content-Type": "application/json"})
    assert problem(sent, 422, "invalid")["errors"]


def test_every_other_error_is_a_problem_too(server: Server) -> None:
    problem(server.call("POST", "/api/ask", b"a=b", headers={"Content-Type": "text/plain"}), 415, "media-type")
    problem(server.ask("？？"), 422, "question")
    problem(server.ask("a" * 1001), 422, "question")
    problem(server.ask("a" * 70_000), 413, "too-large")
    problem(server.get("/api/nothing"), 404, "http")
    problem(server.get("/api/documents/%2F"), 404, "http")
    problem(server.get("/static/../../etc/passwd"), 404, "http")
    problem(server.call("PUT", "/api/ask", b""), 405, "http")
    problem(server.get("/api/documents/none"), 404, "not-found")
    problem(server.get("/api/documents?page=0"), 422, "invalid")


def test_health_and_figures(start: StartServer) -> None:
    server = start()
    assert server.get("/health").json == {"status": "ok", "documents": 4, "passages": 4}
    assert server.ask(QUESTION).status == 200
    figures = server.get("/metrics").text
    assert 'wenju_web_answers_total{status="answered"} 1.0' in figures
    assert "wenju_web_answer_seconds_count 1.0" in figures
    assert 'wenju_web_requests_total{route="/api/ask",status="200"} 1.0' in figures
    assert "网格员" not in figures
