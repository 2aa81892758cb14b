"""The extra `wenju[torch]`: torch and sentence-transformers, for models other than the bundled ones."""

from importlib.util import find_spec

from retrieval.errors import ModelError

HOW = "`pip install 'wenju[torch]'`, or in Wenju's own folder `make install-torch`"


def has_torch() -> bool:
    return all(find_spec(name) is not None for name in ("torch", "sentence_transformers"))


def require_torch(model: str) -> None:
    """Raises ModelError that says how to install torch, where it is not. `model` begins its sentence."""
    if not has_torch():
        raise ModelError(f"{model} needs torch, which is not installed. Install it with {HOW}.")
