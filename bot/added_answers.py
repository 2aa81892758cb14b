"""Answers that administrators add to what was not answered, by pointing to a passage: pairs in one document of the
office's own, which is indexed, cited, edited and removed as any other."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from bot.intake import stored_file, take_in, uploads_folder
from bot.memory.unanswered import UnansweredQuestion
from retrieval.errors import BusyError, DocumentError, StorageError, WenjuError
from retrieval.service import KnowledgeBase, UndecodableError, Visibility, cite, core_of, decode
from retrieval.types import Citation, Span, StoredPassage

FILE = "answers.jsonl"
_LOCK = "answers.lock"


class HiddenSourceError(WenjuError):
    """Not all who will see the answer may see the passage that it comes from."""


class FollowUpError(WenjuError):
    """The question asks about what an earlier answer named, which others may not see."""


@dataclass(frozen=True, slots=True)
class AddedAnswer:
    """A pair as it was written, and what the document is called that the answer comes from."""

    question: str
    answer: str
    source: str

    def line(self) -> str:
        """As the reader of JSON Lines takes it: what is neither question nor answer is told behind the answer."""
        label = "来源" if any("\u4e00" <= character <= "\u9fff" for character in self.question) else "source"
        return json.dumps({"question": self.question, "answer": self.answer, label: self.source}, ensure_ascii=False)


def add_answer(
    base: KnowledgeBase, asked: UnansweredQuestion, passage: StoredPassage, marks: Sequence[Span] = ()
) -> AddedAnswer:
    """Write the question with the passage, or what is marked in its text, and index it; a pair whose question asks
    the same is replaced. `base` is the one that sees all. Raises HiddenSourceError, FollowUpError, DocumentError
    where the file was edited and cannot be read, and what `take_in` raises; then all is as it was."""
    citation = cite(1, passage)
    _check_open(base, passage)
    added = AddedAnswer(_question(base, asked), _answer(passage, citation, marks), citation.title)
    with _only_writer(base):
        received = take_in(base, FILE, _with_pair(base, added))
    if received.outcome in ("not_added", "not_added_kept"):
        raise DocumentError(uploads_folder(base) / FILE, received.reason, received.kind)
    return added


def _check_open(base: KnowledgeBase, passage: StoredPassage) -> None:
    """Whoever is let in to the document of answers must be let in to that of the passage."""
    own, source = uploads_folder(base) / FILE, passage.document.path
    for folder in base.settings.access.collections:
        rest = Visibility(frozenset({folder}))
        if not rest.would_show(source) and rest.would_show(own):
            raise HiddenSourceError(
                f"{source.name} lies in {folder}, which not everybody sees, and an added answer is for everybody. "
                "Point to a passage of another document."
            )


def _question(base: KnowledgeBase, asked: UnansweredQuestion) -> str:
    """As it was understood; where not everybody sees all documents, as it was written."""
    if not base.settings.access.collections:
        return " ".join(asked.question.split())
    if core_of(asked.written) != core_of(asked.question):
        raise FollowUpError(
            f"“{asked.written}” goes on from another question, and what that was about may not be for everybody. "
            f"Write the question with its answer into {uploads_folder(base) / FILE}, and index that."
        )
    return " ".join(asked.written.split())


def _answer(passage: StoredPassage, citation: Citation, marks: Sequence[Span]) -> str:
    """What is marked; or else the passage without its headings, its lines one behind the other."""
    text = passage.text
    if marks and all(0 <= start < end <= len(text) for start, end in marks):
        return " ".join(" ".join(text[start:end] for start, end in marks).split())
    told, offset, breaks = "", 0, set(citation.breaks)
    for sentence in passage.sentences:
        piece = text[offset : offset + sentence.length()]
        if sentence.level == 0:
            told += f" {piece}" if offset in breaks else piece
        offset += sentence.length()
    return " ".join((told.strip() or text).split())


def _with_pair(base: KnowledgeBase, added: AddedAnswer) -> bytes:
    """The file with the pair, in the place of that whose question asks the same, or else at the end. What somebody
    wrote there by hand stays as it is."""
    path = uploads_folder(base) / FILE
    try:
        before = decode(stored_file(base, FILE))
    except UndecodableError as error:
        raise DocumentError(path, str(error), "encoding") from error
    lines, asked = [line for line in before.split("\n") if line.strip()], core_of(added.question)
    at = next((i for i, line in enumerate(lines) if core_of(_question_of(line)) == asked), len(lines))
    lines[at : at + 1] = [added.line()]
    return "".join(f"{line}\n" for line in lines).encode(errors="replace")


def _question_of(line: str) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    question = value.get("question") if isinstance(value, dict) else None
    return question if isinstance(question, str) else ""


@contextmanager
def _only_writer(base: KnowledgeBase) -> Iterator[None]:
    """What is read from the file is still there when it is written. Raises BusyError."""
    path, seconds = base.settings.home / _LOCK, base.settings.index.wait_seconds
    try:
        held = FileLock(path).acquire(timeout=seconds)
    except Timeout:
        raise BusyError(f"Somebody else is adding an answer (waited {seconds:g} s). Try again in a while.") from None
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}.") from error
    with held:
        yield
