"""Progress where there is no terminal."""

from pathlib import Path

import pytest

from bot.console import ingest_bar
from retrieval.ingestion.ingest import Progress


@pytest.mark.parametrize(
    ("every", "told"),
    [(0.0, ["Indexing 甲.txt: 1 of 3", "Indexing 乙.pdf: 2 of 3, 480 passages"]), (60.0, [])],
)
def test_a_line_every_so_often(every: float, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with ingest_bar("Indexing", every) as advance:
        advance(Progress(1, 3, Path("docs/甲.txt")))
        advance(Progress(2, 3, Path("docs/乙.pdf"), 480))
    assert capsys.readouterr().err.splitlines() == told
