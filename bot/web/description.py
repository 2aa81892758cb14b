"""The description of the API in the form of OpenAPI 3.1: `openapi.json`, with the examples of `examples.json`, which
`python -m tests.support.api_examples` makes of what the server answers."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import metadata, resources
from typing import Any

_IDS = {"/api/documents/": ("Document", "document_id"), "/api/passages/": ("Passage", "passage_id")}
"""Of what the id in an address is, by how the address begins: where its example stands."""


_MORE = {"Answer": ("Several", "Said")}
"""Further examples of a schema: several questions in one message, and what is no question."""


@cache
def openapi() -> dict[str, Any]:
    described, examples = _read("openapi.json"), _read("examples.json")
    described["info"]["version"] = metadata.version("wenju")
    described["components"]["examples"] = {name: {"value": value} for name, value in examples.items()}
    for name, content in _contents(described):
        name = content["schema"].get("$ref", name).rsplit("/", 1)[-1]
        if "example" not in content:
            names = (name, *_MORE.get(name, ()))
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in names}
    for path, item in described["paths"].items():
        for parameter in item.get("parameters", ()):
            schema, field = next(where for begins, where in _IDS.items() if path.startswith(begins))
            parameter["example"] = examples[schema][field]
    return described


def _contents(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What each response holds, with the operation that it is of."""
    operations = [own for item in described["paths"].values() for own in item.values() if isinstance(own, dict)]
    for operation in operations:
        for response in operation["responses"].values():
            yield from ((operation["operationId"], content) for content in response.get("content", {}).values())
    for name, response in described["components"]["responses"].items():
        yield from ((name, content) for content in response["content"].values())


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((resources.files("bot.web") / name).read_text("utf-8"))
    return read
