"""What can go wrong, said so that the reader knows what to do next."""

from pathlib import Path
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


class WenjuError(Exception):
    """Base of all errors that a user can act on: the message is one line and names the next step."""


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
    """The step would remove much; it is done only when asked for with `--yes`."""


class EvaluationError(WenjuError):
    """A question set, an earlier result or a file of floors cannot be used as it is."""


class SynonymsError(WenjuError):
    """The office's file of synonyms is faulty, or not there."""
