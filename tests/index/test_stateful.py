"""The index against a plain dictionary: whatever is done in whatever order, and whatever is killed or damaged on the
way, both hold the same documents and find the same passages."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from retrieval.index.embedded import vector_index
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.text.tokens import tokenize
from tests.index.caches import DAMAGES, VECTORS, WORDS
from tests.support.indexes import EVERYTHING, SENTENCES, found, ids, made
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

NAMES = st.sampled_from("abcd")
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True)
QUESTION = "网格员食堂选举"
EXAMPLES = int(os.environ.get("WENJU_TEST_EXAMPLES", "4"))
"""`make crash-test` takes more."""
SECONDS = 10
"""Another of the open indexes may be making damaged words anew; one that cannot wait answers without them."""

KILLER = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from retrieval.frozen_dict import FrozenDict
from retrieval.index.embedded.index import EmbeddedIndex
from tests.support.indexes import made

def die(): os.kill(os.getpid(), signal.SIGKILL)

class Vectors(FrozenDict):
    def __getitem__(self, key):  # read by `put` when a passage is written and nothing is committed
        die() if moment == "inside" else None
        return super().__getitem__(key)

for line in sys.stdin:
    folder, moment, name, *sentences = line.rstrip("\\n").split("\\t")
    if not (child := os.fork()):
        index = EmbeddedIndex(Path(folder))
        with index.writing(5):
            document = made(name, *sentences)
            index.put(replace(document, vectors=Vectors(document.vectors)))
            if moment == "published":
                index.publish()
            die()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def killer() -> Iterator["subprocess.Popen[str]"]:
    """A process that forks writers which are killed: this one has threads and databases open, and may not fork."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLER],
        cwd=ROOT,
        env=this_tree(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate()
    assert process.returncode == 0


class Machine(RuleBasedStateMachine):
    """One index that writes and one that only reads, as another process would; `kept` is what both must hold."""

    killer: "subprocess.Popen[str]"

    @initialize()
    def make(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="wenju-stateful-"))
        self.generations = GenerationFolders(self.root / "index")
        self.kept: dict[str, Sequence[str]] = {}
        self.dropped: list[EmbeddedIndex] = []
        self.older: bytes | None = None
        EmbeddedIndex.create(self.generations.current(), PaperEmbedder().identity, "recipe").close()
        self.index, self.reader = self.generations.open(), self.generations.open()

    def teardown(self) -> None:
        if hasattr(self, "root"):
            self.compare()
            for index in (self.index, self.reader, *self.dropped):
                index.close()
            shutil.rmtree(self.root)

    # -- changes ---------------------------------------------------------------------------------------------------

    @rule(name=NAMES, sentences=TEXTS, is_published=st.booleans())
    def put(self, name: str, sentences: Sequence[str], is_published: bool) -> None:
        with self.generations.writing(self.index, 5):
            self.index.put(made(name, *sentences))
            if is_published:
                self.index.publish()
        self.kept[name] = sentences

    @rule(names=st.sets(NAMES))
    def remove(self, names: set[str]) -> None:
        with self.generations.writing(self.index, 5):
            self.index.remove(names)
        self.kept = {name: sentences for name, sentences in self.kept.items() if name not in names}

    @rule(is_whole=st.booleans())
    def save_caches(self, is_whole: bool) -> None:
        with self.generations.writing(self.index, 5):
            self.index.save_caches(whole=is_whole)

    @rule()
    def rebuild(self) -> None:
        with self.generations.writing(self.index, 5):
            new = EmbeddedIndex.create(self.generations.next(), PaperEmbedder().identity, "recipe")
            for name, sentences in self.kept.items():
                new.put(made(name, *sentences))
            new.save_caches(whole=True)
            new.close()
            self.generations.switch(new.folder)
        self.older = None
        self.reader.close()
        self.reader = self.generations.open()
        self.reopen()

    # -- accidents -------------------------------------------------------------------------------------------------

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = self.generations.open()

    @rule()
    def drop(self) -> None:
        """As a process does that ends without a word."""
        self.dropped.append(self.index)
        self.index = self.generations.open()

    @rule(name=NAMES, sentences=TEXTS, moment=st.sampled_from(["inside", "committed", "published"]))
    def kill(self, name: str, sentences: Sequence[str], moment: str) -> None:
        """A writer of another process dies inside its transaction, after it, or after the words were written, too."""
        assert self.killer.stdin is not None and self.killer.stdout is not None
        self.killer.stdin.write("\t".join([str(self.index.folder), moment, name, *sentences]) + "\n")
        self.killer.stdin.flush()
        assert int(self.killer.stdout.readline()) == -signal.SIGKILL
        if moment != "inside":
            self.kept[name] = sentences

    @rule(damage=st.sampled_from(DAMAGES), number=st.integers(0, 99))
    def damage(self, damage: object, number: int) -> None:
        """One of the files of the caches, while they are open."""
        files = [path for path in self._cache_files() if path.stat().st_size]
        if files and callable(damage):
            damage(files[number % len(files)])
        self.drop()

    @rule()
    def throw_away(self) -> None:
        for path in self._cache_files():
            path.unlink()
        self.drop()

    @rule()
    def keep_vectors(self) -> None:
        if (self.index.folder / VECTORS).exists():
            self.older = (self.index.folder / VECTORS).read_bytes()

    @rule()
    def roll_vectors_back(self) -> None:
        if self.older is not None:
            (self.index.folder / VECTORS).write_bytes(self.older)
            self.drop()

    def _cache_files(self) -> list[Path]:
        words = [path for path in (self.index.folder / WORDS).glob("*") if "lock" not in path.name]
        return sorted([*words, *self.index.folder.glob(VECTORS)])

    # -- the same as the dictionary --------------------------------------------------------------------------------

    @rule()
    def compare(self) -> None:
        passages = {f"{name}-{i}": sentence for name, own in self.kept.items() for i, sentence in enumerate(own)}
        asked = set(tokenize(QUESTION))
        cosines = PaperEmbedder().embed_passages([*passages.values(), QUESTION])
        for index in (self.index, self.reader):
            assert {record.document_id: record.passages for record in index.documents()} == {
                name: len(own) for name, own in self.kept.items()
            }
            for name, own in self.kept.items():
                document = index.document(name)
                assert document is not None and document.text == "\n".join(own)
                assert [stored.text for stored in index.passages_of(name)] == list(own)
            hits = found(index, QUESTION)
            assert {name: round(dense, 2) for name, (dense, _) in hits.items()} == {
                name: pytest.approx(float(cosines[i] @ cosines[-1]), abs=0.011) for i, name in enumerate(passages)
            }
            holding = {name for name, sentence in passages.items() if asked & set(tokenize(sentence))}
            end = time.monotonic() + SECONDS
            while (by_words := _by_words(index)) != holding and time.monotonic() < end:
                time.sleep(0.05)
            assert by_words == holding
            assert index.statistics([]).passages == len(passages)


def _by_words(index: EmbeddedIndex) -> set[str]:
    return ids(index, index.search_words(tokenize(QUESTION), EVERYTHING))


@pytest.mark.parametrize("outgrown", [vector_index._OUTGROWN, 6], ids=["exact", "approximate"])
def test_the_index_is_as_a_dictionary(
    killer: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch, outgrown: int
) -> None:
    monkeypatch.setattr(vector_index, "_OUTGROWN", outgrown)
    monkeypatch.setattr(Machine, "killer", killer, raising=False)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
