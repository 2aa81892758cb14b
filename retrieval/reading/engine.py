"""Which reader the settings name, and what runs it: OpenVINO where it can, else torch."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.cache_directory import damaged_files
from retrieval.embedding.engine import identity_of_directory
from retrieval.embedding.torch_extra import require_torch
from retrieval.errors import ModelError
from retrieval.reading.base import Reader
from retrieval.reading.bundled import bundled_reader, reader_directory

if TYPE_CHECKING:
    from retrieval.reading.reference import CrossEncoderReader

BUNDLED, NONE = "bundled", "none"


def open_reader(settings: Settings, notify: Callable[[str], None]) -> Reader | None:
    """The reader that the settings name, None where they name none. Raises ModelError when there is no such reader,
    when it is broken or of another task, when it needs torch, which is not installed, or when `engine = openvino` and
    OpenVINO cannot run it."""
    if settings.reader == NONE:
        return None
    identity = _identify(settings)
    if settings.engine == "torch":
        return _reference(settings, identity, notify)
    from retrieval.embedding.compiled import UnsuitableError, openvino
    from retrieval.reading.bundled_export import export_bundled
    from retrieval.reading.export import export_traced, open_compiled

    def export(directory: Path) -> None:
        if settings.reader == BUNDLED:
            export_bundled(identity, directory)
        else:
            export_traced(_reference(settings, identity, notify), directory)

    try:
        openvino()
        in_8_bits = _open_in_8_bits(settings, identity, notify) if settings.reader == BUNDLED else None
        return in_8_bits or open_compiled(identity, export, settings, notify)
    except UnsuitableError as error:
        reason = f"OpenVINO cannot run the reader {identity.name}: {error}"
        if settings.engine == "openvino":
            raise ModelError(f"{reason} Set engine = auto.") from error
        require_torch(f"{reason} Without OpenVINO it")
        notify(f"{reason} It runs on torch, more slowly.")
        return _reference(settings, identity, notify)


def _open_in_8_bits(settings: Settings, identity: ModelIdentity, notify: Callable[[str], None]) -> Reader | None:
    """The bundled reader with its products in 8 bits, None where the processor has no VNNI, where the
    setting `precision` names another, or where it cannot be, which is told."""
    from retrieval.embedding.compiled import UnsuitableError
    from retrieval.reading.bundled_export import export_in_8_bits
    from retrieval.reading.eight_bits import multiplies_8_bits
    from retrieval.reading.export import open_compiled

    if settings.precision != "auto" or not multiplies_8_bits():
        return None

    def export(directory: Path) -> None:
        export_in_8_bits(identity, directory)

    try:
        return open_compiled(_identify_in_8_bits(identity), export, settings, notify)
    except UnsuitableError as error:
        notify(f"The reader cannot be run in 8 bits: {error} It runs without, more slowly.")
        return None


def damaged_reader_files(settings: Settings) -> list[Path]:
    """Files of the prepared reader whose contents are not those that were written. Reads all of them."""
    if settings.reader == NONE:
        return []
    directories = [reader_directory(settings.cache_dir)] if settings.reader == BUNDLED else []
    if settings.engine != "torch":
        from retrieval.embedding.compiled import UnsuitableError
        from retrieval.embedding.export import export_directory

        identity = _identify(settings)
        with suppress(UnsuitableError):
            directories.append(export_directory(settings.cache_dir, identity))
            if settings.reader == BUNDLED:
                directories.append(export_directory(settings.cache_dir, _identify_in_8_bits(identity)))
    return [directory / name for directory in directories for name in damaged_files(directory)]


def _identify(settings: Settings) -> ModelIdentity:
    if settings.reader == BUNDLED:
        return ModelIdentity("bundled-reader", 0, reader_directory(settings.cache_dir).name)
    try:
        path = Path(settings.reader).expanduser()
        if path.is_dir():
            return identity_of_directory(path.resolve())
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"The reader {settings.reader} cannot be read: {error}. Correct the setting `reader`."
        ) from error
    if path.is_absolute() or settings.reader.startswith((".", "~")):
        raise ModelError(f"There is no reader directory {settings.reader}. Correct the setting `reader`.")
    return ModelIdentity(settings.reader, 0, "")


def _identify_in_8_bits(identity: ModelIdentity) -> ModelIdentity:
    """The same reader under a fingerprint of its own."""
    return ModelIdentity(identity.name, identity.dimension, f"{identity.fingerprint}-int8")


def _reference(settings: Settings, identity: ModelIdentity, notify: Callable[[str], None]) -> "CrossEncoderReader":
    from retrieval.reading.reference import CrossEncoderReader

    require_torch(f"The reader {identity.name}{' with engine = torch' if settings.engine == 'torch' else ''}")
    if settings.reader == BUNDLED:
        source, from_hub = str(bundled_reader(settings.cache_dir, notify)), False
    else:
        path = Path(settings.reader).expanduser()
        source, from_hub = (str(path), False) if path.is_dir() else (settings.reader, True)
    return CrossEncoderReader(source, identity.name, from_hub=from_hub, threads=settings.threads)
