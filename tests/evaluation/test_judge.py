"""What counts as right, case by case."""

from dataclasses import replace
from typing import Any

import pytest

from retrieval.evaluation.judge import judge, rank_of
from retrieval.reasons import ListedDocument, Reason
from retrieval.tally import Tally, TallyRow
from retrieval.types import Answer
from tests.evaluation.make import answer, citation, question

GRID = "全县有专职网格员51名。"
ASKED = question(answers=(("51名",),), document="a.txt", evidence=(GRID,))


def test_a_hit_is_of_the_right_file_and_holds_an_answer() -> None:
    other, wrong, right = citation(1, GRID, "b.txt"), citation(2, "全县有食堂。"), citation(3, GRID)
    assert rank_of(ASKED, [other, wrong, right]) == 3
    values = judge(ASKED, answer(other, wrong, right))
    assert [values[f"hit@{k}"] for k in (1, 3, 5)] == [0.0, 1.0, 1.0]
    assert values["mrr@10"] == pytest.approx(1 / 3)


def test_a_hit_at_rank_six_counts_for_mrr_alone() -> None:
    values = judge(ASKED, answer(*["全县有食堂。"] * 5, GRID))
    assert values["hit@5"] == 0.0
    assert values["mrr@10"] == pytest.approx(1 / 6)


def test_white_space_is_left_aside_and_long_citations_do_not_count() -> None:
    assert rank_of(ASKED, [citation(1, "专职网格员5\n 1名")]) == 1
    assert rank_of(ASKED, [citation(1, "51名" + "。" * 497)]) == 1
    assert rank_of(ASKED, [citation(1, "51名" + "。" * 498)]) is None


def test_any_document_will_do_where_none_is_named() -> None:
    asked = question(answers=(("51名", "51人"),))
    assert rank_of(asked, [citation(1, "共51人", "z.txt")]) == 1


@pytest.mark.parametrize(
    ("span", "is_hit"), [((0, 10), False), ((10, 20), True), ((19, 30), True), ((20, 30), False)]
)
def test_a_hit_touches_the_part_of_the_document_that_answers(span: tuple[int, int], is_hit: bool) -> None:
    """[10, 20) answers: what ends at 10 or begins at 20 does not touch it."""
    asked = question(answers=(("51名",),), document="a.txt", span=(10, 20))
    assert (rank_of(asked, [citation(1, GRID, spans=(span,))]) == 1) is is_hit


def test_the_highlight_holds_an_answer_and_enough_of_the_evidence() -> None:
    """全县有专职网格员51名。 has 11 bigrams; 30% of them are 3.3. 网格员51名 holds 网格, 格员, 员5, 51, 1名."""
    assert judge(ASKED, answer(GRID, quoted=[(1, "网格员51名")]))["highlight"] == 1.0
    assert judge(ASKED, answer(GRID, quoted=[(1, "员51名")]))["highlight"] == 0.0, "员5, 51, 1名 are 3"
    assert judge(ASKED, answer(GRID, quoted=[(1, "全县有专职网格员")]))["highlight"] == 0.0, "no answer in it"
    assert judge(ASKED, answer(GRID))["highlight"] == 0.0, "nothing quoted"
    long = GRID + "一" * 200
    assert judge(ASKED, answer(long, quoted=[(1, long)]))["highlight"] == 0.0, "more than 200 characters"


def test_what_is_told_may_be_quoted_counted_or_of_the_index() -> None:
    text = "全县有网格员51名，兼职7名。"
    given = answer(text, quoted=[(1, "网格员51名")])

    def told(*wanted: str, answer: Answer = given, **fields: Any) -> float | None:
        return judge(question(told=tuple((wording,) for wording in wanted), **fields), answer)["told"]

    assert told("51名") == 1.0
    assert told("51名", "7名") == 0.0, "the citation says it, the answer does not"
    assert told("51") == 1.0
    assert told("5") == 0.0, "a bare number stands there as a whole"
    assert told("51名", not_told=("网格员",)) == 0.0
    assert told("51名", document="b.txt") == 0.0
    row = TallyRow("兴县", "1,234", "兴县 | 1,234", 0, 10)
    counted = replace(answer(text), tally=Tally("sum", 2, (row,), "a", "表", "1234", "人"))
    assert [told(wording, answer=counted) for wording in ("1234人", "1234", "兴县", "2")] == [1.0] * 4
    listed = Reason("documents_held", "zh", documents=3, listed=(ListedDocument("水价"),))
    assert [told(wording, answer=replace(answer(text), reason=listed)) for wording in ("3", "水价", "2")] == [
        1.0,
        1.0,
        0.0,
    ]
    assert judge(question(told=(("51",),)), given)["right_when_answered"] == 1.0
    assert "right_when_answered" not in judge(question(told=(("51",),)), answer(text))


def test_the_second_evidence_will_do_as_well() -> None:
    asked = question(answers=(("51名",), ("7名",)), document="a.txt", evidence=(GRID, "兼职网格员有7名。"))
    text = GRID + "兼职网格员有7名。"
    assert judge(asked, answer(text, quoted=[(1, "兼职网格员有7名。")]))["highlight"] == 1.0


def test_complete_means_each_thing_asked_for() -> None:
    asked = question(answers=(("51名",), ("7名", "七名")), document="a.txt", kind="multi")
    assert judge(asked, answer("有51名", "有七名"))["complete@5"] == 1.0
    assert judge(asked, answer("有51名", citation(2, "有7名", "b.txt")))["complete@5"] == 1.0
    assert judge(asked, answer("有51名"))["complete@5"] == 0.0
    assert judge(asked, answer("有51名", *["无"] * 4, "有7名"))["complete@5"] == 0.0, "the sixth"


def test_what_cannot_be_judged_is_left_out() -> None:
    asked = question(answers=(("51名",),), document="a.txt")
    values = judge(asked, answer(GRID))
    assert values["highlight"] is values["complete@5"] is None
    assert "refused" not in values
    assert "not_answered" not in values


def test_not_found_misses_an_answer_that_there_is() -> None:
    values = judge(ASKED, answer())
    assert (values["kept"], values["hit@5"], values["mrr@10"], values["highlight"]) == (0.0, 0.0, 0.0, 0.0)
    assert judge(ASKED, answer("无"))["kept"] == 1.0


def test_declining_what_has_no_answer() -> None:
    """From elsewhere: only not_found will do. A missing fact or false premise: anything but an answer."""
    shown = [answer(), answer(GRID), answer(GRID, quoted=[(1, GRID)])]
    for why in ("other_place", "other_topic", "chitchat"):
        assert [judge(question(kind=why, why=why), shown_answer) for shown_answer in shown] == [
            *({"refused": 1.0}, {"refused": 0.0}, {"refused": 0.0, "right_when_answered": 0.0})
        ]
    for why in ("missing_fact", "false_premise"):
        assert [judge(question(kind=why, why=why), shown_answer) for shown_answer in shown] == [
            *({"not_answered": 1.0}, {"not_answered": 1.0}, {"not_answered": 0.0, "right_when_answered": 0.0})
        ]
