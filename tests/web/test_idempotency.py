"""Calls that are made again with their Idempotency-Key: done once, answered as they were, refused when changed."""

import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.visibility import Role
from bot.web.idempotency import FILE
from bot.web.keys import Keys
from tests.web.conftest import QUESTION, StartServer
from tests.web.running import Reply, Server
from tests.web.test_api import problem

MakeKey = Callable[[Role], str]
pytestmark = pytest.mark.usefixtures("web", "loopback")
TEXT = "红柳县有网格员77名。".encode()


def again(word: str) -> dict[str, str]:
    return {"Idempotency-Key": word}


def send(server: Server, key: str, word: str, name: str = "a.txt", body: bytes | Iterator[bytes] = TEXT) -> Reply:
    return server.call("POST", f"/api/documents?name={name}", body, key=key, headers=again(word))


def test_a_file_is_added_once_and_the_answer_told_again_after_a_restart(home: Path, start: StartServer) -> None:
    key, server = Keys(home).add("a", "administrator"), start()
    first = send(server, key, "w1")
    assert first.status == 201 and first.headers["Idempotency-Replayed"] is None
    assert server.call("DELETE", "/api/documents/a.txt", key=key).status == 200
    server.stop()
    server.file.unlink()  # it would tell the old address
    server = start()
    for body in (TEXT, iter([TEXT[:3], TEXT[3:]])):
        told = send(server, key, "w1", body=body)
        assert (told.status, told.data) == (201, first.data)
        assert told.headers["Content-Type"] == first.headers["Content-Type"]
        assert told.headers["Idempotency-Replayed"] == "true"
    problem(server.get("/api/documents/a.txt"), 404, "not-found")
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert b"w1" not in (home / FILE).read_bytes() and key.encode() not in (home / FILE).read_bytes()
    with closing(sqlite3.connect(home / FILE)) as database, database:
        database.execute("UPDATE calls SET at = ?", (time.time() - 86_401,))
    assert send(server, key, "w1").headers["Idempotency-Replayed"] is None, "a day is over"


def test_a_key_that_is_used_for_something_else_is_refused(server: Server, key: MakeKey) -> None:
    owner = key("administrator")
    assert send(server, owner, "w2", "b.txt").status == 201
    problem(send(server, owner, "w2", "b.txt", TEXT + b" "), 422, "key-reused")
    problem(send(server, owner, "w2", "c.txt"), 422, "key-reused")
    problem(server.call("DELETE", "/api/documents/b.txt", key=owner, headers=again("w2")), 422, "key-reused")
    assert server.get("/api/documents/b.txt").status == 200
    problem(server.get("/api/documents/c.txt"), 404, "not-found")
    other = key("feeder")
    assert send(server, other, "w2", "d.txt", b"d").status == 201, "the words of one are not those of another"


def test_removing_again_is_told_as_done(server: Server, key: MakeKey) -> None:
    owner = key("administrator")
    send(server, owner, "w3", "e.txt", b"e")
    calls = [server.call("DELETE", "/api/documents/e.txt", key=owner, headers=again("w4")) for _ in range(2)]
    assert [reply.status for reply in calls] == [200, 200] and calls[0].data == calls[1].data
    problem(server.call("DELETE", "/api/documents/e.txt", key=owner, headers=again("w5")), 404, "not-found")
    problem(server.call("DELETE", "/api/documents/e.txt", key=owner, headers=again("w5")), 404, "not-found")


def test_feedback_is_counted_once(server: Server) -> None:
    word = server.ask(QUESTION).headers["Wenju-Answer"]
    body = {"answer": word, "rating": "up"}

    def counted() -> float:
        lines = server.get("/metrics").text.split("\n")
        return sum(float(line.split()[1]) for line in lines if line.startswith("wenju_web_feedback_total"))

    before = counted()
    statuses = [server.call("POST", "/api/feedback", body, headers=again("w6")).status for _ in range(3)]
    assert statuses == [204] * 3 and counted() == before + 1
    problem(server.call("POST", "/api/feedback", {**body, "rating": "down"}, headers=again("w6")), 422, "key-reused")


def test_what_failed_is_tried_anew(server: Server, key: MakeKey) -> None:
    owner = key("feeder")
    problem(send(server, owner, "w7", "f.pdf", b"no pdf"), 422, "unreadable")
    told = send(server, owner, "w7", "f.txt", b"f")
    assert told.status == 201 and told.headers["Idempotency-Replayed"] is None


def test_two_at_once_are_not_both_done(server: Server, key: MakeKey) -> None:
    owner = key("feeder")

    def slow() -> Iterator[bytes]:
        yield TEXT
        time.sleep(1)
        yield b"."

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(send, server, owner, "w8", "g.txt", slow())
        time.sleep(0.5)
        assert problem(send(server, owner, "w8", "g.txt", TEXT + b"."), 409, "under-way")
        another = server.call("POST", "/api/feedback", b"{}", key=owner, headers=again("w8"))
        assert problem(another, 409, "under-way")
        assert first.result().status == 201
    assert send(server, owner, "w8", "g.txt", TEXT + b".").headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("word", ["", "a b", "\u00e9", "a" * 256])
def test_a_word_that_is_none_is_told(server: Server, key: MakeKey, word: str) -> None:
    problem(send(server, key("feeder"), word, "h.txt"), 400, "idempotency-key")


def test_who_may_not_is_not_told_what_others_were(server: Server, key: MakeKey) -> None:
    owner = key("feeder")
    assert send(server, owner, "w9", "i.txt").status in (200, 201)
    problem(send(server, key("reader"), "w9", "i.txt"), 403, "role")
    problem(server.call("POST", "/api/documents?name=i.txt", TEXT, headers=again("w9")), 401, "key")
