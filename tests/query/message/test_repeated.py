"""What repeats itself for a thousand characters is read as quickly as anything else."""

import subprocess
import sys
from collections.abc import Sequence

from tests.support.running import ROOT, this_tree

PIECES = (
    "是在",
    "都有",
    "一共",
    "哈",
    "谢谢了",
    "帮一下",
    "劳驾一下",
    "一下",
    "！",
    "？",
    "？！",
    "…",
    "哦哦",
    "and what about ",
)
EACH_IN_TIME = """
import signal, sys
def in_time(seconds):
    for piece in sys.argv[1:]:
        print(piece, flush=True)
        # Of its own time; this signal ends the process also within a pattern, which nothing else interrupts.
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield piece
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
"""
READ = """
from datetime import date
from retrieval.query.message.courtesy import is_courtesy
from retrieval.query.message.dependent import goes_on
from retrieval.query.followup.completion import complete
from retrieval.query.library.force import asks_which, force_question
from retrieval.query.library.questions import library_question
from retrieval.query.message.wrapping import unwrapped
for piece in in_time(20):
    for begin in ("", "帮", "劳驾"):
        for end in ("吃饭", "有多少人", "？！", "x"):
            question = (begin + piece * 1000)[:990] + end
            is_courtesy(question), goes_on(question), unwrapped(question)
            library_question(question, date(2026, 9, 15)), force_question(question), asks_which(question)
            complete(question, "左云县有多少网格员")
"""


def read(script: str, pieces: Sequence[str]) -> None:
    """In one process for all pieces."""
    outcome = subprocess.run(
        [sys.executable, "-c", EACH_IN_TIME + script, *pieces],
        cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = outcome.stdout.splitlines()
    assert outcome.returncode == 0, f"{told[-1:]}: exit code {outcome.returncode} {outcome.stderr}"
    assert told == list(pieces)


def test_it_comes_to_an_end() -> None:
    read(READ, PIECES)


RUNS = (
    "，", "，，？", "！", "。谢谢", "，谢谢您", "谢谢啦", "吗，", "啊", "嗯", "急", "请", "麻烦能", "，请问",
    "，想问一下", "“，谢谢", "? thanks", "我是云溪县的，", "亲",
)  # fmt: skip
LONG = """
from retrieval.query.message.wrapping import unwrapped
for piece in in_time(5):
    for begin in ("", "你好，", "谢谢"):
        for end in ("", "x", "有多少人", "，谢谢"):
            unwrapped(begin + piece * (15_000 // len(piece)) + end)
"""


def test_what_is_taken_off_costs_as_much_as_it_is_long() -> None:
    """Nobody checks how long a message before the last one is until it is unwrapped."""
    read(LONG, RUNS)


SAID = ("那就", "就那", "可以", "再说", "麻烦你", "换一个", "看要", "还有", "please ", "更多", "说得", "啊哈", "好的")
SHORT = """
from retrieval.query.message.said import what_is_said
for piece in in_time(5):
    for begin in ("", "那", "请"):
        for end in ("", "x", "再说一遍吗x", "更多吧x"):
            what_is_said((begin + piece * 200)[:190] + end)
"""


def test_what_is_said_beside_asking_is_told_at_once() -> None:
    read(SHORT, SAID)
