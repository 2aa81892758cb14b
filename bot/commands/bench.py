"""`wenju bench`: how fast this machine answers from the present index."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.console import err, out
from bot.render.visible import visible
from bot.session import asking, config_arguments

_LATENCY_NAMES = {"cold": "cold start", "warm": "warm"}
"""The others are stages of the warm ones."""


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    questions: Annotated[int, typer.Option(help="Questions asked one after another.", min=1)] = 200,
    cold: Annotated[int, typer.Option(help="Questions asked of a new process each.", min=1)] = 5,
    passages: Annotated[int, typer.Option(help="Passages sent through the model.", min=1)] = 128,
) -> None:
    """Measure throughput, cold and warm latency, memory and sizes, with the present index on this machine."""
    import retrieval.maintenance.bench as measure
    from bot.render.json import one_line
    from retrieval.errors import WenjuError

    def ask_anew() -> None:
        command = [sys.executable, "-P", "-m", "bot.cli", *config_arguments(), "ask", "--json", "--", asked[0]]
        ran = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        if not ran.stdout.startswith("{"):
            raise WenjuError(f"A new process could not answer: {ran.stderr.strip() or f'code {ran.returncode}'}")

    with asking() as base, err().status("Measuring…") as status:
        texts = measure.texts_of(base, passages)
        asked = measure.questions_of(measure.texts_of(base, questions))
        warm, stages = measure.warm(base, asked)
        memory = measure.peak_memory()
        speed = measure.passages_per_second(base, texts)
        status.update("Measuring cold starts…")
        latencies = {"cold": measure.timed(ask_anew, cold), "warm": warm, **stages}
        figures = {
            "machine": measure.machine(),
            "engine": base.embedder().engine,
            "passages_per_second": speed,
            "latency_ms": {name: asdict(latency) for name, latency in latencies.items()},
            "memory_bytes": memory,
            "index": base.stats(),
        }
    if as_json:
        sys.stdout.write(one_line(figures) + "\n")
    else:
        for line in _lines(figures):
            out().print(visible(line) if line.strip() else line, markup=False)


def _environment() -> dict[str, str]:
    """This Wenju, wherever it was started from; nothing of the working folder (`-P`)."""
    own = str(Path(__file__).resolve().parents[2])
    others = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([own, others] if others else [own])}


def _lines(figures: dict[str, Any]) -> Iterator[str]:
    machine, index = figures["machine"], figures["index"]
    yield f"machine     {machine['processor']}, {machine['cores']} cores, {machine['system']}"
    yield f"engine      {figures['engine']}"
    size = _megabytes(index["disk_bytes"])
    yield f"index       {index['documents']:,} documents, {index['passages']:,} passages, {size}"
    yield f"memory      {_megabytes(figures['memory_bytes'])} at most while answering"
    yield f"embedding   {figures['passages_per_second']:,} passages/s"
    yield ""
    yield f"{'ms':<12}{'p50':>9}{'p95':>9}{'p99':>9}   times"
    for name, latency in figures["latency_ms"].items():
        values = "".join(f"{latency[key]:>9,.1f}" for key in ("p50", "p95", "p99"))
        yield f"{_LATENCY_NAMES.get(name, f'  {name}'):<12}{values}   {latency['runs']}"


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 2**20:,.1f} MB"
