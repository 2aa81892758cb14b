"""The command line as people and scripts use it, with the real model over a few small documents."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from retrieval.types import quote

ROOT = Path(__file__).resolve().parents[2]
GRID = "左云县把52个小区划分为58个网格，配备专职网格员51名，兼职网格员7名。"
FILES = {
    "grid.md": f"---\ntitle: 左云县网格员\ndate: 2025-07-03\nurl: https://example.org/a\n---\n# 队伍\n\n{GRID}\n",
    "canteen.txt": "云溪县老年食堂\n\n云溪县全县建成老年食堂52处，每天用餐的老人约2350人。午餐收费8元。\n",
    "escape.txt": "红柳镇志愿者\n\n红柳镇有志愿者\x1b[31m340名\x1b[0m，每周三上门。\n",
}
Wenju = Callable[..., "Outcome"]


class Outcome:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name, content in FILES.items():
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Wenju:
    """The command with a home in which nothing is indexed."""
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "empty"))
    return _command(capsys)


@pytest.fixture
def wenju(
    monkeypatch: pytest.MonkeyPatch, home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Wenju]:
    """The command with the small documents indexed."""
    monkeypatch.setenv("WENJU_HOME", str(home))
    command = _command(capsys)
    assert command("index", str(folder)).code == 0
    yield command


def _command(capsys: pytest.CaptureFixture[str]) -> Wenju:
    def wenju(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return wenju


def test_an_answer_for_people(wenju: Wenju) -> None:
    outcome = wenju("ask", "左云县有多少网格员")
    assert outcome.code == 0
    assert outcome.out.startswith(f"{GRID}  [1]\n")
    assert "[1] 左云县网格员 · 队伍 · 2025-07-03\n    grid.md · https://example.org/a" in outcome.out
    assert f"⟦{GRID}⟧" in outcome.out
    assert "\x1b" not in outcome.out + outcome.err


def test_an_answer_for_programs(wenju: Wenju, folder: Path) -> None:
    answer = wenju("ask", "--json", "左云县有多少网格员").json
    assert list(answer) == [
        *("question", "status", "confidence", "message", "answer", "quotes", "citations", "timing_ms")
    ]
    assert (answer["question"], answer["status"], answer["message"]) == ("左云县有多少网格员", "answered", None)
    assert answer["answer"] == GRID
    assert 0 <= answer["confidence"] <= 1
    first = answer["citations"][0]
    assert list(first) == [
        *("number", "document", "path", "url", "document_id", "passage_id", "title", "date", "page"),
        *("spans", "text", "score"),
    ]
    assert (first["number"], first["document"], first["path"]) == (1, "grid.md", str(folder / "grid.md"))
    assert (first["title"], first["date"], first["url"]) == ("左云县网格员", "2025-07-03", "https://example.org/a")
    assert first["page"] is None
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", first["passage_id"])
    (quoted,) = answer["quotes"]
    assert quoted["citation"] == 1
    assert first["text"][quoted["start"] : quoted["end"]] == GRID
    stored = wenju("text", first["document_id"]).out
    assert stored == FILES["grid.md"]
    for citation in answer["citations"]:
        spans = [tuple(span) for span in citation["spans"]]
        assert citation["text"] == quote(wenju("text", citation["document_id"]).out, spans)
    assert all(value >= 0 for value in answer["timing_ms"].values())


def test_what_is_not_answered_has_another_exit_code(wenju: Wenju) -> None:
    outcome = wenju("ask", "--json", "红烧肉怎么做好吃")
    assert outcome.code == 1
    assert outcome.json["status"] in ("related", "not_found")
    assert outcome.json["answer"] is None
    assert outcome.json["message"]
    assert (outcome.json["citations"] == []) == (outcome.json["status"] == "not_found")


def test_many_questions_from_a_file(wenju: Wenju, tmp_path: Path) -> None:
    lines = ["左云县有多少网格员", "", '{"id": 7, "question": "云溪县有多少老年食堂"}', "？？", '{"no": "question"}']
    file = tmp_path / "questions.txt"
    file.write_text("\n".join(lines), "utf-8")
    outcome = wenju("ask", "--from", str(file))
    first, second, third, fourth = map(json.loads, outcome.out.splitlines())
    assert outcome.code == 2
    assert first["citations"][0]["document"] == "grid.md"
    assert (second["question"], second["citations"][0]["document"]) == ("云溪县有多少老年食堂", "canteen.txt")
    assert third.keys() == fourth.keys() == {"question", "error"}
    file.write_text("红烧肉怎么做好吃\n", "utf-8")
    assert wenju("ask", "--from", str(file)).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask",), "is empty"),
        (("ask", "  "), "is empty"),
        (("ask", "？！"), "no words"),
        (("ask", "问" * 10_000), "10,000 characters"),
        (("ask", "--from", "nowhere.txt"), "nowhere.txt cannot be read"),
        (("ask", "问题", "--from", "-"), "not both"),
        (("ask", "--nothing"), "No such option"),
        (("nothing",), "No such command"),
        (("index",), "at least one"),
        (("show", "never"), "No passage never"),
        (("text", "never"), "No document never"),
        (("remove", "never"), "No document never"),
        (("--config", "never.toml", "list"), "never.toml"),
    ],
)
def test_errors_are_one_line_on_stderr(wenju: Wenju, arguments: tuple[str, ...], says: str) -> None:
    outcome = wenju(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert says in outcome.err
    assert outcome.err.startswith("wenju: ")
    assert outcome.err.count("\n") == 1


def test_a_traceback_only_when_asked_for(wenju: Wenju) -> None:
    assert "Traceback" in wenju("ask", "？！", "--debug").err


def test_showing_what_is_indexed(wenju: Wenju, folder: Path) -> None:
    listed = [json.loads(line) for line in wenju("list", "--json").out.splitlines()]
    assert [entry["path"] for entry in listed] == sorted(str(folder / name) for name in FILES)
    assert all(str(folder / name) in wenju("list").out for name in FILES)
    stats = wenju("stats", "--json").json
    assert stats["documents"] == len(FILES)
    assert stats["passages"] == sum(entry["passages"] for entry in listed)
    passage_id = wenju("ask", "--json", "左云县有多少网格员").json["citations"][0]["passage_id"]
    shown = wenju("show", passage_id).out
    assert GRID in shown
    assert str(folder / "grid.md") in shown
    assert "title: 左云县网格员" in wenju("show", passage_id, "--context", "500").out


def test_the_doctor_finds_everything_in_place(wenju: Wenju) -> None:
    outcome = wenju("doctor")
    assert (outcome.code, [line.split()[:2] for line in outcome.out.splitlines()]) == (
        0,
        [["ok", part] for part in ("python", "settings", "disk", "model", "index")],
    )


def test_control_characters_are_shown_and_not_sent(wenju: Wenju) -> None:
    outcome = wenju("ask", "红柳镇有多少志愿者")
    assert "\\x1b[31m340名\\x1b[0m" in outcome.out
    assert "\x1b" not in outcome.out


def test_a_conversation(wenju: Wenju, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [
        "左云县有多少网格员",
        "/more",
        "/context 1",
        "/context 9",
        "/open x",
        "/what",
        "/quit",
        "云溪县有多少老年食堂",
    ]
    script = tmp_path / "typed.txt"
    script.write_text("\n".join(lines) + "\n", "utf-8")
    with script.open(encoding="utf-8") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        outcome = wenju("chat")
    assert outcome.code == 0
    assert outcome.out.count(GRID) >= 3
    assert "date: 2025-07-03" in outcome.out  # what stands around the passage
    assert outcome.err.count("wants the number of a passage") == 2
    assert "There is no command /what" in outcome.err
    assert "52处" not in outcome.out.splitlines()[-1]  # nothing is asked after /quit


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(empty: Wenju, tmp_path: Path) -> None:
    docs = tmp_path / "mixed"
    docs.mkdir()
    assert "There are no documents there" in empty("index", str(docs)).out
    (docs / "good.txt").write_text(GRID, "utf-8")
    (docs / "old.doc").write_bytes(b"\xd0\xcf")
    (docs / "photo.jpg").write_bytes(b"\xff\xd8")
    outcome = empty("index", str(docs), "nowhere")
    assert outcome.code == 2
    assert "1 added" in outcome.out
    for name, reason in (("old.doc", "save it as .docx"), ("photo.jpg", "unknown type"), ("nowhere", "no such file")):
        assert re.search(rf"not indexed: .*{name}: .*{reason}", outcome.err)
    (docs / "old.doc").unlink()
    (docs / "photo.jpg").unlink()
    again = empty("index", str(docs))
    assert (again.code, "1 unchanged" in again.out, "0 texts embedded" in again.out) == (0, True, True)


def test_the_samples_answer_until_something_is_indexed(empty: Wenju, tmp_path: Path) -> None:
    first = empty("ask", "--json", "左云县有多少网格员")
    assert "sample documents" in first.err
    assert "51名" in first.json["answer"]
    assert empty("show", first.json["citations"][0]["passage_id"]).code == 0
    own = tmp_path / "own.txt"
    own.write_text("红柳镇有志愿者340名。", "utf-8")
    assert empty("index", str(own)).code == 0
    second = empty("ask", "--json", "左云县有多少网格员")
    assert "sample" not in second.err
    assert {citation["document"] for citation in second.json["citations"]} <= {"own.txt"}


def test_following_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = tmp_path / "followed"
    docs.mkdir()
    (docs / "a.txt").write_text(GRID, "utf-8")
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    arguments = [sys.executable, "-m", "bot.cli", "index", "--watch", "--prune", str(docs)]
    with subprocess.Popen(
        arguments, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("Added")
        while "Watching" not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(1)  # the watch begins after it is announced
        (docs / "b.txt").write_text("云溪县有食堂52处。", "utf-8")
        while not (line := process.stdout.readline()).endswith("b.txt\n"):
            assert process.poll() is None
        assert line.startswith("Added")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


def test_help_is_light() -> None:
    """Heavy libraries are loaded by what needs them, not by `wenju --help`."""
    code = (
        "import sys; from bot.cli import run; run(['--help'])\n"
        "heavy = {'torch', 'faiss', 'telegram', 'transformers', 'sentence_transformers', 'numpy', 'tantivy'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    outcome = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    assert "Usage: wenju" in outcome.stdout
