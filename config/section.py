"""What all sections of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Unknown keys are refused; values stay as they were read, and stand in no traceback."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
