"""Documents, names, questions and settings that try to take over a terminal, on every command that prints."""

import io
import json
import os
import pty
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import run
from bot.memory.database import open_database
from bot.memory.memory import Memory, QuestionContext
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.reasons import Reason
from retrieval.service import KnowledgeBase
from retrieval.types import Answer

EVIL = "\x1b[5;41m\x1b]0;t\x07\x1b]8;;http://e.example\x1b\\\x1b[2J\x9b5m\x9d0;t\x9c\x08\x7f\u202e\u2066\u200b\u2028\x85[red]:smile:[/x]"
NAME = "坏\x1b[5;41m\x1b]0;t\x07\x9b5m\u202e\u2066\u200b\u2028\n[ERROR] forged [red]:smile:[x]"
SOFT = re.sub(r"[\x00-\x1f]", "", EVIL)  # ten characters of that sort are as many as a text may hold
DOCUMENT = (
    f"---\ntitle: 题[red]\n---\n\n# 青禾县{SOFT}\n\n青禾县有网格员172名{EVIL}，全部实名。\n\n"
    f"## 食堂{SOFT}\n\n食堂12点开门。\n{'老人每餐八元，凭证就餐，周末照常供应。' * 30}\n"
)
QUESTION = "青禾县有多少网格员"
EVIL_REASON = Reason("names_missing", "zh", names=(EVIL,), documents=2)
_STYLING = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[[0-9]*[ABK]|\x1b\[2K|\r")
"""What rich writes: colours, a hidden cursor, lines of a progress bar."""

Typed = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder) -> Path:
    """A folder of a hostile name with documents, and a home in it."""
    place = tmp_path_factory.mktemp("hostile") / NAME
    docs = place / "docs"
    docs.mkdir(parents=True)
    (docs / f"{NAME}.md").write_text(DOCUMENT, "utf-8")
    (docs / "another.txt").write_text(f"青禾县有网格员51名{EVIL}。{'老人每餐八元，凭证就餐。' * 30}", "utf-8")
    base = KnowledgeBase(load_settings(home=place / "home"), embedder=real_embedder)
    assert not base.add([docs]).failures
    base.close()
    answer = Answer(QUESTION + EVIL, "not_found", 0.1, EVIL_REASON, None, (), (), {"search": 1.0}, 0.1)
    with closing(open_database(place / "home")) as database:
        memory = Memory(database)
        memory.judge(memory.keep(QuestionContext(1, 2, 3, "zh", None, None), answer), 2, "down", None)
    (docs / f"empty{NAME}.txt").write_bytes(b"")
    return place


@pytest.fixture
def terminal(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """Runs the command with a terminal for output: the exit code and all that the terminal got."""
    monkeypatch.setenv("WENJU_HOME", str(place / "home"))
    monkeypatch.setenv("TERM", "xterm-256color")

    def typed(*arguments: str, lines: str = "") -> tuple[int, str]:
        ours, theirs = pty.openpty()
        got: list[bytes] = []

        def read() -> None:
            try:
                while data := os.read(ours, 65536):
                    got.append(data)
            except OSError:  # the other side was closed
                pass

        reader = threading.Thread(target=read)
        reader.start()
        with monkeypatch.context() as patch:
            stream = io.TextIOWrapper(os.fdopen(theirs, "wb", 0), "utf-8", "backslashreplace", write_through=True)
            assert stream.isatty()
            patch.setattr(sys, "stdout", stream)
            patch.setattr(sys, "stderr", stream)
            patch.setattr(sys, "stdin", io.StringIO(lines))
            code = run(list(arguments))
            stream.close()
        reader.join(10)
        os.close(ours)
        return code, b"".join(got).decode("utf-8", "surrogateescape")

    yield typed


def unseen(text: str) -> list[str]:
    """Whatever a terminal might obey, beside what rich writes and line ends."""
    assert "\x1b[5;41m" not in text
    left = _STYLING.sub("", text)
    return [c for c in left if not (c in "\n\t" or c.isprintable() or unicodedata.category(c) == "Zs")]


def test_the_search_would_find_it() -> None:
    assert (
        unseen("\x1b[2J") and unseen("\x9b5m") and unseen("\u202e") and not unseen("\x1b[1;31mred\x1b[0m\r\n 左　云")
    )


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        (["ask", QUESTION + EVIL], "172"),
        (["ask", "--json", QUESTION + EVIL], "172"),
        (["chat"], "172"),
        (["list"], r"\x1b]0;t\x07"),
        (["list", "--json"], r"\u001b]0;t\u0007"),
        (["text", "another.txt"], r"51名\x1b[5;41m"),
        (["stats"], "documents"),
        (["doctor"], r"\x1b]0;t\x07"),
        (["feedback", "export"], r"\u009b5m"),
        (["index", "DOCS"], r"\n[ERROR] forged"),
        (["index", "DOCS/nowhere" + EVIL], "nowhere"),
        (["remove", "nowhere" + EVIL], r"\x1b[2J"),
        (["show", "nowhere" + EVIL], r"\x1b[2J"),
        (["--debug", "show", "nowhere" + EVIL], "Traceback"),
        (["text", "nowhere" + EVIL], r"\x1b[2J"),
        (["no" + EVIL], r"\x1b[2J"),
        (["list", "--no" + EVIL], "wenju:"),
        (["--config", "no" + EVIL, "list"], r"\x1b[2J"),
        (["ask", "--document", "no" + EVIL, "x"], r"\x1b[2J"),
        (["ask", "--since", "no" + EVIL, "x"], "wenju:"),
        (["ask", "--from", "no" + EVIL], r"\x1b[2J"),
        (["eval", "no" + EVIL], r"\x1b[2J"),
        (["bot"], "@BotFather"),
    ],
    ids=lambda value: re.sub("[^a-z ]", "", " ".join(value))[:20] if isinstance(value, list) else "",
)  # fmt: skip
def test_nothing_hostile_reaches_the_terminal(terminal: Typed, place: Path, arguments: list[str], holds: str) -> None:
    chosen = [argument.replace("DOCS", str(place / "docs")) for argument in arguments]
    code, text = terminal(*chosen, lines=f"{QUESTION}\n/more\n/context 1\n/context {EVIL}\n/{EVIL}\n/quit\n")
    assert code in (0, 1, 2)
    assert unseen(text) == []
    told = "".join(_STYLING.sub("", text).split())
    assert "".join(holds.replace(r"\n", " ").split()) in told
    assert "This is a bug" not in text


def test_show_and_a_setting_and_the_evaluation(terminal: Typed, tmp_path: Path) -> None:
    code, listed = terminal("ask", "--json", QUESTION)
    assert code == 0, listed
    for citation in json.loads(listed[listed.index('{"question') :])["citations"]:
        code, text = terminal("show", citation["passage_id"], "--context", "100")
        assert code == 0 and unseen(text) == [] and r"\x1b[5;41m" in text
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(f'model = 5\n"key{"[red]"}" = 1\n[telegram]\nlanguage = "x\\u001b[2J\\u202e"\n', "utf-8")
    code, text = terminal("--config", str(wrong), "list")
    assert code == 2 and unseen(text) == [] and r"\x1b[2J" in text
    rows = [
        {"question": QUESTION + EVIL, "answers": [f"9999{EVIL}"], "doc": f"{NAME}.md", "difficulty": f"[/x]{EVIL}"},
        {"question": f"大同县有多少网格员{EVIL}", "why": "other_place", "id": f"id{EVIL}</script><script>alert(1)"},
    ]
    asked, floors, page = tmp_path / f"q{NAME[:9]}.jsonl", tmp_path / "floors.json", tmp_path / "page.html"
    asked.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    floors.write_text('{"hit@1": 1.0}', "utf-8")
    code, text = terminal("eval", str(asked), "--html", str(page), "--floors", str(floors))
    assert code == 1 and unseen(text) == [] and "[/x]" in text
    code, text = terminal("eval", str(asked), "--json", "--items")
    assert code == 0 and unseen(text) == []
    older = tmp_path / "older.json"
    older.write_text(text[text.index('{"') :], "utf-8")
    code, text = terminal("eval", str(asked), "--compare", str(older))
    assert code == 0 and unseen(text) == []


def test_the_page_of_an_evaluation_runs_nothing(terminal: Typed, tmp_path: Path) -> None:
    attack = (
        "\"><script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>{{7*7}}{%x%}</style>"
    )
    rows = [
        {
            "question": QUESTION + attack,
            "answers": [attack],
            "doc": "a.md",
            "difficulty": attack,
            "id": attack,
        },
        {"question": f"大同县有多少网格员{attack}", "why": "other_place"},
    ]
    asked, page = tmp_path / "q.jsonl", tmp_path / "page.html"
    asked.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text(f"# 题{attack}\n\n青禾县有网格员172名{attack}。\n", "utf-8")
    code, text = terminal("eval", str(asked), "--corpus", str(docs), "--html", str(page))
    assert code == 0, text
    html = page.read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in html and "{{7*7}}" in html and "default-src 'none'" in html
    assert acting(html) == []


def acting(html: str) -> list[str]:
    """Whatever in a page runs, loads or leads anywhere."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("script", "img", "a", "iframe", "object", "embed", "form", "base", "link"):
                found.append(tag)
            found.extend(f"{tag} {name}" for name, _ in attrs if re.match("on|href|src|action|xlink", name))

    Reader().feed(html)
    return found


def test_what_acts_in_a_page_would_be_found() -> None:
    assert acting("<p onclick=x><script>1</script><svg><use xlink:href=x></svg><td>&lt;a href=x</td>") == [
        "p onclick", "script", "use xlink:href",
    ]  # fmt: skip
