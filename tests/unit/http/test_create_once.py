"""Creates that happen once, on both databases."""

from datetime import UTC, datetime

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import Database, ReadSession, WriteSession
from support_copilot.db.models import Customer
from support_copilot.http.idempotency import (
    CreateRequest,
    Creation,
    IdempotencyKeyReusedError,
    create_once,
    fingerprint,
)
from support_copilot.kit.ids import new_id

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def write(session: WriteSession, reference: str | None = None) -> str:
    customer = Customer(
        id=new_id("customer"), name="Ana", attributes={}, external_source="crm" if reference else None,
        external_id=reference, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(customer)
    session.flush()
    return customer.id


def nobody(_session: ReadSession) -> None:
    return None


def count(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(Customer)))


def test_without_a_key_each_request_makes_one(database: Database) -> None:
    request = CreateRequest("customers", None, "f")
    made = [create_once(database, request, existing=nobody, make=write, now=NOW) for _ in range(2)]
    assert made[0].resource_id != made[1].resource_id
    assert count(database) == 2


def test_the_same_key_answers_with_the_first(database: Database) -> None:
    request = CreateRequest("customers", "k", "f")
    first = create_once(database, request, existing=nobody, make=write, now=NOW)
    assert create_once(database, request, existing=nobody, make=write, now=NOW) == first
    assert create_once(database, CreateRequest("others", "k", "f"), existing=nobody, make=write, now=NOW) != first


def test_the_same_key_with_another_body_is_refused(database: Database) -> None:
    create_once(database, CreateRequest("customers", "k", "f"), existing=nobody, make=write, now=NOW)
    with pytest.raises(IdempotencyKeyReusedError):
        create_once(database, CreateRequest("customers", "k", "g"), existing=nobody, make=write, now=NOW)
    assert count(database) == 1


def test_the_loser_of_a_race_answers_with_the_winner(database: Database) -> None:
    """The winner commits between the loser's look and its write."""
    winner: list[str] = []

    def existing(session: ReadSession) -> str | None:
        found = session.scalar(select(Customer.id).where(Customer.external_id == "1"))
        if not winner:
            with database.transaction() as other:
                winner.append(write(other, "1"))
            return None
        return str(found)

    made = create_once(
        database, CreateRequest("customers", None, "f"), existing=existing, make=lambda s: write(s, "1"), now=NOW
    )
    assert made == Creation(winner[0], 200)
    assert count(database) == 1


def test_a_clash_that_is_no_race_is_not_hidden(database: Database) -> None:
    with database.transaction() as session:
        write(session, "1")
    with pytest.raises(IntegrityError):
        create_once(
            database, CreateRequest("customers", "k", "f"), existing=nobody, make=lambda s: write(s, "1"), now=NOW
        )


class _Body(BaseModel):
    b: int = 1
    a: str = "x"


def test_a_fingerprint_is_of_the_meaning() -> None:
    assert fingerprint(_Body.model_validate_json('{"a": "x"}')) == fingerprint(_Body.model_validate_json('{"b":1}'))
    assert fingerprint(_Body(b=2)) != fingerprint(_Body())
