"""The product with an identity provider in its settings."""

from typing import Any

from fastapi.testclient import TestClient

from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER

HOME = "https://copilot.example.com"
CLIENT_SECRET = "the-secret-of-the-client-at-the-provider"


def product(resources: Resources, issuer: str, **settings: Any) -> TestClient:
    given: dict[str, Any] = {"role_of_group": {"bosses": "lead", "helpers": "agent"}, **settings}
    oidc = OidcConfig(issuer=issuer, client_id="copilot", client_secret=CLIENT_SECRET, **given)  # type: ignore[arg-type]
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(oidc=oidc, public_url=HOME))
    return TestClient(app, HOME, follow_redirects=False, raise_server_exceptions=False)
