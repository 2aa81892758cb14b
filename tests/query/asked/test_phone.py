"""Whose telephone number is asked for, and whether a sentence gives it by form."""

import pytest

from retrieval.answering.checks.phones import states_phone
from retrieval.query.asked.phone import phone_owner
from retrieval.ranking.evidence import rank_sentences
from tests.support.hits import asking, hit


@pytest.mark.parametrize(
    ("question", "owner"),
    [
        ("宫秀芳的电话是多少", "宫秀芳"),
        ("县残联电话", "县残联"),
        ("卫生院的值班电话是多少？", "卫生院"),
        ("王明手机号", "王明"),
        ("张医生的联系方式是什么", "张医生"),
        ("报名电话是多少", None),
        ("该局的电话是多少", None),
        ("民政窗口负责人电话多少", None),
        ("县水务局和县住建局的电话", None),
        ("宫秀芳在哪个村", None),
        ("电话是多少", None),
    ],
)
def test_whose_number_it_is(question: str, owner: str | None) -> None:
    assert phone_owner(question) == owner


@pytest.mark.parametrize(
    ("sentences", "is_stated"),
    [
        (["新窑村：宫秀芳，13000000013", "西堡村：臧利民，13000000012"], True),
        (["宫秀芳办公电话：0352-3381001。", "其他事项另行通知。"], True),
        (["宫秀芳负责登记，臧利民，13000000012", "其他事项另行通知。"], False),
        (["南宫秀芳，13000000013", "其他事项另行通知。"], False),
        (["新窑村：宫秀芳，13000000013", "西堡村：宫秀芳，13000000012"], False),
    ],
)
def test_the_number_right_behind_the_very_name_is_hers(sentences: list[str], is_stated: bool) -> None:
    question = asking("宫秀芳的电话是多少")
    hits = [hit(question, sentences, [0.9, 0.2])]
    assert states_phone(question, hits, rank_sentences(hits)[0]) == is_stated
