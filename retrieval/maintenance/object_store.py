"""Files in an object store, or wherever else fsspec leads, by their addresses: `s3://bucket/folder`, `https://…`,
`file:///…`, `memory://…`. The only file that imports fsspec.

Who may come in is the driver's matter, from its own variables and files: an address is shown and kept.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from retrieval.errors import AwayError, StorageError

_BLOCK = 4 * 2**20
"""Bytes that are asked for at once at least."""
_READ_ONLY = ("http", "https")
_ON_DISK = ("file", "local")
_LONGEST = 300
"""Characters of what a driver says."""


def is_address(place: object) -> bool:
    """Whether it is one, and no path."""
    return isinstance(place, str) and "://" in place


class ObjectStore:
    """A folder of a store. Everything raises AwayError when the driver fails, whatever it raises itself."""

    def __init__(self, address: str) -> None:
        """Raises StorageError for what is no address, and when the driver is not installed."""
        check_address(address)
        self.address = address.rstrip("/")
        self._protocol = urlsplit(address).scheme
        with self._told("reached"):
            self._files, root = _driver(self.address)
            self._root = root.rstrip("/")
            self._files.invalidate_cache()  # what others wrote since it was looked at

    def path(self, name: str) -> str:
        """The address of what has this name."""
        return f"{self.address}/{name}"

    def read(self, name: str, most: int) -> bytes | None:
        """Its first bytes; None where there is nothing."""
        with self._told("read", name):
            try:
                return bytes(self._files.cat_file(self._at(name), start=0, end=most))
            except FileNotFoundError:
                return None

    def open(self, name: str, size: int | None = None) -> BinaryIO:
        """To be read from any place. Who knows the size in bytes gives it."""
        with self._told("read", name):
            size = self._size(name) if size is None else size
        return io.BufferedReader(_Object(self, name, size), _BLOCK)

    def part(self, name: str, start: int, end: int) -> bytes:
        """Its bytes from `start` to before `end`, all of them."""
        with self._told("read", name):
            data = bytes(self._files.cat_file(self._at(name), start=start, end=end))
            if len(data) != end - start:
                raise EOFError(f"{end - start} bytes were asked for, and {len(data)} came")
        return data

    def check_writable(self) -> None:
        """Raise StorageError where nothing can be written whoever asks."""
        if self._protocol in _READ_ONLY:
            raise StorageError(
                f"Nothing can be written to {self.address}: over {self._protocol} backups are only read. Name the "
                "store by its own address, such as s3://bucket/folder/wenju.zip."
            )

    def has(self, name: str) -> bool:
        with self._told("read", name):
            return bool(self._files.exists(self._at(name)))

    def put(self, file: Path, name: str, progress: Callable[[int, int], None]) -> None:
        """Write a copy of the file, whole; `progress` is told how many of its bytes are written."""
        from fsspec.callbacks import Callback

        with self._told("written", name):
            if self._protocol in _ON_DISK:
                Path(self._at(name)).touch(mode=0o600)  # it holds what people asked
            hooks = {"progress": lambda size, value, **_: progress(value, size or 0)}
            self._files.put_file(str(file), self._at(name), callback=Callback(hooks=hooks))
            self._files.invalidate_cache()
            if (came := self._size(name)) != (size := file.stat().st_size):
                raise EOFError(f"{size} bytes were sent, and {came} are there")

    def write(self, name: str, data: bytes) -> None:
        """Write a small file."""
        with self._told("written", name):
            self._files.pipe_file(self._at(name), data)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _size(self, name: str) -> int:
        return int(self._files.info(self._at(name))["size"])

    @contextmanager
    def _told(self, done: str, name: str = "") -> Iterator[None]:
        try:
            yield
        except StorageError:
            raise
        except Exception as error:  # each driver raises what the libraries below it do
            place = self.path(name) if name else self.address
            left = "What is there by half is taken by nobody" if done == "written" else "Nothing was changed"
            raise AwayError(
                f"{place} cannot be {done}: {_line(error)}. {left}: try again when it is back."
            ) from error


class _Object(io.RawIOBase):
    """What `open` gives, below a buffer: each reading of it is one call."""

    def __init__(self, store: ObjectStore, name: str, size: int) -> None:
        self._store, self._name, self._size, self._place = store, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        if self._place < 0:
            raise ValueError(f"{self._place} lies before the beginning")
        return self._place

    def readinto(self, buffer: Any) -> int:
        end = min(self._place + len(buffer), self._size)
        if end <= self._place:
            return 0
        data = self._store.part(self._name, self._place, end)
        buffer[: len(data)] = data
        self._place = end
        return len(data)


def check_address(address: str) -> None:
    """Raise StorageError for an address that must not be shown, or means more than a place."""
    parts = urlsplit(address)
    if parts.password is not None:
        raise StorageError(
            f"The address at {parts.hostname} holds a password, which would be shown and kept. Leave it out, and "
            "give it to the driver by its own variables or in the configuration of fsspec."
        )
    is_place = parts.scheme and (parts.netloc + parts.path).strip("/")
    if not is_place or any(sign in address for sign in ("?", "#", "::")):
        raise StorageError(
            f"{parts.scheme}://{parts.hostname or ''} … is no address of a folder or file. Write "
            "PROTOCOL://PLACE/NAME, without ?, # and ::."
        )


def _driver(address: str) -> tuple[Any, str]:
    """The file system that leads there, and how it calls the place. Raises StorageError where there is none."""
    try:
        import fsspec
    except ImportError as error:
        raise StorageError("Addresses need an extra. Install it with `pip install 'wenju[objectstore]'`.") from error
    protocol = urlsplit(address).scheme
    try:
        fsspec.get_filesystem_class(protocol)
    except ImportError as error:
        raise StorageError(
            f"What speaks {protocol}:// is not installed: {_line(error)}. Of s3fs and gcsfs take the release that "
            f"fsspec has here, {fsspec.__version__}."
        ) from error
    except ValueError as error:
        raise StorageError(
            f"fsspec knows no {protocol}://. It knows file, memory, s3, https, and more: see its documentation."
        ) from error
    files, place = fsspec.url_to_fs(address)
    return files, str(place)


def _line(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError):
        cause = error.__cause__  # over HTTP, what was found wrong, whatever it was
        if cause is None or isinstance(cause, LookupError):
            return "there is no such file or folder"
        return _line(cause)
    return " ".join((str(error) or type(error).__name__).split())[:_LONGEST].rstrip(".")
