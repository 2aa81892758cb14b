"""Settings of the web page and the API."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from config.section import Section

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?", re.IGNORECASE)


def _names(value: Any) -> Any:
    """Names as people write them: a list, or `one, another` in a variable."""
    if isinstance(value, str):
        return tuple(re.split(r"[\s,]+", stripped)) if (stripped := value.strip("[] \t\n")) else ()
    return value


def _are_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [origin for origin in values if not _ORIGIN.fullmatch(origin)]:
        raise ValueError(f"{wrong[0]} is no origin, such as https://www.example.org")
    return tuple(origin.lower() for origin in values)


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
Origins = Annotated[Names, AfterValidator(_are_origins)]


class WebSettings(Section):
    """The page and the API of `wenju serve`. The rate counts per minute."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Where `wenju serve` listens."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    """The port; 0 is any that is free."""
    access: Literal["auto", "open", "keys"] = "auto"
    """Who may ask and read: everybody who reaches it (`open`), or who has a key (`keys`). `auto` is `open` on a
    loopback address without `hosts`, and else `keys`."""
    hosts: Names = ()
    """Names by which it is reached, beside localhost and numbers."""
    origins: Origins = ()
    """Other sites whose pages may call the API (CORS)."""
    frame_ancestors: Origins = ()
    """Other sites that may show the page in a frame."""
    proxies: Names = ()
    """Addresses of proxies whose word for the caller's address is taken."""
    rate: Annotated[int, Field(ge=1, le=100_000)] = 120
    """Calls a minute of one key, or of one address without a key."""
    queue: Annotated[int, Field(ge=1, le=100_000)] = 50
    """Questions waiting for the model; beyond it callers are told to come back."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Questions answered at the same time."""
    answer_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    """How long a question may be computed."""
