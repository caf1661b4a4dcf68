"""Every broken kind of key, token and session is refused, with the same words."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import update

from support_copilot.db.models import SigningKey, User
from support_copilot.identity.api_keys import create_key, revoke_key, rotate_key
from support_copilot.identity.key_format import is_key, new_key
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.identity.queries import end_sessions
from support_copilot.identity.runtime import Identity
from support_copilot.identity.sessions import open_session
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def identity(app: FastAPI) -> Identity:
    found: Identity = app.state.identity
    return found


@pytest.fixture
def user(resources: Resources) -> User:
    now = resources.clock()
    row = User(id=new_id("user"), name="Ada", role="agent", version=1, created_at=now, updated_at=now)
    with resources.database.transaction() as session:
        session.add(row)
    return row


@pytest.fixture
def token(identity: Identity, user: User) -> str:
    return fresh_token(identity, user)


def fresh_token(identity: Identity, user: User) -> str:
    now = identity.clock()
    with identity.database.transaction() as session:
        opened = open_session(session, identity.config, session.lock(User, user.id) or user, ["password"], now)
    return identity.keyring.issue(user.id, opened.id, now)[0]


def status(client: TestClient, token: str) -> int:
    answer = client.get("/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    if answer.status_code != 200:
        assert answer.json()["code"] == "invalid_token"
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        assert token not in answer.text
    return answer.status_code


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims))  # type: ignore[return-value]


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def signed_again(
    identity: Identity, resources: Resources, token: str, header: dict[str, Any], claims: dict[str, Any]
) -> str:
    """The token with other contents, signed with the real key, so that only the contents are wrong."""
    old_header, old_claims = parts(token)
    with resources.database.read() as session:
        row = session.get(SigningKey, old_header["kid"])
        assert row is not None
        key = ECKey.import_key(row.private_jwk)
    merged = {name: value for name, value in (old_claims | claims).items() if value is not None}
    return jwt.encode(old_header | header, merged, key, algorithms=["ES256"])


def test_a_good_token_opens_the_door_until_it_expires(
    anonymous: TestClient, identity: Identity, token: str, clock: StepClock
) -> None:
    assert status(anonymous, token) == 200
    clock.advance(minutes=identity.config.access_token_minutes, seconds=-1)
    assert status(anonymous, token) == 200
    clock.advance(seconds=10)
    assert status(anonymous, token) == 401


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "wrong audience": {"aud": "another-service"},
    "no audience": {"aud": None},
    "wrong issuer": {"iss": "https://evil.example"},
    "no expiry": {"exp": None},
    "expiry is no number": {"exp": "tomorrow"},
    "not good yet": {"nbf": 4_000_000_000},
    "issued in the future": {"iat": 4_000_000_000},
    "no session": {"sid": None},
    "another session": {"sid": new_id("session")},
    "another person": {"sub": new_id("user")},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_wrong_claims_are_refused_though_the_signature_is_right(
    anonymous: TestClient, identity: Identity, resources: Resources, token: str, claims: dict[str, Any]
) -> None:
    assert status(anonymous, signed_again(identity, resources, token, {}, {})) == 200
    assert status(anonymous, signed_again(identity, resources, token, {}, claims)) == 401


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"kid": "unknown"}, {"crit": ["b64"], "b64": False}])
def test_wrong_headers_are_refused(
    anonymous: TestClient, identity: Identity, resources: Resources, token: str, header: dict[str, Any]
) -> None:
    assert status(anonymous, signed_again(identity, resources, token, header, {})) == 401


def test_a_token_without_a_signature_is_refused(anonymous: TestClient, token: str) -> None:
    header, claims = parts(token)
    for algorithm in ("none", "None", "NONE", ""):
        unsigned = ".".join(encoded(part) for part in (header | {"alg": algorithm}, claims))
        assert status(anonymous, unsigned + ".") == 401
        assert status(anonymous, unsigned + "." + token.rsplit(".", 1)[1]) == 401


def test_the_public_key_does_not_serve_as_a_shared_secret(anonymous: TestClient, token: str) -> None:
    (jwk,) = anonymous.get("/.well-known/jwks.json").json()["keys"]
    header, claims = parts(token)
    public = ECKey.import_key(jwk)
    for secret in (public.as_pem(private=False), json.dumps(jwk).encode(), jwk["x"].encode()):
        # By hand: the library refuses to help with this attack.
        signed = ".".join(encoded(part) for part in (header | {"alg": "HS256"}, claims))
        mac = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).decode().rstrip("=")
        assert status(anonymous, f"{signed}.{mac}") == 401


def test_a_key_inside_the_token_is_not_trusted(anonymous: TestClient, token: str) -> None:
    header, claims = parts(token)
    own = ECKey.generate_key("P-256")
    for extra in ({"jwk": own.as_dict(private=False)}, {"jku": "http://127.0.0.1:1/keys"}, {}):
        forged = jwt.encode(header | extra, claims, own, algorithms=["ES256"])
        assert status(anonymous, forged) == 401


def test_a_tampered_token_is_refused(anonymous: TestClient, token: str) -> None:
    head, body, signature = token.split(".")
    claims = parts(token)[1] | {"sub": "usr_someone"}
    other = encoded(claims)
    for broken in (
        f"{head}.{other}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body}.", f"{head}.{body}",
        "..", "a.b.c", "x" * 3000, "%00", f"{head}.{body}.{signature}.{signature}",
    ):  # fmt: skip
        assert status(anonymous, broken) == 401


def test_a_token_ends_with_its_session_its_user_and_its_idleness(
    anonymous: TestClient, identity: Identity, user: User, clock: StepClock
) -> None:
    now = clock()
    ended, disabled = fresh_token(identity, user), fresh_token(identity, user)
    assert status(anonymous, ended) == 200
    with identity.database.transaction() as session:
        end_sessions(session, user.id, "revoked", now, keep=parts(disabled)[1]["sid"])
    assert (status(anonymous, ended), status(anonymous, disabled)) == (401, 200)

    with identity.database.transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(disabled_at=now))
    assert status(anonymous, disabled) == 401


def test_a_changed_role_counts_from_the_next_request(
    anonymous: TestClient, identity: Identity, user: User, token: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert anonymous.get("/v1/jobs", headers=headers).status_code == 403
    with identity.database.transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(role="lead"))
    assert anonymous.get("/v1/jobs", headers=headers).status_code == 200


def test_each_service_alone_verifies_for_itself(
    resources: Resources, identity: Identity, token: str, anonymous: TestClient
) -> None:
    services = {"analysis": "/v1/issues", "guidance": "/v1/templates", "summarization": "/v1/knowledge/articles"}
    for service, path in services.items():
        with TestClient(build_app(resources, TEST_SERVER, (service,))) as alone:  # type: ignore[arg-type]
            assert alone.get(path).status_code == 401
            assert alone.get(path, headers={"Authorization": "Bearer x.y.z"}).status_code == 401
            assert alone.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200
            assert alone.get("/.well-known/jwks.json").json() == anonymous.get("/.well-known/jwks.json").json()
    signed_out = {"Authorization": f"Bearer {token}"}
    assert anonymous.post("/v1/auth/logout", headers=signed_out).status_code == 204
    with TestClient(build_app(resources, TEST_SERVER, ("analysis",))) as alone:
        assert alone.get("/v1/issues", headers=signed_out).status_code == 401


def test_keys_of_every_broken_kind_are_refused(anonymous: TestClient, resources: Resources, clock: StepClock) -> None:
    database, now = resources.database, clock()
    with database.transaction() as session:
        soon = now + timedelta(hours=1)
        good, short, gone, turned = (
            create_key(
                session, name=name, role="agent", scopes=None, actor=LOCAL_CLI, now=now,
                expires_at=soon if name == "short" else None,
            )
            for name in ("good", "short", "gone", "turned")
        )  # fmt: skip
    assert [status(anonymous, key.secret) for key in (good, short, gone, turned)] == [200] * 4

    with database.transaction() as session:
        revoke_key(session, gone.row.id, LOCAL_CLI, now)
        fresh = rotate_key(session, turned.row.id, timedelta(minutes=30), LOCAL_CLI, now)
    assert [status(anonymous, key.secret) for key in (gone, turned, fresh)] == [401, 200, 200]

    clock.advance(hours=2)
    assert [status(anonymous, key.secret) for key in (good, short, turned, fresh)] == [200, 401, 401, 200]
    last = "0" if good.secret[-1] != "0" else "1"
    swapped = good.secret[:10] + good.secret[11] + good.secret[10] + good.secret[12:]
    for broken in (good.secret[:-1] + last, swapped, good.secret[:-1], "sck_", good.secret + "0"):
        assert not is_key(broken) or broken == good.secret
        assert status(anonymous, broken) == 401 or broken == good.secret


def test_a_key_of_right_form_that_was_never_made_opens_nothing(anonymous: TestClient) -> None:
    assert status(anonymous, new_key()) == 401


@pytest.mark.parametrize("header", ["Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer ", "bearer  ", "Digest x", ""])
def test_other_schemes_are_refused(anonymous: TestClient, header: str) -> None:
    assert anonymous.get("/v1/issues", headers={"Authorization": header}).status_code == 401
