"""Settings of the Telegram bot."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from config.language import Language
from config.section import Section


def _ids(value: Any) -> Any:
    """Ids as people write them: a list, one number, or `1, -100200` in a variable."""
    if isinstance(value, str):
        return tuple(re.split(r"[\s,]+", stripped)) if (stripped := value.strip("[] \t\n")) else ()
    return (value,) if isinstance(value, int) else value


Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_ids)]


def _is_sendable(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("1-256 letters, digits, _ and - are allowed")
    return secret


WebhookSecret = Annotated[SecretStr, AfterValidator(_is_sendable)]


class TelegramSettings(Section):
    """The bot. Rates count per minute, ids are Telegram's: of users positive, of groups negative."""

    token: SecretStr | None = None
    """What @BotFather gave; it is never printed."""
    base_url: Annotated[str, Field(pattern=r"^https?://")] = "https://api.telegram.org/bot"
    """The Bot API, or a server of your own."""
    base_file_url: Annotated[str, Field(pattern=r"^https?://")] = "https://api.telegram.org/file/bot"
    """Where the Bot API keeps files."""
    admins: Ids = ()
    """Users who may add and remove documents, and let others in."""
    access: Literal["open", "allowlist", "code"] = "open"
    """Who may ask: everybody, those allowed, or also those who join with a one-time code."""
    allowed: Ids = ()
    """Users and groups (negative) that may ask, beside those whom administrators let in with /allow."""
    language: Language = "zh"
    """For those whose language is not known."""
    user_rate: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Questions of one user a minute; six times as many taps and commands."""
    chat_rate: Annotated[int, Field(ge=1, le=10_000)] = 20
    """Questions in one group a minute; Telegram takes 20 messages."""
    send_rate: Annotated[int, Field(ge=1, le=10_000)] = 30
    """Messages sent a second, to all chats together. Telegram takes about 30."""
    queue: Annotated[int, Field(ge=1, le=100_000)] = 50
    """Questions waiting for the model; beyond it people are told to come back."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Questions answered at the same time."""
    handler_seconds: Annotated[float, Field(gt=0, le=600)] = 60
    """How long a question may be computed."""
    add_seconds: Annotated[float, Field(gt=0, le=86_400)] = 600
    """After so long the chat is told that a file takes a while, and at its end in a message of its own."""
    late_minutes: Annotated[float, Field(gt=0, le=1440)] = 15
    """A question older than this gets a note in place of a late answer."""
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """How long questions, what was shown, and feedback are kept."""
    webhook_url: Annotated[str, Field(pattern=r"^https://")] | None = None
    """Where Telegram reaches the bot from outside; without it the bot polls."""
    webhook_secret: WebhookSecret | None = None
    """What Telegram sends along, so that nobody else's updates are taken; needed for a webhook."""
    webhook_listen: str = "127.0.0.1"
    """The address at which the webhook is served, usually behind a web server that has the certificate."""
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8443
    """The port at which it is served."""
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Port on 127.0.0.1 for Prometheus; 0 is none."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """`auto`: text in a terminal, else JSON, one object a line."""
    log_questions: bool = False
    """Whether the text of questions is written to the log."""
