"""Pictures (PNG, JPEG, TIFF, BMP, WEBP): scans, photographs and screenshots, read by text recognition."""

import io
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from retrieval.documents.pages.page_texts import document_of_pages
from retrieval.documents.pages.recognition import LONG, SIDE, WIDTH, Picture, Recogniser
from retrieval.errors import DocumentError
from retrieval.types import Document

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_MEGAPIXELS = 100
"""A sheet of A3 at 600 dots per inch has 70."""
_PAGES = 1_000
"""Of a TIFF."""
Image.MAX_IMAGE_PIXELS = None  # this reader says itself what is too large


def read_picture(path: Path, data: bytes) -> Document:
    """A document of one page, or of as many as a TIFF has."""
    recogniser, texts = Recogniser(), list[str]()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            for frame in islice(ImageSequence.Iterator(image), _PAGES + 1):
                if frame.width * frame.height > _MEGAPIXELS * 1_000_000:
                    size = f"has {frame.width:,} × {frame.height:,} pixels"
                    reason = f"{size}; at most {_MEGAPIXELS} million are read: save it smaller"
                    raise DocumentError(path, reason, "limits")
                if len(texts) == _PAGES:
                    raise DocumentError(path, f"has more than {_PAGES:,} pages; split it", "limits")
                texts.append(recogniser.text(_fitted(frame)) or "")
    except UnidentifiedImageError as error:
        raise DocumentError(path, "is not a picture that can be opened (broken or cut short)", "broken") from error
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError) as error:  # as Pillow calls it
        raise DocumentError(path, f"is a picture that is broken or cut short: {error}", "broken") from error
    read = [number for number, text in enumerate(texts) if text]
    return document_of_pages(path, texts, recogniser.settled, recognised=read)


def _fitted(frame: Image.Image) -> Picture:
    """As it is to be seen, on white, and no larger than is of use."""
    is_long = frame.height > LONG * frame.width
    frame.draft("RGB", (SIDE, SIDE))  # of a JPEG no more is unpacked than that
    frame.thumbnail((WIDTH, frame.height) if is_long else (SIDE, SIDE))
    seen = ImageOps.exif_transpose(frame).convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return np.asarray(Image.alpha_composite(white, seen).convert("RGB"))[:, :, ::-1].copy()
