"""Finding, storing and editing customers, on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from support_copilot.customers.queries import (
    MAX_HISTORY,
    CustomerNotFoundError,
    customer_history,
    find_customer,
    search_customers,
)
from support_copilot.customers.schemas import CustomerEdit, CustomerIn
from support_copilot.customers.service import (
    NewCustomer,
    ReferenceTakenError,
    edit_customer,
    find_or_create_customer,
    insert_customer,
)
from support_copilot.db.engine import Database
from support_copilot.db.models import Customer
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from support_copilot.kit.errors import InvalidRequestError, StaleVersionError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def stored(database: Database, **given: object) -> Customer:
    with database.transaction() as session:
        return insert_customer(session, NewCustomer(**given), now=NOW)  # type: ignore[arg-type]


def test_a_customer_is_found_by_address_in_any_case(database: Database) -> None:
    customer = stored(database, email="ana@example.com")
    with database.read() as session:
        found = find_customer(session, email="Ana@Example.COM")
    assert found is not None
    assert found.id == customer.id


def test_another_id_of_the_same_source_is_another_person(database: Database) -> None:
    stored(database, email="team@example.com", external_source="crm", external_id="1")
    with database.read() as session:
        assert find_customer(session, reference=("crm", "2"), email="team@example.com") is None
        assert find_customer(session, reference=("other", "2"), email="team@example.com") is not None


def test_find_or_create_makes_one_customer_of_one_address(database: Database) -> None:
    with database.transaction() as session:
        first = find_or_create_customer(session, NewCustomer(email="ana@example.com"), now=NOW)
    with database.transaction() as session:
        again = find_or_create_customer(session, NewCustomer(email="ana@example.com", name="Ana"), now=NOW)
    assert (again.id, again.name, again.version) == (first.id, "Ana", 2)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1


def test_what_is_known_is_not_overwritten(database: Database) -> None:
    stored(database, name="Ana Example", external_source="crm", external_id="1")
    with database.transaction() as session:
        new = NewCustomer(name="Somebody", external_source="crm", external_id="1")
        assert find_or_create_customer(session, new, now=NOW).name == "Ana Example"


def test_an_unknown_id_is_a_wrong_field(database: Database) -> None:
    with database.transaction() as session, pytest.raises(InvalidRequestError) as refused:
        find_or_create_customer(session, NewCustomer(id="cus_nobody"), now=NOW)
    assert [(e.field, e.code) for e in refused.value.errors] == [("customer.id", "unknown_customer")]


def test_nobody_at_all_is_refused(database: Database) -> None:
    with database.transaction() as session, pytest.raises(InvalidRequestError):
        find_or_create_customer(session, NewCustomer(plan="gold"), now=NOW)


def test_an_edit_changes_the_named_fields_only(database: Database) -> None:
    customer = stored(database, name="Ana", plan="basic", value_amount=Decimal("10.50"), value_currency="EUR")
    with database.transaction() as session:
        edit_customer(session, customer.id, {"plan": "gold"}, if_match='"1"', now=NOW + timedelta(hours=1))
    with database.read() as session:
        after = session.get(Customer, customer.id)
    assert after is not None
    assert (after.name, after.plan, after.value_amount, after.version) == ("Ana", "gold", Decimal("10.50"), 2)


def test_an_edit_of_an_old_reading_is_refused(database: Database) -> None:
    customer = stored(database, name="Ana")
    with database.transaction() as session, pytest.raises(StaleVersionError):
        edit_customer(session, customer.id, {"plan": "gold"}, if_match='"7"', now=NOW)


def test_a_reference_of_somebody_else_is_refused(database: Database) -> None:
    stored(database, name="Ana", external_source="crm", external_id="1")
    other = stored(database, name="Bo")
    with pytest.raises(ReferenceTakenError), database.transaction() as session:
        edit_customer(session, other.id, {"external_source": "crm", "external_id": "1"}, now=NOW)


def test_a_customer_keeps_something_to_be_told_by(database: Database) -> None:
    customer = stored(database, name="Ana")
    with pytest.raises(InvalidRequestError), database.transaction() as session:
        edit_customer(session, customer.id, {"name": None}, now=NOW)
    with database.transaction() as session, pytest.raises(CustomerNotFoundError):
        edit_customer(session, "cus_nobody", {"name": "x"}, now=NOW)


@pytest.mark.parametrize("text", ["ana", "ANA EX", "Élodie", "ana@example", "C-1"])
def test_customers_are_found_by_part_of_name_or_address(database: Database, text: str) -> None:
    stored(database, name="Ana Example", email="ana@example.com", external_source="crm", external_id="C-1")
    stored(database, name="Élodie Exemple", email="e@example.com")
    with database.read() as session:
        found = search_customers(session, text, limit=5)
    assert [row.name for row in found] == ["Élodie Exemple" if text == "Élodie" else "Ana Example"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "%' OR 1=1 --"])
def test_signs_of_the_query_language_find_nobody(database: Database, text: str) -> None:
    stored(database, name="Ana", email="ana@example.com")
    with database.read() as session:
        assert search_customers(session, text, limit=5) == []


def test_history_is_newest_first_and_leaves_out_the_issue_in_hand(database: Database) -> None:
    customer = stored(database, name="Ana")
    with database.transaction() as session:
        ids = [
            insert_issue(session, issue(customer, f"issue {n}", "resolved" if n < 2 else "open", n), now=NOW).issue.id
            for n in range(4)
        ]
    with database.read() as session:
        history = customer_history(session, customer.id, before=NOW + timedelta(hours=3), exclude_issue_id=ids[2])
    assert [row.subject for row in history.issues] == ["issue 1", "issue 0"]
    assert (history.total, history.open) == (2, 0)


def test_a_long_history_is_cut_and_counted_whole(database: Database) -> None:
    customer = stored(database, name="Ana")
    with database.transaction() as session:
        for n in range(MAX_HISTORY + 5):
            insert_issue(session, issue(customer, f"issue {n}", "open" if n < 3 else "closed", n), now=NOW)
    with database.read() as session:
        history = customer_history(session, customer.id)
    assert (len(history.issues), history.total, history.open) == (MAX_HISTORY, MAX_HISTORY + 5, 3)


def issue(customer: Customer, subject: str, status: str, hours: int) -> NewIssue:
    moment = NOW + timedelta(hours=hours)
    messages = [NewMessage("customer", subject)]
    return NewIssue(subject, "email", messages, customer_id=customer.id, status=status, created_at=moment)


@pytest.mark.parametrize(
    "email",
    ["", "ana", "ana@", "@example.com", "ana@example", "a b@example.com", "a@b@example.com", "a,b@example.com",
     "Ana <ana@example.com>", "ana@.com", "ana@example..com", "x" * 300 + "@example.com", "ana@exa\u0000mple.c"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(email: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CustomerIn(email=email)
    (error,) = refused.value.errors()
    assert error["msg"] == "Value error, must be an e-mail address"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(" Ana@Example.COM ", "ana@example.com"), ("o'brien+x@sub.example.co.uk", "o'brien+x@sub.example.co.uk"),
     ("ana@münchen.example", "ana@münchen.example")],
)  # fmt: skip
def test_an_address_is_trimmed_and_lowered(sent: str, kept: str) -> None:
    assert CustomerIn(email=sent).email == kept


def test_attributes_are_flat_and_small() -> None:
    assert CustomerIn(name="Ana", attributes={"seats": 5, "vip": True}).attributes == {"seats": 5, "vip": True}
    for attributes in ({"a": {"b": 1}}, {"a": [1]}, {"a": "x" * 3000}, {str(n): n for n in range(51)}):
        with pytest.raises(ValidationError):
            CustomerIn(name="Ana", attributes=attributes)


def test_an_edit_tells_absent_from_null() -> None:
    assert CustomerEdit.model_validate({"plan": None}).changes() == {"plan": None}
    assert CustomerEdit.model_validate({}).changes() == {}
    with pytest.raises(ValidationError):
        CustomerEdit.model_validate({"attributes": None})
