"""`wenju stats` and `wenju doctor`: how things stand."""

import sys
from typing import Annotated

import typer

from bot.console import note, out
from bot.next_steps import in_terminal
from bot.render.visible import visible
from bot.session import readable_base

_LABELS = {
    "vector_bytes": "… for vectors",
    "database_bytes": "passage store",
    "words_bytes": "words",
    "nearest_bytes": "nearest vectors",
    "disk_bytes": "all on disk",
    "nearest": "vector search",
    "store_memory_bytes": "memory: store",
    "words_mapped_bytes": "… words, mapped",
    "nearest_memory_bytes": "… vectors",
}


def stats(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Show how much is indexed and what it costs on disk."""
    from bot.render.json import one_line
    from retrieval.samples import are_samples

    with readable_base() as base:
        figures = base.stats()
        if are_samples(base):
            note("These are the sample documents; nothing else is indexed.")
    if as_json:
        sys.stdout.write(one_line(figures) + "\n")
        return
    for name, value in figures.items():
        out().print(visible(f"{_LABELS.get(name, name):<16} {_shown(name, value)}"), markup=False)


def doctor() -> int:
    """Check Python, settings, disk, model and index; each line says ok or what to do."""
    from bot.session import settings
    from retrieval.maintenance.doctor import examine

    sound = True
    for check in examine(settings(), note, in_terminal):
        word, style = ("ok", "green") if check.ok else ("mend", "bold red")
        out().print(f"[{style}]{word:<5}[/{style}]", end="")
        out().print(visible(f"{check.name:<9} {check.detail}"), markup=False)
        sound = sound and check.ok
    return 0 if sound else 2


def _shown(name: str, value: int | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value / 2**20:,.1f} MB" if name.endswith("_bytes") else f"{value:,}"
