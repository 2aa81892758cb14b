"""`wenju serve` as it is run: with the bundled models, over the samples while there is nothing else."""

import shutil
from pathlib import Path

import pytest

from tests.web.conftest import QUESTION
from tests.web.running import Server
from tests.web.test_guard import ended

pytestmark = pytest.mark.usefixtures("web", "loopback")
SERVE = ("-m", "bot.cli", "serve")


def test_it_answers_from_the_samples_and_then_from_what_is_added(indexed_samples: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(indexed_samples / "index", home / "samples")
    from bot.web.keys import Keys

    feeder = Keys(home).add("f", "feeder")
    server = Server(home, {"WEB__ANSWER_SECONDS": "300"}, SERVE).start()  # the first question loads the reader
    try:
        answered = server.ask(QUESTION).json
        assert answered["status"] == "answered" and "51名" in answered["answer"]
        assert server.get("/api/documents?size=1").json["samples"]
        told = ended(Server(home, {"WEB__PORT": server.place.rsplit(":", 1)[1]}))
        assert "web.port" in told
        sent = server.call("POST", "/api/documents?name=a.txt", "平山县有网格员36名。\n".encode(), key=feeder)
        assert sent.status == 201, sent.text
        listed = server.get("/api/documents").json
        assert [document["document"] for document in listed["documents"]] == ["a.txt"] and not listed["samples"]
        assert "36名" in server.ask("平山县有多少网格员").json["answer"]
        assert server.stop() == 0
        assert "Traceback" not in server.log and QUESTION not in server.log
    finally:
        if server.process.poll() is None:
            server.kill()
