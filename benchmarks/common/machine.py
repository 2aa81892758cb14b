"""The machine that a result was seen on."""

import os
from pathlib import Path
from typing import Any

from retrieval.maintenance.bench import machine

_TELLING = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16")
"""Instructions that a model runs faster with, as Linux names them."""


def described() -> dict[str, Any]:
    """Processor, cores, memory, system and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {**machine(), "instructions": _instructions(), "memory_gb": round(memory / 2**30, 1)}


def _instructions() -> list[str]:
    try:
        words = set(Path("/proc/cpuinfo").read_text("utf-8").split())
    except OSError:
        return []
    return [name for name in _TELLING if name in words]
