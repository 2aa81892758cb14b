"""What made an index, held against the settings before it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retrieval.embedding.base import ModelIdentity
from retrieval.errors import IndexMismatchError


@dataclass(frozen=True, slots=True)
class ModelAndRecipe:
    """The model whose vectors an index holds, and the recipe by which its documents were cut."""

    model: ModelIdentity
    recipe: str

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "ModelAndRecipe":
        """From what `asdict` made of it and JSON kept. Raises KeyError or TypeError for anything else."""
        return cls(ModelIdentity(**facts["model"]), facts["recipe"])

    def check(self, model: ModelIdentity, recipe: str) -> None:
        """Raise IndexMismatchError when the settings name another model (dimension 0: not known yet) or recipe."""
        if difference := self.differs(model, recipe):
            raise IndexMismatchError(f"{difference}.", "rebuild")

    def differs(self, model: ModelIdentity, recipe: str) -> str | None:
        """The same in words, without what to do; None when the settings fit."""
        if self.recipe != recipe:
            return f"The index was cut by the recipe “{self.recipe}”, the settings say “{recipe}”"
        name, dimension, fingerprint = self.model.name, self.model.dimension, self.model.fingerprint
        if (name, fingerprint) != (model.name, model.fingerprint) or model.dimension not in (0, dimension):
            same_name = " (other weights under the same name)" if name == model.name else ""
            return (
                f"The index was made by the model {name} ({dimension}), the settings say "
                f"{model.name} ({model.dimension or 'dimension unknown'}){same_name}"
            )
        return None
