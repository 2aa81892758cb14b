"""The shape that chat front ends speak, as such a one sends it."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import GRID, QUESTION, StartServer, opened
from tests.web.running import Reply, Server
from tests.web.test_api import problem
from tests.web.test_openapi import DESCRIBED, fits

pytestmark = pytest.mark.usefixtures("web", "loopback")


def say(server: Server, *said: str, **more: Any) -> Reply:
    """What the user said, one message after the other, with answers between."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": "You are helpful."}]
    for text in said[:-1]:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "…"}]
    messages.append({"role": "user", "content": said[-1]})
    return server.call("POST", "/v1/chat/completions", {"model": "gpt", "messages": messages, **more})


def test_the_quotation_comes_with_its_source(server: Server) -> None:
    completion = say(server, QUESTION, temperature=0.7, max_tokens=50).json
    (choice,) = completion["choices"]
    assert completion["object"] == "chat.completion" and completion["model"] == "wenju"
    assert choice["finish_reason"] == "stop" and choice["message"]["role"] == "assistant"
    quoted, source = choice["message"]["content"].split("\n\n")
    assert quoted == f"> {GRID} [1]"
    assert source == "[1] 左云县网格员队伍 · 左云县 · 2026-06-30 · 左云县网格员队伍.md · https://example.org/a"
    assert completion["wenju"]["answer"] == GRID


def test_a_stream_says_the_same(server: Server) -> None:
    reply = say(server, QUESTION, stream=True)
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    *events, done = [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line]
    assert done == "[DONE]"
    chunks = [json.loads(event) for event in events]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert said == say(server, QUESTION).json["choices"][0]["message"]["content"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None, None, "stop"]
    assert chunks[-1]["wenju"]["answer"] == GRID


def test_a_follow_up_goes_on_from_the_last_question_that_stands_by_itself(server: Server) -> None:
    for said in ((QUESTION, "平山县呢"), (QUESTION, "再见", "平山县呢"), ("谁组成选举委员会", QUESTION, "平山县呢")):
        answer = say(server, *said).json["wenju"]
        assert answer["question"] == "平山县呢"
    assert say(server, QUESTION, "平山县呢").json["wenju"]["understood"] == "平山县有多少网格员"
    assert say(server, "谁组成选举委员会", QUESTION, "平山县呢").json["wenju"]["understood"] == "平山县有多少网格员"
    assert say(server, QUESTION, "青禾县选举在哪天举行").json["wenju"]["understood"] is None


def test_a_question_of_two_lines_is_gone_on_from_whole(server: Server) -> None:
    answer = say(server, f"我是王家庄的村民\n{QUESTION}", "平山县呢").json["wenju"]
    assert answer["understood"] == "我是王家庄的村民 平山县有多少网格员"


def add(home: Path, name: str, text: str) -> None:
    """One document more, before the server is started."""
    path = home.parent / name
    path.write_text(text, "utf-8")
    with closing(opened(home)) as base:
        assert not base.add([path]).failures


def test_what_was_counted_stands_before_the_rows(start: StartServer, home: Path) -> None:
    rows = "\n".join(f"{n}. 赵{name}，助理社会工作师证" for n, name in enumerate("一二三四五六七八", 1))
    add(home, "名单.md", f"# 持证名单\n\n{rows}\n")
    line = "《持证名单》里符合的有 8 处（按文档里的行数计），先列 5 处："
    server = start()
    completion = say(server, "谁有助理社会工作师证").json
    counted, *rest = completion["choices"][0]["message"]["content"].split("\n\n")
    assert (
        counted == line
        and len(rest) == 6
        and [row.split("，")[0] for row in rest[:5]] == [f"> {n}. 赵{name}" for n, name in enumerate("一二三四五", 1)]
    )
    asked = server.ask("谁有助理社会工作师证").json
    assert asked["tally"]["line"] == completion["wenju"]["tally"]["line"] == line
    fits(asked, DESCRIBED["components"]["schemas"]["Answer"])


def test_figures_that_disagree_are_named_with_their_sources(start: StartServer, home: Path) -> None:
    add(home, "又一篇.md", "---\ndate: 2024-02-01\n---\n\n# 左云县网格员\n\n左云县有网格员78名。\n")
    told = say(start(), "有多少网格员").json
    figures = told["wenju"]["figures"]
    assert len(figures) > 1 and "2024-02-01" in {figure["date"] for figure in figures}
    message, _, lines, *sources = told["choices"][0]["message"]["content"].split("\n\n")
    assert message == "不同的文档（或地方、日期）给出的数字不同："
    for line, figure in zip(lines.split("\n"), figures, strict=True):
        assert line.startswith(f"- {figure['text']}") and line.endswith(f" [{figure['citation']}]")
        assert all(known in line for known in (figure["place"], figure["date"]) if known)
    assert [figure[:3] for figure in sources] == [
        f"[{n}]" for n in sorted({figure["citation"] for figure in figures})
    ]


def test_a_message_too_long_to_be_a_question_is_gone_on_from_no_more(server: Server) -> None:
    answer = say(server, QUESTION, f"请看全文：{'文章。' * 400}", "平山县呢").json["wenju"]
    assert answer["understood"] == "平山县有多少网格员"


def test_a_long_conversation_goes_on(server: Server) -> None:
    said = [f"平山县培训第{number}次是什么时候？{'说明。' * 100}" for number in range(300)]
    told = say(server, *said, QUESTION, "平山县呢", stream=None)
    assert told.status == 200 and told.json["wenju"]["understood"] == "平山县有多少网格员"
    problem(say(server, "长" * 1_000_000, QUESTION), 413, "too-large")


def test_a_message_in_parts_is_read(server: Server) -> None:
    parts = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    sent = {"messages": [{"role": "user", "content": parts}]}
    assert server.call("POST", "/v1/chat/completions", sent).json["wenju"]["answer"] == GRID


@pytest.mark.parametrize(
    "messages", [[], [{"role": "assistant", "content": "a"}], [{"role": "user", "content": " "}], [{"role": "user"}]]
)
def test_nothing_asked_is_told(server: Server, messages: list[dict[str, str]]) -> None:
    problem(server.call("POST", "/v1/chat/completions", {"messages": messages}), 422, "invalid")


def test_one_model_is_offered(server: Server) -> None:
    assert [model["id"] for model in server.get("/v1/models").json["data"]] == ["wenju"]
