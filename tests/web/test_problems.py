"""What goes wrong is told to people in their language, and to programs in English with all that is known."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.catalogue import catalogue
from bot.visibility import Role
from bot.web.problems import LANGUAGE, Problem, language_of
from tests.web.conftest import QUESTION
from tests.web.running import ROOT, Server

_LETTERS = re.compile("[A-Za-z]{2,}")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en", "en"), ("fr, zh;q=0.5", "zh"), ("*", None), ("", None)],
)
def test_the_language_is_the_first_that_is_spoken(accepted: str, language: str | None) -> None:
    assert language_of(accepted) == language


def test_each_text_is_of_a_problem_that_there_is() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(ROOT, "bot", "web").glob("*.py"))
    kinds = set(re.findall(r"(?:Problem\(\d+, |_later\()\"([a-z-]+)\"", source))
    told = {key.removeprefix("problem_") for key in catalogue("zh") if key.startswith("problem_")}
    assert told - {"kept"} <= {kind.replace("-", "_") for kind in kinds}


@pytest.mark.parametrize(("language", "told"), [("zh", "请 7 秒后"), ("en", "in 7 s"), (None, "Too many calls.")])
def test_a_problem_is_worded_for_who_asks(language: str | None, told: str) -> None:
    token = LANGUAGE.set(language)
    try:
        assert told in Problem(429, "rate", "Too many calls.", {"Retry-After": "7"}).fields()["detail"]
        assert Problem(421, "host", "Not this name.").fields()["detail"] == "Not this name.", "no text is for people"
    finally:
        LANGUAGE.reset(token)


@pytest.mark.usefixtures("web", "loopback")
def test_a_page_in_chinese_is_told_in_chinese(server: Server, key: Callable[[Role], str]) -> None:
    def told(path: str, body: object, accepted: str = "zh-CN", **more: str) -> str:
        headers = {"Accept-Language": accepted, **more}
        reply = server.call("POST", path, body, key=key("feeder"), headers=headers)
        return str((reply.json if "Accept" not in more else {"detail": reply.text})["detail"])

    dated = {"question": QUESTION, "since": "2026-13"}
    assert "2025-07" in told("/api/ask", dated) and not _LETTERS.search(told("/api/ask", dated))
    assert "2026-13 is no date" in server.call("POST", "/api/ask", dated).json["detail"]
    empty = f"/api/documents?name={quote('空.txt')}"
    assert told(empty, b"") == "是空文件。" and told(empty, b"", "en-GB") == "it is empty."
    assert "是空文件。" in told(empty, b"", Accept="application/x-ndjson")
