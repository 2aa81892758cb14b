"""Who came into an office and who left it, in one sentence and in papers of several days."""

import pytest

from retrieval.answering.checks.holders import no_longer, office_changes_in, states_holder
from retrieval.answering.checks.objections import OFFICE
from retrieval.query.asked.office import asked_office
from retrieval.ranking.evidence import rank_sentences
from tests.answering.make import objection, passage, setting
from tests.support.hits import asking, hit

COMES = "任命王明为民政局局长。"


@pytest.mark.parametrize(
    ("sentence", "moves"),
    [
        (
            "任命王明同志为县民政局局长；任命李芳为县教育局副局长；",
            [("王明", "县民政局局长"), ("李芳", "县教育局副局长")],
        ),
        ("王建国同志任县财政局局长、党组书记。", [("王建国", "县财政局局长"), ("王建国", "党组书记")]),
        ("李四海为石桥镇镇长", [("李四海", "石桥镇镇长")]),
    ],
)
def test_who_comes(sentence: str, moves: list[tuple[str, str]]) -> None:
    assert [(move.name, move.office) for move in office_changes_in(sentence) if move.comes] == moves


@pytest.mark.parametrize(
    "sentence",
    [
        "免去王明同志的县民政局局长职务。",
        "王明同志不再担任县民政局局长职务。",
        "接受王明辞去县民政局局长职务的请求。",
        "任命王明为县人大办公室主任，免去其县民政局局长职务。",
    ],
)
def test_who_leaves(sentence: str) -> None:
    assert [(move.name, move.office) for move in office_changes_in(sentence) if not move.comes] == [
        ("王明", "县民政局局长")
    ]


@pytest.mark.parametrize("question", ["民政局局长是谁", "王明现在是什么职务"])
@pytest.mark.parametrize("later", ["免去王明的民政局局长职务。", "任命李强为民政局局长。"])
def test_a_later_paper_ends_it(question: str, later: str) -> None:
    old, new = setting(passage(COMES, date="2023-05-01")), setting(passage(later, date="2026-05-01"))
    assert no_longer(asked_office(question), asking(question), {1: old}, [old, new]) == [1]
    older = setting(passage(later, date="2020-05-01"))
    assert no_longer(asked_office(question), asking(question), {1: old}, [old, older]) == []


@pytest.mark.parametrize(
    "later",
    ["免去王明的民政局副局长职务。", "免去李强的民政局局长职务。", "任命李强为财政局局长。", "民政局局长开会。"],
)
def test_what_ends_something_else_ends_it_not(later: str) -> None:
    old, new = setting(passage(COMES, date="2023-05-01")), setting(passage(later, date="2026-05-01"))
    assert no_longer(asked_office("民政局局长是谁"), asking("民政局局长是谁"), {1: old}, [old, new]) == []


def test_who_held_it_once_may_be_told() -> None:
    old = setting(passage(COMES, date="2023-05-01"))
    new = setting(passage("免去王明的民政局局长职务。", date="2026-05-01"))
    asked = asked_office("以前的民政局局长是谁")
    assert no_longer(asked, asking("以前的民政局局长是谁"), {1: old}, [old, new]) == []


def test_another_deputy_ends_no_deputy() -> None:
    old = setting(passage("任命王明为民政局副局长。", date="2023-05-01"))
    new = setting(passage("任命李强为民政局副局长。", date="2026-05-01"))
    asked = asked_office("民政局副局长是谁")
    assert no_longer(asked, asking("民政局副局长是谁"), {1: old}, [old, new]) == []


def test_the_day_may_stand_where_a_paper_is_signed() -> None:
    old = setting(passage(COMES, date="2023-05-01"))
    asked = asked_office("民政局局长是谁")
    for signed, ended in (("2026年5月6日", [1]), ("2020年5月6日", []), ("已于2026年5月6日开会", [])):
        new = setting(passage("王明同志的民政局局长职务；"), rest=f"免去：\n{signed}\n")
        assert no_longer(asked, asking("民政局局长是谁"), {1: old}, [old, new]) == ended


@pytest.mark.parametrize(
    ("question", "sentences", "is_stated"),
    [
        ("县水务局局长是谁", ["郭志远为县水务局局长；"], True),
        ("水务局局长叫什么名字呀？", ["任命郭志远同志为县水务局局长。"], True),
        ("县统计局副局长是谁", ["田丽萍为县统计局副局长；"], True),
        ("县统计局局长是谁", ["田丽萍为县统计局副局长；"], False),
        ("市水务局局长是谁", ["郭志远为县水务局局长；"], False),
        ("局长是谁", ["郭志远为县水务局局长；"], False),
        ("县水务局局长是谁任命的", ["郭志远为县水务局局长；"], False),
        ("县水务局局长是谁？\n他的电话是多少", ["郭志远为县水务局局长；"], False),
        ("县水务局原局长是谁", ["郭志远为县水务局局长；"], False),
        ("县水务局局长是谁", ["免去郭志远的县水务局局长职务；"], False),
        ("县水务局局长是谁", ["任命郭志远为县水务局局长。", "任命孙立民为县水务局局长。"], False),
        ("县水务局局长是谁", ["任命郭志远为县水务局局长。", "郭志远任县水务局局长。"], True),
    ],
)
def test_the_very_office_is_told_by_form(question: str, sentences: list[str], is_stated: bool) -> None:
    asked = asking(question)
    found = [hit(asked, sentences, [0.9] + [0.1] * (len(sentences) - 1))]
    best = next(evidence for evidence in rank_sentences(found) if evidence.sentence == 0)
    assert states_holder(asked, found, best) is is_stated


# -- who held it before --------------------------------------------------------------------------------------------

GOES = "免去王明的民政局局长职务。"


@pytest.mark.parametrize("question", ["前任民政局局长是谁", "民政局上一任局长是谁", "民政局原局长是谁"])
@pytest.mark.parametrize(
    ("sentence", "objected"),
    [
        (GOES, None),
        ("王明不再担任民政局局长职务。", None),
        ("民政局原局长王明出席。", None),
        ("任命李强为民政局局长。", OFFICE),
        ("民政局局长李强出席。", OFFICE),
        ("免去王明的民政局副局长职务。", OFFICE),
    ],
)
def test_the_present_holder_is_none_who_was_before(question: str, sentence: str, objected: str | None) -> None:
    assert objection(question, passage(sentence, title="任免")) == objected


@pytest.mark.parametrize(
    ("later", "others"),
    [
        (("免去李强的民政局局长职务。",), [1]),
        (("任命李强为民政局局长。", "任命赵亮为民政局局长。"), [1]),  # of whom the first has left as well
        (("任命李强为民政局局长。",), []),
        (("免去李强的教育局局长职务。",), []),
    ],
)
def test_of_several_who_left_the_last_is_meant(later: tuple[str, ...], others: list[int]) -> None:
    asked = asking("民政局前任局长是谁")
    old, new = setting(passage(GOES, date="2023-05-01")), passage(*later, date="2026-05-01")
    everything = [old, *(setting(new, number) for number in range(len(later)))]
    assert no_longer(asked.office, asked, {1: old}, everything) == others


@pytest.mark.parametrize(
    ("question", "sentences", "is_sure"),
    [
        ("民政局前任局长是谁", (GOES,), True),
        ("原局长是谁", ("免去王明的云溪县民政局局长职务。",), True),
        ("原局长是谁", (GOES, "免去李强的教育局局长职务。"), False),
        ("教育局前任局长是谁", (GOES,), False),
        ("民政局前任局长是谁任命的", (GOES,), False),
    ],
)
def test_who_left_the_very_office_is_sure(question: str, sentences: tuple[str, ...], is_sure: bool) -> None:
    asked = asking(question)
    hits = [hit(asked, sentences, [0.9] * len(sentences))]
    assert any(states_holder(asked, hits, evidence) for evidence in rank_sentences(hits)) == is_sure
