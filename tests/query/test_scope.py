"""Narrowing a question to documents, folders and times."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import run
from bot.wording import message_of
from retrieval.errors import NotFoundError, QuestionError
from retrieval.query.scope import Scope
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
QUESTION = "左云县有多少网格员"


@pytest.fixture
def three(base: KnowledgeBase, write: Write) -> Iterator[KnowledgeBase]:
    write("old/a.md", "---\ndate: 2024-05-01\n---\n# 左云县\n\n左云县有网格员40名。\n")
    write("new/b.md", "---\ndate: 2025-07-03\n---\n# 左云县\n\n左云县有网格员51名。\n")
    folder = write("c.txt", "左云县有网格员60名。\n").parent
    base.add([folder])
    yield base


def found(base: KnowledgeBase, scope: Scope | None) -> set[str]:
    return {citation.document for citation in base.ask(QUESTION, scope=scope).citations}


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2025", None, ("2025-01-01", None)),
        (None, "2025", (None, "2025-12-31")),
        ("2024-02", "2024-02", ("2024-02-01", "2024-02-29")),
        ("2025-07-03", "2025-7-4", ("2025-07-03", "2025-07-04")),
    ],
)
def test_days(since: str | None, until: str | None, days: tuple[str | None, str | None]) -> None:
    scope = Scope.of(since, until)
    assert scope is not None
    assert (scope.since, scope.until) == days


@pytest.mark.parametrize("date", ["2025-13", "2025-02-30", "heute", "25", "0000", "2025-7-3-1"])
def test_what_is_no_date_is_refused_with_how_to_write_one(date: str) -> None:
    with pytest.raises(QuestionError, match="2025-07-03"):
        Scope.of(date, None)


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(QuestionError, match="no day between"):
        Scope.of("2025", "2024")


def test_nothing_named_is_no_scope() -> None:
    assert Scope.of(None, None) is None


def test_a_question_is_narrowed(three: KnowledgeBase, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    assert found(three, None) == {"a.md", "b.md", "c.txt"}
    assert found(three, Scope.of("2025", None)) == {"b.md"}
    assert found(three, Scope.of(None, "2024-12")) == {"a.md"}
    assert found(three, Scope.of(None, None, ["a.md"])) == {"a.md"}
    assert found(three, Scope.of(None, None, ["a.md"], [docs / "new"])) == {"a.md", "b.md"}
    assert found(three, Scope.of("2025", None, ["a.md", "b.md"])) == {"b.md"}


def test_nothing_left_says_why(three: KnowledgeBase) -> None:
    answer = three.ask(QUESTION, scope=Scope.of("2026", None))
    assert (answer.status, answer.citations) == ("not_found", ())
    assert message_of(answer) == "None of the 3 documents has a date since 2026-01-01; 1 of them have no date at all."


@pytest.mark.parametrize("scope", [Scope.of(None, None, ["x.md"]), Scope.of(None, None, [], [Path("/nowhere")])])
def test_documents_that_are_not_there_are_told(three: KnowledgeBase, scope: Scope) -> None:
    with pytest.raises(NotFoundError, match="wenju list"):
        three.ask(QUESTION, scope=scope)


def test_the_command_refuses_a_bad_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", QUESTION, "--since", "gestern"]) == 2
    assert "gestern is no date" in capsys.readouterr().err
