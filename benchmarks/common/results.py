"""The figures of a study as a file that people can read, too."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_DIGITS = 4
"""Significant digits of a figure. No study is run so often that more of them would mean anything."""


def write(file: Path, results: Mapping[str, Any]) -> None:
    """Write the figures, rounded; a list or an object that holds no other stands on one line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_laid_out(_rounded(results), "") + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """What `write` wrote."""
    results: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return results


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(own) for name, own in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(own) for own in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _laid_out(value: Any, indent: str) -> str:
    inner = _inner(value)
    if not any(isinstance(member, dict | list) for _, member in inner):
        return json.dumps(value, ensure_ascii=False)
    first, last = "{}" if isinstance(value, dict) else "[]"
    lines = (f"{indent} {name}{_laid_out(member, indent + ' ')}" for name, member in inner)
    return f"{first}\n" + ",\n".join(lines) + f"\n{indent}{last}"


def _inner(value: Any) -> list[tuple[str, Any]]:
    """What a list or an object holds, with the name before it."""
    if isinstance(value, dict):
        return [(json.dumps(name, ensure_ascii=False) + ": ", member) for name, member in value.items()]
    return [("", member) for member in value] if isinstance(value, list) else []
