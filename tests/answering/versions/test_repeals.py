"""Which sentences end a paper that they name."""

import datetime
import time

import pytest

from retrieval.answering.versions.repeals import ends
from retrieval.text.fold import fold

TODAY = datetime.date(2026, 9, 15)
TITLE = "柏川县供水价格管理办法"
OWN = f"{TITLE}\n柏政发〔2016〕3号\n第一条 水价由县政府定。\n2016年3月1日"


def is_ended(sentence: str, own: str = OWN, date: str = "", title: str = TITLE) -> bool:
    return ends(fold(sentence), fold(title), fold(own), date, TODAY)


@pytest.mark.parametrize(
    "sentence",
    [
        f"《{TITLE}》（柏政发〔2016〕3号）同时废止。",
        f"《{TITLE}》（原柏政发〔2016〕3号）同时废止。",
        f"原《{TITLE}》同时废止。",
        f"本办法自2026年1月1日起施行，《{TITLE}》同时废止。",
        f"本办法自2026年1月1日起施行，2016年印发的《{TITLE}》同时废止。",
        f"2016年3月1日县政府办公室印发的原《{TITLE}》同时废止。",
        f"《{TITLE}》自本办法施行之日起废止。",
        f"《{TITLE}》自2026年9月15日起废止。",
        f"县政府决定将《{TITLE}》予以废止。",
        f"《{TITLE}》已经废止，不再执行。",
        f"《柏川县供气价格管理办法》不予废止，《{TITLE}》同时废止。",
        f"新拟定的办法施行后《{TITLE}》即行废止。",
        f"《{TITLE}》（柏政发〔2016〕3号）、《柏川县供气价格管理办法》（柏政发〔2017〕4号）同时废止。",
        f"《{TITLE}》《柏川县供气价格管理办法》和《柏川县供热价格管理办法》等3件文件同时废止。",
        f"《柏川县供气价格管理办法》，以及2016年印发的原《{TITLE}》同时废止。",
        f"县政府决定废止《{TITLE}》。",
        f"根据《规章制定程序条例》，县政府决定废止《柏川县供气价格管理办法》、《{TITLE}》。",
        f"本办法自2026年1月1日起施行，同时废止《{TITLE}》（柏政发〔2016〕3号）。",
        f"自2026年9月15日起废止县政府2016年印发的《{TITLE}》。",
        f"现废止下列文件：《柏川县供气价格管理办法》和《{TITLE}》。",
        f"柏川县人民政府关于废止《{TITLE}》的通知",
        f"下列文件予以废止：《柏川县供气价格管理办法》（柏政发〔2017〕4号）、《{TITLE}》（柏政发〔2016〕3号）。",
    ],
)
def test_what_ends_a_paper(sentence: str) -> None:
    assert is_ended(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        f"《{TITLE}》自2024年1月1日起施行，原办法同时废止。",
        f"《{TITLE}》自2024年1月1日起施行原办法同时废止。",
        f"《{TITLE}》印发后原办法废止。",
        f"《{TITLE}》实施旧规定废止。",
        f"《{TITLE}》生效后旧规定废止。",
        f"根据《{TITLE}》，《柏川县供气价格管理办法》同时废止。",
        f"县政府根据《{TITLE}》决定废止《柏川县供气价格管理办法》。",
        f"《{TITLE}》废止了《柏川县供气价格管理办法》。",
        f"《柏川县供气价格管理办法》废止后，按《{TITLE}》执行。",
        f"《柏川县供气价格管理办法》废止后印发的《{TITLE}》。",
        f"《柏川县供气价格管理办法》废止按《{TITLE}》执行。",
    ],
)
def test_another_subject_is_ended(sentence: str) -> None:
    assert not is_ended(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        f"《{TITLE}》不予废止。",
        f"《{TITLE}》目前不予废止。",
        f"《{TITLE}》尚未废止。",
        f"《{TITLE}》拟废止。",
        f"《{TITLE}》拟予以废止。",
        f"《{TITLE}》是否废止，另行研究。",
        f"《{TITLE}》征求意见后废止。",
        f"建议将《{TITLE}》予以废止。",
        f"县水务局拟将《{TITLE}》废止。",
        f"不将《{TITLE}》废止。",
        f"《{TITLE}》废止前仍按其执行。",
        f"《{TITLE}》废止的建议已经收到。",
        f"《{TITLE}》自2027年1月1日起废止。",
        f"《{TITLE}》自2027年起废止。",
        f"《{TITLE}》于2026年9月16日废止。",
        f"自2027年1月1日起，《{TITLE}》废止。",
        f"自2027年1月1日起废止《{TITLE}》。",
        f"《{TITLE}》、《柏川县供气价格管理办法》不予废止。",
        f"不将《柏川县供气价格管理办法》、《{TITLE}》废止。",
        f"本次清理不废止《{TITLE}》。",
        f"尚未废止《{TITLE}》。",
        f"拟废止《{TITLE}》。",
        f"提请县政府废止《{TITLE}》。",
        f"关于废止《{TITLE}》、《柏川县供气价格管理办法》的建议",
        f"关于废止《{TITLE}》（柏政发〔2016〕3号）的请示",
        f"《{TITLE}》第三条同时废止。",
        f"废止《{TITLE}》第三条。",
        f"废止下列文件的部分条款：《{TITLE}》第三条。",
    ],
)
def test_what_is_not_ended_or_not_yet(sentence: str) -> None:
    assert not is_ended(sentence)


def test_a_day_behind_belongs_to_what_comes_behind() -> None:
    assert is_ended(f"《{TITLE}》同时废止，新办法自2027年1月1日起施行。")


@pytest.mark.parametrize("of", ["2018年印发的", "2018年县政府印发的", "2018年的", "2018年5月1日发布的"])
def test_the_year_before_the_title_is_that_of_the_paper(of: str) -> None:
    sentence = f"{of}《{TITLE}》同时废止。"
    assert not is_ended(sentence)
    assert not is_ended(sentence, own=f"{TITLE}\n本办法自2024年1月1日起施行。")
    assert is_ended(sentence, date="2018-05-01")
    assert is_ended(sentence, own=f"{TITLE}\n柏政发〔2018〕9号\n第一条 水价。")
    assert is_ended(sentence, own=f"{TITLE}\n本办法自2018年6月1日起施行。")


def test_each_paper_of_a_list_is_told_by_its_own_number_and_year() -> None:
    assert not is_ended(f"《{TITLE}》（柏政发〔2014〕7号）、《柏川县供气办法》（柏政发〔2016〕3号）同时废止。")
    assert not is_ended(f"废止2018年印发的《{TITLE}》和《柏川县供气办法》。")


def test_what_a_paper_ends_itself_is_not_it() -> None:
    own = f"{OWN}\n原《{TITLE}》同时废止。"
    assert not is_ended(f"原《{TITLE}》同时废止。", own)
    assert is_ended(f"2016年印发的《{TITLE}》同时废止。", own)


def test_many_titles_are_looked_through_in_no_time() -> None:
    since = time.perf_counter()
    assert not is_ended("《" * 50_000)
    assert not is_ended("《甲" * 50_000 + "废止")
    assert not is_ended("《甲》、" * 10_000 + "废止")
    assert not is_ended("废止《甲》" * 10_000)
    assert time.perf_counter() - since < 5
