"""Endpoints of customers."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Response

from support_copilot.customers.merging import survivor_of
from support_copilot.customers.queries import (
    CustomerSort,
    found_in_order,
    get_customer,
    list_customers,
)
from support_copilot.customers.schemas import (
    CustomerEdit,
    CustomerIn,
    CustomerOut,
    describe_customer,
    render_customer,
    with_columns,
)
from support_copilot.customers.service import CustomerChanges, create_customer, edit_customer
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import EmailAddress
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.visibility import check_customer_seen
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.text import one_line

router = APIRouter(tags=["customers"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/customers", dependencies=[requires("customers.read")])
def get_customers(
    resources: ResourcesDep,
    principal: PrincipalDep,
    page: PageArgs,
    email: Annotated[EmailAddress | None, Query(description="Only customers with this address.")] = None,
    q: Annotated[
        str | None,
        Query(max_length=1000, description="Words of name, address or company, a number or a reference."),
    ] = None,
    sort: Annotated[
        CustomerSort | None, Query(description="Without it the newest come first, and of `q` those that fit best.")
    ] = None,
) -> Page[CustomerOut]:
    """List customers, or find them by what a person types; what is found is on one page."""
    if q is not None and one_line(q):
        if email is not None or page.cursor is not None:
            raise InvalidRequestError.of_field("q", "alone", "goes neither with an address nor with a cursor")
        with resources.database.read() as session:
            found = found_in_order(session, one_line(q), limit=page.limit, sees=principal.sees, sort=sort)
            return Page(data=[render_customer(row) for row in found], next_cursor=None)
    with resources.database.read() as session:
        rows = list_customers(session, email, page, principal.sees, sort or "newest")
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render_customer)


@router.post(
    "/v1/customers",
    status_code=201,
    responses={200: {"model": CustomerOut, "description": "A customer with this external reference was there."}},
    dependencies=[requires("customers.edit")],
)
def post_customer(
    body: CustomerIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> CustomerOut:
    """Store a customer."""
    creation = create_customer(resources, body.to_new(), idempotency_key, fingerprint(body))
    with resources.database.read() as session:
        # The reference or the key may have named a customer who was there, and whom others look after.
        check_customer_seen(session, creation.resource_id, principal.sees)
        customer_id = survivor_of(session, get_customer(session, creation.resource_id)).id
    response.status_code = creation.status
    return get_one_customer(customer_id, resources, principal, response)


@router.get("/v1/customers/{customer_id}", dependencies=[requires("customers.read")])
def get_one_customer(
    customer_id: str, resources: ResourcesDep, principal: PrincipalDep, response: Response
) -> CustomerOut:
    """Read one customer, or a record that is merged into one."""
    with resources.database.read() as session:
        customer = get_customer(session, customer_id)
        set_etag(response, customer.version)
        return describe_customer(session, customer, principal.sees)


@router.patch("/v1/customers/{customer_id}", dependencies=[requires("customers.edit")])
def patch_customer(
    customer_id: str,
    body: CustomerEdit,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> CustomerOut:
    """Edit a customer."""
    plain = {name: value for name, value in body.changes().items() if name not in ("value", "external_ref")}
    changes = cast("CustomerChanges", with_columns(plain, body))
    with resources.database.transaction() as session:
        customer = edit_customer(session, customer_id, changes, if_match=if_match, now=resources.clock())
        set_etag(response, customer.version)
        return describe_customer(session, customer, principal.sees)
