"""What repeats itself for a thousand characters is read as quickly as anything else."""

import subprocess
import sys

import pytest

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
READ = """
import sys
from retrieval.answering.refusal import is_courtesy
from retrieval.query.dependent import goes_on
from retrieval.query.followup import complete
from retrieval.query.library import library_question
from retrieval.query.wrapping import unwrapped
for piece in sys.argv[1:]:
    for begin in ("", "帮", "劳驾"):
        for end in ("吃饭", "有多少人", "？！", "x"):
            question = (begin + piece * 1000)[:990] + end
            is_courtesy(question), goes_on(question), unwrapped(question), library_question(question)
            complete(question, "左云县有多少网格员")
"""


@pytest.mark.parametrize("piece", PIECES)
def test_it_comes_to_an_end(piece: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", READ, piece], cwd=ROOT, env=this_tree(), capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
