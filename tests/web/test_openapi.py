"""The description of the API: it names what there is, its examples work, and what comes is as it says."""

import json
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.visibility import Role
from bot.web.description import openapi
from retrieval.reasons import Reason
from tests.web.conftest import QUESTION
from tests.web.running import Server

pytestmark = pytest.mark.usefixtures("web", "loopback")

DESCRIBED = openapi()
PATHS: dict[str, Any] = DESCRIBED["paths"]
PICTURE = ("GET", "/api/passages/{id}/picture")
"""Of PDFs alone, which are none of these documents: `test_pictures.py` looks at it."""
BESIDE = {("GET", "/health"), ("GET", "/metrics"), ("GET", "/api/me")}


def operations() -> list[tuple[str, str]]:
    return [(method.upper(), path) for path, item in PATHS.items() for method in item if method != "parameters"]


def test_it_names_all_that_there_is_with_the_role_that_it_takes() -> None:
    from bot.web.application import API

    assert set(operations()) == {(method, path) for method, path, _, _ in API} | BESIDE
    for method, path, role, _ in API:
        assert PATHS[path][method.lower()]["x-role"] == role


def test_a_reason_is_described_with_every_value_that_it_may_have() -> None:
    described = DESCRIBED["components"]["schemas"]["Answer"]["properties"]["reason"]["properties"]
    assert set(described) == {field.name for field in fields(Reason)}


def test_every_reference_leads_somewhere() -> None:
    for target in set(re.findall(r'"\$ref": "#/(.+?)"', json.dumps(DESCRIBED))):
        found: Any = DESCRIBED
        for part in target.split("/"):
            found = found[part]
        assert found


def fits(value: Any, schema: dict[str, Any], where: str = "") -> None:
    """The value has the form, with all of its keys and no other."""
    if "$ref" in schema:
        fits(value, DESCRIBED["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], where)
        return
    if not schema:  # a stream of events: its form is that of no JSON
        assert isinstance(value, str), where
        return
    kinds: list[str] = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    classes: dict[str, type | tuple[type, ...]] = {
        "string": str, "integer": int, "number": (int, float), "object": dict, "array": list, "boolean": bool,
    }  # fmt: skip
    assert any(value is None if kind == "null" else isinstance(value, classes[kind]) for kind in kinds), where
    assert "enum" not in schema or value in schema["enum"], where
    if isinstance(value, dict) and "properties" in schema:
        assert value.keys() <= schema["properties"].keys(), where
        assert set(schema["required"]) <= value.keys(), where
        for name, field in value.items():
            fits(field, schema["properties"][name], f"{where}/{name}")
    if isinstance(value, list):
        for item in value:
            fits(item, schema["items"], f"{where}/-")


def responses() -> list[tuple[str, str, dict[str, Any]]]:
    """What each answer of each operation holds, by operation and status; of a problem all share."""
    found = []
    for method, path in operations():
        operation = PATHS[path][method.lower()]
        for status, response in operation["responses"].items():
            shared = (
                DESCRIBED["components"]["responses"][response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else {}
            )
            content = {**response, **shared}.get("content", {})
            found += [(operation["operationId"], f"{status} {media}", own) for media, own in content.items()]
    return found


@pytest.mark.parametrize(
    ("operation", "content"), [pytest.param(name, own, id=f"{name} {media}") for name, media, own in responses()]
)
def test_each_response_has_an_example_of_its_form(operation: str, content: dict[str, Any]) -> None:
    named = content.get("examples", {})
    values = [DESCRIBED["components"]["examples"][name]["value"] for name in named]
    assert all(target == {"$ref": f"#/components/examples/{name}"} for name, target in named.items())
    values += [content["example"]] if "example" in content else []
    assert values and all(values), operation
    for value in values:
        fits(value, content["schema"], operation)


def test_each_operation_has_them_and_each_example_is_of_one() -> None:
    told = {name for name, media, _ in responses() if media.startswith("2")}
    without = {"feedback"}  # 204: there is nothing to see
    assert told | without == {PATHS[path][method.lower()]["operationId"] for method, path in operations()}
    assert {name for name, media, _ in responses() if media.startswith("default")} == told | without
    used = {name for _, _, content in responses() for name in content.get("examples", ())}
    assert used == set(DESCRIBED["components"]["examples"])


def test_each_id_in_an_address_has_an_example() -> None:
    ids = [(path, parameter) for path, item in PATHS.items() for parameter in item.get("parameters", ())]
    assert {path for path, _ in ids} == {path for path in PATHS if "{id}" in path}
    (cited, *_) = DESCRIBED["components"]["examples"]["Answer"]["value"]["citations"]
    for path, parameter in ids:
        assert parameter["example"] == cited["passage_id" if "passages" in path else "document_id"]
        fits(parameter["example"], parameter["schema"], path)


def test_what_does_not_fit_is_seen() -> None:
    fits({"questions": ["a"]}, {"$ref": "#/components/schemas/Suggestions"})
    for wrong in ({}, {"questions": [1]}, {"questions": [], "more": 1}):
        with pytest.raises(AssertionError):
            fits(wrong, {"$ref": "#/components/schemas/Suggestions"})


def test_it_is_served_to_everybody_with_the_version(server: Server) -> None:
    served = server.get("/api/openapi.json").json
    assert re.match(r"\d", served["info"].pop("version"))
    assert served["paths"] == PATHS


@pytest.mark.parametrize(
    ("method", "path"), [operation for operation in operations() if operation[0] == "GET" and operation != PICTURE]
)
def test_an_example_of_reading_gives_what_is_described(
    server: Server, key: Callable[[Role], str], method: str, path: str
) -> None:
    cited = server.ask(QUESTION).json["citations"][0]
    called = path.replace("{id}", cited["passage_id"] if "passages" in path else cited["document_id"])
    asked = [parameter for parameter in PATHS[path][method.lower()].get("parameters", ()) if "example" in parameter]
    query = urlencode({parameter["name"]: parameter["example"] for parameter in asked})
    role = PATHS[path][method.lower()]["x-role"]
    reply = server.get(f"{called}?{query}", key=key(role) if role == "administrator" else None)
    assert reply.status == 200, reply.text
    ((media, content),) = PATHS[path]["get"]["responses"]["200"]["content"].items()
    assert reply.headers["Content-Type"].startswith(media)
    if media == "application/json":
        fits(reply.json, content["schema"], path)


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
def test_an_example_of_asking_gives_what_is_described(server: Server, path: str) -> None:
    described = PATHS[path]["post"]
    example = described["requestBody"]["content"]["application/json"]["example"]
    reply = server.call("POST", path, example)
    assert reply.status == 200, reply.text
    fits(reply.json, described["responses"]["200"]["content"]["application/json"]["schema"], path)


def test_a_problem_is_as_described(server: Server) -> None:
    fits(server.ask("").json, {"$ref": "#/components/schemas/Problem"})
    fits(server.call("POST", "/api/ask", {"question": 1}).json, {"$ref": "#/components/schemas/Problem"})
