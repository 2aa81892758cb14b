"""The keys of the API: made by `wenju key`, kept as hashes in the home folder.

A key has 256 random bits, so that its SHA-256 tells nobody anything; what is slow for passwords would be slow."""

import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.visibility import ROLES, Role, Viewer
from retrieval.errors import NotFoundError, StorageError, WenjuError

FILE = "keys.json"
_PREFIX = "wenju_"
_BYTES = 32
_NAME = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key: not the key."""

    name: str
    role: Role
    sha256: str
    created: str
    collections: tuple[str, ...] | None = None
    """The only folders that are seen with it; None: all that settings let it see."""

    def viewer(self) -> Viewer:
        """Whoever has it, as one who looks."""
        only = None if self.collections is None else map(Path, self.collections)
        return Viewer.of(f"key:{self.name}", role=self.role, only=only)


class Keys:
    """The keys of one home; what `wenju key` changes holds at once for a server that runs. Used by one thread."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._stamp: tuple[int, int, int] | None = None
        self._known: dict[str, Key] = {}

    def all(self) -> list[Key]:
        """Oldest first. Raises StorageError."""
        return list(self._current().values())

    def of(self, key: str) -> Key | None:
        """What the key is, None when it is none of ours."""
        return self._current().get(_hash(key))

    def named(self, name: str) -> Key:
        """The key of that name. Raises NotFoundError."""
        for key in self.all():
            if key.name == name:
                return key
        raise NotFoundError(f"There is no key {name}. `wenju key list` shows those that there are.")

    def add(self, name: str, role: Role, collections: Sequence[Path] = ()) -> str:
        """A new key, told once and not kept; with collections it is for documents below these folders alone. Raises
        WenjuError."""
        if not _NAME.fullmatch(name):
            raise WenjuError(f"{name!r} cannot name a key. Take 1 to 40 letters, digits, ., _ and -.")
        known = self.all()
        if any(key.name == name for key in known):
            raise WenjuError(f"There is a key {name} already. `wenju key remove {name}` takes it away.")
        key = _PREFIX + secrets.token_urlsafe(_BYTES)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        folders = tuple(map(str, collections)) or None
        self._write([*known, Key(name, role, _hash(key), created, folders)])
        return key

    def remove(self, name: str) -> Key:
        """Take the key of that name away. Raises NotFoundError."""
        gone = self.named(name)
        self._write(key for key in self.all() if key.name != name)
        return gone

    def _current(self) -> dict[str, Key]:
        try:
            state = self.path.stat()
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if stamp != self._stamp:
                self._known = {key.sha256: key for key in map(_key, json.loads(self.path.read_bytes())["keys"])}
                self._stamp = stamp
        except FileNotFoundError:
            self._stamp, self._known = None, {}
        except OSError as error:
            raise StorageError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{self.path} is damaged. Move it away, and make new keys with `wenju key add`."
            ) from error
        return self._known

    def _write(self, keys: Iterable[Key]) -> None:
        """All or nothing, for the owner's eyes alone."""
        text = json.dumps({"keys": [asdict(key) for key in keys]}, ensure_ascii=False, indent=1) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(prefix=f".{FILE}-", dir=self.path.parent)  # with mode 0600
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(new).replace(self.path)
        except OSError as error:
            raise StorageError(f"{self.path} cannot be written: {error.strerror or error}.") from error


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _key(fields: dict[str, Any]) -> Key:
    folders = fields.pop("collections", None)
    is_list = isinstance(folders, list) and all(isinstance(folder, str) for folder in folders)
    key = Key(**fields, collections=tuple(folders) if is_list else None)
    told = all(isinstance(value, str) for value in fields.values())
    if key.role not in ROLES or not told or not (is_list or folders is None):
        raise ValueError(key.role)
    return key
