"""What Telegram refuses, as pure functions: https://core.telegram.org/bots/api, and FormattingError for the rest."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram.constants import ReactionEmoji

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
_TAG = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z]+(?:=\"[^\"]*\")?)*)\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z]+)(?:=\"([^\"]*)\")?", re.IGNORECASE)
_ENTITY = re.compile(r"&(lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}|([a-z0-9-]+\.)+xn--[a-z0-9-]+")


class RefusedError(Exception):
    """What Telegram answers with 400."""


@dataclass(frozen=True)
class Formatted:
    """A text without its tags, and [start, end) in UTF-16 units with the tag for each entity."""

    text: str
    entities: tuple[tuple[int, int, str], ...] = ()

    def of(self, tag: str) -> list[str]:
        """The texts that stand in such a tag."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * a : 2 * b].decode("utf-16-le")
            for a, b, name in self.entities
            if f"{name} ".startswith(f"{tag} ")
        ]

    def links(self) -> list[str]:
        return [name.removeprefix("a ") for _, _, name in self.entities if name.startswith("a ")]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, mode: str | None) -> Formatted:
    """The text of a message. Raises RefusedError when it is empty, too long, or its HTML is broken."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError("Bad Request: strings must be encoded in UTF-8") from None
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
        raise RefusedError("Bad Request: control characters")
    if mode not in (None, "HTML"):
        raise RefusedError("Bad Request: unsupported parse_mode")
    parsed = _parse(text) if mode == "HTML" else Formatted(text)
    if not parsed.text.strip().strip("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"):
        raise RefusedError("Bad Request: message text is empty")
    if utf16(parsed.text) > 4096:
        raise RefusedError("Bad Request: message is too long")
    return parsed


def _parse(source: str) -> Formatted:
    out: list[str] = []
    position, size = 0, 0
    stack: list[tuple[str, str, int]] = []
    entities: list[tuple[int, int, str]] = []

    def take(text: str) -> None:
        nonlocal size
        out.append(text)
        size += utf16(text)

    while position < len(source):
        character = source[position]
        if character == "<":
            tag = _TAG.match(source, position)
            if tag is None or tag[2].lower() not in TAGS:
                raise RefusedError(f"Bad Request: can't parse entities: unsupported start tag at offset {position}")
            name = tag[2].lower()
            if tag[1]:
                if not stack or stack[-1][0] != name:
                    raise RefusedError(f"Bad Request: can't parse entities: unmatched end tag at offset {position}")
                _, label, start = stack.pop()
                entities.append((start, size, label))
            else:
                attributes = dict(_ATTRIBUTE.findall(tag[3]))
                if name == "blockquote" and any(opened[0] == name for opened in stack):
                    raise RefusedError("Bad Request: can't parse entities: nested blockquote")
                label = {"a": f"a {html.unescape(attributes.get('href', ''))}"}.get(name, name)
                label += " expandable" if "expandable" in attributes else ""
                stack.append((name, label, size))
            position = tag.end()
        elif character == "&":
            entity = _ENTITY.match(source, position)
            if entity is None:
                raise RefusedError(f"Bad Request: can't parse entities: bare & at offset {position}")
            take(html.unescape(entity[0]))
            position = entity.end()
        elif character == ">":
            raise RefusedError(f"Bad Request: can't parse entities: bare > at offset {position}")
        else:
            take(character)
            position += 1
    if stack:
        raise RefusedError(f"Bad Request: can't parse entities: can't find end tag of {stack[-1][0]}")
    return Formatted("".join(out), tuple(sorted(entities)))


def keyboard(markup: str | None) -> list[list[dict[str, Any]]]:
    """The buttons. Raises RefusedError for one that Telegram would not take."""
    if not markup:
        return []
    parsed = json.loads(markup)
    if "force_reply" in parsed:
        if parsed["force_reply"] is not True or not 0 <= utf16(parsed.get("input_field_placeholder", "")) <= 64:
            raise RefusedError("Bad Request: can't parse reply keyboard markup JSON object")
        return []
    rows: list[list[dict[str, Any]]] = parsed["inline_keyboard"]
    if sum(len(row) for row in rows) > 100 or any(not 1 <= len(row) <= 8 for row in rows):
        raise RefusedError("Bad Request: wrong number of buttons")
    for button in (button for row in rows for button in row):
        _check_button(button)
    return rows


def _check_button(button: dict[str, Any]) -> None:
    kinds = button.keys() & {"callback_data", "url", "copy_text", "switch_inline_query"}
    if not button.get("text") or len(kinds) != 1:
        raise RefusedError("Bad Request: text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise RefusedError("Bad Request: BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= utf16(button["copy_text"]["text"]) <= 256:
        raise RefusedError("Bad Request: BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        address(button["url"])


def address(url: str) -> None:
    """Raises RefusedError for what Telegram takes for no address of the web."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.hostname or "") or not url.isascii():
        raise RefusedError("Bad Request: BUTTON_URL_INVALID")
    if len(url) > 2048 or re.search(r"[\s<>\"]", url):
        raise RefusedError("Bad Request: BUTTON_URL_INVALID")


def inline_results(results: str, button: str | None) -> list[dict[str, Any]]:
    """The results of an inline query. Raises RefusedError."""
    parsed: list[dict[str, Any]] = json.loads(results)
    ids = [result["id"] for result in parsed]
    if (
        len(parsed) > 50
        or len(set(ids)) < len(ids)
        or not all(1 <= len(identifier.encode()) <= 64 for identifier in ids)
    ):
        raise RefusedError("Bad Request: RESULT_ID_INVALID")
    for result in parsed:
        if result["type"] != "article" or not result.get("title"):
            raise RefusedError("Bad Request: TITLE_INVALID")
        content = result["input_message_content"]
        result["formatted"] = formatted(content["message_text"], content.get("parse_mode"))
    if button is not None and not re.fullmatch(r"[\w-]{1,64}", json.loads(button)["start_parameter"]):
        raise RefusedError("Bad Request: START_PARAM_INVALID")
    return parsed


def commands(text: str) -> list[dict[str, str]]:
    """A menu. Raises RefusedError."""
    parsed: list[dict[str, str]] = json.loads(text)
    if len(parsed) > 100:
        raise RefusedError("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in parsed:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
            raise RefusedError("Bad Request: BOT_COMMAND_INVALID")
    return parsed


def reaction(sent: str) -> str:
    """The emoji: a bot sets one at most, of those that Telegram knows. Raises RefusedError."""
    kinds = json.loads(sent)
    if len(kinds) > 1:
        raise RefusedError("Bad Request: REACTIONS_TOO_MANY")
    if [kind["type"] for kind in kinds] != ["emoji"] or kinds[0]["emoji"] not in [*ReactionEmoji]:
        raise RefusedError("Bad Request: REACTION_INVALID")
    return str(kinds[0]["emoji"])
