"""Albums: Telegram delivers each picture or file of one as a message of its own, and only one has the caption."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Message, Update

from bot.telegram.messages.addressing import command_of

_QUIET_SECONDS = 1.0
"""An album is whole when none of it came for so long; Telegram delivers it at a stretch."""
_HOUR = 3600
_Key = tuple[int, str]


@dataclass(slots=True)
class _Album:
    updates: dict[int, Update] = field(default_factory=dict)
    last: float = 0.0


class Albums:
    """What came of each album and is not dealt with; `acknowledge` strikes an update out of the inbox."""

    def __init__(self, acknowledge: Callable[[int], None] = lambda _: None) -> None:
        self._acknowledge = acknowledge
        self._open: dict[_Key, _Album] = {}
        self._wanted: dict[_Key, float] = {}

    def note(self, update: Update) -> None:
        """It has arrived."""
        message = update.message
        if message is not None and (key := _key(message)) is not None:
            album = self._open.setdefault(key, _Album())
            album.updates[message.message_id] = update
            album.last = time.monotonic()

    async def whole(self, message: Message) -> list[Message]:
        """All messages of the album to which this one belongs, when they have come; none where they were dealt with
        together. A message that belongs to no album is one by itself."""
        key = _key(message)
        if key is None:
            return [message]
        album = self._open.get(key)
        if album is None or message.message_id not in album.updates:
            return []
        while (left := album.last + _QUIET_SECONDS - time.monotonic()) > 0:
            await asyncio.sleep(left)
        return [found for _, update in sorted(album.updates.items()) if (found := update.message) is not None]

    def is_added(self, messages: list[Message]) -> bool:
        """Whether /add stands at one of these, or at one of their album that came before."""
        commands = [command_of(message.text or message.caption or "") for message in messages]
        key = _key(messages[0])
        if any(command is not None and command[0] == "add" for command in commands):
            if key is not None:
                self._wanted[key] = time.monotonic()
            return True
        return key in self._wanted

    def done(self, message: Message) -> None:
        """All of the album was dealt with."""
        album = self._open.pop(key, None) if (key := _key(message)) is not None else None
        for update in album.updates.values() if album is not None else ():
            self._acknowledge(update.update_id)

    def tidy(self) -> None:
        """Forget what came long ago."""
        oldest = time.monotonic() - _HOUR
        self._open = {key: album for key, album in self._open.items() if album.last > oldest}
        self._wanted = {key: at for key, at in self._wanted.items() if at > oldest}


def _key(message: Message) -> _Key | None:
    return (message.chat_id, message.media_group_id) if message.media_group_id is not None else None
