"""The index of the scale study: it grows from real news to near-real documents."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.common.documents import write_documents
from benchmarks.common.near_real import mix
from config.settings import load_settings
from retrieval.service import KnowledgeBase

_PART = 200
"""Articles added between two looks at how many passages there are."""


def grow(home: Path, size: int, real: int, added: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Bring the index to so many passages or a few more; says how many there are, and how many of them are real. It
    gets no sentence of the documents in `added`, whose vectors it would have when they are added.

    What is there already stays; an interrupted run is gone on with."""
    base = KnowledgeBase(load_settings().model_copy(update={"home": home}), say)
    try:
        while _passages(base) < size and (first := _read(home)["articles"]) < real:
            part = home / "news" / f"{first:06}"
            write_documents(part, min(_PART, real - first), first=first)
            base.add([part])
            _note(home, articles=first + _PART, passages=_passages(base))
            say(f"  {_passages(base):,} passages of real news")
        if _passages(base) < size:
            mix(base, home, size, say, added)
        return {"passages": _passages(base), "real_passages": min(_passages(base), _read(home)["passages"])}
    finally:
        base.close()


def _passages(base: KnowledgeBase) -> int:
    return int(base.stats()["passages"]) if base.exists else 0


def _read(home: Path) -> dict[str, int]:
    """How many articles of the news are in, and how many passages they gave."""
    file = home / "real.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {"articles": 0, "passages": 0}


def _note(home: Path, **counts: int) -> None:
    (home / "real.json").write_text(json.dumps(counts), encoding="utf-8")
