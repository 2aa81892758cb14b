"""The compiled engine against torch: ingest, one question, a cold start, memory. Run by `make bench-engine`.

The two sides of a ratio alternate, round by round, each in a process of its own. Printed are the median of the
rounds' ratios and their spread.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.common.documents import ROOT, source, write_documents
from benchmarks.common.ratios import RatioRow
from retrieval.maintenance.bench import machine

QUESTION = "左云县有多少网格员"
BATCH_SIZES = (4, 8, 16, 32)
SWEEP_PASSAGES = 64


def main() -> int:
    options = _options()
    details: dict[str, Any] = {"machine": machine(), "documents": source()}
    rows = []
    with tempfile.TemporaryDirectory(prefix="wenju-bench-") as name:
        folder = Path(name)
        _say(f"{details['machine']['processor']}, {details['machine']['cores']} cores; {source()}")
        _prepare(folder)
        for measure in (_ingest, _question, _cold, _memory):
            row, detail = measure(folder, options.rounds)
            rows.append(row)
            details[row.name] = detail
            _say(row.line())
        details["arithmetic"] = _arithmetic(folder, details)
    _say("")
    for row in rows:
        _write(row.line())
    if options.json is not None:
        results = {**details, "table": [{**asdict(row), "median": row.median} for row in rows]}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each ratio (memory: two at most)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    return parser.parse_args()


def _prepare(folder: Path) -> None:
    """Documents, the model in the cache, and an index to ask."""
    for count in (100, 200, 2000):
        write_documents(folder / str(count), count)
    _wenju(folder, "index", str(folder / "100"))
    _wenju(folder, "ask", "--json", QUESTION)


# -- the rows --------------------------------------------------------------------------------------------------------


def _ingest(folder: Path, rounds: int) -> tuple[RatioRow, dict[str, Any]]:
    sweep = {
        size: _run("encode", folder=str(folder / "100"), batch_size=size, limit=SWEEP_PASSAGES)["passages_per_second"]
        for size in BATCH_SIZES
    }
    best = max(BATCH_SIZES, key=lambda size: sweep[size])
    _say(f"torch fp32, passages/s by batch size: { {size: round(speed, 2) for size, speed in sweep.items()} }")
    ours, theirs, full = [], [], []
    for number in range(rounds):
        theirs.append(_run("encode", folder=str(folder / "100"), batch_size=best))
        ours.append(_index(folder / "100", folder / f"ingest-{number}", sentences=False))
        full.append(_index(folder / "100", folder / f"full-{number}", sentences=True))
        _say(f"  ingest {_speed(ours[-1])}, with sentences {_speed(full[-1])}, torch {_speed(theirs[-1])}")
    ratios = tuple(a["passages_per_second"] / b["passages_per_second"] for a, b in zip(ours, theirs, strict=True))
    row = RatioRow("ingest, passages/s, end to end", f"encode, torch fp32, batches of {best}", ratios, 3.0, True)
    return row, {"sweep": sweep, "ours": ours, "reference": theirs, "ours with sentences": full}


def _question(_: Path, rounds: int) -> tuple[RatioRow, dict[str, Any]]:
    text = "左云县的专职网格员和兼职网格员一共有多少名？他们每天要走访哪些老人和商铺？"
    questions = [text[start : start + length] for start in range(8) for length in range(5, 30)]
    ours, theirs = [], []
    for _round in range(rounds):
        theirs.append(_run("question", engine="torch", questions=questions))
        ours.append(_run("question", engine="openvino", questions=questions))
        _say(f"  one question {ours[-1]['p50']:.2f} ms, torch {theirs[-1]['p50']:.2f} ms")
    ratios = tuple(a["p50"] / b["p50"] for a, b in zip(ours, theirs, strict=True))
    return RatioRow("one warm question, embedding", "encode, torch fp32", ratios, 0.4, False), {
        "ours": ours, "reference": theirs
    }  # fmt: skip


def _cold(folder: Path, rounds: int) -> tuple[RatioRow, dict[str, Any]]:
    ours, theirs, helps = [], [], []
    for _round in range(rounds + 2):
        theirs.append(_seconds(lambda: _process("-c", "import sentence_transformers")))
        ours.append(_seconds(lambda: _wenju(folder, "ask", "--json", QUESTION)))
        helps.append(_seconds(lambda: _wenju(folder, "--help")))
        _say(f"  cold ask {ours[-1]:.2f} s, import {theirs[-1]:.2f} s, wenju --help {helps[-1]:.2f} s")
    ratios = tuple(a / b for a, b in zip(ours, theirs, strict=True))
    return RatioRow("cold wenju ask", "python -c 'import sentence_transformers'", ratios, 0.5, False), {
        "ours": ours, "reference": theirs, "help": helps
    }  # fmt: skip


def _memory(folder: Path, rounds: int) -> tuple[RatioRow, dict[str, Any]]:
    ours, theirs = [], []
    for number in range(min(rounds, 2)):
        theirs.append(_wenju_peak(folder, f"small-{number}", folder / "200"))
        ours.append(_wenju_peak(folder, f"large-{number}", folder / "2000"))
        _say(f"  peak memory, 2,000 documents {ours[-1]:.0f} MB, 200 documents {theirs[-1]:.0f} MB")
    ratios = tuple(a / b for a, b in zip(ours, theirs, strict=True))
    return RatioRow("peak memory, ingest of 2,000", "an ingest of 200 documents", ratios, 1.2, False), {
        "ours": ours, "reference": theirs
    }  # fmt: skip


def _arithmetic(folder: Path, details: dict[str, Any]) -> dict[str, Any]:
    """What fraction of the machine's bf16 matrix throughput the embedding of an ingest reaches."""
    done = _run("flops", folder=str(folder / "100"))
    peak = _run("matmul")["bf16_tflops"]
    seconds = statistics.median(
        turn["embedding_seconds"] for turn in details["ingest, passages/s, end to end"]["ours"]
    )
    reached = done["flop"] / seconds / 1e12
    _say(f"embedding {done['tokens'] / seconds:,.0f} tokens/s, {reached:.2f} TFLOP/s: {reached / peak:.0%} of the")
    _say(f"machine's bf16 matrix throughput ({peak:.2f} TFLOP/s, torch, the best of three sizes)")
    return {**done, "seconds": seconds, "tflops": reached, "bf16_tflops": peak, "fraction": reached / peak}


# -- processes -------------------------------------------------------------------------------------------------------


def _run(name: str, **arguments: object) -> dict[str, Any]:
    printed = _process("-m", "benchmarks.engine.runs", name, json.dumps(arguments))
    result: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return result


def _index(documents: Path, home: Path, *, sentences: bool) -> dict[str, Any]:
    return _run("ingest", folder=str(documents), home=str(home), sentences=sentences)


def _wenju(folder: Path, *arguments: str) -> str:
    return _process("-m", "bot.cli", *arguments, home=folder / "home")


def _wenju_peak(folder: Path, home: str, documents: Path) -> float:
    """MB that `wenju index` held at most."""
    command = [sys.executable, "-m", "bot.cli", "index", str(documents)]
    environment = os.environ | {"WENJU_HOME": str(folder / home)}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"wenju index failed with code {child.returncode}")
    return usage.ru_maxrss / 1024


def _process(*arguments: str, home: Path | None = None) -> str:
    environment = os.environ | ({} if home is None else {"WENJU_HOME": str(home)})
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode not in (0, 1):  # 1: the documents do not answer
        sys.exit(f"{' '.join(arguments)} failed:\n{ran.stderr}")
    return ran.stdout


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _speed(figures: dict[str, Any]) -> str:
    return f"{figures['passages_per_second']:.1f}/s"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
