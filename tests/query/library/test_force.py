"""What questions ask of the force of a paper, and of a paper that they only point at."""

import pytest

from retrieval.query.followup.completion import complete
from retrieval.query.followup.thread import split
from retrieval.query.library.force import ForceWish, asked_of_it, asks_which, force_question
from retrieval.text.fold import fold


@pytest.mark.parametrize(
    ("asked", "wish"),
    [
        *(
            (asked, "force")
            for asked in ("还有效吗", "现在还有效吗？", "是否有效", "是不是还有效", "失效了没有", "废止了吗")
        ),
        *(
            (asked, "force")
            for asked in ("有没有被废止", "已经作废了吗", "还在执行吗", "被哪个文件废止的", "是什么时候废止的")
        ),
        *(
            (asked, "effect")
            for asked in ("什么时候开始施行", "从哪天起执行", "何时生效的", "的施行日期是什么时候", "施行了吗")
        ),
        *((asked, "change") for asked in ("修改过吗", "有没有修订", "后来修改了吗")),
    ],
)
def test_what_is_asked_of_a_paper(asked: str, wish: ForceWish) -> None:
    for paper in ("《水价办法》", "柏水发〔2025〕18号", "县城水价管理办法"):
        question = force_question(paper + asked)
        assert question is not None and question.wish == wish


@pytest.mark.parametrize(
    "question",
    [
        *("《水价办法》规定了什么", "《水价办法》有效期几年", "《水价办法》是谁发的", "身份证还有效吗", "还有效吗"),
        *(
            "《水价办法》里的优惠还有效吗",
            "《水价办法》和《气价办法》还有效吗",
            "《水价办法》废止",
            "《水价办法》施行后水费多少",
        ),
    ],
)
def test_what_only_looks_like_it(question: str) -> None:
    assert force_question(question) is None


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        *(("这个办法废止了吗", "废止了吗"), ("那该规定还有效吗？", "还有效吗"), ("它修改过吗", "修改过吗")),
        *(("还有效吗", "还有效吗"), ("这份文件是谁发的", "是谁发的"), ("什么时候施行的呢", "什么时候施行的")),
        *(("这个办法罚多少钱", None), ("这个办法", None), ("养犬办法废止了吗", None)),
    ],
)
def test_what_is_asked_of_it(question: str, asks: str | None) -> None:
    assert asked_of_it(fold(question)) == asks


@pytest.mark.parametrize(
    ("question", "says_nothing"),
    [
        ("这个办法废止了吗", True),
        ("还有效吗", True),
        ("它什么时候施行", True),
        ("什么时候施行", False),
        ("水价多少", False),
    ],
)
def test_what_says_nothing_without_the_paper(question: str, says_nothing: bool) -> None:
    assert asks_which(question) is says_nothing


@pytest.mark.parametrize(
    ("before", "asked", "understood"),
    [
        ("《水价办法》是哪年的", "这个办法废止了吗", "《水价办法》废止了吗"),
        ("《水价办法》里水费多少", "还有效吗？", "《水价办法》还有效吗"),
        ("根据柏水发〔2025〕18号水费多少", "什么时候施行的", "柏水发〔2025〕18号什么时候施行的"),
        ("水费多少\x1f《水价办法》", "这个办法废止了吗", "《水价办法》废止了吗"),
        ("水费多少\x1f《水价办法》", "它是谁发的", "《水价办法》是谁发的"),
        ("《气价办法》气费多少\x1f《水价办法》", "还有效吗", "《气价办法》还有效吗"),
        ("水费多少", "这个办法废止了吗", None),
        ("县长是谁\x1f林芳", "还有效吗", None),
    ],
)
def test_a_follow_up_asks_of_the_paper_before(before: str, asked: str, understood: str | None) -> None:
    question, named = split(before)
    assert complete(asked, question, named) == understood


def test_a_pronoun_for_a_person_is_no_paper() -> None:
    assert complete("她的电话呢", "县长是谁", "《水价办法》") == complete("她的电话呢", "县长是谁", None)
