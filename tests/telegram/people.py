"""People who use Telegram: they write, edit, press buttons and send files, and read what comes back."""

import time
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.fake import BOT, FakeTelegram, Sent, within_topic


@dataclass
class Person:
    """A user; in `chat_id` when it is a group (in a `topic` of it where it is a forum), else in the private chat with
    the bot."""

    fake: FakeTelegram
    id: int
    language: str | None = "zh-hans"
    chat_id: int = field(default=0)
    topic: int | None = None

    def __post_init__(self) -> None:
        self.chat_id = self.chat_id or self.id
        self.fake.chats.add(self.chat_id)
        if self.topic is not None:
            self.fake.topics.setdefault(self.chat_id, set()).add(self.topic)

    def within(self, group: int) -> "Person":
        """The same person in a group."""
        return Person(self.fake, self.id, self.language, group)

    @property
    def user(self) -> dict[str, Any]:
        known: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": f"用户{self.id}"}
        return known | ({"language_code": self.language} if self.language else {})

    @property
    def chat(self) -> dict[str, Any]:
        if self.chat_id < 0:
            return {"id": self.chat_id, "type": "supergroup", "title": "网格群"}
        return {"id": self.chat_id, "type": "private", "first_name": f"用户{self.id}"}

    def message(self, *, age: float = 0.0, reply_to: Any = None, **content: Any) -> dict[str, Any]:
        """A message of this person, not yet delivered."""
        number = self.fake.number()
        self.fake.known.setdefault(self.chat_id, set()).add(number)
        known = {"message_id": number, "date": int(time.time() - age), "chat": self.chat, "from": self.user}
        known |= within_topic(self.topic)
        if isinstance(reply_to, Sent):
            reply_to = {
                "message_id": reply_to.message_id, "date": 1, "chat": self.chat, "from": BOT, "text": reply_to.text,
                **within_topic(reply_to.topic),
            }  # fmt: skip
        if text := content.get("text"):
            content.setdefault("entities", _entities(text))
        self.fake.written[self.chat_id, number] = {**known, **content}
        if reply_to and self.chat_id < 0 and self.topic is None:  # a supergroup takes a reply for a thread, no topic
            known["message_thread_id"] = reply_to["message_id"]
        return {**known, **content, **({"reply_to_message": reply_to} if reply_to else {})}

    def send(self, *, age: float = 0.0, reply_to: Any = None, **content: Any) -> int:
        """Send a message of any kind; its id."""
        message = self.message(age=age, reply_to=reply_to, **content)
        self.fake.deliver("message", message)
        return int(message["message_id"])

    def say(self, text: str, *, age: float = 0.0, reply_to: Any = None) -> int:
        return self.send(age=age, reply_to=reply_to, text=text)

    def ask(self, text: str, *, reply_to: Any = None, seconds: float = 20.0) -> Sent:
        """Write, and wait for the one reply."""
        return self.reply_to(self.say(text, reply_to=reply_to), seconds)

    def nodded_at(self, text: str, *, reply_to: Any = None, seconds: float = 20.0) -> str:
        """Write, and wait for the emoji that is put on it."""
        number = self.say(text, reply_to=reply_to)
        emoji: str = self.fake.wait(lambda: self.fake.reactions.get((self.chat_id, number)), seconds)
        assert not self.fake.replies(self.chat_id, number)
        return emoji

    def reply_to(self, message_id: int, seconds: float = 20.0) -> Sent:
        sent: Sent = self.fake.wait(lambda: self.settled(message_id), seconds)
        return sent

    def settled(self, message_id: int) -> Sent | None:
        """The reply to the message; None while that says that something is going on."""
        replies = self.fake.replies(self.chat_id, message_id)
        going_on = ("收到，正在读", "收到《", "Received")
        return next((sent for sent in replies if not sent.text.startswith(going_on)), None)

    def edit(self, message_id: int, text: str | None = None, **content: Any) -> None:
        """Change the text, or what else the message holds."""
        content |= {"text": text} if text is not None else {}
        message = {**self.message(**content), "message_id": message_id, "edit_date": int(time.time())}
        self.fake.deliver("edited_message", message)

    def send_file(self, name: str | None, data: bytes, *, caption: str | None = None, size: int | None = None) -> int:
        """Send a document; the message's id."""
        return self.send(**self._document(name, data, caption, size))

    def send_album(self, files: dict[str, bytes], *, caption: str | None = None, at: int = 0) -> list[int]:
        """Send documents together, with a caption below one of them; the messages' ids."""
        group = str(self.fake.number())
        return [
            self.send(media_group_id=group, **self._document(name, data, caption if place == at else None, None))
            for place, (name, data) in enumerate(files.items())
        ]

    def _document(self, name: str | None, data: bytes, caption: str | None, size: int | None) -> dict[str, Any]:
        file_id = f"file{self.fake.number()}"
        self.fake.files[file_id] = data
        document: dict[str, Any] = {"file_id": file_id, "file_unique_id": file_id, "file_size": size or len(data)}
        document |= {"file_name": name} if name is not None else {}
        captioned: dict[str, Any] = {"caption": caption, "caption_entities": _entities(caption)} if caption else {}
        return {"document": document, **captioned}

    def press(self, sent: Sent, label: str, seconds: float = 20.0) -> str | None:
        """Press the button whose label contains this, and wait for the notice that ends it."""
        return self.press_data(sent, sent.button(label)["callback_data"], seconds)

    def press_data(self, sent: Sent, data: str, seconds: float = 20.0) -> str | None:
        query = f"query{self.fake.number()}"
        self.fake.notices[query] = ""
        message = {"message_id": sent.message_id, "date": int(time.time()), "chat": self.chat, "from": BOT}
        message |= {"text": sent.text, "reply_markup": {"inline_keyboard": sent.buttons}, **within_topic(sent.topic)}
        if (replied := self.fake.written.get((sent.chat_id, sent.reply_to or 0))) is not None:
            message["reply_to_message"] = replied
        content = {"id": query, "from": self.user, "chat_instance": "1", "message": message, "data": data}
        self.fake.deliver("callback_query", content)
        self.fake.wait(lambda: self.fake.notices[query] != "", seconds)
        return self.fake.notices[query]

    def type_inline(self, text: str, seconds: float = 20.0) -> list[dict[str, Any]]:
        """What is offered for `@bot text`."""
        query = f"inline{self.fake.number()}"
        self.fake.deliver("inline_query", {"id": query, "from": self.user, "query": text, "offset": ""})
        self.fake.wait(lambda: query in self.fake.inline, seconds)
        return self.fake.inline[query]

    def next_message(self, count: int, seconds: float = 20.0) -> Sent:
        """The message that the bot sends here beyond the first `count`."""
        self.fake.wait(lambda: len(self.received()) > count, seconds)
        return self.received()[count]

    def received(self) -> list[Sent]:
        return [message for message in self.fake.sent if message.chat_id == self.chat_id]


def notice(county: str, count: int) -> bytes:
    """A small document to send."""
    return f"{county}供销社便民通知\n\n{county}现有供销社{count}家，周末不休息。\n".encode()


def texts_of(fake: FakeTelegram, sent: Sent) -> list[str]:
    """What the message said, one after the other."""
    first = [call for call in fake.of("sendMessage") if "收到" in str(call.values["text"])]
    edits = [c for c in fake.of("editMessageText") if int(c.values["message_id"]) == sent.message_id]
    return [str(call.values["text"]) for call in [*first, *edits]]


def _entities(text: str) -> list[dict[str, Any]]:
    """What Telegram marks in a text: a command at its beginning, and mentions."""
    found = []
    for start, word in _words(text):
        kind = "bot_command" if word.startswith("/") and start == 0 else "mention" if word.startswith("@") else None
        if kind is not None:
            found.append(
                {"type": kind, "offset": start, "length": len(word.encode("utf-16-le", "surrogatepass")) // 2}
            )
    return found


def _words(text: str) -> list[tuple[int, str]]:
    words, position = [], 0
    for word in text.split(" "):
        words.append((position, word.split("\n")[0]))
        position += len(word.encode("utf-16-le", "surrogatepass")) // 2 + 1
    return words
