"""What is killed: an operation on a home that is in some state, and what may be found there afterwards."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.index.embedded import vector_index
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import DATABASE
from retrieval.ingestion import batches
from retrieval.service import KnowledgeBase
from tests.crash import villages
from tests.index import test_migration
from tests.support.paper import PaperEmbedder

Operate = Callable[[KnowledgeBase, Path, Callable[[int], None]], None]
"""Works on the base of a home, and tells how many of the files it has reported as done."""
Arrange = Callable[[Path], None]


@dataclass(frozen=True)
class Scenario:
    """`before` and `after` are the editions of the documents; `arrange` readies a home that holds those before."""

    kind: str
    name: str
    before: villages.Editions
    after: villages.Editions
    operate: Operate
    arrange: Arrange
    is_read: bool = True
    """Whether a reader can have it open beforehand: the layout of an earlier version is read by that version."""
    is_rebuilt: bool = False
    """Whether it answers only when it was rebuilt."""

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def reads_files(self) -> bool:
        return self.kind in ("ingest", "rebuild", "training")

    @property
    def stays(self) -> list[int]:
        """Documents that are the same before and after."""
        return [number for number, edition in self.before.items() if self.after.get(number) == edition]

    @property
    def touched(self) -> list[int]:
        return sorted({number for number, _ in self.before.items() ^ self.after.items()})


def base_of(home: Path) -> KnowledgeBase:
    """Opened with batches of a few files: a large ingest, of which there are many moments to see."""
    batches._BATCH_FILES = 4
    return KnowledgeBase(villages.settings_of(home), embedder=PaperEmbedder())


def folder_of(home: Path) -> Path:
    """The generation in use."""
    return GenerationFolders(home / "home" / "index").current()


def ready(home: Path, scenario: Scenario) -> None:
    """Make a home as it is before the operation."""
    if scenario.before:
        villages.write(home, scenario.before)
        with closing(base_of(home)) as base:
            report = base.add([home / "documents"])
        assert len(report.added) == len(scenario.before), report.failures
    scenario.arrange(home)


# -- operations ----------------------------------------------------------------------------------------------------


def _ingest(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:
    base.add([home / "documents"], progress=lambda progress: report(progress.done))


def _prune(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:
    base.add([home / "documents"], prune=True, confirmed=True, progress=lambda progress: report(progress.done))


def _remove(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:  # noqa: ARG001
    folder = home / "documents" / "odd"
    if any(folder in record.path.parents for record in base.documents()):
        base.remove(str(folder), confirmed=True)
    else:  # all was removed before the kill: what was left behind then goes with the next writer
        base.add([home / "documents" / "even"])


def _rebuild(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:  # noqa: ARG001
    base.rebuild()


def _migrate(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:  # noqa: ARG001
    base.documents()


def _train(base: KnowledgeBase, home: Path, report: Callable[[int], None]) -> None:
    vector_index._OUTGROWN = 30
    _ingest(base, home, report)


# -- states --------------------------------------------------------------------------------------------------------


def _editions(count: int, newer: range = range(0)) -> dict[int, int]:
    return {number: int(number in newer) for number in range(count)}


def _files(after: villages.Editions) -> Arrange:
    """New and changed files; those that are not among them are gone."""

    def arrange(home: Path) -> None:
        villages.write(home, after)
        villages.unlink(home, [number for number in range(villages.MOST) if _is_left(home, number, after)])

    return arrange


def _is_left(home: Path, number: int, after: villages.Editions) -> bool:
    return number not in after and villages.path(home, number).exists()


def _as_it_is(home: Path) -> None:
    """Nothing more is to be done."""


def _without_vectors(home: Path) -> None:
    (folder_of(home) / "vectors.faiss").unlink()


def _without_words(home: Path) -> None:
    _without_vectors(home)
    (folder_of(home) / "words" / "meta.json").unlink()


def _of_version(version: int) -> Arrange:
    def arrange(home: Path) -> None:
        with closing(sqlite3.connect(folder_of(home) / DATABASE)) as database:
            test_migration._without_checksums(database)
            if version < 3:
                test_migration._scatter_vectors(database)
            if version == 1:
                for table, column in test_migration.ADDED_SINCE_1:
                    database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
                database.execute("UPDATE meta SET value = 'sentences/1 size=450 overlap=150' WHERE name = 'recipe'")
            database.execute(f"PRAGMA user_version = {version}")
            database.commit()

    return arrange


def _scenarios() -> list[Scenario]:
    small, large = _editions(6), _editions(24)
    grown = _editions(14, range(0, 2)), _editions(32, range(10, 14))
    even_small, even_large = ({n: 0 for n in of if n % 2 == 0} for of in (small, large))
    shrunk = {number: 0 for number in large if number % 6} | {90: 0, 91: 0}
    trained = _editions(14, range(3))
    return [
        Scenario("ingest", "into nothing", {}, small, _ingest, _files(small)),
        Scenario("ingest", "into a small index", small, grown[0], _ingest, _files(grown[0])),
        Scenario("ingest", "into a larger one", large, grown[1], _ingest, _files(grown[1])),
        Scenario("removal", "from a small index", small, even_small, _remove, _as_it_is),
        Scenario("removal", "from a larger one", large, even_large, _remove, _as_it_is),
        Scenario("removal", "of what is gone", large, shrunk, _prune, _files(shrunk)),
        Scenario("rebuild", "of a small index", small, small, _rebuild, _as_it_is),
        Scenario("rebuild", "of a larger one", large, large, _rebuild, _as_it_is),
        Scenario("caches", "of a small index", small, small, _ingest, _without_words),
        Scenario("caches", "vectors", large, large, _ingest, _without_vectors),
        Scenario("caches", "vectors and words", large, large, _ingest, _without_words),
        Scenario("migration", "from 1", small, small, _migrate, _of_version(1), is_read=False, is_rebuilt=True),
        Scenario("migration", "from 2", large, large, _migrate, _of_version(2), is_read=False),
        Scenario("migration", "from 3", large, large, _migrate, _of_version(3), is_read=False),
        Scenario("training", "when it has grown", _editions(10), trained, _train, _files(trained)),
    ]


SCENARIOS = _scenarios()
SHARES = {"ingest": 30, "removal": 18, "rebuild": 20, "caches": 12, "migration": 10, "training": 10}
"""How many of a hundred kills are of each kind."""
SMALL = [
    next(scenario for scenario in reversed(SCENARIOS) if scenario.kind == kind and len(scenario.after) <= 14)
    for kind in SHARES
]
"""One of each kind."""
