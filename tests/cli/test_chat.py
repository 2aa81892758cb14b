"""`wenju chat` where somebody types: what Ctrl-C ends, and where the history is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.chat import Conversation, converse, prompt_history
from retrieval.service import KnowledgeBase
from retrieval.types import Answer

Write = Callable[[str, str | bytes], Path]
GRID = "左云县有网格员51名。"


class Interrupted(KnowledgeBase):
    """Ctrl-C while the first question is answered."""

    asked = 0

    def ask(self, question: str, **options: Any) -> Answer:
        self.asked += 1
        if self.asked == 1:
            raise KeyboardInterrupt
        return super().ask(question, **options)


@pytest.fixture
def interrupted(base: KnowledgeBase, write: Write) -> Iterator[Interrupted]:
    base.add([write("a.txt", GRID)])
    again = Interrupted(base.settings, embedder=base.embedder())
    yield again
    again.close()


def test_ctrl_c_ends_the_question_and_not_the_conversation(
    interrupted: Interrupted, capsys: pytest.CaptureFixture[str]
) -> None:
    converse(Conversation(interrupted), ["左云县有多少网格员", "左云县有多少网格员", "/quit"], interactive=True)
    captured = capsys.readouterr()
    assert "Interrupted" in captured.err
    assert captured.out.startswith(GRID)


def test_ctrl_c_ends_what_nobody_types(interrupted: Interrupted) -> None:
    with pytest.raises(KeyboardInterrupt):
        converse(Conversation(interrupted), ["左云县有多少网格员", "/quit"], interactive=False)


def test_the_history_is_kept_where_it_can_be(tmp_path: Path) -> None:
    prompt_history(tmp_path / "new" / "history").append_string("左云县有多少网格员")
    assert list(prompt_history(tmp_path / "new" / "history").load_history_strings()) == ["左云县有多少网格员"]
    (tmp_path / "file").write_text("not a folder", "utf-8")
    for barred in (tmp_path, tmp_path / "file" / "history"):
        history = prompt_history(barred)
        history.append_string("左云县有多少网格员")
        assert history.get_strings() == ["左云县有多少网格员"]


def test_the_last_question_is_asked_again_as_it_was_typed(
    base: KnowledgeBase, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    base.add([write("a.txt", GRID)])
    turns = ["/as-asked", "左云县有多少网格员", "志愿者呢", "/as-asked", "还有呢"]
    converse(Conversation(base), turns, interactive=True)
    captured = capsys.readouterr()
    assert "There is no question yet" in captured.err
    assert captured.out.count("Understood as: 左云县有多少志愿者") == 1
    assert captured.out.count("Understood as") == 1


def test_what_else_there_is_is_no_question(
    base: KnowledgeBase, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    base.add([write("a.txt", GRID)])
    converse(Conversation(base), ["左云县有多少网格员", "还有呢"], interactive=True)
    captured = capsys.readouterr()
    assert "There are no more passages" in captured.err
    assert captured.out.count("[1]") == 2, "at the answer and at its passage"


def test_a_question_about_the_library_is_no_turn(
    base: KnowledgeBase, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    base.add([write("a.txt", GRID)])
    converse(Conversation(base), ["左云县有多少网格员", "有多少份文件", "志愿者呢"], interactive=True)
    out = capsys.readouterr().out
    assert "收录了1份文件：" in out
    assert "Understood as: 左云县有多少志愿者" in out


def test_what_is_no_question_is_met_and_speaks_of_the_last_answer(
    base: KnowledgeBase, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    base.add([write("a.txt", GRID), write("b.txt", "青禾县有网格员172名。")])
    conversation = Conversation(base)

    def told(line: str) -> str:
        converse(conversation, [line], interactive=True)
        captured = capsys.readouterr()
        return captured.out + captured.err

    assert "上一个回答" in told("再说一遍")
    first = told("左云县有多少网格员")
    assert told("谢谢您的解答").strip() == "不客气，随时可以来问。"
    assert told("再说一遍") == first
    assert "51名" in told("你确定吗") and "stands by itself" in told("换个话题")
    assert "前面还没有提问" in told("志愿者呢")
    both = told("左云县有多少网格员？青禾县呢？")
    assert "左云县有多少网格员？\n" in both and "青禾县呢？\n" in both and "172名" in both
