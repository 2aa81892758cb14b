"""Questions asked of real indexes, with the embedder to work out on paper."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from config.settings import Settings
from retrieval.errors import EvaluationError
from retrieval.evaluation import corpus as corpora
from retrieval.evaluation.corpus import Corpus, deep_enough
from retrieval.evaluation.run import evaluate, missing_note, summary
from retrieval.service import KnowledgeBase, ignore
from tests.evaluation.make import question
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]

GRID = "青禾县有专职网格员51名。"
CANTEEN = "青禾县有老年食堂52处。"
ASKED = question("青禾县有多少网格员", answers=(("51名",),), document="grid.txt", evidence=(GRID,))
DECLINED = question("红烧肉怎么做", kind="other_topic", why="other_topic")


@pytest.fixture
def filled(base: KnowledgeBase, write: Write) -> KnowledgeBase:
    base.settings = deep_enough(base.settings)
    base.add([write("grid.txt", GRID), write("canteen.txt", CANTEEN)])
    return base


def test_questions_are_asked_and_judged(filled: KnowledgeBase) -> None:
    asked: list[int] = []
    lost = question("青禾县有多少食堂", answers=(("99处",),), document="canteen.txt")
    evaluation = evaluate(filled, [ASKED, lost, DECLINED], asked.append)
    assert asked == [1, 2, 3]
    first, second, third = evaluation.items
    assert (first.rank, first.values["hit@1"], first.values["ndcg@10"]) == (1, 1.0, 1.0)
    assert (second.rank, second.values["hit@5"], second.values["ndcg@10"]) == (None, 0.0, 0.0)
    assert third.values.keys() == {"refused"}
    assert (evaluation.means["hit@1"], evaluation.counts["hit@1"], evaluation.counts["refused"]) == (0.5, 2, 1)
    assert evaluation.documents == 2


def test_the_summary_is_plain_and_items_are_asked_for(filled: KnowledgeBase) -> None:
    evaluation = evaluate(filled, [ASKED, DECLINED])
    figures = summary(evaluation)
    assert (figures["questions"], figures["answerable"], figures["unanswerable"]) == (2, 1, 1)
    assert figures["by"]["document"]["grid.txt"]["hit@1"] == 1.0
    assert list(figures["by"]["kind"]) == ["easy", "other_topic"]
    assert figures["complete@5"] is None
    assert figures["ci"]["complete@5"] is None
    assert figures["latency_ms"].keys() == {"p50", "p95", "mean"}
    assert "items" not in figures
    (item, _) = summary(evaluation, items=True)["items"]
    assert item["gold"] == {"answers": [["51名"]], "document": "grid.txt", "evidence": [GRID]}
    assert (item["id"], item["rank"], item["citations"][0]["document"]) == (ASKED.id, 1, "grid.txt")


def test_a_declined_question_is_asked_again_to_see_what_was_there(filled: KnowledgeBase) -> None:
    strict = filled.settings.answer.model_copy(update={"related": 1.0, "answered": 1.0})
    filled.settings = filled.settings.model_copy(update={"answer": strict})
    (item,) = evaluate(filled, [replace(ASKED, text="红烧肉怎么做")]).items
    assert (item.answer.status, item.rank, item.values["kept"], item.unshown_rank) == ("not_found", None, 0.0, 1)
    assert filled.settings.answer == strict


def test_turns_that_conversations_share_are_asked_once(filled: KnowledgeBase, paper: PaperEmbedder) -> None:
    first, second = "青禾县有多少网格员", "食堂呢"
    asked = [
        question(text, after=after, told=((told,),))
        for text, after, told in (
            ("食堂呢", (first,), "52处"),
            ("那网格员呢", (first, second), "51名"),
            ("网格员有几名", (first, second), "51名"),
        )
    ]
    assert evaluate(filled, asked).means["told"] == 1.0
    assert len(paper.asked) == len({first, second}) + len(asked)


def test_documents_that_are_not_there_are_named_and_missed(filled: KnowledgeBase) -> None:
    lost = [question(f"谁在{n}", answers=(("甲",),), document=f"gone{n}.txt") for n in range(7)]
    evaluation = evaluate(filled, [ASKED, *lost])
    note = missing_note(evaluation) or ""
    assert "gone0.txt" in note
    assert "and 2 more. Questions about them, counted as missed: 7." in note
    assert evaluation.means["hit@1"] == 0.125
    assert missing_note(evaluate(filled, [ASKED])) is None
    with pytest.raises(EvaluationError, match=r"None of the documents .*gone0.txt") as raised:
        evaluate(filled, lost)
    assert in_terminal(raised.value).endswith(" Name the folder that holds them with --corpus.")


def test_no_questions(filled: KnowledgeBase) -> None:
    with pytest.raises(EvaluationError, match="no questions"):
        evaluate(filled, [])


def test_the_ideal_of_a_question_about_any_document_has_all_passages(filled: KnowledgeBase) -> None:
    """Both files hold 青禾县, so that both are relevant wherever they are cited."""
    anywhere = question("青禾县有多少网格员", answers=(("青禾县",),))
    (item,) = evaluate(filled, [anywhere]).items
    assert item.values["ndcg@10"] == pytest.approx(1.0)


# -- the corpus for the time ---------------------------------------------------------------------------------------


@pytest.fixture
def build(settings: Settings, tmp_path: Path) -> Callable[[Corpus], list[str]]:
    """Index a corpus and return the names of its documents."""

    def builder(corpus: Corpus) -> list[str]:
        folder = tmp_path / "time"
        folder.mkdir()
        base, report = corpora.index(folder, corpus, settings, ignore, ignore, embedder=PaperEmbedder())
        try:
            assert not report.failures
            assert base.settings.home.is_relative_to(folder)
            assert base.settings.search.top_k == 10
            return [record.name for record in base.documents()]
        finally:
            base.close()
            assert not settings.home.exists(), "the user's home is not this one's business"

    return builder


def test_texts_paths_and_distractors_come_together(build: Callable[[Corpus], list[str]], write: Write) -> None:
    """Of the distractors the first three: b.txt, and two lines that say something."""
    lines = write("news.txt.gz", gzip.compress("第一条。\n\n第二条。\n第三条。\n".encode()))
    corpus = Corpus({"made.txt": GRID}, [write("own/a.txt", GRID)], [write("more/b.txt", CANTEEN), lines], 3)
    assert sorted(build(corpus)) == ["2-news-000001.txt", "2-news-000003.txt", "a.txt", "b.txt", "made.txt"]


def test_folders_of_distractors_are_read_as_a_whole(build: Callable[[Corpus], list[str]], write: Write) -> None:
    write("more/news.txt.gz", gzip.compress("第一条。\n".encode()))
    folder = write("more/b.txt", CANTEEN).parent
    assert sorted(build(Corpus({"made.txt": GRID}, distractors=[folder]))) == [
        *("1-news-000001.txt", "b.txt", "made.txt")
    ]


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"\xff\xfe")[:-4], gzip.compress(b"\xff\xfe")],
    ids=["no gzip", "cut off", "no text"],  # without the time that gzip writes: processes must collect the same names
)
def test_damaged_lines(settings: Settings, tmp_path: Path, write: Write, content: bytes) -> None:
    corpus = Corpus({"made.txt": GRID}, distractors=[write("news.txt.gz", content)])
    with pytest.raises(EvaluationError, match=r"news\.txt\.gz cannot be read as lines"):
        corpora.index(tmp_path, corpus, settings, ignore, ignore, embedder=PaperEmbedder())


def test_nothing_that_can_be_indexed(settings: Settings, tmp_path: Path, write: Write) -> None:
    corpus = Corpus(paths=[write("a.exe", b"\0")])
    corpus.check()
    with pytest.raises(EvaluationError, match=r"None of the documents could be indexed; .*a\.exe"):
        corpora.index(tmp_path, corpus, settings, ignore, ignore, embedder=PaperEmbedder())
    with pytest.raises(EvaluationError, match="There is no "):
        Corpus(paths=[tmp_path / "none"]).check()
