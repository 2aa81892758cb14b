"""Names in other letters find their characters by how they sound."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

from retrieval.text.fold import fold
from retrieval.text.sounds import (
    asked_sounds,
    cut_syllables,
    heard,
    in_characters,
    is_pinyin,
    read_aloud,
    says,
    sounds,
    spoken_names,
)

CORPUS = [path.read_text("utf-8") for path in sorted((Path(__file__).parents[2] / "data" / "corpus").glob("*.md"))]


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("Zuoyun", ["zuo", "yun"]),
        ("Qiandongnan", ["qian", "dong", "nan"]),
        ("Xi'an", ["xi", "an"]),
        ("Lüliang", ["lv", "liang"]),
        ("Хэйтукоу", ["hei", "tu", "kou"]),
        ("Technology", None),
        ("Australia", None),
    ],
)
def test_a_word_is_cut_into_syllables(word: str, syllables: list[str] | None) -> None:
    assert cut_syllables(word) == syllables


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("zenme ban li canjizheng", True),
        ("Nǚ zhígōng chǎnjià duōshao tiān?", True),
        ("qingwengaolingjintieduoshaoqian", True),
        ("80 sui duo shao qian", True),
        ("How many wardens are there?", False),
        ("2026", False),
        ("", False),
    ],
)
def test_a_text_in_pinyin(text: str, is_so: bool) -> None:
    assert is_pinyin(text) == is_so


@pytest.mark.parametrize(
    ("question", "tokens"),
    [
        ("How many grids has Zuoyun County?", ["~zuo'yun", "~yun'xian"]),
        ("how many in zuoyun county", ["~zuo'yun", "~yun'xian"]),
        ("What position does Bai Lei hold in Xing County?", ["~bai'lei", "~xing'xian"]),
        ("столовая в деревне Хэйтукоу", ["~hei'tu", "~tu'kou"]),
        ("左云县有多少网格员", []),
        ("How many women change buses?", []),
    ],
)
def test_names_of_a_question(question: str, tokens: list[str]) -> None:
    assert asked_sounds(question) == tokens


def test_a_text_is_indexed_by_the_sound_of_its_pairs() -> None:
    assert sounds("左雲縣，51名") == ["~zuo'yun", "~yun'xian"]
    assert "~chong'qing" in sounds("重庆市")  # as it is read there, not as 重 alone


@pytest.mark.parametrize("text", [*CORPUS, "重庆银行行长长大了，会计会议，单县单先生", "朝阳区朝阳下。乐清乐山音乐"])
def test_words_are_read_as_the_whole_run_is(text: str) -> None:
    """By the library's own reading of each run, which takes its time: only what it reads otherwise is added."""
    expected = []
    for run in re.findall("[\u4e00-\u9fff]+", fold(text)):
        alone = [f"~{a}'{b}" for a, b in pairwise(map(read_aloud, run))]
        words = [f"~{a}'{b}" for a, b in pairwise(lazy_pinyin(run))]
        expected += alone + [word for word, own in zip(words, alone, strict=True) if word != own]
    assert sounds(text) == expected


def test_what_a_text_is_heard_to_say() -> None:
    assert heard(["~zuo'yun", "~da'tong"], "左云县") == {"~zuo'yun"}
    assert says(["~da'tong", "~tong'xian"], "大同县有")
    assert not says(["~da'tong", "~tong'xian"], "打通服务，同县里")
    assert read_aloud("敖汉旗") == read_aloud("敖汗旗") == "ao'han'qi"


def test_a_place_with_its_kind() -> None:
    (name,) = spoken_names("grid workers in Datong County?")
    assert (name.words, name.sounds, name.is_place) == ("Datong County", ["~da'tong", "~tong'xian"], True)
    assert [(name.words, name.is_place) for name in spoken_names("Bai Lei in Hope County")] == [("Bai Lei", False)]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("zuoyun有多少护理员", "左云县有多少护理员"),
        ("ZUOYUN有多少张床位", "左云县有多少张床位"),
        ("Zuoyun有多少护理员", "左云县有多少护理员"),
        ("xingxian护理员有几名", "兴县护理员有几名"),
        ("这个menu有什么", "这个menu有什么"),
        ("左云有多少护理员", "左云有多少护理员"),
        ("How many nurses has Zuoyun", "How many nurses has Zuoyun"),
    ],
)
def test_names_in_letters_as_the_documents_write_them(question: str, meant: str) -> None:
    assert in_characters(question, {"左云县", "兴县"}) == meant
