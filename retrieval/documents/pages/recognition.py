"""Text recognition (OCR) by RapidOCR, whose models of Chinese come with it: the extra `wenju[ocr]`.

One thread, as all that runs in the process that reads files. What is recognised is handed on as a page of a PDF is,
so that columns and tables of a scan are read by the same rules.
"""

import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.isolation import process_limits
from retrieval.documents.pages.pdf_layout import page_text

Picture = NDArray[np.uint8]
"""Rows, columns, and blue, green and red."""
SIDE = 2000
"""Pixels of a page's longer side; a larger picture is not recognised better."""
DOTS = 150
"""Pixels of an inch at which pages are drawn."""
LONG, WIDTH = 2.25, 1240
"""Heights in widths from which on a picture is read in strips, and pixels of their width: the long picture of a
telephone, made small as a whole, could not be read."""
_STRIP = 1.5
"""Height of a strip in widths."""
_SMALLEST = 10
"""Pixels of a side below which no writing is legible. To look for it would take seconds and gigabytes: the smaller
side is made 736 pixels long."""
_UPRIGHT = 1.5
_SURE = 0.6
"""How sure a line must be; what is less sure is mostly none."""
_TEXT_POINTS = 10.0
"""What the usual height of a line is taken for, as `pdf_layout` measures in points."""
_REST_SECONDS = 2.0
"""Processor time that is left for what comes after recognition."""


class RecognisedLine(NamedTuple):
    """A line, or a piece of one between two gaps, in pixels from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class _DetectedText(NamedTuple):
    """What was cut out of a strip of a picture where text stands, and its corners; `size` of the strip in pixels."""

    size: NDArray[np.int64]
    crops: list[Picture]
    boxes: NDArray[np.float64]


class Recogniser:
    """Recognises the pages of a file, as many as its time allows."""

    def __init__(self) -> None:
        process_limits.extend()
        self._slowest = 0.0
        self.settled: set[str] = set()
        """Lines that are whole paragraphs."""

    def text(self, picture: Picture) -> str | None:
        """The text of the page, empty where it holds none; None when there is no time left."""
        if process_limits.seconds_left() < self._slowest + _REST_SECONDS:
            return None
        began = time.process_time()
        found = [_found(strip) for strip in _strips(picture)]
        if _lies(found):
            found = [_found(strip) for strip in _strips(np.ascontiguousarray(np.rot90(picture)))]
        text = "\n".join(
            filter(None, (page_text(_RecognisedPage(_recognised(strip)), self.settled) for strip in found))
        )
        self._slowest = max(self._slowest, time.process_time() - began)
        return text


class _RecognisedPage:
    """What was recognised, as PDFium tells of the text of a page."""

    def __init__(self, pieces: list[RecognisedLine]) -> None:
        self._pieces = pieces
        heights = [piece.bottom - piece.top for piece in pieces]
        scale = _TEXT_POINTS / float(np.median(heights)) if heights else 1.0
        self._boxes = [
            (piece.left * scale, -piece.bottom * scale, piece.right * scale, -piece.top * scale) for piece in pieces
        ]

    def count_rects(self) -> int:
        return len(self._pieces)

    def get_rect(self, number: int) -> tuple[float, float, float, float]:
        return self._boxes[number]

    def get_text_bounded(self, *box: float) -> str:
        if not box:
            return "\n".join(piece.text for piece in self._pieces)
        return self._pieces[self._boxes.index((box[0], box[1], box[2], box[3]))].text


def _strips(picture: Picture) -> Iterator[Picture]:
    """The picture, a long one cut where least is seen."""
    width = picture.shape[1]
    strip = int(_STRIP * width)
    while len(picture) > LONG * width:
        low = int(0.8 * strip)
        cut = low + int(np.argmin(picture[low:strip].std(axis=(1, 2))))
        yield picture[:cut]
        picture = picture[cut:]
    yield picture


def _found(picture: Picture) -> _DetectedText:
    from rapidocr.main import RapidOCRError

    width, height = picture.shape[1], picture.shape[0]
    nothing = _DetectedText(np.array((width, height)), [], np.empty((0, 4, 2)))
    if min(width, height) < _SMALLEST:
        return nothing
    try:
        crops, found = _engine().detect_and_crop(picture, {})
    except RapidOCRError:  # there is no text
        return nothing
    return _DetectedText(nothing.size, crops, np.asarray(found.boxes))


def _lies(found: Sequence[_DetectedText]) -> bool:
    """Whether the lines go up or down: of most of their length."""
    boxes = np.concatenate([strip.boxes for strip in found])
    sizes = boxes.max(axis=1) - boxes.min(axis=1)
    upright = sizes[:, 1] > _UPRIGHT * sizes[:, 0]
    return float(sizes[upright, 1].sum()) > float(sizes[~upright, 0].sum())


def _recognised(found: _DetectedText) -> list[RecognisedLine]:
    """From the top, also where the picture stands on its head."""
    if not found.crops:
        return []
    turned, directions = _engine().cls_and_rotate(found.crops)
    stands_on_its_head = 2 * sum(label == "180" for label, _ in directions.cls_res) > len(found.crops)
    boxes = found.size - found.boxes if stands_on_its_head else found.boxes
    read = _engine().recognize_txt(turned)
    pieces = []
    for box, text, score in zip(boxes, read.txts, read.scores, strict=True):
        if text.strip() and score >= _SURE:
            (left, top), (right, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
            pieces.append(RecognisedLine(left, top, right, bottom, " ".join(text.split())))
    return sorted(pieces, key=lambda piece: (piece.top, piece.left))


@cache
def _engine() -> Any:
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    named = {
        "Det": "PP-OCRv6_det_small.onnx",
        "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        "Rec": "PP-OCRv6_rec_small.onnx",
    }
    # Named by path, so that none is ever fetched.
    files = {f"{part}.model_path": str(models / name) for part, name in named.items()}
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return rapidocr.RapidOCR(params={"Global.log_level": "critical", **files, **threads})
