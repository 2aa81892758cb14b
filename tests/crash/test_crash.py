"""`make crash-test` in short form, and the process that reads files when the one that asked it is killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crash.__main__ import plan
from tests.crash.scenarios import SCENARIOS, SHARES
from tests.support.running import ROOT, this_tree

ENVIRONMENT = this_tree()


def test_nothing_is_lost_by_a_few_kills() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.crash", "--kills", "8", "--small", "--workers", "1"],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    last = outcome.stdout.splitlines()[-1]
    assert last.startswith("crash-test: 8 kills (")
    assert ", 0 documents lost, 0 half-indexed, 0 manual repairs, seed " in last


@pytest.mark.slow
def test_no_document_is_lost_or_half_where_writers_of_a_milvus_are_killed() -> None:
    pytest.importorskip("milvus_lite", reason="comes with the extra wenju[dev]")
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.crash", "--milvus", "--kills", "5", "--lease", "1"],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    last = outcome.stdout.splitlines()[-1]
    assert last.startswith("crash-test of clients: 5 kills (") and ", 0 wrong, seed " in last


def test_the_kills_are_spread_over_all_operations() -> None:
    trials = plan(1000, 1, SCENARIOS)
    assert sum(len(planned.shares) for planned in trials) == 1000
    for kind, share in SHARES.items():
        moments = sorted(moment for planned in trials for moment in planned.shares if planned.scenario.kind == kind)
        assert len(moments) == 10 * share
        # One in each of as many equal parts of the time that the operation takes.
        assert [int(moment * len(moments)) for moment in moments] == list(range(len(moments)))
    assert {planned.scenario.title for planned in trials} == {planned.title for planned in SCENARIOS}


READING = """
import sys, time
from pathlib import Path
from config.settings import load_settings
from retrieval.documents.isolation.reader_process import _shared, read

limits = load_settings().documents
read(Path("a.txt"), "网格员".encode(), limits)
print(_shared._child._process.pid, flush=True)
time.sleep(60)
"""


def test_the_process_that_reads_files_ends_with_the_one_that_asked_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", READING], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout is not None
        told = asking.stdout.readline().strip()
        assert told.isdigit()
        reads = Path("/proc", told)
        assert reads.exists()
        asking.kill()
        end = time.monotonic() + 10
        while (is_running := _is_running(reads)) and time.monotonic() < end:
            time.sleep(0.05)
    assert not is_running


def _is_running(process: Path) -> bool:
    """Also one that nobody has waited for yet is not."""
    try:
        return "\nState:\tZ" not in (process / "status").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
