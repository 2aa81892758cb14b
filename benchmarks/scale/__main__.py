"""What each stage costs against the size of the index, from a thousand passages to a million. Run by
`make scale-study`.

Each index is the one before, grown: real news as far as it goes, embedded by the real model; then documents of real
sentences in new orders with vectors near real ones (`common/near_real.py` says what that keeps and what not). When
all are there, each is asked real questions with the real model; each measurement is a process of its own.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.common.asked_over import asked
from benchmarks.common.documents import ROOT, source, write_documents
from benchmarks.common.machine import described
from benchmarks.common.results import read, write
from benchmarks.scale.figures import plot, rows, table
from benchmarks.scale.index import grow

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_ADDED = 100
"""Documents added to see what that costs."""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="wenju-scale-") as name:
        folder = Path(options.keep or name)
        shutil.rmtree(folder / "copying", ignore_errors=True)  # of a run that was interrupted
        added = folder / "added"
        write_documents(added, _ADDED, first=options.real)
        results = _known(options.json)
        grown = {}
        before: Path | None = None
        for size in sorted(options.sizes):
            home = folder / f"{size}"
            if before is not None and not home.exists():
                shutil.copytree(before, folder / "copying")
                (folder / "copying").rename(home)
            grown[size] = grow(home, size, options.real, added, _say)
            before = home
        for size, counts in grown.items():
            if str(size) not in results["sizes"]:
                results["sizes"][str(size)] = counts | _measure(folder, size, options)
                _say(json.dumps(results["sizes"][str(size)]))
                if options.json is not None:
                    write(options.json, results)
    for row in rows(results):
        sys.stdout.write(row.line() + "\n")
    sys.stdout.write(table(results) + "\n")
    if options.json is not None:
        options.json.with_suffix(".svg").write_text(plot(results), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="passages at which to measure")
    parser.add_argument("--real", type=int, default=19_000, help="articles of real news to begin with")
    parser.add_argument("--questions", type=int, default=200, help="questions asked at each size")
    parser.add_argument(
        "--rounds", type=int, default=3, help="times that documents are added, and first questions asked"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the index there, and go on from what is there"
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="figures, with a plot beside them; sizes that it has are not measured again",
    )
    return parser.parse_args()


def _measure(folder: Path, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """The figures at this size. Adding takes turns with adding to an empty index."""
    home, empty, added = str(folder / f"{size}"), str(folder / "empty"), str(folder / "added")
    questions = [question for question, _, _ in asked(options.questions)]
    adding: dict[str, list[Any]] = {"adding": [], "adding_to_nothing": []}
    for _ in range(options.rounds):
        for name, where in (("adding_to_nothing", empty), ("adding", home)):
            adding[name].append(_run("add", home=where, folder=added))
    return {
        **adding,
        "stats": _run("stats", home=home),
        "first": [_run("first", home=home, question=questions[0]) for _ in range(options.rounds)],
        "questions": _run("questions", home=home, asked=questions),
        "crowd": [_run("crowd", home=home, asked=questions, askers=askers) for askers in (1, 16)],
        "parts": _run("parts", home=home, asked=questions),
        **_run("kinds", home=home, asked=questions),
    }


def _run(name: str, **arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale.runs", name]
    ran = subprocess.run(command, cwd=ROOT, input=json.dumps(arguments), capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{name} failed:\n{ran.stderr}")
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def _known(file: Path | None) -> dict[str, Any]:
    """What an earlier run has measured."""
    if file is not None and file.exists():
        return read(file)
    return {"machine": described(), "source": source(), "sizes": {}}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
