"""Questions that people liked, offered to others: what costs an index a look is looked at last, and no more than
needed."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.memory.database import open_database
from bot.memory.memory import Memory, QuestionContext
from bot.telegram.answers.near import near_to
from bot.telegram.members.welcome import offered_questions
from bot.telegram.state.access import Members
from bot.telegram.state.runtime import Runtime
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer, StoredPassage
from tests.support.paper import PaperEmbedder
from tests.telegram.conftest import ADMIN

TOWNS = [f"{name}县" for name in ("云溪", "左云", "青禾", "白沙", "枫山", "红沙", "石桥", "柳泉")]


class Watched(KnowledgeBase):
    """Documents that tell which passages were looked at by their ids."""

    looked_at: list[str]

    def passage(self, passage_id: str) -> StoredPassage:
        self.looked_at.append(passage_id)
        return super().passage(passage_id)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """A bot to which an administrator said 👍 after a question about each town."""
    for town in TOWNS:
        (tmp_path / f"{town}.txt").write_text(f"{town}食堂通知\n\n{town}有食堂52处。\n", "utf-8")
    settings = load_settings(home=tmp_path / "home", reader="none", telegram={"admins": [ADMIN]})
    with (
        closing(Watched(settings, embedder=PaperEmbedder())) as base,
        closing(open_database(settings.home)) as database,
    ):
        base.looked_at = []
        base.add([tmp_path / f"{town}.txt" for town in TOWNS])
        memory = Memory(database)
        for town in TOWNS:
            like(memory, base.ask(f"{town}有食堂多少处"))
        base.looked_at.clear()
        yield Runtime(settings.telegram, base, memory, Members(database, settings.telegram))


def like(memory: Memory, answer: Answer) -> None:
    assert answer.status == "answered"
    memory.judge(memory.keep(asked(), answer), ADMIN, "up", None)


def asked() -> QuestionContext:
    return QuestionContext(ADMIN, ADMIN, 1, "zh", None, None)


def looked_at(runtime: Runtime) -> list[str]:
    assert isinstance(runtime.base, Watched)
    return runtime.base.looked_at


def missed(runtime: Runtime) -> Answer:
    """A question that was not answered, near to one of those."""
    return replace(runtime.base.ask("左云县食堂的墙是什么颜色"), answer=None, quotes=())


def test_no_more_are_looked_for_than_are_offered(runtime: Runtime) -> None:
    assert len(asyncio.run(offered_questions(runtime))) == 3
    assert len(looked_at(runtime)) == 3 * 5, "five citations each"


def test_only_near_ones_are_looked_for(runtime: Runtime) -> None:
    assert asyncio.run(near_to(runtime, missed(runtime), asked())) == ["左云县有食堂多少处"]
    assert len(looked_at(runtime)) == 5


def test_what_is_gone_is_not_offered(runtime: Runtime) -> None:
    for town in ("左云县", "柳泉县"):
        file = runtime.base.find(f"{town}.txt").path
        runtime.base.remove(file.name)
        runtime.base.add([file.rename(file.with_stem("新"))])
        assert runtime.base.ask(f"{town}有食堂多少处").status == "answered", "from another document"
    left = ["石桥县", "红沙县", "枫山县"]
    assert asyncio.run(offered_questions(runtime)) == [f"{town}有食堂多少处" for town in left]
    assert asyncio.run(near_to(runtime, missed(runtime), asked())) == []


def test_only_what_stands_for_itself_and_fits_on_a_button_is_offered(runtime: Runtime) -> None:
    answer = runtime.base.ask("左云县有食堂多少处")
    others = [replace(answer, question="左云县呢", understood="左云县有食堂多少处")]
    others += [replace(answer, question=f"请问{'左云县' * 20}有食堂多少处")]
    for other in others:
        like(runtime.memory, other)
    texts = [other.question for other in others]
    assert not {*asyncio.run(offered_questions(runtime))} & {*texts}
    assert not {*asyncio.run(near_to(runtime, missed(runtime), asked()))} & {*texts}
