"""EPUB: the chapters of a book in the order of its spine (EPUB 3.3; EPUB 2 is read alike)."""

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from retrieval.documents.decode import UndecodableError
from retrieval.documents.office.unzipped import left_out_of, unzipped
from retrieval.documents.structure.assemble import Block, assemble
from retrieval.documents.structure.dates import iso_date
from retrieval.documents.structure.titles import metadata_title
from retrieval.documents.web.html import decode_page
from retrieval.documents.web.markup import markup_blocks
from retrieval.errors import DocumentError
from retrieval.types import Document

_KEPT = (".xml", ".opf", ".xhtml", ".html", ".htm")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def read_epub(path: Path, data: bytes) -> Document:
    try:
        with zipfile.ZipFile(unzipped(path, data, ".epub", _KEPT)) as archive:
            return _read(path, archive, data)
    except (DocumentError, MemoryError, RecursionError, UndecodableError):
        raise
    except Exception as error:
        raise DocumentError(path, "is not an EPUB file that can be opened (broken or cut short)", "broken") from error


def _read(path: Path, archive: zipfile.ZipFile, data: bytes) -> Document:
    package_name = _xml(archive, "META-INF/container.xml").find(".//{*}rootfile").get("full-path")
    package = _xml(archive, package_name)
    chapters = _chapters(package, posixpath.dirname(package_name))
    if set(chapters) & _encrypted(archive):
        raise DocumentError(
            path, "is protected against copying (DRM), so that only its reading program opens it", "protected"
        )
    blocks: list[Block] = []
    for chapter in chapters:
        blocks += markup_blocks(decode_page(archive.read(chapter)))
    title = metadata_title(package.findtext(".//{http://purl.org/dc/elements/1.1/}title"))
    date = iso_date(package.findtext(".//{http://purl.org/dc/elements/1.1/}date"))
    return assemble(path, blocks, title=title, date=date, left_out=left_out_of(data))


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(archive.read(name), _PARSER)


def _chapters(package: Any, folder: str) -> list[str]:
    """Names of the files in reading order, each once, without the contents page."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    spine = (
        items[reference.get("idref")]
        for reference in package.iterfind("{*}spine/{*}itemref")
        if reference.get("idref") in items
    )
    texts = (item for item in spine if "html" in item.get("media-type", "html"))
    read = (item for item in texts if "nav" not in item.get("properties", "").split())
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(folder, unquote(item.get("href")))) for item in read))


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    """Files that are; fonts often are, and nobody reads them."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    tree = _xml(archive, "META-INF/encryption.xml")
    return {
        unquote(reference.get("URI", ""))
        for reference in tree.iter("{http://www.w3.org/2001/04/xmlenc#}CipherReference")
    }
