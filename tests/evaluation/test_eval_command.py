"""`wenju eval` from outside, with the bundled model over a few small documents."""

import gzip
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import run
from retrieval.embedding.base import Embedder
from retrieval.evaluation.metrics import METRICS
from tests.conftest import SHARED
from tests.evaluation.make import squad, write_lines
from tests.support.commands import Outcome, indexed_home

GRID = "左云县把52个小区划分为58个网格，配备专职网格员51名，兼职网格员7名。"
CANTEEN = "云溪县全县建成老年食堂52处，每天用餐的老人约2350人。"
FOUND = {"id": "q1", "question": "左云县有多少网格员", "answers": ["51名"], "doc": "grid.txt", "evidence": GRID}
LOST = {
    "id": "q2",
    "question": "云溪县的老年食堂是谁建的",
    "answers": ["周先生"],
    "doc": "canteen.txt",
    "difficulty": "why",
}
DECLINED = {"id": "q3", "question": "红烧肉怎么做好吃", "why": "other_topic"}
SQUAD = squad([(GRID, [("左云县有几个网格", "58个")]), (CANTEEN, [("云溪县有几处老年食堂", "52处")])])
RGB = {"id": 0, "query": "云溪县有几处老年食堂", "answer": ["52处"], "positive": [CANTEEN], "negative": [GRID]}


Command = Callable[..., Outcome]


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "grid.txt").write_text(GRID, "utf-8")
    (folder / "canteen.txt").write_text(CANTEEN, "utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, docs: Path, real_embedder: Embedder) -> Path:
    return indexed_home(tmp_path_factory.mktemp("home"), docs, real_embedder)


@pytest.fixture
def wenju(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The command in this process. It leaves the index and the folder for temporary files as they were."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("WENJU_HOME", str(home))
    before = fingerprint(home)

    def command(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run(["eval", *map(str, arguments)])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    yield command
    assert fingerprint(home) == before
    assert list(temporary.iterdir()) == []


def fingerprint(folder: Path) -> dict[str, tuple[int, str] | None]:
    """Every file and folder; of files when they were changed, and what is in them. (Of folders it is no matter when:
    SQLite keeps a file beside a database for as long as it is read.)"""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "own.jsonl", FOUND, LOST, DECLINED)


def test_over_the_present_index(wenju: Command, own: Path) -> None:
    outcome = wenju(own, "--json")
    figures = outcome.json
    assert (outcome.code, outcome.err) == (0, "")
    assert (figures["questions"], figures["documents"], figures["hit@1"]) == (3, 2, 0.5)
    assert figures["refused"] in (0.0, 1.0)
    assert all(figures[name] is None or 0 <= figures[name] <= 1 for name in METRICS)
    assert figures["ci"].keys() == set(METRICS)
    assert figures["ci"]["hit@1"] == [0.0, 1.0]
    assert figures["complete@5"] is None
    assert list(figures["by"]["kind"]) == ["answerable", "why", "other_topic"]
    assert figures["by"]["document"]["canteen.txt"]["hit@5"] == 0.0
    assert figures["latency_ms"]["p95"] >= figures["latency_ms"]["p50"] > 0
    assert "items" not in figures


def test_several_files_are_one_set(wenju: Command, tmp_path: Path) -> None:
    first, second = write_lines(tmp_path / "a.jsonl", FOUND), write_lines(tmp_path / "b.jsonl", LOST | {"id": "q1"})
    figures = wenju(first, second, "--json", "--items").json
    assert [item["id"] for item in figures["items"]] == ["q1", "q1#2"]
    assert [item["rank"] for item in figures["items"]] == [1, None]


def test_over_a_corpus_for_the_time(wenju: Command, own: Path, docs: Path, tmp_path: Path) -> None:
    news = tmp_path / "news.txt.gz"
    news.write_bytes(gzip.compress("今日有雨。\n明日天晴。\n后日多云。\n".encode()))
    (tmp_path / "extra.exe").write_bytes(b"\0")
    outcome = wenju(
        *(own, "--corpus", docs, "--corpus", tmp_path / "extra.exe", "--distractors", news),
        *("--limit-distractors", 2, "--json"),
    )
    assert (outcome.code, outcome.json["documents"], outcome.json["hit@1"]) == (0, 4, 0.5)
    assert "left out: " in outcome.err
    assert "extra.exe" in outcome.err


def test_squad_and_rgb_bring_their_documents(wenju: Command, tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD), "utf-8")
    figures = wenju(path, "--json").json
    assert (figures["documents"], figures["hit@1"], figures["highlight"]) == (2, 1.0, 1.0)
    figures = wenju(path, "--by", "article", "--json").json
    assert (figures["documents"], figures["hit@1"]) == (1, 1.0)
    figures = wenju(write_lines(tmp_path / "rgb.json", RGB), "--json").json
    assert (figures["documents"], figures["hit@1"], figures["highlight"]) == (2, 1.0, None)


def test_for_people_with_a_comparison_a_page_and_floors(wenju: Command, own: Path, tmp_path: Path) -> None:
    old, page, floors = tmp_path / "old.json", tmp_path / "page.html", tmp_path / "floors.json"
    earlier = wenju(own, "--json", "--items").json
    earlier["hit@1"] = earlier["items"][0]["values"]["hit@1"] = 0.0
    old.write_text(json.dumps(earlier), "utf-8")
    floors.write_text('{"hit@1": 0.75, "hit@5": 0.5}', "utf-8")
    outcome = wenju(own, "--compare", old, "--html", page, "--floors", floors)
    assert outcome.code == 1
    assert outcome.err == f"Wrote {page}.\nhit@1 is 0.5000, below its floor of 0.75.\n"
    assert "3 questions (1 without an answer), 2 documents" in outcome.out
    assert "0.000  +0.500" in outcome.out
    assert "+ q1 左云县有多少网格员: hit@1 0 → 1" in outcome.out
    assert str(LOST["question"]) in page.read_text("utf-8")
    compared = wenju(own, "--compare", old, "--json").json["compare"]
    assert (compared["common"], compared["changes"][0]["id"]) == (3, "q1")


def test_the_table_by_kind_fits_a_terminal(wenju: Command, docs: Path, tmp_path: Path) -> None:
    told = {"id": "q5", "question": "左云县网格员有几名", "told": ["51名"], "difficulty": "number_of"}
    several = RGB | {"query": "云溪县有几处食堂和几位老人", "answer": [["52处"], ["2350人"]]}
    paths = (
        write_lines(tmp_path / "own.jsonl", FOUND, told, DECLINED),
        write_lines(tmp_path / "rgb.json", several),
    )
    lines = wenju(*paths, "--corpus", docs).out.splitlines()
    header = next(line for line in lines if line.startswith("kind"))
    assert header.split()[2:] == ["hit@1", "hit@5", "mrr@10", "highlight", "kept", "complete@5", "told"]
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("right_when_answered") for line in lines)
    assert "right_when_answered" in wenju(*paths, "--corpus", docs, "--json").json["by"]["kind"]["number_of"]


def test_a_comparison_without_items(wenju: Command, own: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(wenju(own, "--json").out, "utf-8")
    assert "made without --items" in wenju(own, "--compare", old).out


def test_a_document_that_is_not_indexed_is_named_and_missed(wenju: Command, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", FOUND, LOST | {"doc": "gone.txt"})
    outcome = wenju(path, "--json")
    assert outcome.json["missing_documents"] == ["gone.txt"]
    assert "Not in the index: gone.txt. Questions about them, counted as missed: 1." in outcome.err
    path = write_lines(tmp_path / "q.jsonl", LOST | {"doc": "gone.txt"})
    refused(wenju(path), "None of the documents", "--corpus")


def refused(outcome: Outcome, *parts: str) -> None:
    """One line of error that says all this."""
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("wenju: ")
    assert outcome.err.count("\n") == 1
    for part in parts:
        assert part in outcome.err


def test_what_cannot_be_evaluated_is_refused_before_anything_is_loaded(
    wenju: Command, own: Path, docs: Path, tmp_path: Path
) -> None:
    none = tmp_path / "none"
    refused(wenju(), "Missing argument")
    refused(wenju(none), f"{none} cannot be read")
    refused(wenju(write_lines(tmp_path / "bare.jsonl", {"question": "谁"})), "has no `answers` or no `doc`")
    refused(wenju(own, "--by", "article"), "--by is for SQuAD files")
    refused(wenju(own, "--by", "page"), "'page'")
    refused(wenju(own, "--distractors", docs), "name them with --corpus PATH")
    refused(wenju(own, "--corpus", none), f"There is no {none}")
    refused(wenju(own, "--corpus", docs, "--distractors", none), f"There is no {none}")
    refused(wenju(own, "--compare", own), "is not one JSON object")
    refused(wenju(own, "--floors", none), f"{none} cannot be read")
    refused(wenju(own, "--html", none / "page.html"), "Name a file in a folder that exists")
    refused(wenju(own, "--html", tmp_path), "Name a file")
    refused(wenju(own, "--items"), "--items goes with --json")
    refused(wenju(own, "--limit-distractors", 3), "--limit-distractors goes with --distractors")


def test_own_questions_beside_squad_need_their_documents(
    wenju: Command, own: Path, docs: Path, tmp_path: Path
) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(SQUAD), "utf-8")
    refused(wenju(own, path), "name them with --corpus PATH")
    assert wenju(own, path, "--corpus", docs, "--json").json["documents"] == 4


@pytest.mark.skipif(not (SHARED / "datasets").is_dir(), reason="the public data sets (../shared) are not at hand")
@pytest.mark.parametrize("articles", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_beginning_of_a_public_set(wenju: Command, tmp_path: Path, articles: int) -> None:
    """Traditional characters, several paragraphs an article; most first citations are right."""
    data = json.loads((SHARED / "datasets" / "drcd_dev.json").read_text("utf-8"))
    path = tmp_path / "drcd.json"
    path.write_text(json.dumps(data | {"data": data["data"][:articles]}), "utf-8")
    assert wenju(path, "--json").json["hit@1"] >= 0.85
