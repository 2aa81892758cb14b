"""What goes on at the same time: no question waits for what is looked up, and pages are drawn one after another."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("starlette", reason="needs the extra wenju[web]")

from starlette.requests import Request

from bot.line import WaitingLine
from bot.web import pictures, questions
from bot.web.runtime import WebRuntime
from retrieval.pictures import picture_of
from retrieval.samples import SAMPLES
from tests.web.conftest import QUESTION, opened

T = TypeVar("T")
NAME = "云溪县基层治理年报2025.pdf"


@pytest.fixture
def runtime(home: Path) -> Iterator[WebRuntime]:
    with closing(opened(home)) as base:
        yield WebRuntime(base)


def request(query: str, **path: str) -> Request:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
    return Request({**scope, "path_params": path})


def test_questions_do_not_wait_for_what_is_looked_up(runtime: WebRuntime) -> None:
    is_over, began = threading.Event(), threading.Barrier(3)

    def look() -> None:
        began.wait(20)
        is_over.wait(60)

    async def use() -> tuple[str, Any]:
        looking = [asyncio.create_task(runtime.line.work(look)) for _ in range(2)]
        await asyncio.to_thread(began.wait, 20)
        try:
            answer = await asyncio.wait_for(runtime.ask(QUESTION), 20)
            found = await asyncio.wait_for(questions.search(runtime)(request(f"q={QUESTION}")), 20)
        finally:
            is_over.set()
            await asyncio.gather(*looking)
        return answer.status, json.loads(bytes(found.body))

    status, found = asyncio.run(use())
    assert status == "answered" and found["passages"]


class Watched(WaitingLine):
    """Counts how many pages are drawn at the same time."""

    drawing = most = drawn = 0

    async def work(self, task: Callable[..., T], *arguments: Any) -> T:
        is_drawing = task is picture_of
        self.drawing += is_drawing
        self.drawn += is_drawing
        self.most = max(self.most, self.drawing)
        try:
            return await super().work(task, *arguments)
        finally:
            self.drawing -= is_drawing


def test_pages_are_drawn_one_after_another_and_each_once(runtime: WebRuntime) -> None:
    runtime.own.add([SAMPLES / NAME])
    runtime.line = line = Watched(10, 2, 60.0)
    passages = runtime.own.passages_of(NAME)
    ids = [stored.passage.passage_id for stored in (passages[0], passages[-1], passages[0])]
    draw = pictures.picture(runtime)

    async def use() -> list[bytes]:
        drawn = await asyncio.gather(*(draw(request("", id=passage_id)) for passage_id in ids))
        return [bytes(response.body) for response in drawn]

    first, last, again = asyncio.run(use())
    assert first == again != last
    assert (line.most, line.drawn) == (1, 2)
