"""A restored backup with merged customers forgets whom it must, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from support_copilot.customers.service import NewCustomer, find_or_create_customer
from support_copilot.db.models import Conversation, Customer, Issue, Message
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.issues.merging import lock_pair as lock_issues
from support_copilot.issues.merging import merge_issue
from support_copilot.privacy.catalog import issue_tables
from support_copilot.privacy.holds import release_hold
from support_copilot.privacy.suppression import Replay, replay_erasures
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.unit.privacy.stories import EMAIL, NAME, PHONE, erase
from tests.unit.privacy.two_records import OTTOLINE, add, add_issue, get, hold, merge, unmerge, work

_KEPT = (Customer, Issue, Conversation, Message)


def backup(resources: Resources) -> dict[Any, list[dict[str, Any]]]:
    with resources.database.read() as session:
        return {
            model: [dict(row) for row in session.execute(select(model.__table__)).mappings()]  # type: ignore[attr-defined]
            for model in _KEPT
        }


def restore(resources: Resources, kept: dict[Any, list[dict[str, Any]]]) -> None:
    with resources.database.transaction() as session:
        for table in (*issue_tables(), Issue, Customer):
            session.execute(delete(table))
        for model, rows in kept.items():
            if rows:
                session.execute(insert(model), rows)


def names_in(resources: Resources) -> set[str | None]:
    with resources.database.read() as session:
        return {row.name for row in session.scalars(select(Customer))}


def issues_in(resources: Resources) -> set[str]:
    with resources.database.read() as session:
        return set(session.scalars(select(Issue.id)))


@pytest.mark.parametrize("merged_then", [True, False])
def test_a_restored_backup_forgets_both_again(resources: Resources, worker: Worker, *, merged_then: bool) -> None:
    first, second = add(resources, **OTTOLINE), add(resources, name=NAME, email=EMAIL)
    for each in (first, second):
        add_issue(resources, each)
    apart = backup(resources)
    merge(resources, second, first)
    together = backup(resources)
    erase(resources, worker, second)
    restore(resources, together if merged_then else apart)

    assert replay_erasures(resources) == Replay(asked=1 if merged_then else 2)
    work(worker)

    assert (names_in(resources), issues_in(resources)) == (set(), set())
    assert replay_erasures(resources) == Replay()


def test_a_backup_in_which_they_are_merged_forgets_only_the_one_who_was_erased_apart(
    resources: Resources, worker: Worker
) -> None:
    """They were taken apart after the backup, and one of them erased: the other one and their issues stay."""
    first, second = add(resources, **OTTOLINE), add(resources, name=NAME, email=EMAIL, phone=PHONE)
    third = add(resources, name="Third of hers", email="third@example.org")
    own, other, of_third = (add_issue(resources, each) for each in (first, second, third))
    merge(resources, third, second)
    merge(resources, second, first)
    with resources.database.transaction() as session:
        merge_issue(session, *lock_issues(session, other, own), LOCAL_CLI, resources.clock())
    together = backup(resources)
    restore(resources, together | {Issue: [row | {"merged_into_id": None} for row in together[Issue]]})
    unmerge(resources, second, first)
    unmerge(resources, third, second)
    erase(resources, worker, second)
    restore(resources, together)

    assert replay_erasures(resources) == Replay(asked=1)
    work(worker)

    assert names_in(resources) == {OTTOLINE["name"], "Third of hers"}
    assert issues_in(resources) == {own, of_third}
    survivor = get(resources, first)
    assert survivor is not None
    assert list(survivor.also_known) in ([], [third])


def test_who_was_merged_into_somebody_erased_only_after_the_backup_came_back_stays(
    resources: Resources, worker: Worker
) -> None:
    first = add(resources, **OTTOLINE)
    old = backup(resources)
    erase(resources, worker, first)
    restore(resources, old)
    new = add(resources, name="Somebody new", email="new@example.org")
    issue = add_issue(resources, new)
    merge(resources, new, first)

    assert replay_erasures(resources) == Replay(asked=1)
    work(worker)

    assert (names_in(resources), issues_in(resources)) == ({"Somebody new"}, {issue})


def test_a_hold_in_the_backup_keeps_what_cannot_be_taken_apart(resources: Resources, worker: Worker) -> None:
    first, second = add(resources, **OTTOLINE), add(resources, name=NAME, email=EMAIL)
    apart = backup(resources)
    merge(resources, second, first)
    together = backup(resources)
    restore(resources, apart)
    erase(resources, worker, second)
    restore(resources, together)
    placed = hold(resources, first)

    assert replay_erasures(resources) == Replay(held=1)
    assert names_in(resources) == {OTTOLINE["name"], NAME}
    with resources.database.transaction() as session:
        release_hold(session, placed.id, LOCAL_CLI, resources.clock() + timedelta(seconds=1))
    assert replay_erasures(resources) == Replay(asked=1)
    work(worker)
    assert names_in(resources) == {OTTOLINE["name"]}


def test_somebody_who_comes_back_by_the_merged_address_is_welcome(
    resources: Resources, worker: Worker, clock: StepClock
) -> None:
    first, second = add(resources, **OTTOLINE), add(resources, name=NAME, email=EMAIL)
    merge(resources, second, first)
    erase(resources, worker, first)
    clock.advance(hours=1)
    with resources.database.transaction() as session:
        back = find_or_create_customer(session, NewCustomer(email=EMAIL), now=resources.clock()).id

    assert replay_erasures(resources) == Replay()
    assert get(resources, back) is not None
