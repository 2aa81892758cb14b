"""What killed writers leave behind among the words, and tantivy itself never takes away."""

import re
from pathlib import Path

_SEGMENT = re.compile(r"[0-9a-f]{32}\..*")
"""Files of a segment; both of tantivy's lists, `.managed.json` and `meta.json`, call it by these digits."""


def clear(folder: Path) -> None:
    """Take away files that were to replace another, and segments on neither list. The caller is the only writer."""
    known = "".join(path.read_text("utf-8", "replace") for path in folder.glob("*.json")).replace("-", "")
    for path in folder.iterdir():
        if path.name.startswith(".tmp") or (_SEGMENT.fullmatch(path.name) and path.name[:32] not in known):
            path.unlink()
