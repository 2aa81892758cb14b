"""The office's own synonyms: `synonyms.toml`, sets of words that mean the same.

    sets = [
      ["低保", "最低生活保障"],
      ["便民厅", "政务服务中心", "办事大厅"],
    ]

A change is taken up by the next question. A file that has become faulty while Wenju runs is told in the log, and what
was read last stays in use.
"""

import logging
import os
import threading
import tomllib
from pathlib import Path
from typing import Any

from config.settings import Settings
from retrieval.errors import SynonymsError
from retrieval.query.words.synonyms import NO_SYNONYMS, Synonyms
from retrieval.text.fold import fold

FILE = "synonyms.toml"
_BYTES = 1_000_000
_WORDS = 20_000
_SHORTEST, _LONGEST = 2, 40
_EXAMPLE = 'Write sets = [["低保", "最低生活保障"]], one set after another.'
_log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int]


class SynonymFile:
    """The file that the settings name, else `synonyms.toml` in the home folder, where there is one. Safe to use from
    several threads."""

    def __init__(self, settings: Settings) -> None:
        named = settings.search.synonyms
        self.path = settings.home / FILE if named is None else Path(os.path.expanduser(named))  # noqa: PTH111 - Path's own raises for an unknown user
        self._must_exist = named is not None
        self._reading = threading.Lock()
        self._seen: _Stamp | None = None
        self._last: Synonyms | None = None

    def current(self) -> Synonyms:
        """Raises SynonymsError where the file is faulty and none was read before."""
        with self._reading:
            try:
                stamp = self._stamp()
                if self._last is None or stamp != self._seen:
                    self._last, self._seen = self.read(), stamp
            except SynonymsError as error:
                if self._last is None:
                    raise
                self._tell_once(error)
            return self._last

    def read(self) -> Synonyms:
        """As it is now; none where there is no file and none has to be. Raises SynonymsError."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return self._missing()
        except OSError as error:
            raise SynonymsError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        if len(data) > _BYTES:
            raise SynonymsError(f"{self.path} has {len(data):,} bytes; at most {_BYTES:,} are read. Shorten it.")
        return Synonyms.of(_checked(self.path, _parsed(self.path, data)))

    def _missing(self) -> Synonyms:
        if self._must_exist:
            raise SynonymsError(
                f"There is no file {self.path}, which the setting search.synonyms names. Write it, or take the "
                "setting away."
            )
        return NO_SYNONYMS

    def _stamp(self) -> _Stamp | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SynonymsError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _tell_once(self, error: SynonymsError) -> None:
        try:
            stamp = self._stamp()
        except SynonymsError:
            stamp = None
        if stamp != self._seen:
            self._seen = stamp
            _log.error("%s Until then the synonyms that were read before stay in use.", error)


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SynonymsError(f"{path} is not UTF-8. Save it in that encoding.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SynonymsError(f"{path} is not TOML: {str(error) or 'it is nested too deeply'}. {_EXAMPLE}") from error


def _checked(path: Path, content: dict[str, Any]) -> list[list[str]]:
    unknown = [key for key in content if key != "sets"]
    if unknown:
        raise SynonymsError(f"{path}: there is no `{unknown[0]}` here. {_EXAMPLE}")
    sets = content.get("sets")
    if not isinstance(sets, list):
        what = "has no sets" if sets is None else "has something else than a list in `sets`"
        raise SynonymsError(f"{path} {what}. {_EXAMPLE}")
    where: dict[str, tuple[int, str]] = {}
    for number, words in enumerate(sets, start=1):
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise SynonymsError(f"{path}: set {number} is no list of words. {_EXAMPLE}")
        for word in words:
            _check_word(path, number, word, where)
        if len(words) < 2:
            raise SynonymsError(f"{path}: set {number} has {len(words)} words. Give it two at least, or delete it.")
    if len(where) > _WORDS:
        raise SynonymsError(f"{path} has {len(where):,} words; at most {_WORDS:,} are taken. Shorten it.")
    return sets


def _check_word(path: Path, number: int, word: str, where: dict[str, tuple[int, str]]) -> None:
    """`where` has the words before this one, folded, each with its set and as it is written there."""
    folded = " ".join(fold(word).split())
    if not _SHORTEST <= len(folded) <= _LONGEST or not all(
        character.isalnum() or character in " -·.'&/" for character in folded
    ):
        raise SynonymsError(
            f"{path}: “{word[:_LONGEST]}” in set {number} is no word. Write {_SHORTEST} to {_LONGEST} characters, "
            "without punctuation."
        )
    if folded in where:
        other, as_written = where[folded]
        if other == number:
            raise SynonymsError(f"{path}: set {number} has “{word}” twice (as “{as_written}”). Delete one of them.")
        raise SynonymsError(
            f"{path}: “{word}” stands in set {other} and in set {number}. Make one set of both, or take it out of "
            "one."
        )
    where[folded] = number, word
