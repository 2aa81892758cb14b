"""`make crash-test ARGS="--milvus --kills 100"`: writers of an index on a Milvus are killed at random moments, and
what is left is looked at.

The server is a milvus-lite of this process, the writers are processes of their own (`tests/crash/client.py`)."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from milvus_lite.server_manager import server_manager_instance

from retrieval.index.base import IndexStore, PassageIndex
from retrieval.index.milvus import lease
from retrieval.index.milvus.counts import Changes, Counts
from retrieval.index.milvus.index import MilvusIndex
from retrieval.index.upkeep import DamagedError
from retrieval.text.tokens import tokenize
from tests.crash.client import DOCUMENTS, opened, sentences
from tests.support.indexes import MADE_BY, found
from tests.support.running import ROOT, this_tree

_CHANGES, _LONG, _SHORT = 8, 1.0, 0.1
"""A writer is killed after it began fewer changes than that: within so many seconds of its start where that is none,
for it takes the lease then, else within so many of the last change."""
_SLACK = 5
"""Seconds that taking a lease may last longer than the lease that it waits for."""


@dataclass
class Seen:
    """Kills by what the writer was about; changes that it had reported; seconds until the next writer had the lease;
    what was wrong."""

    kills: dict[str, int] = field(default_factory=lambda: {"lease": 0, "put": 0, "remove": 0, "between": 0})
    reported: int = 0
    either: dict[str, int] = field(default_factory=lambda: {"as it was": 0, "changed": 0})
    """What became of the changes under way."""
    longest_wait: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Writer:
    """A process that is ready to write."""

    def __init__(self, address: str, prefix: str, seed: str) -> None:
        command = [sys.executable, "-m", "tests.crash.client", address, prefix, seed]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=this_tree(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def killed_after(self, changes: int, seconds: float) -> list[list[str]]:
        """What it said until it was killed, so many seconds after it began so many changes."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._process as process:
            assert process.stdout is not None
            process.stdout.readline()
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            lines = list[str]()
            while sum(line.startswith("begin") for line in lines) < changes:
                if not (line := process.stdout.readline()):
                    raise RuntimeError(f"the writer ended by itself after {lines}")
                lines.append(line)
            time.sleep(seconds)
            process.kill()
            return [line.rstrip("\n").split(" ") for line in [*lines, *process.stdout] if line.endswith("\n")]

    def end(self) -> None:
        with self._process as process:
            process.kill()


def run(kills: int, seed: int, lease_seconds: float) -> Seen:
    """A writer after the other on one index, each killed."""
    draw, seen, versions = random.Random(seed), Seen(), dict[str, str]()
    lease.LEASE_SECONDS = lease_seconds  # of this process, which waits for the lease of who was killed
    with tempfile.TemporaryDirectory(prefix="wenju-crash-") as folder:
        address = str(server_manager_instance.start_and_get_uri(str(Path(folder, "milvus.db"))))
        with closing(opened(address, "crash")) as store:
            store.create(MADE_BY)
            next_one = Writer(address, "crash", f"{seed}-0")
            try:
                for kill in range(kills):
                    writer, next_one = next_one, Writer(address, "crash", f"{seed}-{kill + 1}")
                    changes = draw.randrange(_CHANGES)
                    said = writer.killed_after(changes, draw.uniform(0, _SHORT if changes else _LONG))
                    seen.wrong += [f"kill {kill}: {problem}" for problem in _left(store, versions, said, seen)]
            finally:
                next_one.end()
        server_manager_instance.release_all()
    return seen


def _left(store: IndexStore, versions: dict[str, str], said: list[list[str]], seen: Seen) -> Iterator[str]:
    """What is wrong after a kill; `versions` become those that are there."""
    done = [words[1:] for words in said if words[0] == "done"]
    versions.update((name, version) for name, version in done)
    seen.reported += len(done)
    under_way = said[-1][1:] if said and said[-1][0] == "begin" else None
    about = "lease" if not said else "between" if under_way is None else "put" if under_way[1] else "remove"
    seen.kills[about] += 1
    allowed = {name: [version] for name, version in versions.items()}
    if under_way is not None:
        allowed[under_way[0]] = [versions.get(under_way[0], ""), under_way[1]]
    yield from _documents(store.current(), allowed, versions)
    if under_way is not None and len({*allowed[under_way[0]]}) > 1:
        seen.either["changed" if versions[under_way[0]] == under_way[1] else "as it was"] += 1
    yield from (f"not verified: {problem}" for problem in _damage(store))
    began = time.monotonic()
    with store.writing(60) as writer:
        seen.longest_wait = max(seen.longest_wait, waited := time.monotonic() - began)
        told = sum(record.passages for record in writer.documents())
        assert isinstance(writer, MilvusIndex)
        if (lie := writer.count_passages()) != told:
            yield f"left behind: {lie} passages lie there, of {told}"
        yield from _counts(writer)
    if waited > 2 * lease.LEASE_SECONDS + _SLACK:
        yield f"the lease ended after {waited:.1f} s"
    yield from (f"not mended: {problem}" for problem in [*store.problems(), *_damage(store)])


def _documents(index: PassageIndex, allowed: Mapping[str, list[str]], versions: dict[str, str]) -> Iterator[str]:
    """Whether each is there in a version that it may have, whole, and is found by all its passages."""
    there = {record.document_id: record.passages for record in index.documents()}
    yield from (f"unknown: {name}" for name in there.keys() - allowed.keys())
    for name, several in allowed.items():
        texts = tuple(stored.text for stored in index.passages_of(name))
        whole = {tuple(sentences(name, version)) if version else (): version for version in several}
        if texts not in whole:
            yield f"lost or half: {name} has {texts}, and not one of {several}"
            continue
        versions[name] = whole[texts]
        if there.get(name, 0) != len(texts):
            yield f"half: {name} has {there.get(name, 0)} passages, of {len(texts)}"
    wanted = {f"{name}-{i}" for name, version in versions.items() if version for i in range(there.get(name, 0))}
    if (hits := found(index, "网格员").keys()) != wanted:
        yield f"half: {len(hits)} passages are found, of {len(wanted)}"


def _damage(store: IndexStore) -> Iterator[str]:
    """What `wenju verify` looks at."""
    with store.salvaging() as salvage:
        for number in salvage.documents():
            try:
                salvage.read(number)
                salvage.check_vectors(number)
            except DamagedError as error:
                yield str(error)


def _counts(index: MilvusIndex) -> Iterator[str]:
    """Whether counts are those of all passages."""
    tokens, anew = tokenize("网格员村第版段"), Changes()
    for number in range(DOCUMENTS):
        if kept := index.of(f"d{number}"):
            anew.count([own.searched for own in index.rows.data(index.keys_in(kept.number)).values()], 1)
    if Counts(index._milvus, index.records).lexical(tokens) != anew.lexical(tokens):
        yield "not mended: counts are not those of the passages"


def tell(kills: int, seed: int, lease_seconds: float) -> int:
    """Run it and say what was seen; the exit code."""
    seen = run(kills, seed, lease_seconds)
    sys.stdout.write("".join(f"{problem}\n" for problem in seen.wrong))
    about = ", ".join(f"{what} {count}" for what, count in seen.kills.items())
    became = ", ".join(f"{what} {count}" for what, count in seen.either.items())
    sys.stdout.write(
        f"{seen.reported:,} changes were reported as done; changes under way: {became}; the next writer had the "
        f"lease, which was {lease_seconds:g} s, after {seen.longest_wait:.1f} s at most\n"
        f"crash-test of clients: {sum(seen.kills.values())} kills ({about}), {len(seen.wrong)} wrong, seed {seed}\n"
    )
    return int(bool(seen.wrong))
