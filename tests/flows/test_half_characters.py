"""Half of a pair of code units, as old editors cut it: in every text of every body, it is left out or refused."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.flows.test_bad_input import JSON, SPEC, WITH_BODY, address, is_clear

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HALF = "\ud800"
TEXT = f"{HALF}y"
FITTING = {"date-time": "2024-05-03T10:00:00Z", "date": "2024-05-03"}


def filled(schema: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits the schema, with half a character in each text that is free."""
    if "$ref" in schema:
        named = SPEC["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return filled(named, depth + 1) if depth < 6 else None
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], depth)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        named = {name: filled(each, depth) for name, each in schema.get("properties", {}).items()}
        return named or {"name": filled(schema.get("additionalProperties") or {}, depth), TEXT: 1}
    if schema.get("type") == "array":
        return [filled(schema.get("items", {}), depth)]
    plain = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True}
    return plain.get(schema.get("type", ""), FITTING.get(schema.get("format", ""), TEXT))


def body_of(operation: str) -> dict[str, Any] | None:
    method, path = operation.split(" ", 1)
    content = SPEC["paths"][path][method.lower()].get("requestBody", {}).get("content", {}).get("application/json", {})
    return filled(content["schema"]) if content else None


def test_no_text_of_a_body_breaks_on_half_a_character(client: TestClient) -> None:
    for operation in WITH_BODY:
        method, path = address(operation)
        whole = body_of(operation) or {}
        for body in (whole, *({name: value} for name, value in whole.items())):
            is_clear(client.request(method, path, content=json.dumps(body), headers=JSON), sent=HALF)
