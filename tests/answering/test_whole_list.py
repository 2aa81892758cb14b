"""A list that is asked for is quoted from its first item on, and the quote says how many items follow."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.render.terminal import render_answer
from config.settings import Settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

ITEMS = [f"申请人应当提交的第{number}种证明材料原件一份，由出具单位盖章后有效" for number in "甲乙丙丁戊己庚辛壬癸"]
QUESTION = "申请公租房要交哪些材料"
Asking = Callable[[str, str], Answer]


@pytest.fixture
def asking(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Asking:
    def ask(text: str, likely: str) -> Answer:
        path = tmp_path / "公租房.md"
        path.write_text(text, "utf-8")
        own = settings.model_copy(update={"reader": "none"})
        with closing(KnowledgeBase(own, embedder=paper, reader=PaperReader({likely: 9.0}, otherwise=-6.0))) as base:
            base.add([path])
            return base.ask(QUESTION)

    return ask


def numbered(items: list[str], lead: str) -> str:
    lines = "\n".join(f"{number}. {item}；" for number, item in enumerate(items, 1))
    return f"# 公租房申请须知\n\n{lead}\n\n{lines}\n\n咨询电话：0352-3381001\n"


def test_what_has_no_room_is_counted(asking: Asking) -> None:
    answer = asking(numbered(ITEMS, "申请公租房需要提交下列材料："), "第乙种")
    assert answer.answer is not None and "第甲种" in answer.answer
    shown = sum(item in answer.answer for item in ITEMS)
    assert 0 < shown < len(ITEMS) and answer.quotes[0].following == len(ITEMS) - shown
    assert f"（后面还有{len(ITEMS) - shown}项）" in render_answer(answer, marks=False).plain


def test_a_list_that_is_quoted_whole_says_nothing(asking: Asking) -> None:
    answer = asking(numbered(ITEMS[:3], "申请公租房需要提交下列材料："), "第丙种")
    assert answer.answer is not None and all(item in answer.answer for item in ITEMS[:3])
    assert answer.quotes[0].following == 0 and "后面还有" not in render_answer(answer, marks=False).plain


def test_what_stands_above_the_list_is_none_of_its_items(asking: Asking) -> None:
    """二、 and 1. are marks of two kinds."""
    text = "# 须知\n\n一、申请公租房的对象是本县居民。\n\n二、申请材料\n\n1. 户口簿；\n2. 身份证。\n\n三、其他。\n"
    answer = asking(text, "身份证")
    assert answer.answer is not None and "户口簿" in answer.answer and "本县居民" not in answer.answer
    assert answer.quotes[0].following == 0


def test_a_heading_that_is_quoted_with_an_item_stays(asking: Asking) -> None:
    """And the items go on to the last one."""
    text = "# 须知\n\n二、申请材料\n\n1. 户口簿；\n2. 身份证；\n3. 银行卡。\n"
    answer = asking(text, "户口簿")
    assert answer.answer is not None and all(item in answer.answer for item in ("户口簿", "身份证", "银行卡"))


def test_a_list_is_asked_for_by_its_heading(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> None:
    """What the heading is taken for, its section is, and nothing below another heading."""
    items = "\n".join(f"{number}. {item}；" for number, item in enumerate(ITEMS, 1))
    text = f"# 公租房申请须知\n\n## 二、申请条件\n\n{items}\n\n## 三、申请时间\n\n每年3月申请公租房。\n"
    path = tmp_path / "公租房.md"
    path.write_text(text, "utf-8")
    own = settings.model_copy(update={"reader": "none"})
    reader = PaperReader({"每年3月": 9.0, "申请条件": 5.0}, otherwise=-6.0)
    with closing(KnowledgeBase(own, embedder=paper, reader=reader)) as base:
        base.add([path])
        answer = base.ask("公租房申请条件是什么")
        assert answer.answer is not None and "第甲种" in answer.answer and "每年3月" not in answer.answer
        shown = sum(item in answer.answer for item in ITEMS)
        assert 1 < shown < len(ITEMS) and answer.quotes[0].following == len(ITEMS) - shown
        assert base.ask("廉租房申请条件是什么").status != "answered"
