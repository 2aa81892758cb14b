"""`python -m benchmarks.reading`: what it costs to read 200 pages of PDF with their tables, and plain text.

The PDF is read by Wenju, and by the same reader with the text of a page as PDFium writes it, in which a table is no
table. Both sides take turns, each time in a process of its own, whose memory is the most that it ever had. Plain text
is read, made into articles and cut into sentences and passages, which is all that indexing does before the model.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.common.machine import described
from config.settings import PassageSettings
from retrieval.documents import parse, prepare
from retrieval.documents.pages import pdf
from retrieval.documents.pages.pdf_tables import PageReader
from retrieval.ingestion.passages import passages_of, sentences_of
from tests.documents.pages.test_pdf_layout import by_row, lines, placed

PAGES, ROWS, PROSE = 200, 24, 12
CHARACTERS = 1_000_000
SIDES = {"tables": "a.pdf", "no tables": "a.pdf", "plain text": "a.txt"}
ROOT = Path(__file__).parents[2]
_SENTENCE = "柳泉镇第{0}号网格有居民{1}户，配备专职网格员{2}名，上门调解纠纷{3}起，受到群众好评。"


def page(number: int) -> list[tuple[int, int, str]]:
    """Running text above a table of five columns."""
    text = lines(
        60, *(f"The office reports line {i} of page {number} to the county as it is told." for i in range(PROSE))
    )
    columns = [
        lines(60 + 100 * i, name, *(f"{number * 7 + i * 31 + row * 13}" for row in range(ROWS)), top=490)
        for i, name in enumerate(("Households", "Land", "Wheat", "Maize", "Income"))
    ]
    return [*text, *by_row(*columns)]


def _write(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(placed(*map(page, range(1, PAGES + 1))))
    sentences = (_SENTENCE.format(i, i * 7 % 900, i % 50, i * 3 % 70) for i in range(CHARACTERS // len(_SENTENCE)))
    (folder / "a.txt").write_text("".join(s + ("\n" if i % 8 == 7 else "") for i, s in enumerate(sentences)), "utf-8")


def _without_tables(page: Any, reader: PageReader) -> str:  # noqa: ARG001  what it stands for has it
    """The text of a page as PDFium writes it."""
    textpage = page.get_textpage()
    try:
        text: str = textpage.get_text_bounded()
    finally:
        textpage.close()
        page.close()
    return text.replace("\r\n", "\n")


def _measured(side: str, path: Path) -> dict[str, float]:
    """Seconds of the processor, which others who use the machine hardly lengthen, and the most MB of the process."""
    if side == "no tables":
        pdf._page_text = _without_tables
    prepare(path.suffix)
    data, began = path.read_bytes(), time.process_time()
    document = parse(path, data)
    if side == "plain text":
        passages_of(document, "id", sentences_of(document, PassageSettings().size), PassageSettings())
    return {"seconds": time.process_time() - began, "megabytes": _most(), "characters": len(document.text)}


def _most() -> float:
    """MB that this process had at most; what Linux says at the end of a child counts its parent's too."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS
    return int(status.partition("VmHWM:")[2].split()[0]) / 2**10


def _in_a_process(side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reading", "--side", side, "--file", str(path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(told.stdout)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        sys.stdout.write(json.dumps(_measured(asked.side, asked.file)))
        return
    with tempfile.TemporaryDirectory() as name:
        _write(Path(name))
        rounds = [
            {side: _in_a_process(side, Path(name) / file) for side, file in SIDES.items()}
            for _ in range(asked.rounds)
        ]
    for side in SIDES:
        seen = [taken[side] for taken in rounds]
        seconds = sorted(figures["seconds"] for figures in seen)
        sys.stdout.write(
            f"{side}: {statistics.median(seconds):.2f} s ({seconds[0]:.2f}–{seconds[-1]:.2f}), "
            f"{max(figures['megabytes'] for figures in seen):.0f} MB, {seen[0]['characters']:,.0f} characters\n"
        )
    ratios = sorted(taken["tables"]["seconds"] / taken["no tables"]["seconds"] for taken in rounds)
    sys.stdout.write(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f}); {described()}\n")


if __name__ == "__main__":
    main()
