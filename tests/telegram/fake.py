"""Telegram's side of the Bot API on loopback, for a real bot process to talk to.

It is strict where Telegram is (see `strict`), remembers every call, and injects what goes wrong in the world (see
`server`). It runs in a thread of its own; people are played through `tests.telegram.people`.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.server import TOKEN, Call, Sent, Server, refusal
from tests.telegram.strict import (
    Formatted,
    RefusedError,
    commands,
    formatted,
    inline_results,
    keyboard,
    reaction,
    utf16,
)

__all__ = ["BOT", "TOKEN", "Call", "FakeTelegram", "Sent", "within_topic"]

BOT = {
    "id": 123456789, "is_bot": True, "first_name": "问据", "username": "WenjuTestBot", "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": True,
}  # fmt: skip
_DOWNLOAD, _UPLOAD = 20_000_000, 50_000_000


@dataclass
class FakeTelegram(Server):
    """One server; `complaints` holds what it had to refuse without being told to."""

    async def _on_getUpdates(self, values: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        offset, timeout = int(values.get("offset") or 0), float(values.get("timeout") or 0)
        limit = int(values.get("limit") or 100)
        self.confirmed = max(self.confirmed, offset - 1)
        self._polls += 1
        mine, deadline = self._polls, time.monotonic() + timeout
        self.updates = [update for update in self.updates if _id(update) >= offset]
        while True:
            due = self.updates[:limit]
            if due or time.monotonic() >= deadline:
                return due
            await asyncio.sleep(0.01)
            if mine != self._polls and timeout:
                return refusal(409, "Conflict: terminated by other getUpdates request")

    async def _on_getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802
        return BOT

    async def _on_deleteWebhook(self, _: dict[str, Any]) -> Any:  # noqa: N802
        self.webhook = {}
        return True

    async def _on_setWebhook(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if not str(values["url"]).startswith("https://"):
            raise RefusedError("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = values
        return True

    async def _on_getWebhookInfo(self, _: dict[str, Any]) -> Any:  # noqa: N802
        return {
            "url": self.webhook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }  # fmt: skip

    async def _on_setMyCommands(self, values: dict[str, Any]) -> Any:  # noqa: N802
        scope = json.loads(values.get("scope") or '{"type": "default"}')
        if "chat_id" in scope and scope["chat_id"] not in self.chats:
            raise web.HTTPBadRequest(
                text=json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
            )
        name = f"{scope['type']}{scope.get('chat_id', '')}:{values.get('language_code', '')}"
        self.menus[name] = commands(values["commands"])
        return True

    async def _on_setMyDescription(self, values: dict[str, Any]) -> Any:  # noqa: N802
        return self._say_of_itself("description", values, 512)

    async def _on_setMyShortDescription(self, values: dict[str, Any]) -> Any:  # noqa: N802
        return self._say_of_itself("short_description", values, 120)

    def _say_of_itself(self, what: str, values: dict[str, Any], limit: int) -> bool:
        text = str(values.get(what, ""))
        if utf16(text) > limit:
            raise RefusedError(f"Bad Request: {what} is too long")
        self.profile[f"{what}:{values.get('language_code', '')}"] = text
        return True

    async def _on_sendChatAction(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if values["action"] not in ("typing", "upload_document"):
            raise RefusedError("Bad Request: wrong parameter action in request")
        return True

    async def _on_setMessageReaction(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if (no := self._closed(values)) is not None:
            return no
        chat_id, message_id = int(values["chat_id"]), int(values["message_id"])
        if message_id not in self.known.get(chat_id, ()):
            raise RefusedError("Bad Request: message to react not found")
        self.reactions[chat_id, message_id] = reaction(values["reaction"])
        return True

    async def _on_sendMessage(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if (no := self._closed(values)) is not None:
            return no
        body = formatted(str(values["text"]), values.get("parse_mode"))
        if not json.loads(values.get("link_preview_options") or "{}").get("is_disabled"):
            raise RefusedError("Bad Request: (strictly) link previews are to be off")
        return self._post(values, body)

    async def _on_sendDocument(self, values: dict[str, Any]) -> Any:  # noqa: N802
        if (no := self._closed(values)) is not None:
            return no
        part = values["document"]
        data = part.file.read()
        if not data or len(data) > _UPLOAD:
            raise RefusedError("Bad Request: file must be non-empty and not too large")
        message = self._post(values, Formatted(""))
        self.sent[-1].file_name, self.sent[-1].file = part.filename, data
        document = {"file_id": "sent", "file_unique_id": "sent", "file_name": part.filename, "file_size": len(data)}
        return {**message, "document": document}

    async def _on_editMessageText(self, values: dict[str, Any]) -> Any:  # noqa: N802
        sent = self._mine(values)
        body, buttons = formatted(str(values["text"]), values.get("parse_mode")), keyboard(values.get("reply_markup"))
        if (body, buttons) == (sent.body, sent.buttons):
            raise RefusedError("Bad Request: message is not modified")
        sent.body, sent.buttons = body, buttons
        sent.edits += 1
        return _message(sent)

    async def _on_editMessageReplyMarkup(self, values: dict[str, Any]) -> Any:  # noqa: N802
        sent, buttons = self._mine(values), keyboard(values.get("reply_markup"))
        if buttons == sent.buttons:
            raise RefusedError("Bad Request: message is not modified")
        sent.buttons = buttons
        return _message(sent)

    async def _on_answerCallbackQuery(self, values: dict[str, Any]) -> Any:  # noqa: N802
        asked, text = values["callback_query_id"], values.get("text")
        if self.notices.get(asked, "") != "":
            raise RefusedError("Bad Request: query is too old and response timeout expired or query ID is invalid")
        if text is not None and not 1 <= utf16(text) <= 200:
            raise RefusedError("Bad Request: MESSAGE_TOO_LONG")
        self.notices[asked] = text
        return True

    async def _on_answerInlineQuery(self, values: dict[str, Any]) -> Any:  # noqa: N802
        self.inline[values["inline_query_id"]] = inline_results(values["results"], values.get("button"))
        return True

    async def _on_getFile(self, values: dict[str, Any]) -> Any:  # noqa: N802
        data = self.files.get(values["file_id"])
        if data is None:
            raise RefusedError("Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(data) > _DOWNLOAD:
            raise RefusedError("Bad Request: file is too big")
        known = {"file_id": values["file_id"], "file_unique_id": values["file_id"], "file_size": len(data)}
        return {**known, "file_path": values["file_id"]}

    # -- the rest ------------------------------------------------------------------------------------------------

    def _closed(self, values: dict[str, Any]) -> web.Response | None:
        chat_id = int(values["chat_id"])
        if chat_id in self.migrated:
            more = {"migrate_to_chat_id": self.migrated[chat_id]}
            return refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", more)
        if chat_id in self.blocked:
            return refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self.chats:
            raise RefusedError("Bad Request: chat not found")
        return None

    def _post(self, values: dict[str, Any], body: Formatted) -> dict[str, Any]:
        chat_id = int(values["chat_id"])
        reply = json.loads(values.get("reply_parameters") or "{}")
        target = reply.get("message_id")
        if target is not None and target not in self.known.setdefault(chat_id, set()):
            if not reply.get("allow_sending_without_reply"):
                raise RefusedError("Bad Request: message to be replied not found")
            target = None
        topic = int(values["message_thread_id"]) if "message_thread_id" in values else None
        if topic is not None and topic not in self.topics.get(chat_id, ()):
            raise RefusedError("Bad Request: message thread not found")
        buttons = keyboard(values.get("reply_markup"))
        sent = Sent(chat_id, self.number(), body, buttons, target, time.monotonic(), topic)
        sent.plain = "parse_mode" not in values
        sent.forces_reply = "force_reply" in str(values.get("reply_markup"))
        self.known.setdefault(chat_id, set()).add(sent.message_id)
        self.sent.append(sent)
        return _message(sent)

    def _mine(self, values: dict[str, Any]) -> Sent:
        chat_id, message_id = int(values["chat_id"]), int(values["message_id"])
        for message in self.sent:
            if (message.chat_id, message.message_id) == (chat_id, message_id):
                return message
        raise RefusedError("Bad Request: message to edit not found")


def _id(update: dict[str, Any]) -> int:
    return int(update["update_id"])


def _message(sent: Sent) -> dict[str, Any]:
    kind = "private" if sent.chat_id > 0 else "supergroup"
    chat = {"id": sent.chat_id, "type": kind, "title": "群", "first_name": "人"}
    known = {"message_id": sent.message_id, "date": int(time.time()), "chat": chat, "from": BOT, "text": sent.text}
    return known | within_topic(sent.topic)


def within_topic(topic: int | None) -> dict[str, Any]:
    """What a message of a forum says of its topic."""
    return {"message_thread_id": topic, "is_topic_message": True} if topic is not None else {}
