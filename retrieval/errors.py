"""What can go wrong, said so that the reader knows what to do next."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

DocumentFault = Literal[
    "type", "questions", "office", "protected", "broken", "no_text", "empty", "encoding", "limits", "formulas",
    "hidden", "other",
]  # fmt: skip
"""Why a file could not be read, for those who say it in words of their own: `questions` are without answers, `limits`
it took more memory or time than allowed or made its reader crash, `formulas` are those of a workbook that was never
calculated, `hidden` are all its sheets."""
_LONGEST = 300
"""Characters of a reason."""


NextStep = Literal[
    "ask_something", "swap_dates", "confirm_removal", "confirm_prune", "confirm_replacement", "replace_backup",
    "rebuild", "follow_again", "leave", "back_up_and_restore", "name_corpus", "name_other_corpus", "name_result",
    "name_other_result", "name_floors", "keep_items", "leave_out_by",
]  # fmt: skip
"""What to do after an error, where it is done by other means from a program than at the command line."""
ADVICE: Mapping[NextStep, str] = MappingProxyType({
    "ask_something": "{fact} Ask something, for example: {example}",
    "swap_dates": "{fact}",
    "confirm_removal": "{fact} Confirm that they are to be removed.",
    "confirm_prune": "{fact} Confirm that {count} are to be removed from the index all the same.",
    "confirm_replacement": "{fact} Confirm that it is to be replaced.",
    "replace_backup": "{fact} Name {other}, or say that it is to be replaced.",
    "rebuild": "{fact} Rebuild the index, or put the setting back.",
    "follow_again": "{fact} Delete the file; then follow again, or index here.",
    "leave": "{fact} Following may be ended: what is here can then be added to.",
    "back_up_and_restore": "{fact} Bring them to it: back the index up, then restore it.",
    "name_corpus": "{fact} Name the folder that holds them.",
    "name_other_corpus": "{fact} Name others.",
    "name_result": "{fact} Name an earlier result as JSON.",
    "name_other_result": "{fact} Name one to compare with.",
    "name_floors": "{fact} Give an object such as {{\"hit@1\": 0.75}}.",
    "keep_items": "{fact} Make it again with its items.",
    "leave_out_by": "{fact} Leave it out, or evaluate that file alone.",
})  # fmt: skip
"""The message for a program. `bot/next_steps.py` has those for the command line, which name its options."""


class WenjuError(Exception):
    """Base of all errors that a user can act on: the message is one line, and names the next step. `fact` is what is
    so; `step` is a code for what to do and `values` fill in its sentence, where a door may word it its own way."""

    def __init__(self, fact: str, step: NextStep | None = None, **values: object) -> None:
        super().__init__(fact if step is None else ADVICE[step].format(fact=fact, **values))
        self.fact = fact
        self.step = step
        self.values = values


class DocumentError(WenjuError):
    """One file could not be read; the others are not concerned. `reason` is one line that can be shown, also where a
    file's own words, which may be anything, are part of it."""

    def __init__(self, path: Path, reason: str, kind: DocumentFault = "other") -> None:
        shown = "".join(character if character.isprintable() else " " for character in reason[:_LONGEST])
        reason = " ".join(shown.split())
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.kind = kind


class ModelError(WenjuError):
    """The embedding model is missing, broken or cannot be built."""


class IndexMismatchError(WenjuError):
    """The index was made by another model, passage recipe or version than the settings name."""


class StorageError(WenjuError):
    """The disk refused: no space, no permission, or a damaged database."""


class AwayError(StorageError):
    """What keeps the index or its backups did not answer, or not as it should: the same may go well later."""


class BusyError(WenjuError):
    """Another process is writing to the same index."""


class ReadOnlyError(WenjuError):
    """The index follows that of another machine; it is changed there."""


class QuestionError(WenjuError):
    """The question itself cannot be asked: empty, only punctuation, or far too long."""


class NotFoundError(WenjuError):
    """No document, passage or path goes by that name."""


class ConfirmationRequired(WenjuError):  # noqa: N818 - it is a request, not a failure
    """The step would remove much; it is done only when it is confirmed."""


class EvaluationError(WenjuError):
    """A question set, an earlier result or a file of floors cannot be used as it is."""


class SynonymsError(WenjuError):
    """The office's file of synonyms is faulty, or not there."""
