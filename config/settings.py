"""Settings: defaults, then `wenju.toml`, then the environment (`WENJU_SEARCH__TOP_K=8`)."""

import datetime
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from config.access import AccessSettings
from config.errors import SettingsError
from config.secret import without_tokens
from config.section import Section
from config.telegram import TelegramSettings
from config.web import WebSettings

PREFIX = "WENJU_"
CONFIG_FILE = "wenju.toml"
CONFIG_VARIABLE = "WENJU_CONFIG"
_SECRET = ("token", "webhook_secret", "milvus_token")


class DocumentSettings(Section):
    """Which files are read, and what reading one may cost."""

    max_megabytes: Annotated[float, Field(gt=0, le=2000)] = 20
    """Megabytes; a larger file is reported and left out."""
    memory_megabytes: Annotated[int, Field(ge=256, le=1_000_000)] = 1024
    """Memory of a process that reads files; a file that takes more is reported and left out."""
    processes: Annotated[int, Field(ge=0, le=512)] = 0
    """Processes at most that read files at the same time, where reading is waited for; 0 is one for each core."""
    seconds: Annotated[float, Field(ge=1, le=86_400)] = 60
    """Processor time for reading a file, or four times that by the clock; a file that takes more is left out, too."""
    ocr_seconds: Annotated[float, Field(ge=1, le=86_400)] = 600
    """Processor time besides for text recognition in a file; pages for which it does not reach are reported."""


class PassageSettings(Section):
    """How documents are cut. Changing these asks for `wenju index --rebuild`."""

    size: Annotated[int, Field(ge=50, le=500)] = 500
    """Characters of a passage at most."""
    overlap: Annotated[int, Field(ge=0, le=250)] = 150
    """Characters, in whole sentences, that a passage repeats of the one before at most."""


class SearchSettings(Section):
    """How passages are found and ranked."""

    top_k: Annotated[int, Field(ge=1, le=50)] = 5
    """Passages weighed for an answer, best first; at most five of them are cited."""
    candidates: Annotated[int, Field(ge=5, le=1000)] = 30
    """Passages taken from the vectors and from the words each, before ranking."""
    dense_weight: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Share of the vectors against the words in choosing the 20 that are weighed."""
    sentence_weight: Annotated[float, Field(ge=0, le=5)] = 0.7
    """Weight of the best sentence's own closeness in that choice."""
    synonyms: Path | None = None
    """Sets of words that mean the same; none is `synonyms.toml` in `home`, where there is one."""
    today: datetime.date | None = None
    """The day from which 今年 and 去年 count and on which a rule is in force; none is the day on which is asked."""


class AnswerSettings(Section):
    """When a question counts as answered."""

    answered: Annotated[float | None, Field(ge=0, le=1)] = None
    """`confidence` from which on a question counts as answered; 0.15 without a reader."""
    related: Annotated[float | None, Field(ge=0, le=1)] = None
    """`relevance` from which on passages are shown at all; 0.55 without a reader."""

    def thresholds(self, *, read: bool) -> tuple[float, float]:
        """`answered` and `related` for sentences that a reader has read, or has not."""
        answered, related = (0.69, 0.57) if read else (0.15, 0.55)
        return (
            answered if self.answered is None else self.answered,
            related if self.related is None else self.related,
        )


class IndexSettings(Section):
    """How the index is kept."""

    wait_seconds: Annotated[float, Field(ge=0, le=3600)] = 60
    """How long a second writer waits for the first."""
    engine: Literal["embedded", "milvus"] = "embedded"
    """What keeps the index: files in the home folder, or a Milvus server."""
    milvus_uri: Annotated[str | None, Field(pattern=r"^(https?://\S+|.+\.db)$")] = None
    """Where Milvus is: `http://host:19530`, `https://…` for TLS, or a file `NAME.db` for milvus-lite."""
    milvus_token: SecretStr | None = None
    """An API key, or `user:password`."""
    milvus_database: Annotated[str | None, Field(pattern=r"^\w+$")] = None
    """The database on the server; None: its default."""
    milvus_certificate: Path | None = None
    """PEM file of the authority that signed the server's certificate; None: those that the system trusts."""
    milvus_timeout: Annotated[float, Field(gt=0, le=3600)] = 10
    """Seconds within which a call must have gone through, with all that is tried again."""
    milvus_shards: Annotated[int, Field(ge=1, le=64)] = 1
    """Parts into which a collection is divided when it is made, each written by one node at a time."""
    milvus_replicas: Annotated[int, Field(ge=1, le=64)] = 1
    """Copies of a collection in the memory of nodes, which share the questions; not more than there are nodes."""
    milvus_partitions: Annotated[int, Field(ge=1, le=1024)] = 16
    """Parts into which passages are divided, by the folders of `access.collections` that hold them, when a collection
    is made: who sees some of these folders searches their parts alone."""
    milvus_consistency: Literal["strong", "bounded"] = "strong"
    """How new what is searched must be: all that is written; or `bounded`, without waiting for what was written in
    the last seconds, which Milvus counts itself (its `common.gracefulTime`, 5 s)."""
    milvus_prefix: Annotated[str, Field(pattern=r"^[A-Za-z]\w{0,63}$")] = "wenju"
    """With what the names of collections begin; who shares a database needs one each."""

    @model_validator(mode="after")
    def _milvus_has_an_address(self) -> "IndexSettings":
        if self.engine == "milvus" and not self.milvus_uri:
            raise ValueError("engine milvus needs milvus_uri, such as http://host:19530")
        return self


class Settings(BaseSettings):
    """All settings of Wenju. Unknown keys and impossible values are refused by name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    home: Path = Path(platformdirs.user_data_dir("wenju", appauthor=False))
    """Where the index lies (`WENJU_HOME`)."""
    cache_dir: Path = Path(platformdirs.user_cache_dir("wenju", appauthor=False))
    """Where the prepared models lie; may be deleted at any time."""
    model: Annotated[str, Field(min_length=1)] = "bundled"
    """Which model turns text into vectors: `bundled`, a sentence-transformers directory, or a name on a model hub;
    all but `bundled` need the extra `wenju[torch]`."""
    reader: Annotated[str, Field(min_length=1)] = "bundled"
    """What reads the sentences before one is called the answer: `bundled`, a CrossEncoder directory or its name on a
    model hub, or `none`."""
    engine: Literal["auto", "openvino", "torch"] = "auto"
    """What runs the models: OpenVINO where it can and else torch, or one of them by name."""
    precision: Literal["auto", "f32", "bf16", "f16"] = "auto"
    """What OpenVINO computes in; `auto` is bf16 where the processor has it, and int8 in the layers of the bundled
    reader where it has VNNI."""
    threads: Annotated[int, Field(ge=0, le=512)] = 0
    """Threads that the model runs on; 0 is one for each core."""
    documents: DocumentSettings = DocumentSettings()
    passages: PassageSettings = PassageSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    index: IndexSettings = IndexSettings()
    telegram: TelegramSettings = TelegramSettings()
    access: AccessSettings = AccessSettings()
    web: WebSettings = WebSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, settings_cls.model_config.get("toml_file"))
        return init_settings, env_settings, toml


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Settings from `config` (default: `$WENJU_CONFIG`, else `wenju.toml` in the working folder when it is there).

    Raises SettingsError with one line that names each wrong key.
    """
    file = _config_file(config)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    _refuse_unknown_variables()
    try:
        loaded = FromFile(**overrides)
    except ValidationError as error:
        # From none: keys and values stand in its text, and a secret may stand in any place by mistake.
        raise SettingsError(without_tokens("; ".join(_explain(entry, file) for entry in error.errors()))) from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not UTF-8. Save it in that encoding.") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # TOML that cannot be parsed, or an environment value that is not JSON
        place = f"{file}: " if file else ""
        raise SettingsError(without_tokens(f"{place}{error}".split("\n")[0])) from None
    folders = {name: _folder(name, getattr(loaded, name)) for name in ("home", "cache_dir")}
    return loaded.model_copy(update=folders)


def _config_file(config: Path | None) -> Path | None:
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    if named is None:
        return Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None
    try:
        if named.is_file():
            return named
    except OSError as error:
        raise SettingsError(f"{named} cannot be read: {error.strerror or error}.") from error
    raise SettingsError(f"There is no settings file {named}.")


def _folder(name: str, path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except (RuntimeError, OSError) as error:  # ~nobody, or a working folder that is gone
        raise SettingsError(f"Setting `{name}`: {path} names no folder: {error} Give an absolute path.") from error


def _refuse_unknown_variables() -> None:
    """pydantic-settings passes over variables that it does not know; a misspelt one must not pass in silence."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper().split("__")[0] not in known:
            raise SettingsError(f"Unknown setting {variable} in the environment. Known: {', '.join(sorted(known))}.")


def _explain(entry: Any, file: Path | None) -> str:
    path = [str(part) for part in entry["loc"]]
    key = ".".join(path)
    variable = PREFIX + "__".join(path).upper()
    place = (
        variable
        if variable in {name.upper() for name in os.environ}
        else f"`{key}`" + (f" in {file}" if file else "")
    )
    if entry["type"] == "extra_forbidden":
        return f"Unknown setting {place}"
    is_plain = isinstance(entry["input"], str | int | float | None)  # a table may hold secrets of any form
    if path[-1] in _SECRET or not is_plain:
        return f"Setting {place}: {entry['msg']}"
    return f"Setting {place}: {entry['msg']}, not {entry['input']!r}"
