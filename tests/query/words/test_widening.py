"""A question finds what its documents say in other words, and what other numbers it might have written."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.embedding.base import Embedder
from retrieval.query.words.widening import NOT_WIDENED, OtherWord, Widening
from retrieval.ranking.evidence import rank_sentences, sentence_texts
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
OTHERS = "今天的食堂开门早。\n\n培训在下午举行，参加的有村民。\n\n志愿者打扫街道，路面干净。\n"


def best(base: KnowledgeBase, question: str) -> tuple[str, float]:
    """The sentence with the most evidence, and the share of the question that it holds."""
    _, hits = base.search(question)
    first = rank_sentences(hits)[0]
    sentence = sentence_texts(hits[first.hit].stored)[first.sentence]
    return sentence, first.features.overlap


@pytest.fixture
def offices(base: KnowledgeBase, write: Write) -> Iterator[KnowledgeBase]:
    write("低保.txt", f"云溪县的标准\n\n{OTHERS}\n城乡最低生活保障标准提高到每月812元。\n")
    write("大厅.txt", f"云溪县的大厅\n\n{OTHERS}\n政务服务中心设窗口36个，周六照常办公。\n")
    base.add([write("其他.txt", f"云溪县的别事\n\n{OTHERS}\n水费每吨3元，电费照旧。\n").parent])
    yield base


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("低保标准多少", "城乡最低生活保障标准提高到每月812元。"),
        ("便民厅有多少窗口", "政务服务中心设窗口36个，周六照常办公。"),
        ("BMT有多少窗口", "政务服务中心设窗口36个，周六照常办公。"),
    ],
)
def test_a_word_counts_as_held_where_another_of_its_set_stands(
    offices: KnowledgeBase, question: str, sentence: str
) -> None:
    _, before = best(offices, question)
    own = 'sets = [["低保", "最低生活保障"], ["便民厅", "政务服务中心", "bmt"]]'
    (offices.settings.home / "synonyms.toml").write_text(own, "utf-8")
    found, after = best(offices, question)
    assert found == sentence
    assert after > before + 0.2


def test_what_a_document_defines_is_found_by_either(base: KnowledgeBase, write: Write) -> None:
    write("创城.txt", f"工作部署\n\n{OTHERS}\n全县启动创建全国文明城市（以下简称“创城”）工作。\n\n巡查\n\n{OTHERS}\n")
    base.add([write("巡查.txt", f"巡查情况\n\n{OTHERS}\n创城巡查队每周走访12次。\n").parent])
    question, hits = base.search("创建全国文明城市巡查队每周走访几次")
    assert {term.form for term in question.widening.others if term.word} == {"创城"}
    first = rank_sentences(hits)[0]
    assert "走访12次" in sentence_texts(hits[first.hit].stored)[first.sentence]
    assert first.features.overlap > 0.9


def test_what_is_short_for_two_names_is_short_for_none(base: KnowledgeBase, write: Write) -> None:
    write("甲.txt", "青禾县城市管理局（以下简称城管局）负责清扫。\n")
    base.add([write("乙.txt", "城区综合管理服务局（以下简称城管局）负责停车。\n").parent])
    assert base.search("城管局负责什么")[0].widening == NOT_WIDENED


def test_what_is_short_for_two_names_widens_no_question_that_says_one(base: KnowledgeBase, write: Write) -> None:
    question = "白石县林业和草原局负责什么"
    base.add([write("林业.txt", "白石县林业和草原局（以下简称县局）负责护林。\n")])
    assert "县局" in {other.form for other in base.search(question)[0].widening.others}
    base.add([write("水务.txt", "青禾县水务局（以下简称县局）负责供水。\n")])
    assert base.search(question)[0].widening == NOT_WIDENED


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("哪个项目投入120000元", "河道整治投入十二万元。"),
        ("哪个项目投入叁拾万元", "桥梁加固投入三十万元。"),
        ("谁的费率是0.5%", "商户的费率为千分之五。"),
        ("第3条管什么", "第三条管停车。"),
        ("满18岁能参加什么", "年满十八周岁的参加登记。"),
    ],
)
def test_a_number_is_the_same_in_each_of_its_spellings(
    base: KnowledgeBase, write: Write, question: str, sentence: str
) -> None:
    texts = ["河道整治投入十二万元。", "桥梁加固投入三十万元。", "道路修补投入3万元。", "商户的费率为千分之五。"]
    texts += [
        "住户的费率为千分之三。",
        "第三条管停车。",
        "第五条管清扫。",
        "年满十八周岁的参加登记。",
        "年满六十周岁的参加体检。",
    ]
    base.add([write("各项.txt", "\n\n".join(texts) + "\n")])
    assert best(base, question)[0] == sentence


def test_a_part_of_a_number_is_another_number() -> None:
    other = OtherWord("十二万", frozenset({"120000"}), "120000", is_number=True)
    assert [other.stands_in(text) for text in ("投入十二万元", "三百十二万", "十二万五千", "共,十二万")] == [
        True,
        False,
        False,
        True,
    ]
    digits = OtherWord("12", frozenset({"十二"}), "十二", is_number=True)
    assert [digits.stands_in(text) for text in ("共12个", "112个", "12.5个", "1,12", "a12b")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_names_of_places_are_told_apart_as_they_are_written() -> None:
    wide = Widening((OtherWord("县医保局", frozenset({"青禾", "禾县", "医疗"}), "青禾县医疗保障局"),))
    assert wide.without(["青禾", "禾县"]).held("兴县的县医保局") == {"医疗"}


def test_a_question_is_read_in_the_words_of_each_text() -> None:
    wide = Widening((OtherWord("最低生活保障", frozenset({"低保"}), "低保"),))
    assert wide.reworded("低保标准多少", "最低生活保障标准812元") == "最低生活保障标准多少"
    assert wide.reworded("低保标准多少", "低保，即最低生活保障") == "低保标准多少"
    assert wide.reworded("低保标准多少", "水费3元") == "低保标准多少"
    assert NOT_WIDENED.reworded("ETC?", "etc") == "ETC?"


def test_the_office_s_word_is_answered_in_the_words_of_the_documents(
    settings: Settings, real_embedder: Embedder, real_reader: Reader, write: Write
) -> None:
    """The reading model does not know that the two are one: it is asked in the words of each sentence."""
    text = "# 松岭县政务服务中心办事指南\n\n2026-03-02\n\n松岭县政务服务中心设在建设路18号，共设窗口36个。\n"
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        base.add([write("指南.md", text)])
        before = base.ask("便民大厅有多少个窗口")
        (settings.home / "synonyms.toml").write_text('sets = [["便民大厅", "政务服务中心"]]', "utf-8")
        after = base.ask("便民大厅有多少个窗口")
    assert after.status == "answered" and "窗口36个" in (after.answer or "")
    assert after.confidence > before.confidence
