"""The machine that a result was seen on."""

import os
from typing import Any

from retrieval.bench import machine


def described() -> dict[str, Any]:
    """Processor, cores, memory, system and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {**machine(), "memory_gb": round(memory / 2**30, 1)}
