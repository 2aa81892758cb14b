"""`wenju` from outside, with the bundled model over a few small documents: what scripts and people rely on."""

import io
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest
from filelock import FileLock

from bot.cli import run
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.reasons import ReasonCode
from retrieval.service import KnowledgeBase
from tests.documents.make import pdf, xlsx
from tests.support.running import ROOT, this_tree

GRID = "左云县把52个小区划分为58个网格，配备专职网格员51名，兼职网格员7名。"
CANTEEN = "云溪县全县建成老年食堂52处，每天用餐的老人约2350人。"
FILES: Mapping[str, str | bytes] = {
    "网格 😀.md": f"---\ntitle: 左云县网格员\ndate: 2025-07-03\nurl: https://example.org/a\n---\n# 队伍\n\n{GRID}\n",
    "canteen.txt": f"\ufeff云溪县老年食堂\r\n\r\n{CANTEEN}午餐收费8元。\r\n",
    "page.html": "<html><head><title>青禾县选举</title></head><body><nav>首页</nav><article><h1>青禾县选举</h1>"
    "<p>青禾县在2024年完成选举，选出村干部126名。新干部都参加了三天的培训。</p></article></body></html>",
    "hongliu.pdf": pdf(
        [["Hongliu town opened in spring."], ["Hongliu town has 340 volunteers.", "They visit on Wednesdays."]]
    ),
    "escape.txt": "白杨镇志愿者\n\n白杨镇有志愿者\x1b[31m817名\x1b[0m，每周三上门\x07。\n",
}
QUESTION = "左云县有多少网格员"

Command = Callable[..., "Outcome"]


class Outcome:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    def is_one_line_of_error(self) -> bool:
        return self.out == "" and self.err.startswith("wenju: ") and self.err.count("\n") == 1


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name, content in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, docs: Path, real_embedder: Embedder) -> Path:
    """A home with the documents indexed by the bundled model."""
    home = tmp_path_factory.mktemp("home")
    base = KnowledgeBase(load_settings(home=home), embedder=real_embedder)
    assert base.add([docs]).failures == []
    base.close()
    return home


@pytest.fixture
def wenju(monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, over the indexed documents."""
    monkeypatch.setenv("WENJU_HOME", str(home))
    return _command(capsys)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command with a home in which nothing was ever indexed."""
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "fresh"))
    return _command(capsys)


def _command(capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


def process(home: Path, *arguments: str, typed: str | bytes = "", **environment: str) -> Outcome:
    """The command as a process of its own, its three streams pipes."""
    data = typed if isinstance(typed, bytes) else typed.encode("utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT, env=this_tree(WENJU_HOME=str(home), **environment), input=data,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    return Outcome(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))


# -- the JSON contract ---------------------------------------------------------------------------------------------


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
    assert [one["question"] for one in asked[:3]] == [
        *(QUESTION, "云溪县有多少老年食堂", "How many volunteers does Hongliu town have?")
    ]
    assert [("error" in one) for one in asked] == [*(False, False, False, True, False), *[True] * 5, False]
    failed = [one for one in asked if "error" in one]
    assert all(one.keys() == {"question", "error"} for one in failed)
    assert [one["question"] for one in failed] == [
        *(
            "？？！",
            '{"no": "question"}',
            '{"question": 7}',
            "{broken",
            '{"question": ' + "[" * 100_000,
            "问" * 10_000,
        )
    ]
    assert all(isinstance(one["error"], str) and "\n" not in one["error"] for one in failed)


ANSWER_KEYS = [
    *("question", "status", "confidence", "message", "answer", "quotes", "citations", "timing_ms"),
    *("relevance", "understood", "figures", "reason"),
]
CITATION_KEYS = [
    *("number", "document", "path", "url", "document_id", "passage_id", "title", "place", "date", "page"),
    *("spans", "text", "score", "also", "ocr"),
]


def test_the_contract_key_by_key(asked: list[dict[str, Any]]) -> None:
    answers = [one for one in asked if "error" not in one]
    assert {one["status"] for one in answers} >= {"answered"}
    for one in answers:
        assert list(one) == ANSWER_KEYS
        assert one["status"] in {"answered", "related", "not_found"}
        assert isinstance(one["confidence"], float)
        assert 0 <= one["confidence"] <= 1
        if one["status"] == "answered":
            assert one["message"] is one["reason"] is None
            assert isinstance(one["answer"], str)
            assert 0 < len(one["answer"]) <= 200
            assert one["quotes"]
        else:
            assert isinstance(one["message"], str)
            assert one["message"]
            assert one["reason"]["code"] in get_args(ReasonCode)
            assert all(value not in (None, []) for value in one["reason"].values())
            assert one["answer"] is None
            assert one["quotes"] == []
        assert (one["citations"] == []) == (one["status"] == "not_found")
        assert len(one["citations"]) <= 5
        assert all(isinstance(value, int | float) and value >= 0 for value in one["timing_ms"].values())
        for number, citation in enumerate(one["citations"], start=1):
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
        for quoted in one["quotes"]:
            assert list(quoted) == ["citation", "start", "end", "about"]
            assert 1 <= quoted["citation"] <= len(one["citations"])


def test_quotes_and_spans_are_what_the_text_command_prints(asked: list[dict[str, Any]], wenju: Command) -> None:
    seen = 0
    for one in asked:
        for citation in one.get("citations", ()):
            stored = wenju("text", citation["document_id"]).out
            assert citation["text"] == "".join(stored[start:end] for start, end in citation["spans"])
            assert all(type(bound) is int for span in citation["spans"] for bound in span)
            seen += 1
        if one.get("answer"):
            texts = {citation["number"]: citation["text"] for citation in one["citations"]}
            quoted = [texts[q["citation"]][q["start"] : q["end"]] for q in one["quotes"]]
            assert one["answer"] == "\n".join(quoted)
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
    pages = {citation["document"]: citation["page"] for one in asked for citation in one.get("citations", ())}
    assert pages["hongliu.pdf"] in (1, 2)
    assert all(page is None for name, page in pages.items() if not name.endswith(".pdf"))


# -- asking in other ways ------------------------------------------------------------------------------------------


def test_questions_in_a_file_that_all_can_be_asked_end_well(wenju: Command, tmp_path: Path) -> None:
    """Not answered is no failure here; the encoding is found out as for documents."""
    file = tmp_path / "questions.txt"
    file.write_bytes("红烧肉怎么做好吃\n云溪县有多少老年食堂\n".encode("gb18030"))
    outcome = wenju("ask", "--from", str(file))
    assert outcome.code == 0
    assert [json.loads(line)["question"] for line in outcome.out.splitlines()] == [
        *("红烧肉怎么做好吃", "云溪县有多少老年食堂")
    ]
    file.write_text("\n\n", "utf-8")
    nothing = wenju("ask", "--from", str(file))
    assert (nothing.code, nothing.out) == (0, "")


def test_questions_that_cannot_be_read_are_told_before_anything_is_loaded(fresh: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.bin"
    file.write_bytes(b"\xff\xff\x00")
    for source in (file, tmp_path / "missing"):
        assert fresh("ask", "--from", str(source)).is_one_line_of_error()
    assert not (tmp_path / "fresh").exists(), "not even the samples were indexed"


def test_a_question_that_is_no_unicode_does_not_stop_the_others(wenju: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "\\ud800网格员"}\n' + QUESTION + "\n", "utf-8")
    outcome = wenju("ask", "--from", str(file))
    assert len(outcome.out.splitlines()) == 2
    assert json.loads(outcome.out.splitlines()[1])["answer"] == GRID


def test_people_read_the_answer_first_and_see_it_marked(wenju: Command) -> None:
    outcome = wenju("ask", "左云县", "有多少网格员")  # words that the shell took apart
    assert outcome.code == 0
    first, *rest = outcome.out.splitlines()
    assert first.startswith(GRID)
    assert "[1]" in first
    shown = "\n".join(rest)
    assert all(part in shown for part in ("左云县网格员", "2025-07-03", "网格 😀.md", "https://example.org/a"))
    assert f"⟦{GRID}⟧" in shown
    assert "\x1b" not in outcome.out + outcome.err
    assert outcome.err == ""


def test_a_passage_is_shown_on_the_lines_of_its_document(wenju: Command) -> None:
    outcome = wenju("ask", QUESTION)
    assert f"\n    队伍\n    ⟦{GRID}⟧\n" in outcome.out
    (quoted,) = wenju("ask", "--json", QUESTION).json["citations"][:1]
    assert quoted["text"] == f"队伍{GRID}", "what scripts read is the passage as it is stored"


def test_not_answered_is_exit_code_1_with_a_message_and_no_answer(wenju: Command) -> None:
    outcome = wenju("ask", "红烧肉怎么做好吃")
    assert outcome.code == 1
    assert outcome.out == "文档里没有找到这个问题的答案。\n"
    assert "⟦" not in outcome.out


@pytest.mark.parametrize(
    "question",
    [
        "网格员\x00有多少",
        "网格员 [bold]有多少[/bold] [/x]",
        "--- 网格员",
    ],
)
def test_odd_characters_in_a_question_are_no_bug(wenju: Command, question: str) -> None:
    outcome = wenju("ask", "--json", "--", question)
    assert outcome.code in (0, 1), outcome.err
    assert outcome.json["question"] == question
    outcome.out.encode("utf-8")


def test_control_characters_reach_no_terminal(wenju: Command) -> None:
    outcome = wenju("ask", "白杨镇有多少志愿者")
    assert "\\x1b[31m817名\\x1b[0m" in outcome.out
    passage_id = wenju("ask", "--json", "白杨镇有多少志愿者").json["citations"][0]["passage_id"]
    shown = wenju("show", passage_id, "--context", "100")
    assert "817名" in shown.out
    for text in (outcome.out, shown.out):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("name", ["two\nlines \x1b]0;title\x07.txt", "[bold]markup[x].txt"])
def test_a_hostile_name_is_shown_on_one_line_everywhere(
    fresh: Command, real_embedder: Embedder, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / name).write_text(GRID, "utf-8")
    base = KnowledgeBase(load_settings(), embedder=real_embedder)
    base.add([folder])
    base.close()
    listed = fresh("list")
    assert listed.out.count("\n") == 1
    (folder / name).write_bytes(b"")
    reported = fresh("index", str(folder))
    assert (reported.code, reported.err.count("\n")) == (2, 1)
    removed = fresh("remove", str(folder / name))
    assert removed.code == 0
    for outcome in (listed, reported, removed):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", outcome.out + outcome.err)
        assert "[bold]" in outcome.out + outcome.err or "bold" not in name


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gb18030"])
def test_an_output_that_lacks_characters_still_gets_all_of_the_answer(home: Path, encoding: str) -> None:
    def told(*arguments: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "bot.cli", "ask", *arguments, "网格员有多少 😀"],
            cwd=ROOT, env=this_tree(WENJU_HOME=str(home), PYTHONIOENCODING=encoding),
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        assert b"Traceback" not in ended.stderr
        return ended.stdout.decode(encoding)

    answer = json.loads(told("--json"))
    assert (answer["question"], answer["answer"]) == ("网格员有多少 😀", GRID)
    assert (GRID if encoding == "gb18030" else ascii(GRID)[1:-1]) in told()


def test_an_error_line_in_an_encoding_that_lacks_its_characters(home: Path) -> None:
    outcome = process(home, "text", "没有", PYTHONIOENCODING="ascii")
    assert outcome.is_one_line_of_error()
    assert "\\u6ca1\\u6709" in outcome.err


# -- documents -----------------------------------------------------------------------------------------------------


def test_list_names_every_document_and_json_is_whole(wenju: Command, docs: Path) -> None:
    entries = [json.loads(line) for line in wenju("list", "--json").out.splitlines()]
    assert [entry["path"] for entry in entries] == sorted(str(docs / name) for name in FILES)
    by_name = {entry["document"]: entry for entry in entries}
    assert by_name["page.html"]["title"] == "青禾县选举"
    assert by_name["网格 😀.md"]["date"] == "2025-07-03"
    plain = wenju("list").out.splitlines()
    assert len(plain) == len(FILES)
    for line, entry in zip(plain, entries, strict=True):
        assert entry["document_id"] in line
        assert entry["path"] in line


def test_text_is_the_decoded_file(wenju: Command) -> None:
    assert wenju("text", "网格 😀.md").out == FILES["网格 😀.md"]
    # BOM dropped, line ends \n.
    assert wenju("text", "canteen.txt").out == f"云溪县老年食堂\n\n{CANTEEN}午餐收费8元。\n"


def test_stats_add_up_and_the_doctor_is_content(wenju: Command, home: Path) -> None:
    entries = [json.loads(line) for line in wenju("list", "--json").out.splitlines()]
    stats = wenju("stats", "--json").json
    assert stats["documents"] == len(FILES)
    assert stats["passages"] == sum(entry["passages"] for entry in entries)
    assert stats["characters"] == sum(entry["characters"] for entry in entries)
    assert str(home) in stats["folder"]
    labels = [line[:16].strip() for line in wenju("stats").out.splitlines()]
    assert len(set(labels)) == len(stats)
    assert {"vectors", "… for vectors", "passage store", "words", "nearest vectors", "all on disk"} <= set(labels)
    parts = ("database_bytes", "words_bytes", "nearest_bytes")
    assert 0 < sum(stats[name] for name in parts) <= stats["disk_bytes"]
    # Exact: two bytes a dimension and eight for the key of each passage.
    assert (stats["nearest"], stats["nearest_memory_bytes"]) == ("exact", stats["passages"] * (2 * 384 + 8))
    assert stats["words_mapped_bytes"] == stats["words_bytes"]
    doctor = wenju("doctor")
    assert doctor.code == 0
    assert [line.split()[0] for line in doctor.out.splitlines()] == ["ok"] * 6


def test_the_doctor_says_what_to_do_about_another_model(wenju: Command, tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text("[passages]\nsize = 300\n", "utf-8")
    outcome = wenju("--config", str(config), "doctor")
    assert outcome.code == 2
    (index,) = [line for line in outcome.out.splitlines() if line.split()[1] == "index"]
    assert index.startswith("mend")
    assert "wenju index --rebuild" in index
    refused = wenju("--config", str(config), "ask", QUESTION)
    assert refused.code == 2
    assert refused.is_one_line_of_error()
    assert "wenju index --rebuild" in refused.err


def test_index_of_nothing_and_of_what_cannot_be_read(fresh: Command, tmp_path: Path) -> None:
    """None of these loads the model: there is nothing to embed."""
    hollow = tmp_path / "hollow"
    hollow.mkdir()
    outcome = fresh("index", str(hollow))
    assert (outcome.code, outcome.out.count("\n")) == (0, 1)
    assert "no documents there" in outcome.out
    missing = fresh("index", str(tmp_path / "missing"))
    assert missing.code == 2
    assert re.search(r"^wenju: not indexed: .*missing: there is no such file or folder$", missing.err, re.MULTILINE)
    (hollow / "photo.jpg").write_bytes(b"\xff\xd8")
    (hollow / "old.doc").write_bytes(b"\xd0\xcf")
    (hollow / "empty.txt").write_bytes(b"")
    unknown = fresh("index", str(hollow))
    assert unknown.code == 2
    assert [line.split(": ", 2)[1] for line in unknown.err.splitlines()] == ["not indexed"] * 3
    assert "0 added" in unknown.out
    assert "3 not readable" in unknown.out
    assert fresh("list").out == ""


ERRORS: list[tuple[tuple[str, ...], str]] = [
    (("ask", ""), "is empty"),
    (("ask", "？！"), "no words"),
    (("ask", "问" * 10_000), "10,000 characters"),
    (("ask", "--from", "/nowhere/questions.txt"), "cannot be read"),
    (("ask", "--from", "/"), "cannot be read"),
    (("ask", "--from", "x" * 300), "cannot be read"),
    (("ask", "--from", "x", QUESTION), "not both"),
    (("frobnicate",), "No such command"),
    (("ask", "--frobnicate"), "No such option"),
    (("index",), "at least one"),
    (("index", "--prune"), "at least one"),
    (("index", "--rebuild", "--prune"), "at least one"),
    (("index", "--rebuild", "--watch"), "at least one"),
    (("show", "never"), "never"),
    (("show",), "Missing argument"),
    (("show", "x", "--context", "-1"), "--context"),
    (("text", "never"), "never"),
    (("remove", "never"), "never"),
    (("--config", "/nowhere/wenju.toml", "list"), "/nowhere/wenju.toml"),
]


@pytest.mark.parametrize(("arguments", "says"), ERRORS)
def test_an_error_is_one_line_on_stderr_and_exit_code_2(
    wenju: Command, arguments: tuple[str, ...], says: str
) -> None:
    outcome = wenju(*arguments)
    assert outcome.code == 2
    assert outcome.is_one_line_of_error(), outcome.out + outcome.err
    assert says in outcome.err


def test_a_wrong_setting_is_named(wenju: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text("[search]\ntop_kk = 3\n", "utf-8")
    outcome = wenju("--config", str(config), "list")
    assert outcome.code == 2
    assert outcome.is_one_line_of_error()
    assert "search.top_kk" in outcome.err
    monkeypatch.setenv("WENJU_SEARCH__TOP_K", "0")
    outcome = wenju("list")
    assert outcome.is_one_line_of_error()
    assert "WENJU_SEARCH__TOP_K" in outcome.err


def test_debug_adds_the_traceback_wherever_it_stands(wenju: Command) -> None:
    for arguments in (("--debug", "show", "never"), ("show", "never", "--debug")):
        outcome = wenju(*arguments)
        assert outcome.code == 2
        assert "Traceback (most recent call last)" in outcome.err
        assert outcome.err.splitlines()[-1].startswith("wenju: ")
    # Behind -- it is no option but the name of a passage.
    assert "No passage --debug" in wenju("show", "--", "--debug").err


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--json"],
        ["list"],
    ],
)
def test_the_reader_of_a_pipe_may_leave(home: Path, arguments: list[str]) -> None:
    """As in `wenju list | head -1`: nothing went wrong."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT, env=this_tree(WENJU_HOME=str(home)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as listing:  # fmt: skip
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.close()
        complaint = listing.stderr.read()
        assert (listing.wait(30), complaint) == (0, b"")


# -- chat ----------------------------------------------------------------------------------------------------------


def test_a_conversation_through_a_pipe(home: Path, docs: Path) -> None:
    """In one process: questions, /more, /context, /open of a file that is gone, errors in between, /quit."""
    vanished = docs / "canteen.txt"
    kept = vanished.read_bytes()
    vanished.unlink()
    lines = [
        "/more",
        "？！",
        QUESTION,
        "/more",
        "/more",
        "/context 1",
        "/context 99",
        "/open 99999999999999999999999999",
        f"/open {'9' * 5_000}",
        "/context",
        "云溪县有多少老年食堂",
        "/open 1",
        "/frobnicate",
        "/help",
        "",
        "/quit",
        "青禾县选出多少村干部",
    ]
    try:
        outcome = process(home, "chat", typed="\n".join(lines) + "\n")
    finally:
        vanished.write_bytes(kept)
    assert outcome.code == 0, outcome.err
    assert "\x1b" not in outcome.out + outcome.err
    assert "Traceback" not in outcome.err
    complaints = outcome.err.splitlines()
    expected = [
        "There are no passages yet",
        "no words",
        "all of them were shown",
        "/context wants the number of a passage",
        "/open wants the number of a passage",
        "/open wants the number of a passage",
        "/context wants the number of a passage",
        "canteen.txt is no longer there",
        "no command /frobnicate",
    ]
    assert len(complaints) == len(expected), outcome.err
    for complaint, says in zip(complaints, expected, strict=True):
        assert complaint.startswith("wenju: ")
        assert says in complaint
    # The answer, its passage, and the passage in its surroundings; /more shows the others.
    assert outcome.out.count(GRID) == 3
    assert "date: 2025-07-03" in outcome.out
    assert CANTEEN in outcome.out
    assert "/context N" in outcome.out
    assert "126名" not in outcome.out.split("/quit")[-1]


# -- following a folder --------------------------------------------------------------------------------------------


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    folder = tmp_path / "followed"
    folder.mkdir()
    (folder / "a.txt").write_text(GRID, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "index", "--watch", "--prune", str(folder)],
        cwd=ROOT, env=this_tree(WENJU_HOME=str(tmp_path / "home")), bufsize=0,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as following:  # fmt: skip
        try:
            yield following, folder
        finally:
            following.kill()


def read_until(stream: io.RawIOBase | Any, wanted: str, seconds: float = 60) -> str:
    """What the stream says up to the line that holds the words."""
    said, deadline = b"", time.monotonic() + seconds
    while not any(wanted in line for line in said.decode("utf-8", "replace").split("\n")[:-1]):
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(stream.fileno(), 65_536) if ready else b""
        assert chunk, f"{wanted!r} was not said; this was: {said.decode('utf-8', 'replace')}"
        said += chunk
    return said.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is another thing there")
def test_watching_follows_new_changed_and_vanished_files_until_ctrl_c(
    followed: tuple[subprocess.Popen[bytes], Path],
) -> None:
    following, folder = followed
    read_until(following.stdout, "1 added")
    (folder / "b.txt").write_text(CANTEEN, "utf-8")  # it may be too early for the watch, and is not missed for that
    read_until(following.stderr, "Watching")
    assert f"Added {folder / 'b.txt'}" in read_until(following.stdout, "1 added")
    (folder / "b.txt").write_text("云溪县的食堂关门了。", "utf-8")
    assert f"Changed {folder / 'b.txt'}" in read_until(following.stdout, "1 changed")
    (folder / "bad.txt").write_bytes(b"")
    assert "is empty" in read_until(following.stderr, "bad.txt")
    (folder / ".b.txt.swp").write_text("passed over", "utf-8")
    (folder / "b.txt").unlink()
    assert f"Removed {folder / 'b.txt'}" in read_until(following.stdout, "1 removed")
    following.send_signal(signal.SIGINT)
    assert following.wait(20) == 0
    assert following.stderr is not None
    assert b"Traceback" not in following.stderr.read()


def test_watching_what_is_not_there_ends_with_an_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "index", "--watch", str(tmp_path / "missing")],
        cwd=ROOT, env=this_tree(WENJU_HOME=str(tmp_path / "home")),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as following:  # fmt: skip
        try:
            assert following.wait(60) == 2
        finally:
            following.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is another thing there")
def test_what_of_a_file_is_not_read_is_told(fresh: Command, tmp_path: Path) -> None:
    def shown(sheet: Any) -> None:
        sheet.append(["村名", "人口"])
        sheet.append(["石桥村", 942])

    def hidden(sheet: Any) -> None:
        sheet.title, sheet.sheet_state = "底稿", "hidden"
        sheet.append([1])

    book = tmp_path / "book.xlsx"
    book.write_bytes(xlsx(shown, hidden))
    pages = tmp_path / "pages.pdf"
    pages.write_bytes(pdf([["A page of words."], []]))
    indexed = fresh("index", str(book), str(pages))
    assert indexed.code == 0
    assert f"wenju: not whole: {pages}: page 2 holds no text" in indexed.err
    assert f"wenju: not whole: {book}: hidden sheets are not read: 底稿\n" in indexed.err
    shown_of = {name: fresh("show", passage_id).out for name, passage_id in _passages(tmp_path)}
    assert "not whole: hidden sheets are not read: 底稿\n" in shown_of["book.xlsx"]
    assert "not whole: page 2 holds no text" in shown_of["pages.pdf"]


def _passages(folder: Path) -> list[tuple[str, str]]:
    """File names and the ids of passages of an index below the folder."""
    (file,) = folder.glob("**/index.db")
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT d.path, p.passage_id FROM passages AS p JOIN documents AS d ON d.id = p.document"
        return [(Path(path).name, passage_id) for path, passage_id in database.execute(query)]


def test_ctrl_c_while_indexing_says_that_what_is_indexed_is_kept(wenju: Command, home: Path, docs: Path) -> None:
    with FileLock(home / "index" / "write.lock"):  # so that the command waits
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        outcome = wenju("index", str(docs))
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err.splitlines() == ["What is indexed is kept; run it again to go on.", "wenju: Interrupted."]


# -- the samples ---------------------------------------------------------------------------------------------------


def test_commands_that_only_look_index_no_samples(fresh: Command, tmp_path: Path) -> None:
    assert fresh("list").code == 0
    for arguments in (("stats",), ("text", "a.txt"), ("show", "x"), ("remove", "a.txt")):
        assert fresh(*arguments).is_one_line_of_error()
    assert not (tmp_path / "fresh").exists()


# -- interrupted -----------------------------------------------------------------------------------------------------


def test_ctrl_c_ends_an_indexing_at_any_moment_and_the_next_goes_on(tmp_path: Path) -> None:
    """A real process with the real model: it must end by itself, not with a crash while the model is at work."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(240):
        lines = (f"第{number}组第{line}村在{line}月走访了{number + line}户，{GRID}" for line in range(30))
        (folder / f"{number:03}.txt").write_text("\n\n".join(lines), "utf-8")
    environment = this_tree(WENJU_HOME=str(tmp_path / "home"))
    command = [sys.executable, "-m", "bot.cli", "index", str(folder)]
    stored = [0]
    for seconds in (0.2, 1.1, 1.7):
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        database = tmp_path / "home" / "index" / "gen-0001" / "index.db"
        while not database.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(1.5 + seconds)  # the model is loaded in about one and a half
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=30)
        assert child.returncode == 130, err
        assert "Interrupted." in err
        base = KnowledgeBase(load_settings(home=tmp_path / "home"))
        stored.append(len(base.documents()))
        base.close()
    assert stored == sorted(stored)
    assert stored[-1] < 240, "too few documents to be interrupted in"


# -- what it costs ---------------------------------------------------------------------------------------------------

FEW = ("--questions", "5", "--cold", "1", "--passages", "4")


def test_bench_tells_speed_latency_memory_and_sizes(wenju: Command) -> None:
    outcome = wenju("bench", "--json", *FEW)
    assert outcome.code == 0, outcome.err
    figures = outcome.json
    assert figures["passages_per_second"] > 0
    assert {name: entry["runs"] for name, entry in figures["latency_ms"].items()} == {
        "cold": 1, "warm": 5, "embed": 5, "search": 5, "read": 5, "answer": 5,
    }  # fmt: skip
    for entry in figures["latency_ms"].values():
        assert 0 < entry["p50"] <= entry["p95"] <= entry["p99"]
    # A new process loads the model; and the stages are parts of the whole.
    assert figures["latency_ms"]["cold"]["p50"] > figures["latency_ms"]["warm"]["p99"]
    assert figures["latency_ms"]["embed"]["p50"] < figures["latency_ms"]["warm"]["p50"]
    assert figures["memory_bytes"] > 100 * 2**20
    assert figures["index"]["documents"] == len(FILES)
    assert figures["machine"]["cores"] >= 1
    assert figures["engine"].startswith("OpenVINO")


def test_bench_for_people(wenju: Command) -> None:
    outcome = wenju("bench", *FEW)
    assert outcome.code == 0, outcome.err
    first_words = [line.split()[0] for line in outcome.out.splitlines() if line.strip()]
    assert first_words == [
        "machine", "engine", "index", "memory", "embedding", "ms", "cold", "warm", "embed", "search",
        "read", "answer",
    ]  # fmt: skip
