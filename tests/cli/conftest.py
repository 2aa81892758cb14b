"""A few small documents indexed by the bundled model, and `wenju` over them, in this process or in its own."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.cli import run
from retrieval.embedding.base import Embedder
from tests.documents.make import pdf
from tests.support.commands import Outcome, indexed_home
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

Command = Callable[..., Outcome]


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name, content in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, docs: Path, real_embedder: Embedder) -> Path:
    """A home with the documents indexed by the bundled model."""
    return indexed_home(tmp_path_factory.mktemp("home"), docs, real_embedder)


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
