"""Where `wenju` begins: it looks whether it can run here and is itself what it would import, before it imports it.

The wheel holds this file as `wenju_start` too: `bot` is a name that another package may bear.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

_OURS = ("bot", "config", "data", "retrieval")
"""What lies side by side, under names that another package may bear as well."""
_FAILED = 2


def main() -> None:
    """Entry point of the command. Ends the process with the exit code."""
    if (objection := cannot_run(sys.platform) or imports_another()) is not None:
        sys.stderr.write(f"wenju: {objection}\n")
        sys.exit(_FAILED)
    from bot import cli

    cli.main()


def cannot_run(platform: str) -> str | None:
    """What to do instead where `sys.platform` says that this is Windows."""
    if platform not in ("win32", "cygwin"):
        return None
    return (
        "Wenju does not run on Windows: files are read in a forked process under limits that Windows does not have. "
        "Install it in WSL (wsl --install), and run it there."
    )


def imports_another() -> str | None:
    """What to do when another package of one of our names would be imported, or was written over ours."""
    folders = set[Path]()
    for name in _OURS:
        spec = find_spec(name)
        found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if found is not None:
            folders.add(found.parents[1])
        if found is None or len(folders) > 1 or "Wenju" not in found.read_text("utf-8", "replace"):
            return (
                f"`{name}` is not Wenju's here but that of {found or 'nobody'}. Take it off PYTHONPATH, or install "
                "Wenju into an environment of its own (pipx install, uv tool install)."
            )
    return None
