"""What was fitted on what: probabilities belong to the evidence and the reader that they were fitted over."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from retrieval.reading.bundled import described


def digest(weights: Mapping[str, float]) -> str:
    """Of weights by name, whatever their order."""
    return hashlib.sha256(json.dumps(dict(weights), sort_keys=True).encode()).hexdigest()[:16]


def confidence_for(found: Mapping[str, Any]) -> dict[str, str]:
    """What `confidence` and `relevance` are fitted over."""
    return {"evidence": digest(found["evidence"])}


def certainty_for(found: Mapping[str, Any]) -> dict[str, str]:
    """What `reading`, `certainty` and `told` are fitted over."""
    return confidence_for(found) | {"reader": described()["sha256"]}
