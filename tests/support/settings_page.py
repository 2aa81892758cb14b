"""`python -m tests.support.settings_page`: the tables of docs/settings.md, from `Settings`: each field with its
default, its bounds, and the lines below it that say what it means."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings import AnswerSettings, Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
_HEADING = "| setting | default | allowed | meaning |\n|---|---|---|---|\n"
_TABLE = re.compile(re.escape(_HEADING) + r"(?:\|.*\n)*")
_DEFAULTS = {
    "home": "the platform's user data folder",
    "cache_dir": "the platform's user cache folder",
    **dict.fromkeys(("telegram.admins", "telegram.allowed"), "nobody"),
    "access.collections": "none",
    **dict.fromkeys(("web.hosts", "web.origins", "web.frame_ancestors", "web.proxies"), "none"),
}
"""Those that differ from machine to machine, or are an empty list."""
_COMPUTED = dict(zip(("answer.answered", "answer.related"), AnswerSettings().thresholds(read=True), strict=True))
"""Defaults that depend on whether there is a reader: here with one."""
_ALLOWED = {
    **dict.fromkeys(("model", "reader"), "a name or a folder"),
    **dict.fromkeys(("search.synonyms", "index.milvus_certificate"), "a file"),
    **dict.fromkeys(("index.milvus_database", "index.milvus_prefix"), "letters, digits, _"),
    "telegram.token": "a bot's token",
    "telegram.webhook_secret": "see below",
    "telegram.admins": "ids, `1,2`",
    "telegram.allowed": "ids, `1,-100200`",
    "telegram.webhook_url": "an `https://` address",
    "access.collections": "folders, and who sees each",
    "web.hosts": "names, `a.example,b.example`",
    "web.origins": "origins",
    "web.frame_ancestors": "origins",
    "web.proxies": "addresses",
}
"""What no type says."""
_BY_TYPE = {Path: "a folder", date: "YYYY-MM-DD", bool: "true, false", str: "an address", SecretStr: "a secret"}


def names(model: type[BaseModel] = Settings) -> list[str]:
    """All settings, as they are written in a file: `search.top_k`."""
    sections = _sections(model)
    return [name for name in model.model_fields if name not in sections] + [
        f"{section}.{name}" for section, below in sections.items() for name in names(below)
    ]


def made(page: str) -> str:
    """The page with its tables made anew: that of the settings outside all sections first, then one a section."""
    sections = _sections(Settings)
    prefixed: dict[str, type[BaseModel]] = {"": Settings} | {f"{name}.": model for name, model in sections.items()}
    tables = iter(prefixed.items())
    assert len(_TABLE.findall(page)) == len(sections) + 1, "each section has a heading with a table of its own"
    return _TABLE.sub(lambda _: _HEADING + "".join(_rows(*next(tables))), page)


def _sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    return {
        name: field.annotation
        for name, field in model.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _rows(prefix: str, model: type[BaseModel]) -> Iterator[str]:
    meanings = _meanings(model)
    for name, field in model.model_fields.items():
        if name not in _sections(model):
            assert name in meanings, f"say below {prefix}{name} in config/ what it means"
            known = f"{prefix}{name}"
            yield f"| `{known}` | {_default(known)} | {_allowed(known, field)} | {meanings[name]} |\n"


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """What stands below each field, in one line."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                found[name] = " ".join(text.split()).removesuffix(".")
    return found


def _default(name: str) -> str:
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    value: object = Settings()
    for part in name.split("."):
        value = getattr(value, part)
    value = _COMPUTED.get(name, value)
    if isinstance(value, bool) or value is None:
        return "none" if value is None else str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else f"`{value}`"


def _allowed(name: str, field: FieldInfo) -> str:
    if name in _ALLOWED:
        return _ALLOWED[name]
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(field.annotation))
    if bounds := _bounds(field):
        return bounds
    types = [field.annotation, *get_args(field.annotation)]
    return next(_BY_TYPE[kind] for kind in types if kind in _BY_TYPE)


def _bounds(field: FieldInfo) -> str:
    least, most = "", ""
    for bound in field.metadata:
        match bound:
            case Ge(ge=value):
                least = f"{value} to "
            case Gt(gt=value):
                least = f"above {value}, to "
            case Le(le=value):
                most = f"{value}"
    return f"{least}{most}"


def main() -> None:
    """Put the tables in the place of the old ones."""
    PAGE.write_text(made(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
