"""Who is let in: names, origins, keys, roles and rates, tried from outside."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import ANY

import pytest

from bot.visibility import Role
from bot.web.keys import Keys
from tests.web.conftest import QUESTION, StartServer
from tests.web.running import ROOT, Server
from tests.web.test_api import problem

MakeKey = Callable[[Role], str]
pytestmark = pytest.mark.usefixtures("web", "loopback")


# -- whose page asks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "localhost.evil.example", "[x", "127.0.0.1@evil.org", "127.0.0.1x"],
)
def test_a_name_that_is_led_here_is_refused(server: Server, host: str) -> None:
    problem(server.get("/api/documents", headers={"Host": host}), 421, "host")


@pytest.mark.parametrize("host", ["localhost", "localhost:80", "127.0.0.1", "[::1]:8765", "192.0.2.7"])
def test_a_number_cannot_be_led_anywhere(server: Server, host: str) -> None:
    assert server.get("/api/documents", headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "http://["]
)
def test_a_page_of_another_site_can_do_nothing(server: Server, origin: str) -> None:
    asked = {"question": QUESTION}
    problem(server.call("POST", "/api/ask", asked, headers={"Origin": origin}), 403, "origin")
    read = server.get("/api/documents", headers={"Origin": origin})
    assert read.headers["Access-Control-Allow-Origin"] is None
    before = server.call("OPTIONS", "/api/ask", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert before.headers["Access-Control-Allow-Methods"] is None
    own = {"Origin": f"http://{server.place}"}
    assert server.call("POST", "/api/ask", asked, headers=own).status == 200


@pytest.mark.parametrize(
    "form", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"]
)
def test_what_a_form_can_send_does_nothing(server: Server, key: MakeKey, form: str) -> None:
    """A browser sends forms of other sites without asking first."""
    body, sent = json.dumps({"question": QUESTION}).encode(), {"Content-Type": form}
    for path in ("/api/ask", "/api/feedback", "/v1/chat/completions"):
        problem(server.call("POST", path, body, headers=sent), 415, "media-type")
    if form != "text/plain":
        problem(
            server.call("POST", "/api/documents?name=a.txt", body, headers=sent, key=key("feeder")), 415, "media-type"
        )
    problem(server.call("POST", "/api/documents?name=a.txt", body, headers=sent), 401, "key")


def test_a_site_that_a_setting_names_may_call(start: StartServer) -> None:
    server = start(
        WEB__ORIGINS="https://www.example.org, https://b.example", WEB__FRAME_ANCESTORS="https://a.example"
    )
    origin = {"Origin": "https://b.example"}
    before = server.call("OPTIONS", "/api/ask", headers=origin)
    assert before.status == 204 and "DELETE" in before.headers["Access-Control-Allow-Methods"]
    for header in ("Authorization", "Content-Type", "Idempotency-Key"):
        assert header in before.headers["Access-Control-Allow-Headers"]
    asked = server.call("POST", "/api/ask", {"question": QUESTION}, headers=origin)
    assert asked.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert "Origin" in asked.headers["Vary"] and asked.headers["Wenju-Answer"]
    assert "Access-Control-Allow-Credentials" not in asked.headers
    assert "Idempotency-Replayed" in asked.headers["Access-Control-Expose-Headers"]
    problem(server.call("DELETE", "/api/documents/a", headers=origin), 401, "key")
    other = {"Origin": "https://c.example"}
    assert server.get("/api/documents", headers=other).headers["Access-Control-Allow-Origin"] is None
    assert server.call("OPTIONS", "/api/ask", headers=other).headers["Access-Control-Allow-Headers"] is None
    problem(server.call("POST", "/api/ask", {"question": QUESTION}, headers=other), 403, "origin")
    assert "frame-ancestors https://a.example" in server.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/documents", "/api/nothing", "/health"])
def test_every_response_tells_a_browser_what_it_may_not_do(server: Server, path: str) -> None:
    headers = server.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] is None and headers["Set-Cookie"] is None


# -- keys --------------------------------------------------------------------------------------------------------


def test_without_a_key_nothing_is_changed_even_on_this_machine(server: Server) -> None:
    problem(server.call("POST", "/api/documents?name=a.txt", b"abc"), 401, "key")
    own = server.get("/api/documents").json["documents"][0]["document_id"]
    problem(server.call("DELETE", f"/api/documents/{own}"), 401, "key")
    assert not (server.home / "uploads" / "a.txt").exists()
    assert server.get("/api/me").json == {"role": "reader", "has_key": False, "files": ANY}


def test_where_keys_are_asked_for_nothing_is_told_without_one(start: StartServer, home: Path) -> None:
    made = Keys(home).add("office", "reader")
    server = start(WEB__ACCESS="keys")
    for path in (
        "/api/documents",
        "/api/search?q=a",
        "/api/passages/a",
        "/api/suggestions",
        "/v1/models",
        "/metrics",
    ):
        refused = server.get(path)
        problem(refused, 401, "key")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    problem(server.ask(QUESTION), 401, "key")
    assert server.ask(QUESTION, key=made).json["status"] == "answered"
    problem(server.get("/metrics", key=made), 403, "role")
    for wrong in ("", "x", made[:-1], made + "x", made.upper(), "é"):
        problem(server.get("/api/documents", headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")}),
                401, "key")  # fmt: skip
    problem(server.get("/api/documents", headers={"Authorization": f"Basic {made}"}), 401, "key")
    assert server.get("/health").status == server.get("/").status == 200


def test_a_key_that_is_taken_away_is_refused_at_once(server: Server, key: MakeKey) -> None:
    made = key("reader")
    assert server.get("/api/me", key=made).json == {"role": "reader", "has_key": True, "files": ANY}
    Keys(server.home).remove("reader")
    problem(server.get("/api/me", key=made), 401, "key")


@pytest.mark.parametrize(
    ("role", "statuses"), [("reader", (403, 403)), ("feeder", (201, 403)), ("administrator", (201, 200))]
)
def test_a_role_may_do_what_those_below_it_may(
    server: Server, key: MakeKey, role: Role, statuses: tuple[int, int]
) -> None:
    made = key(role)
    assert server.ask(QUESTION, key=made).status == 200
    sent = server.call("POST", f"/api/documents?name={role}.txt", f"{role}的选举。".encode(), key=made)
    found = server.get(f"/api/documents?q={role}.txt").json["documents"]
    own = found[0]["document_id"] if found else "none"
    assert (sent.status, server.call("DELETE", f"/api/documents/{own}", key=made).status) == statuses
    if found:
        server.call("DELETE", f"/api/documents/{own}", key=key("administrator"))


def test_whoever_calls_too_often_is_told_to_wait_and_others_are_not(start: StartServer, home: Path) -> None:
    made = Keys(home).add("other", "reader")
    server = start(WEB__RATE="5")
    statuses = [server.get("/api/me").status for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    wait = server.get("/api/me").headers["Retry-After"]
    assert 0 < int(wait) <= 61
    assert server.get("/api/me", key=made).status == 200
    assert server.get("/api/me", headers={"X-Forwarded-For": "192.0.2.1"}).status == 429, "nobody named a proxy"
    assert {server.get("/api/me", key=f"guess{number}").status for number in range(6)} == {429}


def test_a_proxy_that_is_named_tells_who_calls(start: StartServer) -> None:
    server = start(WEB__RATE="2", WEB__PROXIES="127.0.0.1")
    for caller in ("192.0.2.1", "192.0.2.2", "2001:db8:1:2::3"):
        statuses = [server.get("/api/me", headers={"X-Forwarded-For": caller}).status for _ in range(3)]
        assert statuses == [200, 200, 429], caller
    same = {"X-Forwarded-For": "2001:db8:1:2:ffff::9"}
    assert server.get("/api/me", headers=same).status == 429, "the same connection of the same house"


# -- where it may listen -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "opened"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.0.2.1"}, False),
        ({"hosts": ["wenju.example.org"]}, False),  # a proxy stands before it
        ({"access": "keys"}, False),
        ({"host": "0.0.0.0", "access": "open"}, True),
    ],
)
def test_it_is_open_on_this_machine_or_where_a_setting_says_so(settings: dict[str, object], opened: bool) -> None:
    from bot.web.guard import is_open
    from config.web import WebSettings

    assert is_open(WebSettings.model_validate(settings)) is opened


def ended(server: Server) -> str:
    """What a server that may not or cannot start says last."""
    ran = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve"], cwd=ROOT, env=server.environment(), capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 2 and "Traceback" not in ran.stderr, ran.stderr
    return ran.stderr.splitlines()[-1]


def test_elsewhere_than_on_this_machine_it_does_not_start_without_keys(home: Path) -> None:
    told = ended(Server(home, {"WEB__HOST": "0.0.0.0"}))
    assert "0.0.0.0" in told and "wenju key add" in told and "web.access" in told


def test_silent_callers_shut_nobody_out(start: StartServer) -> None:
    server = start("idle", "5")
    host, port = server.place.split(":")
    with ExitStack() as opened:
        silent = [opened.enter_context(socket.create_connection((host, int(port)), 60)) for _ in range(500)]
        half, *_, used = silent  # the last is let in when all others are
        used.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"503" in used.recv(10_000).partition(b"\r\n")[0]
        half.sendall(b"GET /health HTTP/1.1\r\n")
        begun = time.monotonic()
        assert silent[1].recv(1) == half.recv(1) == b"" and time.monotonic() - begun < 30
        assert server.get("/health").status == 200


def test_a_connection_may_be_used_again_and_again(start: StartServer) -> None:
    server = start("idle", "4")
    connection = http.client.HTTPConnection(server.place, timeout=60)
    before = None
    for wait in (0, 2.1, 2.1):  # longer together than one may wait for a call
        time.sleep(wait)
        connection.request("GET", "/health")
        response = connection.getresponse()
        assert response.status == 200 and response.read()
        assert connection.sock is not None and before in (None, connection.sock)
        before = connection.sock
    connection.sock.sendall(b"GET /health HTTP/1.1\r\n")
    assert connection.sock.recv(1) == b""  # and one that is begun anew is not waited for either
    connection.close()


def test_it_ends_well_when_it_is_asked_to(start: StartServer) -> None:
    server = start()
    assert server.ask(QUESTION).status == 200
    assert server.stop() == 0
    assert "Traceback" not in server.log
