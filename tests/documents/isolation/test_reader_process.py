"""Reading in a process of its own: whatever that does is an error of one file, and nothing of it stays behind."""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from retrieval.documents.isolation.packed import Frame, unpack
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.errors import DocumentError
from tests.documents.readers import (
    CLOCK,
    DOCUMENT,
    HASTY,
    LIMITS,
    ROOT,
    SPEAKS,
    Speaking,
    is_alive,
    refusal,
    wait_until,
)

SLEEP = 60
"""Seconds; nobody is to wait for their end."""


class TestMisbehaviour:
    def test_the_file_after_a_crash_is_read(self, speaking: Speaking) -> None:
        reader = speaking(
            """
            while True:
                asked, body = ask()
                os.kill(os.getpid(), signal.SIGSEGV) if body == b"bad" else reply({"document": DOCUMENT}, body)
            """
        )
        for _ in range(2):
            assert "crash (SIGSEGV)" in refusal(reader, b"bad")
            assert reader.read(Path("b.txt"), b"good", LIMITS).text == "good"

    def test_one_that_ends(self, speaking: Speaking) -> None:
        assert "crash (exit 3)" in refusal(speaking("ask(); sys.exit(3)"))

    def test_one_that_had_ended_itself_is_started_again(self, speaking: Speaking) -> None:
        reader = speaking('ask(); reply({"document": DOCUMENT}, b"ab"); ask()')
        for _ in range(3):
            assert reader.read(Path("a.txt"), b"a", LIMITS).text == "ab"

    @pytest.mark.parametrize(
        "code",
        [
            "ask(); time.sleep(60)",
            "time.sleep(60)",  # reads nothing of 20 MB
            "signal.signal(signal.SIGXCPU, signal.SIG_IGN); ask()\nwhile True: pass",
            "ask(); os.write(1, b'ab'); time.sleep(60)",
            "ask(); os.fork(); time.sleep(60)",
        ],
    )
    def test_the_clock_holds(self, code: str, speaking: Speaking) -> None:
        began = time.monotonic()
        said = refusal(speaking(code), bytes(20 << 20), HASTY)
        assert said == "takes more than 0.25 s to read (setting documents.seconds)"
        assert CLOCK <= time.monotonic() - began < SLEEP

    @pytest.mark.parametrize(
        "code",
        [
            "ask(); os.write(1, struct.pack('>QQ', 1 << 30, 0)); time.sleep(60)",
            "ask(); os.write(1, struct.pack('>QQ', 2, 1 << 30)); time.sleep(60)",
            "ask()\nwhile True: os.write(1, b'x' * 100_000)",
            "reply({'document': DOCUMENT}, b'ab')\nwhile True: ask()",  # before 20 MB of it were read
            "ask(); os.write(1, struct.pack('>QQ', 2, 0) + b'[]'); time.sleep(60)",
            "ask(); os.write(1, struct.pack('>QQ', 2, 0) + b'\\xff{'); time.sleep(60)",
            "ask(); os.write(1, struct.pack('>QQ', 60_000, 0) + b'[' * 60_000); time.sleep(60)",
            "ask(); reply({}); time.sleep(60)",
        ],
    )
    def test_floods_and_nonsense(self, code: str, speaking: Speaking) -> None:
        assert refusal(speaking(code), bytes(20 << 20)) == "makes its reader reply with nonsense"

    def test_a_second_reply_is_not_that_to_the_next_file(self, speaking: Speaking) -> None:
        reader = speaking(
            """
            while True:
                body = ask()[1]
                described = json.dumps({"document": DOCUMENT}).encode()
                os.write(1, 2 * (struct.pack(">QQ", len(described), len(body)) + described + body))
            """
        )
        for text in ("ab", "cd", "ef"):
            assert reader.read(Path("a.txt"), text.encode(), LIMITS).text == text

    @pytest.mark.parametrize(
        "change",
        [
            {"paragraphs": [[[[0, 3]], 0, 0, False]]},
            {"paragraphs": [[[[-1, 1]], 0, 0, False]]},
            {"paragraphs": [[[[1, 1]], 0, 0, False]]},
            {"paragraphs": [[[[1, 2], [0, 1]], 0, 0, False]]},
            {"paragraphs": [[[[0, True]], 0, 0, False]]},
            {"paragraphs": [[[[0, 1.5]], 0, 0, False]]},
            {"paragraphs": [[[[0, 1]], 7, 0, False]]},
            {"paragraphs": [[[[0, 1]], 0, 1, False]]},
            {"paragraphs": [[[[0, 1]], 0, 0, 1]]},
            {"paragraphs": 5},
            {"title": None},
            {"title": "t" * 10_000},
            {"title": "a\nb"},
            {"title": "\ud800"},
            {"site": "a\nb"},
            {"date": "yesterday"},
            {"url": "javascript:alert(1)"},
            {"page_starts": [2, 1]},
            {"page_starts": ["a"]},
            {"articles": [["a", 5]]},
        ],
    )
    def test_documents_that_no_reader_makes(self, change: dict[str, Any]) -> None:
        reply = Frame.of(json.dumps({"document": DOCUMENT | change}).encode(), b"ab")
        with pytest.raises((ValueError, TypeError, LookupError)):
            unpack(Path("a.txt"), reply)

    @pytest.mark.parametrize("change", [{"articles": [["a", 5]]}, {"page_starts": ["a"]}, {"paragraphs": [[]]}])
    def test_one_of_those_is_an_error_of_its_file(self, change: dict[str, Any], speaking: Speaking) -> None:
        reply = {"document": DOCUMENT | change}
        assert "nonsense" in refusal(speaking(f"ask(); reply(json.loads({json.dumps(reply)!r}), b'ab'); ask()"))

    def test_what_it_says_is_one_line_of_a_known_kind(self, speaking: Speaking) -> None:
        reader = speaking("ask(); reply({'reason': 'a\\nb\\x1b[2J' + 'c' * 9999, 'kind': '{boo}'}); ask()")
        with pytest.raises(DocumentError) as caught:
            reader.read(Path("a.txt"), b"a", LIMITS)
        assert caught.value.reason.startswith("a b [2Jccc")
        assert len(caught.value.reason) <= 300
        assert caught.value.kind == "other"

    def test_what_it_started_ends_with_it(self, speaking: Speaking, tmp_path: Path) -> None:
        left = tmp_path / "pid"
        code = f"ask()\nif os.fork(): os._exit(1)\nPath({str(left)!r}).write_text(str(os.getpid())); time.sleep(60)"
        refusal(speaking(code), limits=HASTY)
        wait_until(left.exists, 2)  # it may have been ended before
        assert not left.exists() or wait_until(lambda: not is_alive(int(left.read_text())))

    def test_one_that_does_not_start(self) -> None:
        for command, why in (
            ([sys.executable, "-c", "import sys; sys.exit(7)"], "exit 7"),
            ([sys.executable, "-c", SPEAKS.replace(str(ROOT), "/elsewhere")], "that of /elsewhere"),
            (["/nowhere/python"], "No such file"),
        ):
            assert why in refusal(ReaderProcess(lambda _, command=command: command))  # type: ignore[misc]

    def test_reading_is_stopped_from_another_thread(self, speaking: Speaking, tmp_path: Path) -> None:
        asked = tmp_path / "asked"
        reader = speaking(f"ask(); Path({str(asked)!r}).touch(); time.sleep({SLEEP})")

        def stop() -> None:
            assert wait_until(asked.exists)
            reader.stop()

        stopping = threading.Thread(target=stop)
        stopping.start()
        assert refusal(reader) == "was not read: reading was stopped"
        stopping.join()
