"""Processes that tests start: they run the code of this tree, whichever is installed."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def this_tree(**more: str) -> dict[str, str]:
    """The environment of such a process."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | more
