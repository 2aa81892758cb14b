"""`wenju bot` and `wenju feedback`: the Telegram bot, and what people thought of its answers."""

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console import complain, note, out
from bot.render.visible import visible
from bot.session import knowledge_base, settings, warn_of_collections

if TYPE_CHECKING:
    from config.telegram import TelegramSettings

feedback = typer.Typer(help="What people thought of the bot's answers.", no_args_is_help=True, rich_markup_mode=None)


def bot(
    check: Annotated[
        bool, typer.Option("--check", help="Look whether token, model, index and access are well, and leave.")
    ] = False,
) -> int:
    """Answer in Telegram, until Ctrl-C or SIGTERM. The token stands in WENJU_TELEGRAM__TOKEN or in wenju.toml; the
    other settings are told of in docs/settings.md."""
    chosen = _with_token()
    return _check(chosen) if check else _serve(chosen)


@feedback.command("export")
def export() -> None:
    """Print the feedback as JSON Lines in the form that `wenju eval` reads, for somebody to read and approve: answers
    judged good have `answers`, `doc` and `evidence`; for those judged bad somebody has to fill them in."""
    from contextlib import closing

    from bot.memory.database import open_database
    from bot.memory.feedback import exported
    from bot.memory.memory import Memory
    from bot.render.json import one_line

    with closing(open_database(settings().home)) as database:
        rows = [exported(verdict) for verdict in Memory(database).verdicts()]
    for row in rows:
        sys.stdout.write(one_line(row) + "\n")
    note(f"{len(rows)} verdicts. Read each before it becomes a test: nothing is learnt from them by itself.")


def _with_token() -> "TelegramSettings":
    from retrieval.errors import WenjuError

    chosen = settings().telegram
    if chosen.token is None:
        raise WenjuError(
            "There is no token. Ask @BotFather in Telegram for a bot (/newbot), and set WENJU_TELEGRAM__TOKEN to the "
            "token that it gives you."
        )
    token = chosen.token.get_secret_value()
    if re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token) is None:
        raise WenjuError(
            "The token in WENJU_TELEGRAM__TOKEN is not one of @BotFather's (123456789:AA…). Copy it again."
        )
    if chosen.webhook_url is not None and chosen.webhook_secret is None:
        raise WenjuError(
            "A webhook needs a secret, or anybody could send updates. Set WENJU_TELEGRAM__WEBHOOK_SECRET."
        )
    return chosen


def _check(chosen: "TelegramSettings") -> int:
    from bot.telegram.check import check

    console = out()
    well = True
    with knowledge_base() as base:
        for finding in check(chosen, base):
            well &= finding.well
            console.print(
                visible(f"{'ok  ' if finding.well else 'FAIL'} {finding.subject:<8}{finding.message}"), markup=False
            )
    return 0 if well else 2


def _serve(chosen: "TelegramSettings") -> int:
    import logging

    from bot.telegram.application import TelegramBot
    from bot.telegram.logs import set_up_logs
    from retrieval.errors import WenjuError

    set_up_logs(chosen)
    with knowledge_base() as base:
        warn_of_collections(base)
        base.synonyms.current()  # one that is faulty is told before anybody asks
        if not base.is_empty:
            base.check()
        base.embedder()
        serving = TelegramBot(chosen, base)
        try:
            serving.run()
        except WenjuError:
            raise
        except Exception:  # the entry point would print a traceback as it is; the log takes secrets out of it
            logging.getLogger(__name__).exception("This is a bug in Wenju")
            complain("This is a bug in Wenju. Please report it with the lines above.")
            return 2
        serving.finish()
    return 0
