"""What a county rules for all of it answers who asks of a town, and nothing else does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.query.asked.town import town_question
from retrieval.service import KnowledgeBase
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

RULE = "# 柏川县残疾人补贴发放办法\n\n各乡镇人民政府负责审核。\n\n重度残疾人补贴每人每月110元。\n\n柏川县民政局\n"
LIST = "# 柏川县残疾人服务站名单\n\n河湾乡服务站、石桥镇服务站。\n"
ASKED = "河湾乡重度残疾人补贴每月多少钱"
Base = Callable[..., KnowledgeBase]


@pytest.fixture
def base_of(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Iterator[Base]:
    with ExitStack() as opened:

        def make(*texts: str) -> KnowledgeBase:
            folder = tmp_path / "documents"
            folder.mkdir()
            for number, text in enumerate(texts):
                (folder / f"{number}.md").write_text(text, "utf-8")
            reader = PaperReader({"110元": 9.0, "12万": 9.0}, otherwise=-6.0)
            own = settings.model_copy(update={"reader": "none"})
            base = opened.enter_context(closing(KnowledgeBase(own, embedder=paper, reader=reader)))
            base.add([folder])
            return base

        yield make


@pytest.mark.parametrize(
    ("question", "of_county"),
    [
        (ASKED, "柏川县重度残疾人补贴每月多少钱"),
        ("柏川县河湾乡重度残疾人补贴每月多少钱", "柏川县重度残疾人补贴每月多少钱"),
        ("石桥镇残疾人补贴怎么申请", "柏川县残疾人补贴怎么申请"),
        ("石桥镇申请低保需要什么材料", "柏川县申请低保需要什么材料"),
        ("河湾乡有多少人", None),
        ("河湾乡有多少个村", None),
        ("河湾乡人口多少", None),
        ("河湾乡乡长是谁", None),
        ("河湾乡便民中心在哪里", None),
        ("河湾乡什么时候停水", None),
        ("河湾乡敬老院每月收费多少钱", None),
        ("河湾乡中心小学学费多少钱", None),
        ("河湾乡派出所办身份证要什么材料", None),
        ("河湾乡公办幼儿园保教费多少钱", "柏川县公办幼儿园保教费多少钱"),
        ("柏川县残疾人补贴每月多少钱", None),
        ("河湾乡和石桥镇残疾人补贴每月多少钱", None),
        ("河湾乡上坝村残疾人补贴每月多少钱", None),
    ],
)
def test_the_question_as_it_is_asked_of_the_county(question: str, of_county: str | None) -> None:
    town = town_question(question)
    assert (town and town.of("柏川县")) == of_county


@pytest.mark.parametrize("place", [LIST, "# 慰问\n\n昨天在柏川县河湾乡慰问了老人。\n"])
def test_what_the_county_rules_answers_for_its_town(base_of: Base, place: str) -> None:
    answer = base_of(RULE, place).ask(ASKED)
    assert (answer.status, answer.answer) == ("answered", "重度残疾人补贴每人每月110元。")
    assert answer.understood == "柏川县重度残疾人补贴每月多少钱" and answer.question == ASKED


def test_so_it_does_in_a_story(base_of: Base) -> None:
    answer = base_of(RULE, LIST).ask("我爸瘫痪在床三年了，户口在河湾乡，想问一下重度残疾人补贴每月多少钱")
    assert (answer.status, answer.understood) == ("answered", "柏川县重度残疾人补贴每月多少钱")


@pytest.mark.parametrize(
    "texts",
    [
        (RULE, "# 残疾人服务站\n\n河湾乡服务站。\n"),  # nothing tells in which county it lies
        (RULE, "# 柏川县来访\n\n南泽县河湾乡的干部来学习。\n"),
        (RULE, LIST, "# 南泽县名单\n\n河湾乡服务站。\n"),  # another county has one of the name
        (RULE.replace("各乡镇人民政府", "石桥镇人民政府"), LIST),  # of another town
        (RULE.replace("各乡镇人民政府", "残联"), LIST),  # does not say that it is for all
        (RULE.replace("发放办法", "发放情况"), LIST),  # no rule
        (RULE.replace("每人每月110元", "全县共110元"), LIST),  # what the county has
        (RULE.replace("审核。", "审核，限县城居民。"), LIST),
        (RULE.replace("审核。", "审核，标准可结合实际自定。"), LIST),
    ],
)
def test_else_it_does_not(base_of: Base, texts: tuple[str, ...]) -> None:
    answer = base_of(*texts).ask(ASKED)
    assert answer.answer is None and answer.understood is None


def test_the_people_of_the_county_are_not_those_of_a_town(base_of: Base) -> None:
    people = "# 柏川县人口管理办法\n\n各乡镇登记人口。\n\n柏川县有12万人。\n"
    base = base_of(people, LIST)
    assert base.ask("柏川县有多少人").answer is not None
    assert base.ask("河湾乡有多少人").answer is None and base.ask("河湾乡人口多少").answer is None
