"""What an identity provider, or somebody who plays one, may not make us believe."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.lying_provider import Liar, lying_provider
from tests.oidc_product import CLIENT_SECRET, HOME, product


@pytest.fixture
def clock() -> StepClock:
    """The time of the provider, which has a clock of its own."""
    clock = StepClock()
    clock.now = utc_now()
    return clock


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying_provider() as running:
        yield running


def told_by(liar: Liar, client: TestClient, **parameters: str) -> str:
    asked = dict(parse_qsl(urlsplit(client.get("/v1/auth/oidc/start").headers["Location"]).query))
    liar.nonce, liar.challenge = asked["nonce"], asked["code_challenge"]
    back = {"code": "c", "state": asked["state"], **parameters}
    return str(client.get("/v1/auth/oidc/callback", params=back).headers["Location"])


REFUSED = "/sign-in?problem=oidc_refused"
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "replayed"}},
    "no nonce": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "somebody-else"}},
    "for several, by another": {"claims": {"aud": ["copilot", "other"], "azp": "other"}},
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "no expiry": {"claims": {"exp": None}},
    "of nobody": {"claims": {"sub": None}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "unsigned": {"unsigned": True},
    "signed with the client's secret": {"secret": CLIENT_SECRET},
    "of an unknown key": {"header": {"kid": "unknown"}},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_token_with_anything_wrong_in_it_is_refused(resources: Resources, liar: Liar, lie: dict[str, Any]) -> None:
    client = product(resources, liar.issuer)
    assert told_by(liar, client) == "/"
    assert liar.verified
    client.cookies.clear()

    for name, value in lie.items():
        setattr(liar, name, value)
    assert told_by(liar, client) == REFUSED
    assert client.get("/v1/auth/me").status_code == 401


def test_a_key_that_is_not_the_providers_is_refused(resources: Resources, liar: Liar) -> None:
    client = product(resources, liar.issuer)
    assert told_by(liar, client) == "/"
    # Same name, other key; what was published stays in the product's memory.
    liar.key = RSAKey.import_key({**liar.other_key.as_dict(private=True), "kid": str(liar.key.kid)})

    assert told_by(liar, client) == REFUSED


def test_an_answer_of_another_provider_is_refused(resources: Resources, liar: Liar) -> None:
    client = product(resources, liar.issuer)

    assert told_by(liar, client, iss="https://evil.example") == REFUSED
    assert told_by(liar, client, state="guessed") == REFUSED
    assert told_by(liar, client, code="") == REFUSED


def test_keys_that_the_provider_rotates_are_found(resources: Resources, liar: Liar, clock: StepClock) -> None:
    client = product(resources, liar.issuer)
    assert told_by(liar, client) == "/"
    liar.key = liar.other_key
    clock.advance(seconds=11)

    assert told_by(liar, client) == "/"


@pytest.mark.parametrize(("methods", "status"), [(["pwd", "mfa"], 200), (["pwd"], 403), (None, 403)])
def test_a_second_factor_at_the_provider_counts_when_it_says_so(
    resources: Resources, liar: Liar, methods: list[str] | None, status: int
) -> None:
    oidc = OidcConfig(issuer=liar.issuer, client_id="copilot", role_of_group={"helpers": "agent"})
    config = IdentityConfig(oidc=oidc, public_url=HOME, second_factor_roles=frozenset({"agent"}))
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=config)
    client = TestClient(app, HOME, follow_redirects=False)
    liar.claims = {"amr": methods}

    assert told_by(liar, client) == "/"
    assert client.get("/v1/issues").status_code == status
