"""The whole OpenAPI file with bodies and parameters made up from it: no failure, nothing undocumented."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

SPEC: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
GROUPS = sorted({operation["tags"][0] for path in SPEC["paths"].values() for operation in path.values()})
#: Enough to meet each field's edges over many runs of CI; each run takes other ones.
EXAMPLES = 4


@pytest.fixture(params=["sqlite"])
def database(database: object) -> object:
    """What is made up here meets the rules of the API; what differs between databases has tests of its own."""
    return database


@pytest.fixture
def known(client: TestClient) -> dict[str, str]:
    """An id of a real record for each parameter that names one."""
    customer = client.post("/v1/customers", json={"name": "Ana Example"}).json()
    issue = client.post("/v1/issues", json={"subject": "Printer", "customer": {"id": customer["id"]}}).json()["issue"]
    template = client.post("/v1/templates", json={"title": "Hello", "body": "Hello {{ customer.name }}"}).json()
    article = client.post("/v1/knowledge/articles", json={"title": "Printer", "body": "Restart it."}).json()
    return {
        "customer_id": customer["id"],
        "issue_id": issue["id"],
        "template_id": template["id"],
        "article_id": article["id"],
    }


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("group", GROUPS)
def test_every_operation_keeps_to_what_is_documented(
    client: TestClient, known: dict[str, str], group: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(SPEC)
    schema.config.base_url = "http://testserver"
    for result in schema.get_all_operations():
        operation = result.ok()
        # The client that sends uploads cannot be made to send a number for a file.
        if operation.tags and operation.tags[0] == group and operation.path != "/v1/attachments":
            _try(client, operation.as_strategy(generation_mode=mode), known)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("group", GROUPS)
def test_every_operation_keeps_to_it_without_a_sign_in(anonymous: TestClient, group: str) -> None:
    schema = schemathesis.openapi.from_dict(SPEC)
    schema.config.base_url = "http://testserver"
    nobody: dict[str, str] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.tags and operation.tags[0] == group and operation.path != "/v1/attachments":
            seen = _try(anonymous, operation.as_strategy(generation_mode=GenerationMode.POSITIVE), nobody, examples=2)
            if operation.definition.raw["x-permission"] != "public":
                assert seen <= {401, 422}, (operation.label, "a body is read before anybody is asked who they are")


def _try(client: TestClient, cases: Any, known: dict[str, str], *, examples: int = EXAMPLES) -> set[int]:
    """Ask so; returns the statuses of all answers."""
    seen: set[int] = set()

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def answers_as_documented(case: Case) -> None:
        for name in (case.path_parameters or {}).keys() & known.keys():
            case.path_parameters[name] = known[name]
        request = case.as_transport_kwargs()
        request.pop("cookies", None)
        if isinstance(request.get("data"), bytes | str):
            request["content"] = request.pop("data")
        # A stream has a form of its own, which the tests of guidance read.
        headers = {**request.get("headers", {}), "Accept": "application/json"}
        request["headers"] = {name: str(value).encode("latin-1", "replace") for name, value in headers.items()}
        answer = client.request(**request, follow_redirects=False)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    # An operation that takes nothing cannot be asked wrongly.
    with suppress(Unsatisfiable):
        answers_as_documented()
    return seen
