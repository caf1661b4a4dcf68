"""The whole matrix, derived from the committed OpenAPI file: every route with every role, and with nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from support_copilot import serve
from support_copilot.gateway import metrics
from support_copilot.http import health
from support_copilot.identity import auth_api
from support_copilot.identity.access import PUBLIC, GuardedRoute, requires
from support_copilot.identity.permissions import PERMISSIONS, PERSONAL, ROLES, Role
from support_copilot.resources import Resources
from tests.conftest import AsRole, authorization

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
#: Open without a sign-in; a route may not join them unnoticed.
OPEN = {
    ("get", "/livez"), ("get", "/readyz"), ("get", "/version"), ("get", "/.well-known/jwks.json"),
    ("get", "/v1/auth/link"), ("get", "/v1/auth/options"), ("post", "/v1/auth/login"), ("post", "/v1/auth/refresh"),
    ("post", "/v1/auth/setup"), ("post", "/v1/auth/links/check"), ("post", "/v1/auth/password/reset"),
    ("get", "/v1/auth/oidc/start"),
    ("get", "/v1/auth/oidc/callback"), ("get", "/v1/attachments/{attachment_id}/download"),
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    permission: str
    security: list[dict[str, list[str]]]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """The path with ids that name nothing."""
        return self.path.replace("{", "").replace("}", "")


def _routes() -> Iterator[Route]:
    for path, operations in OPENAPI["paths"].items():
        for method, operation in operations.items():
            yield Route(method, path, operation.get("x-permission", "undeclared"), operation.get("security", []))


ROUTES = list(_routes())
PROTECTED = [route for route in ROUTES if route.permission != PUBLIC]


def test_every_route_declares_a_permission_of_the_table() -> None:
    assert {route.permission for route in ROUTES} <= {*PERMISSIONS, PUBLIC}
    assert {(route.method, route.path) for route in ROUTES if route.permission == PUBLIC} == OPEN
    assert all(route.security for route in PROTECTED)


def test_a_route_without_a_permission_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)

    with pytest.raises(TypeError, match="must declare one permission"):
        router.get("/v1/new")(lambda: None)
    with pytest.raises(ValueError, match="not in the table"):
        requires("issues.everything")


def test_no_router_goes_around_the_guard() -> None:
    routers = [router for group in serve.ROUTERS.values() for router in group]
    routes = [route for router in [*routers, auth_api.jwks_router, metrics.router] for route in router.routes]

    assert len(routes) > 40
    assert all(isinstance(route, GuardedRoute) for route in routes)
    assert {getattr(route, "path", "") for route in health.router.routes} == {"/livez", "/readyz", "/version"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_protected_answers_without_a_sign_in(anonymous: TestClient) -> None:
    for route in PROTECTED:
        answer = anonymous.request(route.method, route.address, json={})

        assert answer.status_code == 401, route
        assert answer.json()["code"] == "unauthenticated", route
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), route


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    anonymous: TestClient, as_role: AsRole, role: Role
) -> None:
    wrong = []
    for route in PROTECTED:
        answer = anonymous.request(route.method, route.address, json={}, headers=as_role(role))
        refused = answer.status_code == 403 and answer.json()["code"] == "permission_denied"
        allowed = role in PERMISSIONS[route.permission] and route.permission not in PERSONAL
        if refused == allowed or answer.status_code in (401, 500):
            wrong.append((str(route), answer.status_code))

    assert not wrong


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_scopes_leave_a_key_what_they_name_and_no_more(anonymous: TestClient, resources: Resources) -> None:
    key = {"Authorization": authorization(resources, "admin", scopes=["issues.read"])}
    open_routes = {
        str(route)
        for route in PROTECTED
        if anonymous.request(route.method, route.address, json={}, headers=key).status_code != 403
    }

    assert open_routes == {str(route) for route in PROTECTED if route.permission in ("issues.read", "account.read")}


def test_the_auditor_reads_and_changes_nothing() -> None:
    changing = {name for name, roles in PERMISSIONS.items() if "auditor" in roles and not _reads(name)}

    assert changing == {"account.use", "search.use", "reports.agents"}


def _reads(permission: str) -> bool:
    return permission.endswith(".read")


def test_the_file_describes_how_to_show_who_asks() -> None:
    schemes: dict[str, Any] = OPENAPI["components"]["securitySchemes"]

    assert schemes["bearer"]["scheme"] == "bearer"
    assert {"bearer", "session", "csrf"} == set(schemes)
