"""One writer at a time, over all processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import BusyError, StorageError


def write_lock(root: Path) -> FileLock:
    """Beside the generations, so that a rebuild, a restore and an ingest exclude each other."""
    return FileLock(root / "write.lock")


@contextmanager
def only_writer(lock: FileLock, folder: Path, wait_seconds: float) -> Iterator[None]:
    """Be the only one to write to the folder. Raises BusyError when another process stays it for longer than that."""
    try:
        acquired = lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise BusyError(
            f"Another process is indexing into {folder} (waited {wait_seconds:g} s). "
            "Try again when it is done, or raise index.wait_seconds."
        ) from None
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror or error}.") from error
    with acquired:
        yield
