"""The embedded index through its contract, and its caches when they are damaged, stale or behind."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import PassageSettings, Settings
from retrieval.errors import IndexMismatchError, StorageError
from retrieval.index.base import IndexedDocument
from retrieval.index.embedded import EmbeddedIndex
from retrieval.index.rows import text_key
from retrieval.passages import passages_of, sentences_of
from retrieval.service import KnowledgeBase
from retrieval.text.tokens import tokenize
from retrieval.types import Document, Paragraph, quote
from tests.conftest import PaperEmbedder

ROOT = Path(__file__).resolve().parents[2]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"


@pytest.fixture
def index(tmp_path: Path, paper: PaperEmbedder) -> Iterator[EmbeddedIndex]:
    index = EmbeddedIndex.create(tmp_path / "index" / "gen-0001", paper.identity, "recipe")
    yield index
    index.close()


def made(name: str, *sentences: str) -> IndexedDocument:
    """A document of one-sentence passages with vectors by the paper embedder."""
    text = "\n".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    paragraphs = tuple(Paragraph(((a, a + len(s)),)) for a, s in zip(starts, sentences, strict=True))
    document = Document(Path("/docs", name), name, text, paragraphs)
    cut = sentences_of(document, 50)
    # Smaller than two sentences together: each is a passage of its own.
    passages = passages_of(document, name, cut, PassageSettings.model_construct(size=12, overlap=0))
    spans = [*(one.spans for one in cut), *(one.spans for one in passages)]
    texts = {quote(text, one) for one in spans}
    vectors = {text_key(one): PaperEmbedder().embed_passages([one])[0] for one in texts}
    return IndexedDocument(name, "sha", document, cut, passages, vectors)


def found(index: EmbeddedIndex, question: str, count: int = 10) -> dict[str, tuple[float, float]]:
    """(dense, lexical) by the text of the passages that a search finds."""
    candidates = index.search(PaperEmbedder().embed_questions([question])[0], tokenize(question), count)
    texts = {one.key: stored.text for one in candidates for stored in index.load([one.key])}
    return {texts[one.key]: (one.dense, one.lexical) for one in candidates}


def test_an_empty_index_finds_nothing(index: EmbeddedIndex) -> None:
    assert found(index, "网格员") == {}
    assert index.documents() == []
    assert index.document("a") is None
    assert index.passage("p") is None
    assert index.statistics(["网"]).document_frequency == {"网": 0}


def test_both_sides_score_every_candidate(index: EmbeddedIndex) -> None:
    index.put(made("a", GRID, CANTEEN, ELECTION))
    index.publish()
    by_text = found(index, "网格员", 1)
    # One candidate a side; 网格员 → (1,0,0,0,0,1)/√2, as is the vector of GRID, so the cosine is 1.
    assert by_text.keys() == {GRID}
    assert by_text[GRID][0] == pytest.approx(1, abs=1e-3)
    assert by_text[GRID][1] > 0
    every = found(index, "网格员和食堂", 10)
    assert every.keys() == {GRID, CANTEEN, ELECTION}
    # 网格员和食堂 → (1,1,0,0,0,1)/√3 against (1,0,0,0,0,1)/√2: 2/√6.
    assert every[GRID][0] == pytest.approx(2 / 6**0.5, abs=1e-3)
    assert every[ELECTION][1] == 0 < every[CANTEEN][1]


def test_a_count_beyond_the_index_gives_all(index: EmbeddedIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    assert found(index, "网格员", 1000).keys() == {GRID, CANTEEN}


def test_replacing_and_removing_leave_nothing_behind(index: EmbeddedIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    index.put(made("a", ELECTION))
    index.publish()
    assert found(index, "网格员食堂选举").keys() == {GRID, ELECTION}
    index.remove(["a", "never"])
    index.publish()
    assert found(index, "网格员食堂选举").keys() == {GRID}
    assert [record.document_id for record in index.documents()] == ["b"]
    # A vector that two documents shared stays as long as one of them does.
    assert index.known_vectors([text_key(GRID), text_key(ELECTION)]).keys() == {text_key(GRID)}
    assert index.statistics(["网", "选"]).document_frequency["网"] >= 1


def test_removed_passages_are_left_out_when_loading(index: EmbeddedIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    keys = [one.key for one in index.search(PaperEmbedder().embed_questions(["网格员"])[0], [], 10)]
    forward, backward = index.load(keys), index.load(keys[::-1])
    assert {stored.text for stored in forward} == {GRID, CANTEEN}
    assert forward == backward[::-1]
    index.remove(["a"])
    assert index.load(keys) == []


def test_the_document_comes_back_as_it_was_read(index: EmbeddedIndex) -> None:
    original = made("a", GRID, CANTEEN)
    index.put(original)
    assert index.document("a") == original.document
    stored = index.passages_of("a")
    assert [one.passage for one in stored] == list(original.passages)
    assert [one.text for one in stored] == [GRID, CANTEEN]
    assert index.passage(original.passages[1].passage_id) == stored[1]


def test_a_reader_sees_what_a_writer_adds(index: EmbeddedIndex) -> None:
    reader = EmbeddedIndex(index.folder)
    assert found(reader, "网格员") == {}
    index.put(made("a", GRID))
    index.publish()
    assert found(reader, "网格员").keys() == {GRID}
    index.remove(["a"])
    index.publish()
    assert found(reader, "网格员") == {}
    reader.close()


def test_another_model_or_recipe_is_refused_with_the_way_out(index: EmbeddedIndex, paper: PaperEmbedder) -> None:
    index.check(paper.identity, "recipe")
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        index.check(PaperEmbedder("other").identity, "recipe")
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        index.check(paper.identity, "other recipe")


@pytest.mark.parametrize("damage", ["deleted", "cut short", "bit flipped", "rubbish"])
@pytest.mark.parametrize("cache", ["vectors.faiss", "words"])
def test_a_damaged_cache_is_rebuilt_from_the_database(index: EmbeddedIndex, cache: str, damage: str) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    index.save_caches()
    before = found(index, "网格员")
    folder = index.folder / cache
    for path in [folder] if folder.is_file() else sorted(folder.glob("*.json")) or sorted(folder.iterdir()):
        _damage(path, damage)
    reopened = EmbeddedIndex(index.folder)
    assert found(reopened, "网格员") == before
    reopened.close()


def _damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "deleted":
        path.unlink()
    elif how == "cut short":
        path.write_bytes(data[: len(data) // 2])
    elif how == "bit flipped":
        data[len(data) * 3 // 4] ^= 0x10
        path.write_bytes(data)
    else:
        path.write_bytes(b"rubbish")


def test_caches_of_another_database_are_not_believed(
    index: EmbeddedIndex, tmp_path: Path, paper: PaperEmbedder
) -> None:
    index.put(made("a", GRID))
    index.publish()
    index.save_caches()
    other = EmbeddedIndex.create(tmp_path / "other" / "gen-0001", paper.identity, "recipe")
    other.put(made("b", CANTEEN))
    for name in ("vectors.faiss", "words"):
        source, target = index.folder / name, other.folder / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    assert found(other, "网格员食堂").keys() == {CANTEEN}
    other.close()


def test_a_database_put_back_to_an_earlier_copy_answers_as_it_did(index: EmbeddedIndex, tmp_path: Path) -> None:
    index.put(made("a", GRID))
    backup = tmp_path / "backup.db"
    with closing(sqlite3.connect(index.folder / "index.db")) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    index.put(made("b", CANTEEN))
    index.publish()
    index.save_caches()
    index.close()
    for name in ("index.db-wal", "index.db-shm"):
        (index.folder / name).unlink(missing_ok=True)
    shutil.copy(backup, index.folder / "index.db")
    reopened = EmbeddedIndex(index.folder)
    assert found(reopened, "网格员食堂").keys() == {GRID}
    reopened.close()


def test_a_damaged_database_is_reported_and_left_as_it_is(index: EmbeddedIndex) -> None:
    index.close()
    path = index.folder / "index.db"
    path.write_bytes(b"this is no database, but somebody may still save something from it" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="damaged"):
        EmbeddedIndex(index.folder)
    assert path.read_bytes() == before


def test_a_writer_killed_before_publishing_loses_nothing(
    settings: Settings, paper: PaperEmbedder, tmp_path: Path
) -> None:
    """SIGKILL between the commit of a document and the commit of the words."""
    (tmp_path / "a.txt").write_text(GRID, "utf-8")
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from config.settings import load_settings
        from retrieval.index.embedded import EmbeddedIndex
        from retrieval.service import KnowledgeBase
        from tests.conftest import PaperEmbedder

        class Killed(EmbeddedIndex):
            def publish(self):
                os.kill(os.getpid(), signal.SIGKILL)

        import retrieval.service
        retrieval.service.EmbeddedIndex = Killed
        base = KnowledgeBase(load_settings(home=Path({str(settings.home)!r})), embedder=PaperEmbedder())
        base.add([Path({str(tmp_path / "a.txt")!r})])
        """
    )
    outcome = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert outcome.returncode == -signal.SIGKILL
    base = KnowledgeBase(settings, embedder=paper)
    answer = base.ask("左云县有多少网格员")
    assert answer.answer == GRID
    report = base.add([tmp_path / "a.txt"])
    assert (report.unchanged, paper.embedded) == (1, [])
    base.close()
