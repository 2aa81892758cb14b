"""Which model the settings name, and what runs it: OpenVINO where it can, else torch."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from retrieval.embedding.base import Embedder, ModelIdentity
from retrieval.embedding.bundled import DIMENSION, bundled_directory, bundled_model
from retrieval.embedding.cache_directory import damaged_files
from retrieval.embedding.torch_extra import require_torch
from retrieval.errors import ModelError

if TYPE_CHECKING:
    from retrieval.embedding.reference import SentenceTransformerEmbedder

BUNDLED = "bundled"
_SAMPLE = 2**20


def identify(settings: Settings) -> ModelIdentity:
    """The identity of the model that the settings name, without loading it; dimension 0 where only the loaded model
    tells. Raises ModelError when a directory is named that is not there."""
    if settings.model == BUNDLED:
        return ModelIdentity(BUNDLED, DIMENSION, bundled_directory(settings.cache_dir).name)
    try:
        path = Path(settings.model).expanduser()
        if path.is_dir():
            return identity_of_directory(path.resolve())
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"The model {settings.model} cannot be read: {error}. Correct the setting `model`."
        ) from error
    if path.is_absolute() or settings.model.startswith((".", "~")):
        raise ModelError(f"There is no model directory {settings.model}. Correct the setting `model`.")
    return ModelIdentity(settings.model, 0, "")


def open_embedder(settings: Settings, notify: Callable[[str], None]) -> Embedder:
    """The embedder that the settings name. Raises ModelError when there is no such model or it is broken, when it
    needs torch, which is not installed, or when `engine = openvino` and OpenVINO cannot run it."""
    identity = identify(settings)
    if settings.engine == "torch":
        return _reference(settings, identity, notify)
    from retrieval.embedding.bundled_export import export_bundled
    from retrieval.embedding.compiled import UnsuitableError
    from retrieval.embedding.export import export_traced, open_compiled

    def export(directory: Path) -> None:
        if settings.model == BUNDLED:
            export_bundled(identity, directory)
        else:
            export_traced(_reference(settings, identity, notify), directory)

    try:
        return open_compiled(identity, export, settings, notify)
    except UnsuitableError as error:
        reason = f"OpenVINO cannot run the model {identity.name}: {error}"
        if settings.engine == "openvino":
            raise ModelError(f"{reason} Set engine = auto.") from error
        require_torch(f"{reason} Without OpenVINO it")
        notify(f"{reason} It runs on torch, more slowly.")
        return _reference(settings, identity, notify)


def damaged_model_files(settings: Settings) -> list[Path]:
    """Files of the prepared model whose contents are not those that were written. Reads all of them."""
    directories = [bundled_directory(settings.cache_dir)] if settings.model == BUNDLED else []
    if settings.engine != "torch":
        from retrieval.embedding.compiled import UnsuitableError
        from retrieval.embedding.export import export_directory

        with suppress(UnsuitableError):
            directories.append(export_directory(settings.cache_dir, identify(settings)))
    return [directory / name for directory in directories for name in damaged_files(directory)]


def _reference(
    settings: Settings, identity: ModelIdentity, notify: Callable[[str], None]
) -> "SentenceTransformerEmbedder":
    from retrieval.embedding.reference import SentenceTransformerEmbedder

    require_torch(f"The model {identity.name}{' with engine = torch' if settings.engine == 'torch' else ''}")
    if settings.model == BUNDLED:
        source = bundled_model(settings.cache_dir, notify)
    else:
        source = Path(settings.model).expanduser()
    if source.is_dir():
        return SentenceTransformerEmbedder(str(source), identity, from_hub=False, threads=settings.threads)
    return SentenceTransformerEmbedder(settings.model, identity, from_hub=True, threads=settings.threads)


def identity_of_directory(path: Path) -> ModelIdentity:
    """Fingerprint: names and sizes of all files, with their contents, of large ones the two ends."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if not file.is_file() or file.name.startswith("."):
            continue
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path).as_posix()}\0{size}\0".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(_SAMPLE))
            if size > _SAMPLE:
                stream.seek(max(_SAMPLE, size - _SAMPLE))
                digest.update(stream.read())
    return ModelIdentity(path.name, 0, digest.hexdigest()[:16])
