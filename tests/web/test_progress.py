"""Files that are sent, and how far they are read: lines of JSON while it goes, and what became of the file."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bot.visibility import Role
from bot.web.uploads import LINES
from tests.web.running import Server
from tests.web.test_api import problem

MakeKey = Callable[[Role], str]
pytestmark = pytest.mark.usefixtures("web", "loopback")
LONG = "\n\n".join(f"第{number}条 红柳县第{number}村有网格员{number}名。" * 8 for number in range(150)).encode()


@contextmanager
def sending(server: Server, key: str, name: str, body: bytes, **headers: str) -> Iterator[http.client.HTTPResponse]:
    sent = {"Accept": LINES, "Authorization": f"Bearer {key}", **headers}
    with closing(http.client.HTTPConnection(server.place, timeout=300)) as connection:
        connection.request("POST", f"/api/documents?name={name}", body, sent)
        with connection.getresponse() as response:
            yield response


def lines(server: Server, key: str, name: str, body: bytes) -> list[dict[str, Any]]:
    with sending(server, key, name, body) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, LINES)
        return [json.loads(line) for line in response]


def test_progress_comes_while_it_is_read_and_then_the_result(server: Server, key: MakeKey) -> None:
    *before, last = lines(server, key("feeder"), "long.txt", LONG)
    passages = [told["progress"]["passages"] for told in before]
    assert passages[0] == 0 and passages == sorted(passages) and len(passages) > 1
    assert last["result"]["outcome"] == "added" and last["result"]["passages"] >= max(passages)
    again = lines(server, key("feeder"), "long.txt", LONG)[-1]
    assert again["result"] == {**last["result"], "outcome": "unchanged"}
    plain = server.call("POST", "/api/documents?name=long.txt", LONG, key=key("feeder")).json
    assert plain == again["result"], "the same as in one piece"


def test_what_cannot_be_read_is_told_in_the_last_line(server: Server, key: MakeKey) -> None:
    told = lines(server, key("feeder"), "no.pdf", b"no pdf")[-1]["problem"]
    assert told["status"] == 422 and told["type"] == "urn:wenju:unreadable" and "no.pdf" in told["detail"]
    problem(server.get("/api/documents/no.pdf"), 404, "not-found")


def test_what_is_refused_before_it_is_read_is_no_stream(server: Server, key: MakeKey) -> None:
    for wrong, status in ((key("reader"), 403), ("none", 401)):
        with sending(server, wrong, "a.txt", b"a") as refused:
            assert refused.status == status and refused.headers["Content-Type"] == "application/problem+json"


def test_who_hangs_up_has_sent_the_file_all_the_same(server: Server, key: MakeKey) -> None:
    with sending(server, key("feeder"), "gone.txt", LONG + "末。".encode()) as response:
        assert json.loads(response.readline())["progress"]["passages"] == 0
    deadline = time.monotonic() + 120
    while server.get("/api/documents/gone.txt").status == 404:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert not [path for path in (server.home / "uploads").iterdir() if path.name.startswith(".incoming-")]


def test_with_a_key_for_being_called_again_it_comes_in_one_piece(server: Server, key: MakeKey) -> None:
    feeder = key("feeder")
    for replayed in (None, "true"):
        with sending(server, feeder, "once.txt", "一句话。".encode(), **{"Idempotency-Key": "p1"}) as response:
            assert response.status == 201 and response.headers["Idempotency-Replayed"] == replayed
            assert json.loads(response.read())["document"] == "once.txt"
