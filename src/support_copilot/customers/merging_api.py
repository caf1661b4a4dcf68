"""Endpoints of merging customers: a second record into the first, out of it again, and whom it may be merged into."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.customers.merge_targets import CustomerMergeTarget, customer_merge_targets
from support_copilot.customers.merging import (
    CustomerMergedElsewhereError,
    lock_pair,
    merge_customer,
    unmerge_customer,
)
from support_copilot.customers.queries import get_customer
from support_copilot.customers.schemas import CustomerOut, describe_customer
from support_copilot.db.engine import WriteSession
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import Sees, check_customer_seen
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.ids import is_id
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import tell_index

router = APIRouter(tags=["customers"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class CustomerMergeIn(BaseModel):
    """Where a second record of a customer goes."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"into": "cus_01j9z3k6w8f5v9m2q4x7c1b0ad"}]}
    )

    into: str = Field(
        max_length=64,
        description="Id of the customer who goes on. One that is merged itself stands for the one it is merged into.",
    )


class CustomerUnmergeIn(BaseModel):
    """What a customer is taken out of."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"out_of": "cus_01j9z3k6w8f5v9m2q4x7c1b0ad"}]}
    )

    out_of: str | None = Field(
        default=None,
        max_length=64,
        description="Refuse if it is merged into another customer than this one by now.",
    )


class CustomerMergeOut(BaseModel):
    """Both records after a merge, or after it was undone."""

    customer: CustomerOut
    into: CustomerOut | None = Field(
        description="The customer that it is, or was, merged into; null where there was none."
    )


@router.get("/v1/customers/{customer_id}/merge-targets", dependencies=[requires("customers.read")])
def get_customer_merge_targets(
    customer_id: str,
    resources: ResourcesDep,
    principal: PrincipalDep,
    q: Annotated[str, Query(max_length=200, description="Words of name or address, a number or an id.")] = "",
) -> Page[CustomerMergeTarget]:
    """List customers that this one may be merged into, likely duplicates first; at most 30, all on one page.

    Without `q` only likely duplicates are listed.
    """
    with resources.database.read() as session:
        found = customer_merge_targets(session, customer_id, q.strip(), principal.sees)
    return Page(data=found, next_cursor=None)


@router.post("/v1/customers/{customer_id}/merge", dependencies=[requires("customers.edit")])
def post_customer_merge(
    customer_id: str, body: CustomerMergeIn, resources: ResourcesDep, principal: PrincipalDep
) -> CustomerMergeOut:
    """Merge a second record of a person into the first. The same again changes nothing.

    The other customer has the issues of both from then on, also those that come by the merged record's address.
    """
    answer = _merge(resources, customer_id, body.into, principal)
    tell_index(resources)
    return answer


@router.post("/v1/customers/{customer_id}/unmerge", dependencies=[requires("customers.edit")])
def post_customer_unmerge(
    customer_id: str, resources: ResourcesDep, principal: PrincipalDep, body: CustomerUnmergeIn | None = None
) -> CustomerMergeOut:
    """Take a record out of the customer that it is merged into, with the issues that came by it."""
    answer = _unmerge(resources, customer_id, body.out_of if body else None, principal)
    tell_index(resources)
    return answer


def _merge(resources: Resources, customer_id: str, into_id: str, principal: Principal) -> CustomerMergeOut:
    if not is_id(into_id, "customer"):
        raise InvalidRequestError.of_field("into", "unknown_customer", "names a customer who does not exist")
    if customer_id == into_id:
        raise InvalidRequestError.of_field("into", "same_customer", "is the customer itself")
    with resources.database.transaction() as session:
        get_customer(session, into_id)
        check_customer_seen(session, into_id, principal.sees)
        pair = lock_pair(session, customer_id, into_id)
        merge_customer(session, pair, principal, resources.clock())
        return _answer(session, pair.customer.id, pair.survivor.id, principal.sees)


def _unmerge(resources: Resources, customer_id: str, out_of: str | None, principal: Principal) -> CustomerMergeOut:
    with resources.database.transaction() as session:
        survivor_id = get_customer(session, customer_id).merged_into_id
        if survivor_id is None:
            alone = describe_customer(session, get_customer(session, customer_id), principal.sees)
            return CustomerMergeOut(customer=alone, into=None)
        if out_of not in (None, survivor_id):
            raise CustomerMergedElsewhereError
        pair = lock_pair(session, customer_id, survivor_id)
        if pair.customer.merged_into_id == pair.survivor.id:
            unmerge_customer(session, pair, principal, resources.clock())
        return _answer(session, pair.customer.id, pair.survivor.id, principal.sees)


def _answer(session: WriteSession, customer_id: str, survivor_id: str, sees: Sees) -> CustomerMergeOut:
    session.flush()
    customer, survivor = (
        describe_customer(session, get_customer(session, each), sees) for each in (customer_id, survivor_id)
    )
    return CustomerMergeOut(customer=customer, into=survivor)
