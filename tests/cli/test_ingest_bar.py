"""Progress where there is no terminal, and what is told at the end."""

from pathlib import Path

import pytest

from bot.commands.documents import _report
from bot.console import ingest_bar
from retrieval.ingestion.ingest import IngestReport, Progress
from retrieval.ingestion.waits import Wait


@pytest.mark.parametrize(
    ("every", "told"),
    [(0.0, ["Indexing 甲.txt: 1 of 3", "Indexing 乙.pdf: 2 of 3, 480 passages"]), (60.0, [])],
)
def test_a_line_every_so_often(every: float, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with ingest_bar("Indexing", every) as advance:
        advance(Progress(1, 3, Path("docs/甲.txt")))
        advance(Progress(2, 3, Path("docs/乙.pdf"), 480))
    assert capsys.readouterr().err.splitlines() == told


def test_what_was_waited_for_is_told_where_something_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    waited: dict[Wait, float] = {"reading": 12.34, "model": 56.0}
    _report(IngestReport(added=[Path("甲.txt")], passages=3, embedded=7, waited=waited))
    last = "Waited 12.3 s for files to be read, 56.0 s for the model, 0.0 s for the disk."
    assert capsys.readouterr().out.splitlines()[-1] == last
    _report(IngestReport(unchanged=1, waited=waited))
    assert "Waited" not in capsys.readouterr().out
