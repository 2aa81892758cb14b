"""What to do after an error, as a person at the command line does it: with the commands and options of `wenju`."""

from collections.abc import Mapping
from types import MappingProxyType

from retrieval.errors import NextStep, WenjuError

AT_THE_COMMAND_LINE: Mapping[NextStep, str] = MappingProxyType({
    "ask_something": "{fact} Ask something, for example: wenju ask {example}",
    "swap_dates": "There is no day between {first} (--since) and {last} (--until).",
    "confirm_removal": "{fact} Add --yes to remove them.",
    "confirm_prune": "{fact} Add --yes to remove {count} from the index all the same.",
    "confirm_replacement": "{fact} Add --yes to replace it.",
    "replace_backup": "{fact} Name {other}, or add --force to replace it.",
    "rebuild": "{fact} Run `wenju index --rebuild`, or put the setting back.",
    "follow_again": "{fact} Delete the file; then follow again (`wenju replica FOLDER --yes`), or index here.",
    "leave": "{fact} `wenju replica --leave` ends that, and what is here can be added to.",
    "back_up_and_restore": "{fact} Bring them to it: run `wenju backup FILE`, then `wenju restore FILE --yes`.",
    "name_corpus": "{fact} Name the folder that holds them with --corpus.",
    "name_other_corpus": "{fact} Name others with --corpus.",
    "name_result": "{fact} Name what `wenju eval --json` printed.",
    "name_other_result": "{path} is not a result of `wenju eval --json`. Name one to compare with.",
    "keep_items": "{fact} Make it again with --json --items.",
    "leave_out_by": "--by is for SQuAD files, and {path} is none. Leave it out, or evaluate that file alone.",
})  # fmt: skip


def in_terminal(error: Exception) -> str:
    """The line that tells a person at the command line of an error."""
    if not isinstance(error, WenjuError) or error.step is None or error.step not in AT_THE_COMMAND_LINE:
        return str(error)
    return AT_THE_COMMAND_LINE[error.step].format(fact=error.fact, **error.values)
