"""Which change of another paper meets the words of a rule, and whose rule it changes."""

import pytest

from retrieval.answering.versions.changes import Change, changes_in
from retrieval.text.fold import fold

WATER, GAS = "柏川县供水价格管理办法", "柏川县供气价格管理办法"


def change(sentence: str) -> Change:
    (found,) = changes_in(fold(sentence))
    return found


def is_changed(rule: str, old: str, new: str) -> bool:
    return change(f"将“{old}”修改为“{new}”。").place(fold(rule), (0, len(rule))) is not None


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("提前7日告知。", "7日", "17日"),
        ("提前 7日告知。", "7日", "17日"),
        ("提前告知，期限为7。", "7", "17"),
        ("提前七日告知。", "七日", "十七日"),
        ("罚款200元。", "200元", "1200元"),
        ("经街道办批准。", "街道办", "街道办事处"),
        ("经街道办事处批准，报街道办。", "街道办", "街道办事处"),
    ],
)
def test_the_old_words_stand_in_the_rule(rule: str, old: str, new: str) -> None:
    assert is_changed(rule, old, new)


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("提前17日告知。", "7日", "17日"),
        ("提前十七日告知。", "七日", "十七日"),
        ("每吨10.5元。", "5元", "6元"),
        ("罚款1,200元。", "200元", "300元"),
        ("不超过30。", "不超过3", "不超过4"),
        ("不超过3.5。", "不超过3", "不超过4"),
        ("经街道办事处批准。", "街道办", "街道办事处"),
        ("连续缴存180天。", "缴存180天", "连续缴存180天"),
    ],
)
def test_a_part_of_another_number_or_of_the_new_words_is_not_the_old_ones(rule: str, old: str, new: str) -> None:
    assert not is_changed(rule, old, new)


@pytest.mark.parametrize(
    ("sentence", "above"),
    [
        (f"一、对《{WATER}》作出修改：第三条中“30日”修改为“15日”。", f"二、《{GAS}》继续有效。"),
        ("第三条中“30日”修改为“15日”。", f"一、《{GAS}》继续有效。二、对《{WATER}》作如下修改："),
        ("《供水价格管理办法》第三条中“30日”修改为“15日”。", f"现修改《{WATER}》和《{GAS}》。"),
        ("将《办法》第三条中“30日”修改为“15日”。", f"对《{WATER}》（以下简称《办法》）作如下修改："),
        ("第三条中“30日”修改为“15日”。", f"《{GAS}》不变。《关于修改〈{WATER}〉的决定》已经印发。"),
        ("根据《水法》和《价格法》，将第三条中“30日”修改为“15日”。", f"对《{WATER}》作如下修改："),
        ("将第三条“30日”修改为“15日”。", f"对《{WATER}》作如下修改：“依照《{GAS}》”改为“依照《价格法》”。"),
    ],
)
def test_a_change_is_of_the_paper_that_is_named_last(sentence: str, above: str) -> None:
    found, above = [*changes_in(fold(sentence))][-1], fold(f"某决定\n{above}")
    assert found.is_of(WATER, above)
    assert not found.is_of(GAS, above)


def test_where_none_is_named_the_title_names_it() -> None:
    found = change("第三条中“30日”修改为“15日”。")
    assert found.is_of(WATER, f"关于修改{WATER}的决定\n")
    assert not found.is_of(GAS, f"关于修改{WATER}的决定\n")
    assert not found.is_of(WATER, f"关于修改若干文件的决定\n{WATER}有错字。")


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("四、将第九条修改为：“提前20日申请，交15%的损耗费。”", "第九条 提前30日书面申请，交20%的损耗费。"),
        ("第九条修改为：“提前20日申请。”", "第九条 提前30日书面申请，交20%的损耗费。"),
        ("将第九条第一款修改为：“停止供水的，提前20日申请。”", "第九条 停止供水的，应当提前30日申请。"),
        ("五、删去第九条。", "第九条 提前30日书面申请，交20%的损耗费。"),
        ("删除第九条，其他各条顺序调整。", "第九条 提前30日书面申请，交20%的损耗费。"),
    ],
)
def test_a_whole_article_is_changed_or_deleted(sentence: str, quoted: str) -> None:
    (found,) = changes_in(fold(sentence))
    above = "第二章 供水\n第八条 按时缴费。\n"
    rule = fold(above + quoted)
    assert found.place(rule, (len(above), len(rule))) == (len(above) + 3, len(rule))
    others = fold(quoted.replace("第九条", "第十条"))
    assert found.place(others, (0, len(others))) is None


def test_an_article_is_changed_in_all_of_its_sentences_and_in_none_of_the_next_one() -> None:
    found, rule = change("将第九条修改为：“提前20日申请。”"), fold("第九条 可以停水。提前30日申请。第十条 不得转供。")
    begins, follows = rule.find("提前"), rule.find("第十条")
    assert found.place(rule, (begins, follows)) == (begins, follows)
    assert found.place(rule, (follows, len(rule))) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "将第四条第一款修改为：“采暖期为每年10月20日至次年4月10日。”",
        "删去第四条第二款。",
        "将第四条中的“提前”删去。",
        "第四条继续有效。",
    ],
)
def test_another_paragraph_of_an_article_that_is_changed_stays_as_it_is(sentence: str) -> None:
    rule = fold("第四条 县人民政府可以根据气象情况推迟供热。")
    assert all(found.place(rule, (0, len(rule))) is None for found in changes_in(fold(sentence)))
