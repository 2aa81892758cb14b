"""The office's own synonyms: what a good file says, and what is told of a bad one."""

import logging
import os
from pathlib import Path

import pytest

from bot.cli import run
from config.settings import Settings, load_settings
from retrieval.errors import SynonymsError
from retrieval.query.words.synonym_file import SynonymFile
from retrieval.query.words.synonyms import NO_SYNONYMS, Synonyms

GOOD = 'sets = [["低保", "最低生活保障"], ["ETC", "电子收费", "不停车收费"]]'


def write(settings: Settings, content: str | bytes) -> Path:
    path = settings.home / "synonyms.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_without_a_file_there_are_none(settings: Settings) -> None:
    assert SynonymFile(settings).current() is NO_SYNONYMS


def test_a_set_is_folded_and_each_of_its_words_knows_the_others(settings: Settings) -> None:
    write(settings, GOOD)
    found = SynonymFile(settings).current()
    assert [*found.said_in("etc怎么办")] == [(0, "etc", ("电子收费", "不停车收费"))]
    assert [*found.said_in("领最低生活保障的人")] == [(1, "最低生活保障", ("低保",))]
    assert not [*found.said_in("fetch")]


def test_of_words_that_overlap_the_longer_is_said() -> None:
    own = Synonyms.of([["公积金", "住房公积金"], ["公积金中心", "公积金管理中心"]])
    assert [word for _, word, _ in own.said_in("公积金中心在哪")] == ["公积金中心"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no sets"),
        ("sets = 3", "something else than a list"),
        ('sets = ["低保"]', "set 1 is no list of words"),
        ('sets = [["低保", 3]]', "set 1 is no list of words"),
        ('sets = [["低保"]]', "set 1 has 1 words"),
        ("sets = [[]]", "set 1 has 0 words"),
        ('sets = [["低保", ""]]', "in set 1 is no word"),
        ('sets = [["低保", "保"]]', "“保” in set 1 is no word"),
        ('sets = [["低保", "什么，低保"]]', "is no word"),
        ('sets = [["低保", "低保"]]', "set 1 has “低保” twice"),
        ('sets = [["ETC", "etc"]]', "set 1 has “etc” twice (as “ETC”)"),
        ('sets = [["低保", "最低保障"], ["低保", "生活保障"]]', "“低保” stands in set 1 and in set 2. Make one"),
        ('sets = [["甲乙", "乙丙"], ["乙丙", "丙丁"], ["丙丁", "甲乙"]]', "“乙丙” stands in set 1 and in set 2"),
        ('words = [["低保", "最低保障"]]', "there is no `words` here"),
        ("sets = [", "is not TOML"),
        ("sets = " + "[" * 100_000, "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"#" * 2_000_000, "at most 1,000,000 are read"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_in_one_line(settings: Settings, content: str | bytes, told: str) -> None:
    path = write(settings, content)
    with pytest.raises(SynonymsError) as raised:
        SynonymFile(settings).current()
    assert told in str(raised.value) and str(path) in str(raised.value) and "\n" not in str(raised.value)


def test_a_file_that_the_settings_name_has_to_be_there(settings: Settings, tmp_path: Path) -> None:
    named = load_settings(home=settings.home, search={"synonyms": tmp_path / "own.toml"})
    with pytest.raises(SynonymsError, match=r"which the setting search\.synonyms names"):
        SynonymFile(named).current()
    (tmp_path / "own.toml").write_text(GOOD, "utf-8")
    assert len(SynonymFile(named).current().sets) == 2


def test_a_change_is_taken_up_and_a_broken_one_is_logged_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    path, file = write(settings, GOOD), SynonymFile(settings)
    assert len(file.current().sets) == 2
    write(settings, 'sets = [["低保", "最低生活保障"]]')
    assert len(file.current().sets) == 1
    with caplog.at_level(logging.ERROR):
        write(settings, "sets = [[")
        assert [len(file.current().sets) for _ in range(3)] == [1, 1, 1]
    (told,) = caplog.messages
    assert "is not TOML" in told and "read before stay in use" in told
    write(settings, GOOD)
    assert len(file.current().sets) == 2
    path.unlink()
    assert file.current() is NO_SYNONYMS


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told(settings: Settings) -> None:
    write(settings, GOOD).chmod(0)
    with pytest.raises(SynonymsError, match="cannot be read"):
        SynonymFile(settings).current()


def test_the_command_checks_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENJU_HOME", str(settings.home))
    assert run(["synonyms", "check"]) == 0
    assert "There is no" in capsys.readouterr().err
    path = write(settings, GOOD)
    assert run(["synonyms", "check"]) == 0
    assert capsys.readouterr().out == f"ok   {path}: 2 sets, 5 words\n"
    write(settings, 'sets = [["低保"]]')
    assert run(["synonyms", "check"]) == 2
    assert "set 1 has 1 words" in capsys.readouterr().err
