"""What was fitted on questions and not chosen by hand; made by `make fit`, which says how."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")


@cache
def coefficients(name: str) -> dict[str, float]:
    """The weight of each feature: `evidence` (which sentence answers) or `confidence` (whether it does)."""
    loaded: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return {feature: float(weight) for feature, weight in loaded[name].items()}
