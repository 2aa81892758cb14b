"""Settings about who may see which documents, at every door."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.section import Section

_WHO = re.compile(r"role:(?:reader|feeder|administrator)|user:\d{1,15}|group:-\d{1,15}|key:[\w.-]{1,40}")


def _is_somebody(who: str) -> str:
    if not _WHO.fullmatch(who):
        raise ValueError(
            "who may see a folder is role:reader, role:feeder, role:administrator, user:42, group:-100200 or key:NAME"
        )
    return who


def _is_whole(path: Path) -> Path:
    whole = path.expanduser()
    if not whole.is_absolute() or ".." in whole.parts:
        raise ValueError("the folder is named by its whole path, such as /srv/documents/staff")
    return whole


Folder = Annotated[Path, AfterValidator(_is_whole)]
Who = Annotated[str, AfterValidator(_is_somebody)]


class AccessSettings(Section):
    """Documents that not everybody sees who may ask."""

    collections: dict[Folder, tuple[Who, ...]] = Field(default_factory=dict, max_length=1000)
    """Documents that not everybody sees who may ask: folders, and who sees what lies below them."""
