"""Keys that sign access tokens overlap, and a stolen one is out at once."""

import pytest
from sqlalchemy import select

from support_copilot.db.models import SigningKey
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.errors import InvalidTokenError
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.identity.signing import PUBLISHED_AHEAD, Keyring
from support_copilot.resources import Resources
from tests.conftest import StepClock


@pytest.fixture
def keyring(resources: Resources) -> Keyring:
    return Keyring(resources.database, IdentityConfig())


def kids(keyring: Keyring, clock: StepClock) -> list[str]:
    return [key["kid"] for key in keyring.public_keys(clock())]


def test_a_new_key_is_published_before_it_signs_and_the_old_one_goes_after_its_last_token(
    keyring: Keyring, resources: Resources, clock: StepClock
) -> None:
    other_service = Keyring(resources.database, IdentityConfig())
    first, _ = keyring.issue("usr_1", "ses_1", clock())
    (old,) = kids(keyring, clock)
    with resources.database.transaction() as session:
        new = keyring.rotate(session, LOCAL_CLI, clock(), at_once=False)

    assert kids(keyring, clock) == [old, new]
    clock.advance(seconds=PUBLISHED_AHEAD.total_seconds() - 5)
    last, _ = keyring.issue("usr_1", "ses_1", clock())
    assert other_service.verify(last, clock()).session_id == "ses_1"
    clock.advance(seconds=10)
    newer, _ = keyring.issue("usr_1", "ses_1", clock())
    for token in (last, newer):
        assert other_service.verify(token, clock()).user_id == "usr_1"
    with pytest.raises(InvalidTokenError):
        other_service.verify(first, clock())  # it has expired meanwhile
    clock.advance(minutes=12)
    assert kids(keyring, clock) == [new]


def test_after_a_theft_no_token_signed_before_is_good(keyring: Keyring, resources: Resources, clock: StepClock) -> None:
    other_service = Keyring(resources.database, IdentityConfig())
    stolen, _ = keyring.issue("usr_1", "ses_1", clock())
    other_service.verify(stolen, clock())
    with resources.database.transaction() as session:
        keyring.rotate(session, LOCAL_CLI, clock(), at_once=True)

    # A service that has the old key in memory looks again within half a minute.
    clock.advance(seconds=31)
    with pytest.raises(InvalidTokenError):
        other_service.verify(stolen, clock())
    fresh, _ = keyring.issue("usr_1", "ses_1", clock())
    assert other_service.verify(fresh, clock()).user_id == "usr_1"


def test_what_is_published_is_public_and_what_is_stored_is_encrypted(
    keyring: Keyring, resources: Resources, clock: StepClock
) -> None:
    keyring.issue("usr_1", "ses_1", clock())

    assert all("d" not in key for key in keyring.public_keys(clock()))
    with resources.database.read() as session:
        row = session.scalar(select(SigningKey))
    secret = row.private_jwk["d"].encode()
    assert secret not in bytes(row.private_jwk_sealed)
    assert not [path for path in resources.data_dir.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_forged_kids_do_not_make_every_request_read_the_keys(
    keyring: Keyring, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = keyring.issue("usr_1", "ses_1", clock())
    reads: list[object] = []
    read = keyring._read  # counted here
    monkeypatch.setattr(keyring, "_read", lambda now: reads.append(now) or read(now))
    keyring.verify(token, clock())
    from_elsewhere, _ = Keyring(resources.database, IdentityConfig(issuer="other")).issue("usr_1", "ses_1", clock())
    head, rest = from_elsewhere.split(".", 1)
    for _ in range(20):
        with pytest.raises(InvalidTokenError):
            keyring.verify(head[:-4] + "AAAA" + "." + rest, clock())
    assert len(reads) <= 2
