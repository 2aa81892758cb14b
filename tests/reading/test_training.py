"""What the training of the reader draws, and what its second task is held to."""

import json
import random
from collections import Counter
from typing import Any

import pytest
import torch

from benchmarks.reader.draws import drawn_groups
from benchmarks.reader.real_news import FOLDER as NEWS
from benchmarks.reader.spans import span_losses, targets_of
from benchmarks.reader.towns import FOLDER as TOWNS
from benchmarks.reader.train import pair_tokenizer
from benchmarks.reader.variants import PARAPHRASES, date_form, paraphrases, reworded
from config.settings import load_settings
from retrieval.embedding.bundled import bundled_model

RIGHT = "网格员招聘公告｜2026-06-20｜【报名于2026年8月2日截止，共招18名。】笔试另行通知"
ROW = {
    "question": "网格员报名什么时候截止",
    "why": None,
    "texts": [RIGHT, "网格员招聘公告｜【笔试定于2026年8月9日举行。】", "石桥镇公告｜【报名于2026年7月1日截止。】"],
    "right": [True, False, False],
    "holds": [True, False, False],
    "traps": [False, False, True],
    "answers": ["2026年8月2日"],
}


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return pair_tokenizer(bundled_model(load_settings().cache_dir, print))


# -- the second task -------------------------------------------------------------------------------------------------


def test_the_answer_is_sought_in_the_marked_sentence(tokenizer: Any) -> None:
    encoding = tokenizer.encode(ROW["question"], RIGHT)
    allowed, starts, ends = targets_of(encoding, RIGHT, ["2026年8月2日"])
    (start,), (end,) = starts, ends
    assert RIGHT[encoding.offsets[start][0] : encoding.offsets[end][1]].strip("于") == "2026年8月2日"
    assert allowed[0] == 0
    assert {start, end} < {*allowed}
    marked = RIGHT[encoding.offsets[allowed[1]][0] : encoding.offsets[allowed[-1]][1]]
    assert marked.strip("【】") == "报名于2026年8月2日截止，共招18名。"


def test_what_answers_nothing_points_to_the_first_token(tokenizer: Any) -> None:
    _, starts, ends = targets_of(tokenizer.encode(ROW["question"], RIGHT), RIGHT, [])
    assert (starts, ends) == ([0], [0])


def test_an_answer_in_other_words_teaches_nothing(tokenizer: Any) -> None:
    encoding = tokenizer.encode(ROW["question"], RIGHT)
    target = targets_of(encoding, RIGHT, ["八月初二"])
    assert target.starts == target.ends == target.allowed
    logits = torch.randn(1, len(encoding.ids), 2)
    assert span_losses(logits, [target]).tolist() == pytest.approx([0.0], abs=1e-5)


def test_the_loss_is_small_where_the_answer_is_found(tokenizer: Any) -> None:
    encoding = tokenizer.encode(ROW["question"], RIGHT)
    target = targets_of(encoding, RIGHT, ["18名"])
    found, missed = torch.zeros(1, len(encoding.ids), 2), torch.zeros(1, len(encoding.ids), 2)
    found[0, target.starts, 0] = found[0, target.ends, 1] = 20.0
    missed[0, 0] = 20.0
    assert span_losses(found, [target]).item() < 1e-6
    assert span_losses(missed, [target]).item() == pytest.approx(20.0, abs=0.01)


# -- what is drawn ---------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same() -> None:
    first, again = (list(drawn_groups([([ROW], 1.0)], 50, random.Random(3))) for _ in range(2))
    assert first == again


def test_dates_are_written_alike_in_texts_and_answers() -> None:
    forms = Counter[str]()
    for _, pairs, answers in drawn_groups([([ROW], 1.0)], 600, random.Random(1)):
        for text, label in pairs:
            if label:
                assert answers[0] in text
                forms[answers[0]] += 1
    assert {"2026年8月2日", "2026-08-02", "2026.8.2", "2026/8/2"} == {*forms}
    assert forms["2026年8月2日"] > sum(forms.values()) / 2


def test_without_titles_nothing_is_drawn_that_only_its_title_makes_wrong() -> None:
    bare = [
        pairs
        for _, pairs, _ in drawn_groups([([ROW], 1.0)], 600, random.Random(2))
        if not any("｜" in text for text, _ in pairs)
    ]
    assert bare
    assert not any("7月1日" in text for pairs in bare for text, _ in pairs)


def test_words_are_replaced_by_others_that_ask_the_same() -> None:
    rng = random.Random(5)
    asked = {reworded("医保什么时候缴费", rng) for _ in range(200)}
    assert {"医保什么时候缴费", "基本医疗保险何时交费", "医疗保险啥时候缴费"} <= asked
    assert reworded("阳光小区的树", rng) == "阳光小区的树"
    assert {date_form(rng)("5月1日起") for _ in range(20)} == {"5月1日起", "5月1号起"}


# -- the paraphrases -------------------------------------------------------------------------------------------------


def test_each_paraphrase_is_of_a_question_that_is_trained_on_and_differs_from_it() -> None:
    sets = {path.parent.name: path for path in TOWNS.glob("*/questions.jsonl")}
    sets |= {path.stem: path for path in NEWS.glob("*.jsonl")}
    held = {name for name in sets if name.startswith(("calib-", "exam-"))}
    assert len(held) == 14
    written = {
        row["id"]: row["question"]
        for name in {*sets} - held
        for row in map(json.loads, sets[name].read_text("utf-8").splitlines())
    }
    found = paraphrases()
    assert len(found) == len(PARAPHRASES.read_text("utf-8").splitlines()) > 0
    for question, asked in found.items():
        assert asked and len({*asked, written[question]}) == len(asked) + 1, question
