"""How the process that reads files is started."""

import json
import sys
from pathlib import Path

from config.settings import DocumentSettings

ROOT = str(Path(__file__).parents[3])
"""Where this program lies: the reader is to be the same one, of several that may be installed."""
_START = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from retrieval.documents.reader_child import main
main(*map(float, sys.argv[2:]))
"""


def command(limits: DocumentSettings) -> list[str]:
    """What starts the reader: with the modules of this process and with none of the working folder (-I)."""
    numbers = (limits.memory_megabytes, limits.seconds, limits.max_megabytes, limits.ocr_seconds)
    paths = [str(Path(folder).absolute()) for folder in sys.path if folder]
    if ROOT not in paths:
        paths.insert(0, ROOT)
    return [sys.executable, "-I", "-B", "-c", _START, json.dumps(paths), *map(str, numbers)]
