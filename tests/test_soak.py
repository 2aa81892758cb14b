"""The soak in short, and whether it would see what it is there for."""

from pathlib import Path

import pytest

from benchmarks.soak.__main__ import soak
from benchmarks.soak.samples import SPARE, SPARE_BYTES, SPARE_MAPPINGS, IndexSize, Sample, judged, judged_sockets
from benchmarks.soak.truth import Said, Truth, names, question, sentence

NAME, OTHER = "松上岭村", "柏下坡村"


@pytest.fixture
def truth() -> Truth:
    """松上岭村 has 1001 from the 10th to the 20th second, 1002 until the 30th, and is gone then; each change takes
    two seconds."""
    made = Truth()
    for at, number in ((10.0, 1001), (20.0, 1002), (30.0, None)):
        made.begin([(NAME, number)], at)
        made.report([(NAME, number)], at + 2)
    return made


@pytest.mark.parametrize(
    ("asked", "answered", "facts", "is_true"),
    [
        (13.0, 14.0, [1001], True),
        (13.0, 14.0, [1002], False),  # not yet
        (19.0, 20.5, [1001], True),
        (19.0, 20.5, [1002], True),  # its change had begun
        (21.0, 21.5, [1001], True),  # … and was not reported
        (22.5, 23.0, [1001], False),  # stale
        (13.0, 14.0, [], False),  # it was there all the time
        (11.0, 14.0, [], True),  # it came in between
        (31.0, 33.0, [], True),
        (31.0, 33.0, [1002], True),
        (32.5, 33.0, [1002], False),  # gone
        (40.0, 41.0, [], True),
        (5.0, 6.0, [], True),
        (5.0, 6.0, [1001], False),
        (13.0, 14.0, [1001, 1002], False),  # one of its quotations is untrue
    ],
)
def test_an_answer_is_true_at_some_moment_or_not(
    truth: Truth, asked: float, answered: float, facts: list[int], is_true: bool
) -> None:
    said = Said(tuple((NAME, number) for number in facts), True)
    assert (not list(truth.faults(NAME, said, asked, answered))) == is_true


def test_a_quotation_of_another_document_must_be_true_too(truth: Truth) -> None:
    said = Said(((OTHER, 5), (NAME, 1001)), True)
    assert list(truth.faults(NAME, said, 13, 14)) == [f"{OTHER} did not have 5"]
    truth.begin([(OTHER, 5)], 13.5)
    assert not list(truth.faults(NAME, said, 13, 14))
    assert truth.present() == 1


def test_what_a_message_says() -> None:
    told = Said.of(f"{sentence(NAME, 1001).strip()} [1]\n\n[1] x\n{sentence(NAME, 1001)}{sentence(OTHER, 1002)}")
    assert told == Said(((NAME, 1001), (OTHER, 1002)), True)
    assert Said.of("🚫 文档里没有找到这个问题的答案。") == Said((), True)
    assert Said.of("现在提问的人太多，请过 5 秒再问。") == Said((), False)
    assert len(set(names())) == 4000
    assert Said.of(question(NAME)).facts == ()


def _samples(memory_each: float = 0.0, files_each: float = 0.0, mappings_each: float = 0.0) -> list[Sample]:
    """A hundred seconds in which so much is added each second."""
    return [
        Sample(
            float(at),
            int(1e8 + memory_each * at),
            0,
            int(20 + files_each * at),
            30,
            9,
            int(400 + mappings_each * at),
            0,
        )
        for at in range(101)
    ]


def _kept(samples: list[Sample], index_each: float = 0.0) -> list[bool]:
    sizes = [IndexSize(float(at), at, int(1e6 + index_each * at), 0) for at in range(101)]
    return [kept for _, kept in judged("bot", samples, sizes)]


def test_a_leak_breaks_its_rule() -> None:
    # The medians of the middle tenth and of the last are those of the 50th and of the 95th second.
    limit = SPARE_BYTES / 45
    assert _kept(_samples()) == [True, True, True, True]
    assert _kept(_samples(memory_each=limit * 1.1)) == [True, True, True, False]
    assert _kept(_samples(memory_each=limit * 0.9)) == [True, True, True, True]
    assert _kept(_samples(memory_each=limit * 1.1), index_each=limit) == [True, True, True, True]
    assert _kept(_samples(files_each=(SPARE + 2) / 45)) == [False, True, True, True]
    assert _kept(_samples(mappings_each=(SPARE_MAPPINGS + 2) / 45)) == [True, True, False, True]


def test_connections_that_are_not_given_back_break_their_rules() -> None:
    samples = _samples()
    before, after = samples[0], Sample(100, 0, 0, 20, 30 + SPARE + 1, 9, 400, 0)
    assert [kept for _, kept in judged_sockets(samples, before, before)] == [True, True]
    assert [kept for _, kept in judged_sockets(samples, before, after)] == [True, False]
    many = Sample(50, 0, 0, 20, 73, 9, 400, 0)
    assert [kept for _, kept in judged_sockets([*samples, many], before, before)] == [False, True]


def test_many_ask_while_documents_come_change_and_go(tmp_path: Path) -> None:
    results = soak(tmp_path / "home", 5, askers=20, documents=40, rebuilds=1)
    broken = [rule["rule"] for rule in results["rules"] if not rule["kept"]]
    assert broken == [], (results["troubles"], results["faults"])
    assert results["counts"]["questions"] >= 20
    assert results["counts"]["with_its_fact"] > 0
    assert results["writer"]["turns"] > 0
