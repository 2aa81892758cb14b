"""What all sections of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Unknown keys are refused; values stay as they were read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
