"""The page of a PDF beside a passage: given to those who see the document, and only of the file that was indexed."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.web.keys import Keys
from bot.web.pictures import BOXES
from retrieval.documents.isolation.packed import PNG
from retrieval.samples import SAMPLES
from tests.web.conftest import StartServer, opened
from tests.web.test_api import problem

pytestmark = pytest.mark.usefixtures("web", "loopback")
NAME = "云溪县基层治理年报2025.pdf"


def test_a_page_is_drawn_for_those_who_see_the_document(home: Path, start: StartServer) -> None:
    file = home.with_name("documents") / NAME
    file.write_bytes((SAMPLES / NAME).read_bytes())
    with closing(opened(home)) as base:
        base.add([file])
        passage = base.passages_of(NAME)[-1].passage
        other = base.passages_of("选举公告.txt")[0].passage.passage_id
    key = Keys(home).add("insider", "reader")
    server = start(ACCESS__COLLECTIONS=json.dumps({str(file): ["key:insider"]}))
    address = f"/api/passages/{passage.passage_id}/picture"
    start_at, end_at = passage.spans[-1]

    whole, part = server.get(address, key=key), server.get(f"{address}?start={start_at}&end={end_at}", key=key)
    for drawn in (whole, part):
        assert drawn.status == 200 and drawn.data.startswith(PNG) and drawn.headers["Content-Type"] == "image/png"
        assert drawn.headers["Cache-Control"] == "no-store" and len(drawn.data) < 2_000_000
    assert int(whole.headers[BOXES]) >= int(part.headers[BOXES]) >= 1
    assert server.get(address, key=key).data == whole.data, "kept, and the same"

    problem(server.get(address), 404, "not-found")
    problem(server.get(f"/api/passages/{other}/picture", key=key), 404, "not-found")
    problem(server.get(f"{address}?start=999999&end=1000000", key=key), 404, "not-found")
    problem(server.get(f"{address}?start=a", key=key), 422, "invalid")
    file.write_bytes(b"%PDF-1.4 another")
    problem(server.get(f"{address}?start={start_at}&end={start_at + 8}", key=key), 404, "not-found")
