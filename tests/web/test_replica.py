"""A server on a replica answers, and takes nothing in."""

from pathlib import Path
from urllib.parse import quote

import pytest

from bot.web.keys import Keys
from retrieval.index.following import FollowedBackup, follow
from tests.web.conftest import GRID, QUESTION, StartServer
from tests.web.test_api import problem


@pytest.mark.usefixtures("web", "loopback")
def test_what_is_sent_to_a_replica_is_refused_and_not_kept(home: Path, start: StartServer) -> None:
    follow(home / "index", FollowedBackup("/share"))
    key, server = Keys(home).add("a", "administrator"), start()
    assert server.ask(QUESTION).json["answer"] == GRID
    sent = server.call("POST", "/api/documents?name=a.txt", "红柳县有网格员77名。".encode(), key=key)
    assert "/share" not in str(problem(sent, 409, "read-only"))
    problem(server.call("DELETE", f"/api/documents/{quote('平山县通知.txt')}", key=key), 409, "read-only")
    assert not list((home / "uploads").glob("*"))
    assert server.get("/api/documents").json["total"] == 4
