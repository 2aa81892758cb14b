"""Checksums of tantivy's files, which tantivy writes and does not look at again.

Each file of a segment ends with a footer: JSON that has the CRC-32 of all before it, the length of that JSON, and a
magic number, both u32 (tantivy's `directory/footer.rs`).
"""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_MAGIC = 1337
_END = struct.Struct("<II")
_PIECE = 2**20


def damaged_files(folder: Path) -> list[Path]:
    """Files of the last commit that are not what was written. Those that another process takes away in the meantime,
    or writes for the next commit, are left out."""
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
        return [path for path in _files(folder, meta) if not _is_sound(path)]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        return [folder / "meta.json"]


def _files(folder: Path, meta: dict[str, Any]) -> Iterator[Path]:
    for segment in meta["segments"]:
        name, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
        yield from (path for path in folder.glob(f"{name}.*") if path.suffix != ".del")
        if deletes is not None:
            yield folder / f"{name}.{deletes['opstamp']}.del"


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _END.size))
            length, magic = _END.unpack(file.read())
            left = size - _END.size - length
            if magic != _MAGIC or left < 0:
                return False
            file.seek(left)
            told = json.loads(file.read(length))["crc"]
            file.seek(0)
            crc = 0
            while left and (piece := file.read(min(left, _PIECE))):
                crc = zlib.crc32(piece, crc)
                left -= len(piece)
            return bool(crc == told)
    except FileNotFoundError:
        return True
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
