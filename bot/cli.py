"""The command `wenju`: parse, call the service, map errors to one line on stderr and an exit code."""

import ctypes
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot import session
from bot.commands import (
    ask,
    assistants,
    bench,
    chat,
    documents,
    evaluate,
    maintenance,
    replica,
    status,
    synonyms,
    telegram,
    unanswered,
    web,
)
from bot.console import complain, complain_at_length
from bot.next_steps import in_terminal
from config.errors import SettingsError
from config.example import EXAMPLE
from retrieval.errors import WenjuError

ANSWERED, FAILED = 0, 2
_INTERRUPTED = 130
_M_ARENA_MAX = -8
"""malloc.h of glibc."""

app = typer.Typer(
    name="wenju",
    help="Wenju 问据: ask your documents and get the passages that answer, quoted exactly, with citations.\n\n"
    f"Start with `wenju index FOLDER`, then `wenju ask {EXAMPLE}`. Exit codes: 0 answered or done, "
    "1 not answered, 2 error.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ask")(ask.ask)
app.command("chat")(chat.chat)
app.command("index")(documents.index)
app.command("list")(documents.list_documents)
app.command("remove")(documents.remove)
# The id of a passage may begin with a dash; show has no short options that it could be taken for.
app.command("show", context_settings={"ignore_unknown_options": True})(documents.show)
app.command("text")(documents.text)
app.command("stats")(status.stats)
app.command("bench")(bench.bench)
app.command("eval")(evaluate.evaluate)
app.command("doctor")(status.doctor)
app.command("verify")(maintenance.verify)
app.command("backup")(maintenance.backup)
app.command("restore")(maintenance.restore)
app.command("replica")(replica.replica)
app.command("bot")(telegram.bot)
app.command("unanswered")(unanswered.unanswered)
app.add_typer(telegram.feedback, name="feedback")
app.add_typer(synonyms.synonyms, name="synonyms")
app.command("serve")(web.serve)
app.add_typer(web.key, name="key")
app.command("mcp")(assistants.mcp)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        typer.echo(f"wenju {metadata.version('wenju')}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None, typer.Option(help="Settings file to use in place of ./wenju.toml.", metavar="FILE")
    ] = None,
    debug: Annotated[  # noqa: ARG001 - `run` looks for it, so that it may stand anywhere
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
    version: Annotated[  # noqa: ARG001 - typer calls the callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    session.use_config(config)


def main() -> None:
    """Entry point of the command. Ends the process with the exit code."""
    share_one_heap()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what its encoding lacks is shown as \u7f51 and ends nothing
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def share_one_heap() -> None:
    """Have glibc serve all threads from one heap. With one each, what a stage of an ingest frees stays in its own,
    and memory grows with the number of documents."""
    with suppress(OSError, TypeError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    end = arguments.index("--") if "--" in arguments else len(arguments)  # what follows it are no options
    debug = "--debug" in arguments[:end]
    arguments = [argument for argument in arguments[:end] if argument != "--debug"] + arguments[end:]
    try:
        code = app(args=arguments, prog_name="wenju", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # what typer makes of Ctrl-C, depending on its version
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted.")
        return _INTERRUPTED
    except typer.TyperException as error:  # a command line that cannot be parsed
        complain(f"{error.format_message().rstrip('.')}. See `wenju --help`, or `wenju COMMAND --help`.")
        return FAILED
    except (WenjuError, SettingsError) as error:
        if debug:
            complain_at_length(error)
        complain(in_terminal(error))
        return FAILED
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # The reader of our output has left (`wenju list | head`): nothing more to say, and nothing went wrong. Typer
        # makes an exit with code 1 of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except Exception as error:  # noqa: BLE001 - the last resort: a bug, told as one, with its traceback
        complain_at_length(error)
        complain(f"This is a bug in Wenju ({type(error).__name__}). Please report it with the lines above.")
        return FAILED


if __name__ == "__main__":
    main()
