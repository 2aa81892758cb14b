"""The API against its own description: whatever that allows is taken, whatever it does not is refused, and each
response has a status, a media type and a form that it lists."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.visibility import Role
from tests.web.conftest import DOCUMENTS, QUESTION
from tests.web.running import Reply, Server
from tests.web.test_openapi import DESCRIBED, PATHS, fits, operations

pytestmark = pytest.mark.usefixtures("web", "loopback")

SOME = settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
Schema = dict[str, Any]
Values = dict[str, Any]
"""Of parameters, by name."""
OF_EACH_TYPE: dict[str, Any] = {
    "string": "a", "integer": 1, "number": 1.5, "boolean": True, "null": None, "array": [], "object": {},
}  # fmt: skip
NO_JSON = [b"", b"question", b"{", b"[]", b"null", b'"a"', b"\xff", b"[" * 10_000]
OF_EVERY_KIND = [
    *(
        "大同县有多少网格员",
        "有哪些文件",
        "有没有关于网格员的文件",
        "最近新增了哪些文件",
        "谢谢",
        "那兴县呢",
        "长者食堂几点关门",
    ),
    *("《左云县网格员队伍》是哪年的", "哪些地方有网格员", "How many wardens are there in Millbrook?"),
]
BINARY = "application/octet-stream"


def described(schema: Schema) -> Schema:
    """Without the reference."""
    if "$ref" in schema:
        return described(DESCRIBED["components"][schema["$ref"].split("/")[2]][schema["$ref"].split("/")[3]])
    return schema


def types_of(schema: Schema) -> list[str]:
    return schema["type"] if isinstance(schema["type"], list) else [schema["type"]]


def parameters(method: str, path: str) -> list[Schema]:
    own = [*PATHS[path].get("parameters", ()), *PATHS[path][method.lower()].get("parameters", ())]
    return [described(parameter) for parameter in own]


def body_schema(method: str, path: str) -> Schema | None:
    content = PATHS[path][method.lower()].get("requestBody", {}).get("content", {})
    return described(content["application/json"]["schema"]) if "application/json" in content else None


def example_of(method: str, path: str) -> Any:
    return PATHS[path][method.lower()]["requestBody"]["content"]["application/json"]["example"]


# -- what is allowed ---------------------------------------------------------------------------------------------


def allowed(schema: Schema, known: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Values that the schema allows; of texts also those that are known here."""
    schema = described(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of([_of_type(kind, schema, known) for kind in types_of(schema)])


def _of_type(kind: str, schema: Schema, known: tuple[str, ...]) -> st.SearchStrategy[Any]:
    match kind:
        case "string" if "pattern" in schema:
            return st.from_regex(schema["pattern"].replace("$", r"\Z"))
        case "string":
            texts = st.text(min_size=schema.get("minLength", 0), max_size=30)
            return st.sampled_from(known) | texts if known else texts
        case "integer":
            least, most = schema["minimum"], schema["maximum"]
            return st.sampled_from((least, most)) | st.integers(least, most)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(allowed(schema["items"], known), min_size=schema.get("minItems", 0), max_size=3)
    properties = {name: allowed(own, known) for name, own in schema["properties"].items()}
    needed = {name: properties.pop(name) for name in schema["required"]}
    return st.fixed_dictionaries(needed, optional=properties)


@pytest.fixture
def known(server: Server) -> tuple[str, ...]:
    """Of each kind that is asked for something that there is."""
    cited = server.ask(QUESTION).json["citations"][0]
    folder = str(server.home.with_name("documents"))
    return (cited["document_id"], cited["passage_id"], *DOCUMENTS, folder, QUESTION, "2026-06", "user")


@pytest.mark.parametrize(("method", "path"), operations())
def test_what_is_allowed_is_taken(
    server: Server, key: Callable[[Role], str], known: tuple[str, ...], method: str, path: str
) -> None:
    administrator, body = key("administrator"), body_schema(method, path)
    own = known if method != "DELETE" else ()  # the documents stay for the others

    @SOME
    @given(st.data())
    def taken(data: st.DataObject) -> None:
        values = {
            parameter["name"]: data.draw(allowed(parameter["schema"], own))
            for parameter in parameters(method, path)
            if parameter.get("required") or data.draw(st.booleans())
        }
        sent: Any = None if body is None else data.draw(allowed(body, own))
        if path == "/v1/chat/completions":
            sent["messages"].append({"role": "user", "content": data.draw(st.text(min_size=1)) + "？a"})
        if (method, path) == ("POST", "/api/documents"):
            sent = data.draw(st.binary(max_size=40) | st.text().map(str.encode))
            values["name"] += data.draw(st.sampled_from(["", ".txt", ".md", ".pdf"]))
        reply = call(server, method, path, values, sent, key=administrator)
        as_described(method, path, reply)
        if reply.status >= 400:
            assert reply.json["type"] not in ("urn:wenju:invalid", "urn:wenju:media-type"), reply.text

    taken()


@pytest.mark.parametrize("question", OF_EVERY_KIND)
def test_answers_of_every_kind_are_as_described(server: Server, question: str) -> None:
    for narrowed in ({}, {"since": "2031"}, {"documents": ["平山县通知.txt"], "until": "2027"}):
        as_described("POST", "/api/ask", server.ask(question, **narrowed))


def test_what_is_sent_and_removed_is_told_as_described(server: Server, key: Callable[[Role], str]) -> None:
    administrator = key("administrator")
    for text in ("岚谷县有公交线路4条。", "岚谷县有公交线路5条。", "岚谷县有公交线路5条。"):
        reply = call(server, "POST", "/api/documents", {"name": "公交.txt"}, text.encode(), key=administrator)
        as_described("POST", "/api/documents", reply)
        assert reply.status in (200, 201)
    removed = call(server, "DELETE", "/api/documents/{id}", {"id": "公交.txt"}, None, key=administrator)
    as_described("DELETE", "/api/documents/{id}", removed)
    assert removed.status == 200


# -- what is not -------------------------------------------------------------------------------------------------


def wrong_values(schema: Schema) -> Iterator[Any]:
    """Values that the schema does not allow, each wrong in one way."""
    schema = described(schema)
    yield from (value for kind, value in OF_EACH_TYPE.items() if kind not in types_of(schema))
    if "enum" in schema:
        yield "another"
    if "minLength" in schema:
        yield ""
    if "maxLength" in schema:
        yield "a" * (schema["maxLength"] + 1)
    if "minItems" in schema:
        yield []
    if "maxItems" in schema:
        yield ["a"] * (schema["maxItems"] + 1)
    if "array" in types_of(schema) and "items" in schema:
        yield from ([value] for value in wrong_values(schema["items"]))
    for name, own in schema.get("properties", {}).items():
        fitting = dict.fromkeys(schema["required"], "a")
        yield from ({**fitting, name: value} for value in wrong_values(own))
    for name in schema.get("required", ()):
        yield {other: "a" for other in schema["required"] if other != name}


def wrong_bodies(method: str, path: str) -> Iterator[Any]:
    schema, example = body_schema(method, path), example_of(method, path)
    assert schema is not None
    for name, own in schema["properties"].items():
        yield from ({**example, name: value} for value in wrong_values(own))
    for name in schema["required"]:
        yield {other: value for other, value in example.items() if other != name}
    if schema.get("additionalProperties") is False:
        yield {**example, "more": 1}
    yield from NO_JSON


def wrong_parameters(method: str, path: str) -> Iterator[Values]:
    """Each with one that is wrong, or lacking."""
    told = {parameter["name"]: parameter for parameter in parameters(method, path) if parameter["in"] != "path"}
    fitting = {name: parameter.get("example", "a") for name, parameter in told.items() if parameter.get("required")}
    for name, parameter in told.items():
        schema = described(parameter["schema"])
        for value in _wrong_texts(schema):
            yield {**fitting, name: value}
        if parameter.get("required"):
            yield {other: value for other, value in fitting.items() if other != name}


def _wrong_texts(schema: Schema) -> Iterator[Any]:
    """As a query or a header can tell them, where everything is text."""
    if schema["type"] == "integer":
        yield from ("", "a", "1.5", "1e2", "٣", schema["minimum"] - 1, schema["maximum"] + 1, 10**30)
    if "pattern" in schema:
        yield from ("a b", "a" * 256)
    if schema["type"] == "string":
        yield from (value for value in wrong_values(schema) if isinstance(value, str))
    if schema["type"] == "array":
        yield from (["a"] * (schema["maxItems"] + 1), [""], ["a" * (described(schema["items"])["maxLength"] + 1)])


WITH_BODY = [operation for operation in operations() if body_schema(*operation) is not None]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_a_body_that_is_not_allowed_is_refused(
    server: Server, key: Callable[[Role], str], method: str, path: str
) -> None:
    wrong = list(wrong_bodies(method, path))
    assert len(wrong) > 15
    for body in wrong:
        reply = call(server, method, path, {}, body, key=key("administrator"))
        as_described(method, path, reply)
        assert reply.status == 422, (body, reply.status)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_another_media_type_and_too_much_are_refused(server: Server, method: str, path: str) -> None:
    sent = json.dumps(example_of(method, path)).encode()
    for media, body, status in [
        ("text/plain", sent, 415),
        ("application/x-www-form-urlencoded", sent, 415),
        ("application/json", sent + b" " * 2_000_000, 413),
    ]:
        reply = server.call(method, path, body, headers={"Content-Type": media})
        as_described(method, path, reply)
        assert reply.status == status


def test_a_file_in_a_form_is_refused(server: Server, key: Callable[[Role], str]) -> None:
    for media in ("multipart/form-data; boundary=a", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": media}
        reply = server.call("POST", "/api/documents?name=a.txt", b"a", key=key("feeder"), headers=headers)
        as_described("POST", "/api/documents", reply)
        assert reply.status == 415


@pytest.mark.parametrize(
    ("method", "path"), [operation for operation in operations() if list(wrong_parameters(*operation))]
)
def test_parameters_that_are_not_allowed_are_refused(
    server: Server, key: Callable[[Role], str], method: str, path: str
) -> None:
    body = example_of(method, path) if (method, path) in WITH_BODY else b"a" if method == "POST" else None
    for values in wrong_parameters(method, path):
        reply = call(server, method, path, {"id": "a", **values}, body, key=key("administrator"))
        as_described(method, path, reply)
        assert reply.status in (400, 422), (values, reply.status)


@pytest.mark.parametrize(("method", "path"), operations())
def test_who_may_not_is_told_so_as_described(server: Server, method: str, path: str) -> None:
    body = example_of(method, path) if (method, path) in WITH_BODY else b"a" if method == "POST" else None
    for key in (None, "made-up"):
        reply = call(server, method, path, {"id": "a", "q": "a", "name": "a.txt"}, body, key=key)
        as_described(method, path, reply)
        if PATHS[path][method.lower()]["security"] and key is not None:
            assert reply.status == 401
        if PATHS[path][method.lower()]["x-role"] in ("feeder", "administrator") and key is None:
            assert reply.status in (401, 403)


# -- what comes --------------------------------------------------------------------------------------------------


def call(server: Server, method: str, path: str, values: Values, body: Any, *, key: str | None) -> Reply:
    """One call with these parameters, wherever they belong. A body in bytes is a file for whoever takes one."""
    places = {parameter["name"]: parameter["in"] for parameter in parameters(method, path)}
    query = {name: value for name, value in values.items() if places.get(name) == "query"}
    headers = {name: str(value) for name, value in values.items() if places.get(name) == "header"}
    if isinstance(body, bytes):
        headers["Content-Type"] = BINARY if body_schema(method, path) is None else "application/json"
    address = path.replace("{id}", quote(str(values.get("id", "")), safe=""))
    return server.call(method, f"{address}?{urlencode(query, doseq=True)}", body, key=key, headers=headers)


def as_described(method: str, path: str, reply: Reply) -> None:
    """The response has a form that the description lists; nothing that was called is a fault of the server."""
    responses = PATHS[path][method.lower()]["responses"]
    assert reply.status < 500, reply.text
    told = responses.get(str(reply.status))
    if told is None:
        assert reply.status >= 400, f"{reply.status} is not described"
        told = described(responses["default"])
        assert reply.json["status"] == reply.status
    if "content" not in told:
        assert not reply.data
        return
    media = reply.headers["Content-Type"].partition(";")[0]
    assert media in told["content"]
    if media.endswith("json"):
        fits(reply.json, told["content"][media]["schema"], path)


def test_what_is_not_as_described_is_seen(server: Server) -> None:
    found = server.get("/api/suggestions")
    as_described("GET", "/api/suggestions", found)
    for wrong in (
        Reply(202, found.headers, found.data), Reply(500, found.headers, found.data),
        Reply(200, found.headers, b'{"questions": [1]}'), Reply(404, found.headers, b'{"status": 404}'),
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            as_described("GET", "/api/suggestions", wrong)
