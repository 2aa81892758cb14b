"""KnowledgeBase, the one door: what it refuses and how it says so, what it shows, and several threads at it."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.next_steps import in_terminal
from config.settings import Settings
from retrieval.errors import ConfirmationRequired, NotFoundError, QuestionError, WenjuError
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
QUESTION = "左云县有多少网格员"


# -- questions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "The question is empty"),
        (" \t\n\u3000", "The question is empty"),
        ("？", "no words"),
        ("……！！——", "no words"),
        ("问" * 10_000, "10,000 characters; at most 1,000"),
        ("问 " * 1_000, "1,999 characters"),
    ],
)
def test_questions_that_cannot_be_asked_are_told_in_one_line(
    base: KnowledgeBase, write: Write, question: str, says: str
) -> None:
    base.add([write("a.txt", GRID)])
    with pytest.raises(QuestionError) as raised:
        base.ask(question)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 200


def test_a_question_is_told_before_an_index_is_missed(base: KnowledgeBase) -> None:
    with pytest.raises(QuestionError):
        base.ask("？")
    with pytest.raises(NotFoundError, match="wenju index"):
        base.ask(QUESTION)


@pytest.mark.parametrize(
    "question",
    [
        "问" * 1_000,
        "左云县\n有多少\t网格员",
        "\x00网格员\x1b",
        "网格员 😀 \U0001f468\u200d\U0001f469",
        "l'été Straße ﬁ",
        "a",
        "١٢٣",
        '"网格员" AND -食堂 (x:y)*',
    ],
)
def test_any_other_text_is_a_question(base: KnowledgeBase, write: Write, question: str) -> None:
    base.add([write("a.txt", GRID)])
    assert base.ask(question).status in ("answered", "related", "not_found")


def test_white_space_around_and_inside_changes_nothing(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    spaced, other = base.ask(f"\n {QUESTION}\u3000\r\n"), base.ask(QUESTION)
    assert (spaced.answer, spaced.confidence, spaced.citations) == (other.answer, other.confidence, other.citations)


def test_asking_does_not_change_the_answer(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID), write("b.txt", CANTEEN), write("c.txt", ELECTION)])
    first = base.ask(QUESTION)
    assert all(base.ask(QUESTION).citations == first.citations for _ in range(3))
    assert set(first.timing_ms) == {"embed", "search", "read", "answer", "total"}


# -- without an index ----------------------------------------------------------------------------------------------


def test_without_an_index_everything_says_what_to_do(base: KnowledgeBase, settings: Settings) -> None:
    calls: list[Callable[[], object]] = [
        lambda: base.ask(QUESTION),
        lambda: base.text("a.txt"),
        lambda: base.find("a.txt"),
        lambda: base.passage("never"),
        lambda: base.passages_of("a.txt"),
        lambda: base.surroundings("never"),
        lambda: base.remove("a.txt"),
        base.rebuild,
        base.stats,
        base.check,
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call()
    assert base.documents() == []
    assert not base.exists
    assert not settings.home.exists(), "looking makes no folders"


# -- finding and removing ------------------------------------------------------------------------------------------


def test_a_document_goes_by_its_id_path_or_name(
    base: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.txt", GRID)
    base.add([path])
    record = base.find("a.txt")
    assert base.find(record.document_id) == base.find(str(path)) == record
    monkeypatch.chdir(path.parent.parent)
    assert base.find(f"{path.parent.name}/a.txt") == base.find(f"./{path.parent.name}/../docs/a.txt") == record
    with pytest.raises(NotFoundError, match=r"No document b\.txt.*wenju list"):
        base.find("b.txt")


def test_a_name_that_two_bear_is_told_with_both_paths(base: KnowledgeBase, write: Write) -> None:
    first, second = write("x/a.txt", GRID), write("y/a.txt", CANTEEN)
    base.add([first.parent.parent])
    with pytest.raises(NotFoundError) as raised:
        base.text("a.txt")
    assert all(part in str(raised.value) for part in ("2 documents", str(first), str(second)))
    assert base.text(str(second)).text == CANTEEN


def test_removing_one_leaves_its_file_and_the_others(base: KnowledgeBase, write: Write) -> None:
    path, other = write("a.txt", GRID), write("b.txt", CANTEEN)
    base.add([path.parent])
    assert [record.path for record in base.remove("a.txt")] == [path]
    assert path.read_text("utf-8") == GRID
    assert [record.path for record in base.documents()] == [other]
    assert {citation.path for citation in base.ask(QUESTION).citations} <= {str(other)}
    with pytest.raises(NotFoundError):
        base.remove("a.txt")
    # The file is still in the folder: indexing that again brings it back.
    assert base.add([path.parent]).added == [path]


def test_removing_a_folder_wants_a_yes(base: KnowledgeBase, write: Write) -> None:
    paths = [write(name, GRID + name) for name in ("x/a.txt", "x/deep/b.txt", "xy/c.txt")]
    base.add([paths[0].parent.parent])
    with pytest.raises(ConfirmationRequired, match=r"Nothing was removed: 2 documents") as raised:
        base.remove(str(paths[0].parent))
    assert raised.value.step == "confirm_removal"
    assert in_terminal(raised.value).endswith(" Add --yes to remove them.")
    assert len(base.documents()) == 3
    assert [record.path for record in base.remove(str(paths[0].parent), confirmed=True)] == paths[:2]
    assert [record.path for record in base.documents()] == paths[2:]
    # One document below a folder is no surprise.
    assert [record.path for record in base.remove(str(paths[2].parent))] == paths[2:]


def test_a_removed_passage_is_told_kindly(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    passage_id = base.ask(QUESTION).citations[0].passage_id
    base.remove("a.txt")
    with pytest.raises(NotFoundError, match="changed or been removed"):
        base.surroundings(passage_id)
    with pytest.raises(NotFoundError, match="Nothing is indexed yet"):
        base.ask(QUESTION)


# -- looking -------------------------------------------------------------------------------------------------------


def test_surroundings_are_the_documents_own_text(base: KnowledgeBase, write: Write) -> None:
    path = write("a.txt", "\n".join(f"第{i}个村有食堂{i}处，网格员{i}名。" for i in range(100)))
    base.add([path])
    whole = base.text("a.txt").text
    passages = base.passages_of("a.txt")
    assert len(passages) > 3
    for stored in passages:
        start, end = stored.passage.spans[0][0], stored.passage.spans[-1][1]
        around = base.surroundings(stored.passage.passage_id, 50)
        assert around.before == whole[max(0, start - 50) : start]
        assert around.raw == whole[start:end]
        assert around.after == whole[end : end + 50]
        assert around.passage == stored
        bare = base.surroundings(stored.passage.passage_id, 0)
        assert (bare.before, bare.after) == ("", "")
    assert base.surroundings(passages[0].passage.passage_id, 10**9).after.endswith(whole[-20:])


def test_stats_count_what_is_there(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID), write("b.txt", f"{CANTEEN}\n\n{GRID}")])
    stats = base.stats()
    assert (stats["documents"], stats["passages"]) == (2, 2)
    assert stats["characters"] == len(GRID) + len(CANTEEN) + 2 + len(GRID)
    # A passage of one sentence and a passage of two: 2 + 3, each vector of 6 dimensions of float16.
    assert stats["vectors"] == 5
    assert stats["vector_bytes"] == 5 * 6 * 2
    assert stats["model"] == "paper (6)"
    assert Path(str(stats["folder"])).is_dir()
    assert isinstance(stats["disk_bytes"], int)
    assert isinstance(stats["database_bytes"], int)
    assert 0 < stats["database_bytes"] < stats["disk_bytes"]
    base.remove("b.txt")
    assert (base.stats()["documents"], base.stats()["vectors"]) == (1, 2)


def test_integrity_of_a_sound_index(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    assert base.maintenance.integrity() is None


def test_a_closed_base_opens_again_when_it_is_used(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    base.close()
    base.close()
    assert base.ask(QUESTION).answer == GRID


# -- several at once -----------------------------------------------------------------------------------------------


def test_another_process_is_seen_without_opening_again(base: KnowledgeBase, settings: Settings, write: Write) -> None:
    base.add([write("a.txt", GRID)])
    assert base.ask("云溪县有多少食堂").answer != CANTEEN
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as other:
        other.add([write("b.txt", CANTEEN)])
        assert base.ask("云溪县有多少食堂").answer == CANTEEN
        other.remove("b.txt")
    assert base.ask("云溪县有多少食堂").answer != CANTEEN


def test_eight_threads_ask_while_one_adds(base: KnowledgeBase, write: Write) -> None:
    """All nine share one base. Answers are right at every moment, and none sees half a document."""
    base.add([write("grid.txt", GRID)])
    wrong: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = base.ask(QUESTION)
                if answer.answer != GRID:
                    wrong.append(str(answer))
                sound = {GRID} | {CANTEEN + citation.document for citation in answer.citations}
                wrong.extend(citation.text for citation in answer.citations if citation.text not in sound)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for i in range(12):
            base.add([write(f"{i}.txt", f"{CANTEEN}{i}.txt")])
        base.remove("3.txt")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong[:3] == []
    assert len(base.documents()) == 12
    assert base.maintenance.integrity() is None


def test_threads_that_add_at_once_take_turns(base: KnowledgeBase, write: Write) -> None:
    paths = [write(f"{i}.txt", f"第{i}个村有网格员。") for i in range(8)]
    wrong: list[str] = []

    def add(path: Path) -> None:
        try:
            base.add([path])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            wrong.append(repr(error))

    threads = [threading.Thread(target=add, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert [record.path for record in base.documents()] == paths


@pytest.mark.parametrize(
    "target",
    [
        *("", "/", "\x00", "~", "~nobody", "a" * 10_000, "*", "..", "%s"),
        "\udcff",  # what a shell's byte that is no UTF-8 becomes
    ],
)
def test_every_error_is_one_of_ours(base: KnowledgeBase, write: Write, target: str) -> None:
    """Whatever is given as a name, the answer is a sentence and no traceback."""
    base.add([write("a.txt", GRID)])
    for call in (base.find, base.text, base.passage, base.passages_of, base.surroundings):
        with pytest.raises(WenjuError):
            call(target)
