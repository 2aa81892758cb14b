"""Settings: where they come from, which source wins, and what a mistake is answered with."""

import json
import re
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.errors import SettingsError
from config.settings import CONFIG_FILE, CONFIG_VARIABLE, load_settings


def toml(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WENJU_CACHE_DIR", raising=False)
    settings = load_settings()
    assert settings.model == "bundled"
    assert settings.passages.size <= 500
    assert settings.search.top_k <= 5
    assert settings.home.is_absolute()
    assert settings.cache_dir.is_absolute()
    assert settings.home != settings.cache_dir, "the cache may be deleted, the index may not"


def test_the_environment_reaches_nested_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_SEARCH__TOP_K", "3")
    monkeypatch.setenv("WENJU_PASSAGES__SIZE", "300")
    monkeypatch.setenv("WENJU_MODEL", "/models/other")
    settings = load_settings()
    assert (settings.search.top_k, settings.passages.size, settings.model) == (3, 300, "/models/other")
    assert settings.search.candidates == load_settings().search.candidates
    assert settings.passages.overlap == 150, "what the variable does not name keeps its default"


def test_the_case_of_a_variable_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("wenju_search__top_k", "2")
    assert load_settings().search.top_k == 2


def test_the_file_of_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    toml(tmp_path / CONFIG_FILE, 'model = "文件中的模型"\n[search]\ntop_k = 2\n')
    settings = load_settings()
    assert (settings.model, settings.search.top_k, settings.passages.overlap) == ("文件中的模型", 2, 150)


def test_each_source_yields_to_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    toml(tmp_path / CONFIG_FILE, "[search]\ntop_k = 1\n")
    by_variable = toml(tmp_path / "variable.toml", "[search]\ntop_k = 2\n")
    by_option = toml(tmp_path / "option.toml", "[search]\ntop_k = 3\ncandidates = 77\n")

    assert load_settings().search.top_k == 1
    monkeypatch.setenv(CONFIG_VARIABLE, str(by_variable))
    assert load_settings().search.top_k == 2
    assert load_settings(by_option).search.top_k == 3
    monkeypatch.setenv("WENJU_SEARCH__TOP_K", "4")
    assert load_settings(by_option).search.top_k == 4
    assert load_settings(by_option).search.candidates == 77, "the file still says what the environment does not"
    assert load_settings(by_option, search={"top_k": 5}).search.top_k == 5


def test_an_empty_variable_names_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, "")
    assert load_settings().model == "bundled"


@pytest.mark.parametrize("name", ["missing.toml", "folder"])
def test_a_file_that_was_named_must_be_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    with pytest.raises(SettingsError, match=re.escape(str(path))):
        load_settings(path)
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    with pytest.raises(SettingsError, match=re.escape(str(path))):
        load_settings()


def test_folders_are_absolute_and_know_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_HOME", "~/index")
    settings = load_settings(toml(tmp_path / "s.toml", 'cache_dir = "relative/cache"\n'))
    assert settings.home == tmp_path / "index"
    # No variable of the test run may outvote the file here, so the path is looked at only where none is set.
    monkeypatch.delenv("WENJU_CACHE_DIR", raising=False)
    assert load_settings(tmp_path / "s.toml").cache_dir == tmp_path / "relative" / "cache"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("modell = 'x'\n", "`modell`"),
        ("[search]\ntopk = 3\n", "`search.topk`"),
        ("[serch]\ntop_k = 3\n", "`serch`"),
        ("[search]\ntop_k = 99\n", "`search.top_k`"),
        ("[search]\ntop_k = 'many'\n", "`search.top_k`"),
        ("[passages]\nsize = 501\n", "`passages.size`"),
        ("[passages]\nsize = 49\n", "`passages.size`"),
        ("[passages]\noverlap = -1\n", "`passages.overlap`"),
        ("[answer]\nanswered = 1.5\n", "`answer.answered`"),
        ("[answer]\nanswered = nan\n", "`answer.answered`"),
        ("[documents]\nmax_megabytes = 0\n", "`documents.max_megabytes`"),
        ("[documents]\nmax_megabytes = inf\n", "`documents.max_megabytes`"),
        ("model = ''\n", "`model`"),
        ("search = 3\n", "`search`"),
    ],
)
def test_mistakes_in_the_file_are_named_with_their_file(content: str, named: str, tmp_path: Path) -> None:
    path = toml(tmp_path / "s.toml", content)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert named in message
    assert str(path) in message
    assert "\n" not in message


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = toml(tmp_path / "s.toml", "modell = 'x'\n[search]\ntop_k = 99\n")
    with pytest.raises(SettingsError, match=r"(?s)(?=.*`modell`)(?=.*`search\.top_k`)"):
        load_settings(path)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WENJU_MODELL", "x"),
        ("WENJU_TOP_K", "3"),
        ("WENJU_SEARCH__TOPK", "3"),
        ("WENJU_SERCH__TOP_K", "3"),
        ("WENJU_SEARCH__TOP_K", "99"),
        ("WENJU_SEARCH__TOP_K", "three"),
        ("WENJU_ANSWER__ANSWERED", "nan"),
        ("WENJU_PASSAGES__SIZE", "501"),
    ],
)
def test_mistakes_in_the_environment_are_named(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert variable in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["not json", "[1, 2]", "3"])
def test_a_whole_section_that_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_SEARCH", value)
    with pytest.raises(SettingsError, match=r"(?i)search"):
        load_settings()


@pytest.mark.parametrize(
    "content",
    [b"search = [", b"[search\ntop_k = 3", b"top_k = 3 4", "模型 = 'x'".encode(), "model = '网格'".encode("gbk")],
    ids=["cut", "table", "two values", "bare key", "gbk"],
)
def test_a_file_that_is_no_toml(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("variable", ["WENJU_HOME", "WENJU_CACHE_DIR"])
def test_the_home_of_a_user_who_is_not_there(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "~nobody-of-that-name/wenju")
    with pytest.raises(SettingsError, match="~nobody-of-that-name/wenju names no folder") as caught:
        load_settings()
    assert variable.removeprefix("WENJU_").lower() in str(caught.value)


@pytest.mark.parametrize("path", ["x" * 300, "/proc/self/mem"])
def test_a_file_that_cannot_be_read(path: str) -> None:
    if path.startswith("/proc") and not Path(path).is_file():
        pytest.skip("it takes Linux to have a file that even the superuser cannot read from its beginning")
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        load_settings(Path(path))
    assert "\n" not in str(caught.value)


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.model = "other"
    with pytest.raises(ValidationError):
        settings.search.top_k = 1


def test_an_empty_folder_variable_is_refused_or_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_HOME", "")
    try:
        settings = load_settings()
    except SettingsError:
        return
    assert settings.home != tmp_path


TOKEN = "123456789:AAF-strictly_for_tests_0123456789abc"


@pytest.mark.parametrize(
    "content",
    [
        f"telegram = '{TOKEN}'",
        f"[telegram]\ntoken = ['{TOKEN}']",
        f"[[telegram]]\ntoken = '{TOKEN}'",
        f"[telegram]\ntoken = {{ a = '{TOKEN}' }}",
        f"[telegram]\nwebhook_secret = '{TOKEN}'",
        f"[telegram]\nadmins = '{TOKEN}'",
        f"[telegram]\nbase_url = 'bot{TOKEN}'",
        f"[telegram]\ntokn = '{TOKEN}'",
        f"[telegram]\n'{TOKEN}' = 1",
        f"token = '{TOKEN}'",
        f"[telegram]\ntoken = '{TOKEN}\n",
        f"model = '{TOKEN}'\nthreads = '{TOKEN}'",
        f"home = 5\n[telegram.token]\n'{TOKEN}' = '{TOKEN}'",
    ],
)
def test_no_error_quotes_a_token_that_stands_in_the_wrong_place(content: str, tmp_path: Path) -> None:
    """Neither in its line nor in the traceback that `--debug` shows."""
    with pytest.raises(SettingsError) as told:
        load_settings(toml(tmp_path / "wenju.toml", content))
    assert TOKEN[10:] not in str(told.value)
    assert TOKEN[10:] not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize("variable", ["WENJU_TELEGRAM", "WENJU_TELEGRAM__ADMINS", "WENJU_SEARCH", "WENJU_THREADS"])
def test_no_error_quotes_a_token_of_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (TOKEN, json.dumps({"tokn": TOKEN}), json.dumps([TOKEN])):
        monkeypatch.setenv(variable, value)
        with pytest.raises(SettingsError) as told:
            load_settings()
        assert TOKEN[10:] not in "".join(traceback.format_exception(told.value))


def test_the_token_is_in_no_representation() -> None:
    settings = load_settings(telegram={"token": TOKEN, "webhook_secret": TOKEN[10:]})
    for shown in (repr(settings), str(settings), repr(settings.telegram), f"{settings.model_dump()}"):
        assert TOKEN[10:] not in shown
