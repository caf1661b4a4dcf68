"""Customers over HTTP."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

ANA = {
    "name": "Ana Example", "email": "Ana@Example.com", "plan": "gold", "value": {"amount": "1250.5", "currency": "EUR"},
    "attributes": {"seats": 5}, "external_ref": {"source": "crm", "id": "C-1"},
}  # fmt: skip


def test_a_customer_is_stored_and_read(client: TestClient) -> None:
    answer = client.post("/v1/customers", json=ANA)
    assert answer.status_code == 201
    kept = answer.json()
    assert kept.items() >= {
        **ANA, "email": "ana@example.com", "value": {"amount": "1250.50", "currency": "EUR"}, "version": 1,
    }.items()  # fmt: skip
    read = client.get(f"/v1/customers/{kept['id']}")
    assert read.json() == kept
    assert read.headers["ETag"] == '"1"'
    assert client.get("/v1/customers?email=ANA@example.com").json()["data"] == [kept]
    assert client.get("/v1/customers?email=bo@example.com").json()["data"] == []


def test_the_same_reference_again_answers_with_the_one_there(client: TestClient) -> None:
    first = client.post("/v1/customers", json=ANA)
    again = client.post("/v1/customers", json={**ANA, "name": "Somebody"})
    assert (again.status_code, again.json()) == (200, first.json())


def test_the_same_key_again_makes_no_second_one(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = client.post("/v1/customers", json={"name": "Bo"}, headers=headers)
    again = client.post("/v1/customers", json={"name": " Bo "}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = client.post("/v1/customers", json={"name": "Cy"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("by_key", [True, False])
def test_many_at_once_make_one_customer(client: TestClient, by_key: bool) -> None:
    body = {"name": "Bo"} if by_key else ANA
    headers = {"Idempotency-Key": "k"} if by_key else {}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: client.post("/v1/customers", json=body, headers=headers), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(client.get("/v1/customers").json()["data"]) == 1


def test_an_edit_names_its_reading(client: TestClient) -> None:
    customer_id = client.post("/v1/customers", json=ANA).json()["id"]
    answer = client.patch(
        f"/v1/customers/{customer_id}", json={"plan": "basic", "value": None}, headers={"If-Match": '"1"'}
    )
    assert (answer.json()["plan"], answer.json()["value"], answer.headers["ETag"]) == ("basic", None, '"2"')
    assert client.patch(f"/v1/customers/{customer_id}", json={}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.patch(f"/v1/customers/{customer_id}", json={}, headers={"If-Match": "x"}).status_code == 422


def test_a_reference_of_another_is_a_conflict(client: TestClient) -> None:
    client.post("/v1/customers", json=ANA)
    other = client.post("/v1/customers", json={"name": "Bo"}).json()["id"]
    answer = client.patch(f"/v1/customers/{other}", json={"external_ref": ANA["external_ref"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "external_ref_taken")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "name"), ({"name": ""}, "name"), ({"name": 5}, "name"), ({"email": "not an address"}, "email"),
     ({"name": "A", "value": {"amount": "1.234", "currency": "EUR"}}, "value.amount"),
     ({"name": "A", "value": {"amount": "NaN", "currency": "EUR"}}, "value.amount"),
     ({"name": "A", "value": {"amount": "1", "currency": "euro"}}, "value.currency"),
     ({"name": "A", "external_ref": {"source": "crm"}}, "external_ref.id"),
     ({"name": "A", "external_ref": {"source": "crm", "id": " "}}, "external_ref.id"),
     ({"name": "A", "language": "english"}, "language"), ({"name": "A", "surname": "B"}, "surname")],
)  # fmt: skip
def test_wrong_customers_are_refused_with_the_field(client: TestClient, body: object, field: str) -> None:
    answer = client.post("/v1/customers", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert "not an address" not in answer.text


def test_hostile_text_is_cleaned_or_kept(client: TestClient) -> None:
    name = "A\u0000na \u202etxt <b>\U0001f389</b>"
    answer = client.post(
        "/v1/customers", content=b'{"name": "half \\ud800 surrogate"}', headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["name"]) == (201, "half surrogate")
    attributes = b'{"attributes": {"seat": "half \\ud800 surrogate"}, "name": "x"}'
    kept = client.post("/v1/customers", content=attributes, headers={"Content-Type": "application/json"})
    assert (kept.status_code, kept.json()["attributes"]) == (201, {"seat": "half  surrogate"})
    edited = client.patch(
        f"/v1/customers/{kept.json()['id']}", content=attributes, headers={"Content-Type": "application/json"}
    )
    assert edited.status_code == 200
    issue = b'{"subject": "x", "customer": ' + attributes + b"}"
    assert client.post("/v1/issues", content=issue, headers={"Content-Type": "application/json"}).status_code == 201
    # Neither a control nor a mark that turns the words beside a name around.
    assert client.post("/v1/customers", json={"name": name}).json()["name"] == "Ana txt <b>\U0001f389</b>"
    assert client.post("/v1/customers", json={"name": "x" * 201}).status_code == 422
    assert client.get("/v1/customers/nobody").json()["code"] == "customer_not_found"


def test_issues_that_arrive_at_once_from_one_address_share_a_customer(client: TestClient) -> None:
    body = {"subject": "Question", "body": "Hello.", "customer": {"email": "new@example.com"}}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: client.post("/v1/issues", json=body), range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["issue"]["customer"]["id"] for answer in answers}) == 1
    assert len({answer.json()["issue"]["id"] for answer in answers}) == 6


def test_the_company_is_edited_where_it_stands_among_the_attributes(client: TestClient) -> None:
    body = {"name": "Bo", "attributes": {"shop": "Old Mill", "seats": 4}}
    customer_id = client.post("/v1/customers", json=body).json()["id"]
    path = f"/v1/customers/{customer_id}"
    assert client.get(path).json()["company"] == "Old Mill"

    renamed = client.patch(path, json={"company": "  New\nMill "}).json()
    assert (renamed["company"], renamed["attributes"]) == ("New Mill", {"shop": "New Mill", "seats": 4})
    beside = client.patch(path, json={"company": "Third", "attributes": {"seats": 5}}).json()
    assert (beside["company"], beside["attributes"]) == ("Third", {"seats": 5, "company": "Third"})
    none = client.patch(path, json={"company": None}).json()
    assert (none["company"], none["attributes"]) == (None, {"seats": 5})
    assert client.patch(path, json={"company": "x" * 201}).json()["errors"][0]["field"] == "company"

    full = client.patch(path, json={"attributes": {f"a{number}": number for number in range(50)}})
    assert full.status_code == 200
    refused = client.patch(path, json={"company": "One too many"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "company")
    assert client.get(path).json()["company"] is None
