"""Readers of the tests' own, which do what no reader should, and processes looked at from outside."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import DocumentSettings
from retrieval.documents.isolation import reader_process
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.errors import DocumentError

ROOT = Path(reader_process.__file__).parents[3]
LIMITS = DocumentSettings(memory_megabytes=512, seconds=60)
HASTY = LIMITS.model_copy(update={"seconds": 0.25})
"""Less than can be set."""
CLOCK = 1
"""Seconds by the clock that HASTY allows."""
DOCUMENT = {
    "title": "t",
    "paragraphs": [[[[0, 2]], 0, 0, False]],
    "date": None,
    "url": None,
    "page_starts": [],
    "site": "",
    "articles": [],
    "left_out": [],
}
SPEAKS = f"""
import json, os, signal, struct, sys, time
from pathlib import Path
def reply(value, body=b""):
    described = json.dumps(value).encode()
    os.write(1, struct.pack(">QQ", len(described), len(body)) + described + body)
def ask():
    described, body = struct.unpack(">QQ", sys.stdin.buffer.read(16))
    return json.loads(sys.stdin.buffer.read(described)), sys.stdin.buffer.read(body)
DOCUMENT = {DOCUMENT!r}
reply({{"root": {str(ROOT)!r}}})
"""
"""What a reader of the tests' own begins with."""
Speaking = Callable[[str], ReaderProcess]


def refusal(reader: ReaderProcess, content: bytes = b"a", limits: DocumentSettings = LIMITS) -> str:
    with pytest.raises(DocumentError) as caught:
        reader.read(Path("a.txt"), content, limits)
    assert str(caught.value).isprintable()
    return caught.value.reason


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
