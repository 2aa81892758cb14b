"""What people say beside asking, and several questions in one message, at the doors of the server."""

import pytest

from tests.web.conftest import GRID, QUESTION
from tests.web.running import Server
from tests.web.test_completions import say
from tests.web.test_openapi import DESCRIBED, fits

pytestmark = pytest.mark.usefixtures("web", "loopback")

BOTH = "左云县配备多少网格员？平山县呢？"
ANSWER = DESCRIBED["components"]["schemas"]["Answer"]


def told(server: Server, *texts: str) -> str:
    content: str = say(server, *texts).json["choices"][0]["message"]["content"]
    return content


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("多谢您的解答🙏", "said_thanks", "不客气"), ("您好，问据", "said_hello", "您好"),
        ("答得不对呀", "said_wrong", "抱歉"), ("我要转人工", "said_person", "没有人工客服"),
        ("使用说明", "said_help", "原文"), ("help", "said_help", "Just write"),
        ("再来一遍", "of_last", "上一个回答"), ("还有其他的吗", "of_last", "上一个回答"),
        ("你确定吗", "of_last", "上一个回答"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_met_and_is_nothing_to_judge(server: Server, text: str, code: str, part: str) -> None:
    reply = server.ask(text, after=QUESTION)
    met = reply.json
    fits(met, ANSWER)
    assert met["status"] == "not_found" and met["reason"]["code"] == code and part in met["message"]
    assert met["thread"] is None and "Wenju-Answer" not in reply.headers


def test_it_is_counted_nowhere(server: Server) -> None:
    def counted() -> list[str]:
        return [line for line in server.get("/metrics").text.splitlines() if "answers_total{" in line]

    before = counted()
    server.ask("感谢解答")
    assert counted() == before
    server.ask(QUESTION)
    assert counted() != before


def test_each_question_of_a_message_is_answered_and_can_be_judged(server: Server) -> None:
    reply = server.ask(BOTH)
    first, (second,) = reply.json, reply.json["further"]
    fits(first, ANSWER)
    assert first["question"] == "左云县配备多少网格员？" and first["answer"] == GRID
    assert second["understood"] == "平山县配备多少网格员？" and "36名" in second["answer"]
    words = reply.headers["Wenju-Answer"].split(", ")
    assert len(words) == 2
    for word in words:
        assert server.call("POST", "/api/feedback", {"answer": word, "rating": "up"}).status == 204


def test_what_is_in_here_is_told(server: Server) -> None:
    found = server.ask("这里有什么内容").json
    assert found["question"] == "收录了哪些文件" and found["reason"]["code"] == "documents_held"


def test_a_chat_front_end_is_told_both(server: Server) -> None:
    first, quoted, _, second, other, *_ = told(server, BOTH).split("\n\n")
    assert (first, second) == ("**左云县配备多少网格员？**", "**平山县呢？**") and GRID in quoted and "36名" in other


def test_a_chat_front_end_is_told_of_the_answer_before(server: Server) -> None:
    before = told(server, QUESTION)
    assert told(server, QUESTION, "谢谢老师") == "不客气，随时可以来问。"
    assert told(server, QUESTION, "谢谢老师", "请再说一遍") == before
    assert told(server, QUESTION, "平山县呢", "转人工", "再说一遍") == told(server, QUESTION, "平山县呢")
    assert GRID in told(server, QUESTION, "你确定吗") and "58个网格" in told(server, QUESTION, "你确定吗")
    more = told(server, QUESTION, "接着说")
    assert GRID not in more and (more.startswith("[2] ") or more == "没有更多段落了。")
    assert "上一个回答" in told(server, "再说一遍")
    assert say(server, QUESTION, "转人工", "平山县呢").json["wenju"]["understood"] == "平山县有多少网格员"
    assert say(server, BOTH, "青禾县呢").json["wenju"]["understood"] is not None
