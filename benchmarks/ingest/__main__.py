"""`python -m benchmarks.ingest`: what a folder takes to index, by how many of its files are read at a time.

The sides take turns, each time in a process of its own: an index of the same folder with one process that reads, with
as many as there are cores, and, with `--before FOLDER`, by the program that lies there. Without the model each text
gets a vector that costs nothing, which shows what is left of reading where the model costs little: many cores, a
graphics card, or scans.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_PARAGRAPHS, _ROWS = 60, 40
"""Of a DOCX."""
_SENTENCE = "柳泉镇第{0}号网格有居民{1}户，配备专职网格员{2}名，上门调解纠纷{3}起，受到群众好评。"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--files", type=int, default=60, help="PDF files, and as many DOCX")
    parser.add_argument("--pages", type=int, default=20, help="pages of a PDF")
    parser.add_argument("--scans", type=int, default=0, help="pictures, of half a page each, which are recognised")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-model", action="store_true", help="with vectors that cost nothing")
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="another state of the program")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        sys.stdout.write(json.dumps(_indexed(*map(Path, asked.run), with_model=not asked.no_model)))
        return
    sides: dict[str, tuple[Path, str | None]] = {"one process": (ROOT, "1"), "a process a core": (ROOT, "0")}
    if asked.before:
        sides = {"before": (asked.before.resolve(), None), **sides}
    with tempfile.TemporaryDirectory(prefix="wenju-ingest-") as name:
        folder = Path(name) / "documents"
        _write(folder, asked.files, asked.pages)
        _write_scans(folder, asked.scans)
        seen: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
        for number in range(asked.rounds):
            for side, (program, processes) in sides.items():
                home = Path(name) / f"{side}-{number}"
                seen[side].append(_in_a_process(program, processes, folder, home, asked))
                sys.stderr.write(f"{side}: {json.dumps(seen[side][-1])}\n")
    for side, rounds in seen.items():
        figures = (f"{key} {_spread([taken[key] for taken in rounds])}" for key in rounds[0])
        sys.stdout.write(f"{side}: {', '.join(figures)}\n")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


def _write(folder: Path, files: int, pages: int) -> None:
    """Texts differ from page to page: each wants a vector of its own."""
    from benchmarks.reading.__main__ import page
    from tests.documents import make
    from tests.documents.pages.test_pdf_layout import placed

    folder.mkdir()
    for number in range(files):
        own = range(number * pages, (number + 1) * pages)
        (folder / f"{number:03}.pdf").write_bytes(placed(*map(page, own)))

        def fill(document: Any, number: int = number) -> None:
            for i in range(number * _PARAGRAPHS, (number + 1) * _PARAGRAPHS):
                document.add_paragraph("".join(_SENTENCE.format(i, k, i % 50 + k, i * k % 70) for k in range(4)))
            table = document.add_table(_ROWS, 4)
            for row, cells in enumerate(table.rows):
                for column, cell in enumerate(cells.cells):
                    cell.text = f"{number * 7 + row * 13 + column}" if row else f"第{column}项"

        (folder / f"{number:03}.docx").write_bytes(make.docx(fill))


def _write_scans(folder: Path, scans: int) -> None:
    """All show the same, so that the model has little to do."""
    from tests.documents.pages.test_recognition import drawn, saved

    for number in range(scans):
        (folder / f"{number:03}.png").write_bytes(saved(drawn(), "PNG"))


def _in_a_process(
    program: Path, processes: str | None, folder: Path, home: Path, asked: argparse.Namespace
) -> dict[str, float]:
    command = [sys.executable, __file__, "--run", str(folder), str(home), *(["--no-model"] * asked.no_model)]
    given = {"PYTHONPATH": str(program)} | ({} if processes is None else {"WENJU_DOCUMENTS__PROCESSES": processes})
    told = subprocess.run(command, cwd=home.parent, env=os.environ | given, stdout=subprocess.PIPE, check=True)
    measured: dict[str, float] = json.loads(told.stdout)
    return measured


def _indexed(folder: Path, home: Path, *, with_model: bool) -> dict[str, float]:
    """Seconds by the clock and of processors, of this process and of those that read, and what was waited for."""
    from config.settings import load_settings
    from retrieval.documents.isolation import reader_process
    from retrieval.service import KnowledgeBase
    from tests.support.paper import PaperEmbedder

    settings = load_settings(home=home)
    base = KnowledgeBase(settings, embedder=None if with_model else PaperEmbedder())
    base.embedder().embed_passages(["热身"])
    began = time.perf_counter(), _processor()
    report = base.add([folder])
    seconds = time.perf_counter() - began[0]
    reader_process.stop()  # what a process took is counted when it has ended
    assert not report.failures
    waited = {f"waited for {what}": taken for what, taken in getattr(report, "waited", {}).items()}
    return {"passages": report.passages, "seconds": seconds, "processor": _processor() - began[1], **waited}


def _processor() -> float:
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in every)


if __name__ == "__main__":
    main()
