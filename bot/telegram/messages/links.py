"""Addresses: of a sentence in its web page, and of a passage in the bot."""

import re
from urllib.parse import quote, urlsplit

from retrieval.types import Figure, Quote, Span

_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PASSAGE = re.compile(r"p_(?P<id>[\w-]{22})_(?P<start>\d{1,6})-(?P<end>\d{1,6})", re.ASCII)
_WHOLE = 40
_END = 15
_LONGEST = 2048


def sentence_link(url: str | None, sentence: str) -> str | None:
    """The address with a text fragment that has the browser jump to the sentence
    (https://wicg.github.io/scroll-to-text-fragment/); None where Telegram would refuse it in a button."""
    address = web_address(url)
    words = " ".join(sentence.split())
    if address is None or not words or "#" in address:
        return address
    ends = (words,) if len(words) <= _WHOLE else (words[:_END], words[-_END:])
    fragment = ",".join(quote(end, safe="", errors="replace").replace("-", "%2D") for end in ends)
    link = f"{address}#:~:text={fragment}"
    return link if len(link) <= _LONGEST else address


def web_address(url: str | None) -> str | None:
    """The address in ASCII when it is one of the web with a full host name, else None."""
    try:
        parts = urlsplit((url or "").strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host) or parts.username is not None:
        return None
    where = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port is not None else "")
    path, query, fragment = (
        quote(part, safe="/:@!$&'()*+,;=~%?-._", errors="replace")
        for part in (parts.path, parts.query, parts.fragment)
    )
    address = where + (path or "/") + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return address if len(address) <= _LONGEST else None


def passage_link(bot: str, passage_id: str, marked: Quote | Figure | None = None) -> str:
    """A link into the bot that shows the passage, with what was told of it marked; `bot` is its user name."""
    span = (marked.start, marked.end) if marked is not None else None
    return f"https://t.me/{bot}?start={passage_payload(passage_id, span)}"


def passage_payload(passage_id: str, marked: Span | None) -> str:
    """What such a link carries, which `passage_in` reads."""
    return f"p_{passage_id}" + (f"_{marked[0]}-{marked[1]}" if marked is not None else "")


def passage_in(payload: str) -> tuple[str, Span | None]:
    """The passage that such a link shows, and what is marked in it."""
    match = _PASSAGE.fullmatch(payload)
    if match is None:
        return payload.removeprefix("p_"), None
    return match["id"], (int(match["start"]), int(match["end"]))


def document_link(bot: str, document_id: str) -> str:
    """A link into the bot that shows the beginning of the document."""
    return f"https://t.me/{bot}?start=d_{document_id}"


def join_link(bot: str, code: str) -> str:
    """A link into the bot that uses up a one-time code."""
    return f"https://t.me/{bot}?start=join_{code}"
