"""The README: the two commands on top, and nothing named that is not there. Other pages: test_docs.py."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_two_commands_stand_on_top() -> None:
    assert README.index("make ask") < README.index("make test") < 1200


def test_it_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= 180


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README)) | set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE))
    assert named <= targets
    assert {"ask", "install", "test", "lint", "clean"} <= targets
