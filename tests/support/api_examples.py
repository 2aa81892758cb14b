"""`python -m tests.support.api_examples`: bot/web/examples.json, from what the server answers over the documents of
its tests. A name is that of a schema, or of the operation whose answer has none."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.web.keys import Keys
from tests.web.conftest import QUESTION, make_home
from tests.web.running import ROOT, Server

FILE = ROOT / "bot" / "web" / "examples.json"
_NAME = "便民通知.txt"
_TEXT = "白水县供销社便民通知\n\n问：白水县供销社几点开门？\n白水县供销社春耕期间每天7点开门。\n"
_LINES = 4
"""Of the metrics."""


def examples(server: Server, key: str) -> dict[str, Any]:
    def told(path: str) -> Any:
        return server.get(path, key=key).json

    asked = server.ask(QUESTION)
    cited = asked.json["citations"][0]
    document, passage = (f"/api/{kind}s/{cited[f'{kind}_id']}" for kind in ("document", "passage"))
    missed = server.ask("大同县有多少网格员")
    judged = {"answer": missed.headers["Wenju-Answer"], "rating": "down", "reason": "not_answering"}
    assert server.call("POST", "/api/feedback", judged).status == 204
    chat = {"messages": [{"role": "user", "content": QUESTION}]}
    added = server.call("POST", f"/api/documents?name={quote(_NAME)}", _TEXT.encode(), key=key)
    found = {
        "Answer": asked.json,
        "Several": server.ask(f"{QUESTION}？平山县呢？").json,
        "Said": server.ask("谢谢你的帮助").json,
        "Found": told(f"/api/search?q={quote(QUESTION)}&count=1"),
        "Suggestions": _awaited(lambda: told("/api/suggestions")),
        "Unanswered": told("/api/unanswered"),
        "Documents": told("/api/documents?size=2"),
        "Added": added.json,
        "Folders": told("/api/folders"),
        "Document": told(document),
        "text": server.get(f"{document}/text").text,
        "original": server.get(f"{document}/original").text,
        "Passage": told(passage),
        "picture": "\x89PNG\r\n\x1a\n…",
        "Me": told("/api/me"),
        "Completion": server.call("POST", "/v1/chat/completions", chat).json,
        "chat": server.call("POST", "/v1/chat/completions", {**chat, "stream": True}).text,
        "Models": told("/v1/models"),
        "Health": told("/health"),
        "metrics": "".join(server.get("/metrics", key=key).text.splitlines(keepends=True)[:_LINES]),
        "Problem": told(f"{passage}x"),
        "Removed": server.call("DELETE", f"/api/documents/{quote(_NAME)}", key=key).json,
    }
    placed = json.dumps(found, ensure_ascii=False, indent=1).replace(str(server.home.parent), "/srv/wenju")
    anonymous: dict[str, Any] = json.loads(placed)
    return anonymous


def _awaited(told: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 30
    while not (found := told())["questions"] and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        key = Keys(home).add("administrator", "administrator")
        server = Server(home).start()
        try:
            made = examples(server, key)
        finally:
            server.kill()
    FILE.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
