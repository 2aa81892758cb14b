"""What goes wrong is told to people in their language, and to programs in English with all that is known."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import pytest

from bot.catalogue import catalogue
from bot.visibility import Role
from bot.web.problems import LANGUAGE, Problem, ProblemKind, language_of
from config.language import Language
from tests.web.conftest import QUESTION
from tests.web.running import ROOT, Server

_HAN = re.compile("[\u4e00-\u9fff]")
_LETTERS = re.compile("[A-Za-z]{2,}")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en", "en"), ("fr, zh;q=0.5", "zh"), ("*", None), ("", None)],
)
def test_the_language_is_the_first_that_is_spoken(accepted: str, language: str | None) -> None:
    assert language_of(accepted) == language


@pytest.mark.parametrize("language", get_args(Language))
def test_there_is_a_text_for_each_problem_and_no_other(language: str) -> None:
    told = {key.removeprefix("problem_") for key in catalogue(language) if key.startswith("problem_")}
    assert told - {"kept"} == {kind.replace("-", "_") for kind in get_args(ProblemKind)}


def test_each_problem_that_there_is_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(ROOT, "bot", "web").glob("*.py"))
    kinds = set(re.findall(r"(?:Problem\(\s*[\w.]+, |_later\()\"([a-z-]+)\"", source))
    assert kinds == set(get_args(ProblemKind))


@pytest.mark.parametrize("kind", get_args(ProblemKind))
def test_people_are_told_of_each_in_their_language(kind: ProblemKind) -> None:
    told = {}
    for language in (*get_args(Language), None):
        token = LANGUAGE.set(language)
        told[language] = Problem(400, kind, "For programs.", {"Retry-After": "7"}).fields()["detail"]
        LANGUAGE.reset(token)
    assert _HAN.search(told["zh"]) and not _LETTERS.search(told["zh"])
    assert _LETTERS.search(told["en"]) and not _HAN.search(told["en"])
    assert told[None] == "For programs."


@pytest.mark.parametrize(("language", "told"), [("zh", "请 7 秒后"), ("en", "in 7 s"), (None, "Too many calls.")])
def test_a_problem_is_worded_for_who_asks(language: str | None, told: str) -> None:
    token = LANGUAGE.set(language)
    try:
        assert told in Problem(429, "rate", "Too many calls.", {"Retry-After": "7"}).fields()["detail"]
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
