"""What scripts read: a line of JSON for each question, key by key."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from retrieval.reasons import ReasonCode
from tests.cli.conftest import CANTEEN, GRID, QUESTION, Command, process


@pytest.fixture(scope="module")
def asked(home: Path) -> list[dict[str, Any]]:
    """One process, its questions on stdin, plain lines and JSON Lines mixed."""
    lines = [
        QUESTION,
        "",
        '{"id": "q2", "question": "云溪县有多少老年食堂"}',
        "   ",
        "How many volunteers does Hongliu town have?",
        "？？！",
        "青禾县选出多少村干部\r",
        '{"no": "question"}',
        '{"question": 7}',
        "{broken",
        '{"question": ' + "[" * 100_000,
        "问" * 10_000,
        "红烧肉怎么做好吃",
    ]
    outcome = process(home, "ask", "--from", "-", typed="\ufeff" + "\n".join(lines))
    assert outcome.code == 2, outcome.err
    assert "\x1b" not in outcome.out + outcome.err
    assert "Traceback" not in outcome.err
    return [json.loads(line) for line in outcome.out.splitlines()]


def test_each_line_has_its_result_in_order(asked: list[dict[str, Any]]) -> None:
    assert [result["question"] for result in asked[:3]] == [
        *(QUESTION, "云溪县有多少老年食堂", "How many volunteers does Hongliu town have?")
    ]
    assert [("error" in result) for result in asked] == [*(False, False, False, True, False), *[True] * 5, False]
    failed = [result for result in asked if "error" in result]
    assert all(result.keys() == {"question", "error"} for result in failed)
    assert [result["question"] for result in failed] == [
        *(
            "？？！",
            '{"no": "question"}',
            '{"question": 7}',
            "{broken",
            '{"question": ' + "[" * 100_000,
            "问" * 10_000,
        )
    ]
    assert all(isinstance(result["error"], str) and "\n" not in result["error"] for result in failed)


ANSWER_KEYS = [
    *("question", "status", "confidence", "message", "answer", "quotes", "citations", "timing_ms"),
    *("relevance", "understood", "figures", "thread", "reason"),
]
CITATION_KEYS = [
    *("number", "document", "path", "url", "document_id", "passage_id", "title", "place", "date", "page"),
    *("spans", "text", "score", "also", "breaks", "ocr"),
]


def test_the_contract_key_by_key(asked: list[dict[str, Any]]) -> None:
    answers = [result for result in asked if "error" not in result]
    assert {result["status"] for result in answers} >= {"answered"}
    for result in answers:
        assert list(result) == ANSWER_KEYS
        assert result["status"] in {"answered", "related", "not_found"}
        assert isinstance(result["confidence"], float)
        assert 0 <= result["confidence"] <= 1
        if result["status"] == "answered":
            assert result["message"] is result["reason"] is None
            assert isinstance(result["answer"], str)
            assert 0 < len(result["answer"]) <= 200
            assert result["quotes"]
        else:
            assert isinstance(result["message"], str)
            assert result["message"]
            assert result["reason"]["code"] in get_args(ReasonCode)
            assert all(value not in (None, []) for value in result["reason"].values())
            assert result["answer"] is None
            assert result["quotes"] == []
        assert (result["citations"] == []) == (result["status"] == "not_found")
        assert len(result["citations"]) <= 5
        assert all(isinstance(value, int | float) and value >= 0 for value in result["timing_ms"].values())
        for number, citation in enumerate(result["citations"], start=1):
            assert list(citation) == CITATION_KEYS
            assert citation["number"] == number
            for key in ("document", "path", "document_id", "passage_id", "title", "text"):
                assert isinstance(citation[key], str)
                assert citation[key]
            for key in ("url", "place", "date"):
                assert citation[key] is None or isinstance(citation[key], str)
            assert citation["page"] is None or isinstance(citation["page"], int)
            assert Path(citation["path"]).is_absolute()
            assert Path(citation["path"]).name == citation["document"]
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", citation["passage_id"])
            assert len(citation["text"]) <= 500
            assert isinstance(citation["score"], int | float)
        for quoted in result["quotes"]:
            assert list(quoted) == ["citation", "start", "end", "about", "following"]
            assert 1 <= quoted["citation"] <= len(result["citations"])


def test_quotes_and_spans_are_what_the_text_command_prints(asked: list[dict[str, Any]], wenju: Command) -> None:
    seen = 0
    for result in asked:
        for citation in result.get("citations", ()):
            stored = wenju("text", citation["document_id"]).out
            assert citation["text"] == "".join(stored[start:end] for start, end in citation["spans"])
            assert all(type(bound) is int for span in citation["spans"] for bound in span)
            seen += 1
        if result.get("answer"):
            texts = {citation["number"]: citation["text"] for citation in result["citations"]}
            quoted = [texts[q["citation"]][q["start"] : q["end"]] for q in result["quotes"]]
            assert result["answer"] == "\n".join(quoted)
    assert seen >= 5


def test_the_answers_are_the_right_ones(asked: list[dict[str, Any]], docs: Path) -> None:
    grid, canteen, volunteers, election = asked[0], asked[1], asked[2], asked[4]
    assert grid["answer"] == GRID
    first = grid["citations"][0]
    assert (first["path"], first["title"]) == (str(docs / "网格 😀.md"), "左云县网格员")
    assert (first["date"], first["url"], first["page"]) == ("2025-07-03", "https://example.org/a", None)
    assert canteen["answer"] == CANTEEN
    assert volunteers["answer"] == "Hongliu town has 340 volunteers."
    assert volunteers["citations"][0]["document"] == "hongliu.pdf"
    assert "126名" in election["answer"]
    assert asked[-1]["status"] != "answered"


def test_only_formats_with_pages_have_one(asked: list[dict[str, Any]]) -> None:
    pages = {citation["document"]: citation["page"] for result in asked for citation in result.get("citations", ())}
    assert pages["hongliu.pdf"] in (1, 2)
    assert all(page is None for name, page in pages.items() if not name.endswith(".pdf"))
