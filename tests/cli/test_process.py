"""`wenju` as a process: its streams and their encodings, Ctrl-C, a folder that is followed."""

import io
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bot.cli import main
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.cli.conftest import CANTEEN, GRID, QUESTION, Command, process
from tests.support.running import ROOT, this_tree


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gb18030"])
@pytest.mark.usefixtures("wenju")
def test_an_output_that_lacks_characters_still_gets_all_of_the_answer(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From `main` on, in this process: six others would each load the models."""
    monkeypatch.setattr("bot.cli.share_one_heap", lambda: None)  # it cannot be undone

    def told(*arguments: str) -> str:
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written := io.BytesIO(), encoding))
        monkeypatch.setattr(sys, "argv", ["wenju", "ask", *arguments, "网格员有多少 😀"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return written.getvalue().decode(encoding)

    answer = json.loads(told("--json"))
    assert (answer["question"], answer["answer"]) == ("网格员有多少 😀", GRID)
    assert (GRID if encoding == "gb18030" else ascii(GRID)[1:-1]) in told()


def test_an_error_line_in_an_encoding_that_lacks_its_characters(home: Path) -> None:
    outcome = process(home, "text", "没有", PYTHONIOENCODING="ascii")
    assert outcome.is_one_line_of_error()
    assert "\\u6ca1\\u6709" in outcome.err


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


# -- Ctrl-C ---------------------------------------------------------------------------------------------------------


def test_ctrl_c_while_indexing_says_that_what_is_indexed_is_kept(wenju: Command, home: Path, docs: Path) -> None:
    with FileLock(home / "index" / "write.lock"):  # so that the command waits
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        outcome = wenju("index", str(docs))
    assert (outcome.code, outcome.out) == (130, ""), outcome.err
    assert outcome.err.splitlines() == ["What is indexed is kept; run it again to go on.", "wenju: Interrupted."]


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
