"""The index of the samples is Wenju's own: kept in step with the documents that ship, whoever shares the home."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from config.settings import Settings, load_settings
from retrieval.errors import BusyError, StorageError
from retrieval.samples import are_samples, open_samples, refresh
from retrieval.service import KnowledgeBase, ignore
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
BARRED = sys.platform != "win32" and os.geteuid() != 0
GRID, CANTEEN = "左云县有网格员51名。", "云溪县有食堂52处。"


@pytest.fixture
def corpus(write: Write) -> Path:
    write("first/corpus/a.txt", GRID)
    return write("first/corpus/b.txt", CANTEEN).parent


@pytest.fixture
def samples(settings: Settings, paper: PaperEmbedder, corpus: Path) -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase(settings, folder="samples", embedder=paper)) as samples:
        refresh(samples, ignore, corpus)
        yield samples


def paths(base: KnowledgeBase) -> list[Path]:
    return [record.path for record in base.documents()]


def test_a_second_installation_takes_over_without_embedding_again(
    samples: KnowledgeBase, paper: PaperEmbedder, corpus: Path
) -> None:
    second = corpus.parent.parent / "second" / "corpus"
    shutil.copytree(corpus, second)
    paper.embedded.clear()
    refresh(samples, ignore, second)
    assert paths(samples) == [second / "a.txt", second / "b.txt"]
    assert paper.embedded == []


def test_made_anew_for_other_settings_it_still_follows_the_folder(samples: KnowledgeBase, corpus: Path) -> None:
    settings = samples.settings
    (corpus / "a.txt").unlink()
    (corpus / "c.txt").write_text("青禾县完成选举。", "utf-8")
    passages = settings.passages.model_copy(update={"size": 50, "overlap": 0})
    other = settings.model_copy(update={"passages": passages})
    with closing(KnowledgeBase(other, folder="samples", embedder=PaperEmbedder())) as changed:
        refresh(changed, ignore, corpus)
        changed.check()
        assert paths(changed) == [corpus / "b.txt", corpus / "c.txt"]


def test_while_another_process_writes_it_answers_as_it_is(settings: Settings, corpus: Path) -> None:
    hurried = load_settings(home=settings.home, index={"wait_seconds": 0})
    with closing(KnowledgeBase(hurried, folder="samples", embedder=PaperEmbedder())) as samples:
        lock = settings.home / "samples" / "write.lock"
        lock.parent.mkdir(parents=True)
        with FileLock(lock), pytest.raises(BusyError):  # nothing is there yet that could answer
            refresh(samples, ignore, corpus)
        refresh(samples, ignore, corpus)
        (corpus / "c.txt").write_text("青禾县完成选举。", "utf-8")
        with FileLock(lock):
            refresh(samples, ignore, corpus)
        assert samples.ask("左云县有多少网格员").answer == GRID


def test_one_that_cannot_be_written_and_does_not_fit_is_an_error(samples: KnowledgeBase, corpus: Path) -> None:
    hurried = load_settings(
        home=samples.settings.home, index={"wait_seconds": 0}, passages={"size": 50, "overlap": 0}
    )
    with (
        closing(KnowledgeBase(hurried, folder="samples", embedder=PaperEmbedder())) as other,
        FileLock(samples.settings.home / "samples" / "write.lock"),
        pytest.raises(BusyError),
    ):
        refresh(other, ignore, corpus)


def test_missing_samples_are_told(samples: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Install Wenju again"):
        refresh(samples, ignore, tmp_path / "nowhere")


@pytest.mark.skipif(not BARRED, reason="nothing is barred to the superuser")
def test_a_home_that_cannot_be_written_answers(samples: KnowledgeBase, settings: Settings, corpus: Path) -> None:
    samples.close()
    folders = [settings.home / "samples", *(path for path in settings.home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        with closing(KnowledgeBase(settings, folder="samples", embedder=PaperEmbedder())) as barred:
            refresh(barred, ignore, corpus)
            assert barred.ask("左云县有多少网格员").answer == GRID
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_the_samples_have_an_index_of_their_own(samples: KnowledgeBase, settings: Settings, corpus: Path) -> None:
    with closing(KnowledgeBase(settings)) as own, closing(open_samples(settings)) as again:
        assert are_samples(samples) and are_samples(again) and not are_samples(own)
        assert paths(again) == [corpus / "a.txt", corpus / "b.txt"]
        assert not own.exists
