"""A company finds its customers and their issues; issues are narrowed by severity, and told with whose they are."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from support_copilot.db.models import CustomerWord
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.flows.test_merging_customers import add_customer, add_issue, merged, unmerge
from tests.flows.test_records_search import search

FIONA = {"name": "Fiona Weber", "email": "fiona@sk.example", "attributes": {"company": "Saltbox Knits"}}
PAUL = {"name": "Paul Otter", "email": "paul@sk.example", "attributes": {"shop": "Saltbox Knits"}}
ELSE = {"name": "Ella Stern", "email": "ella@dune.example", "attributes": {"company": "Dune Surf"}}


def ids(found: list[dict[str, object]], kind: str = "issue") -> list[object]:
    return [each["id"] for each in found if each["kind"] == kind]


def customer_of(client: TestClient, issue_id: str) -> str:
    return str(client.get(f"/v1/issues/{issue_id}").json()["customer"]["id"])


def test_a_company_finds_its_customers_and_their_issues_open_ones_first(client: TestClient) -> None:
    done = add_issue(client, FIONA, "Wrong address on the invoice")
    client.post(f"/v1/issues/{done}/resolve", json={"resolution": {"text": "We changed the address."}})
    older = add_issue(client, PAUL, "Export of orders stops")
    newer = add_issue(client, FIONA, "Needles arrive bent")
    other = add_issue(client, ELSE, "Board arrived broken")
    for typed in ("Saltbox Knits", "saltbox", "KNITS salt"):
        found = search(client, q=typed)
        assert set(ids(found, "customer")) == {customer_of(client, newer), customer_of(client, older)}
        assert ids(found)[:3] == [newer, older, done]
    assert ids(search(client, q="fiona saltbox", kind="issue"))[:2] == [newer, done]
    assert other not in ids(search(client, q="Saltbox Knits"))[:3]
    assert ids(search(client, q="Saltbox Knits", status="resolved")) == [done]
    # A name alone leads to the person, as before, and a beginning of two letters to nobody.
    assert customer_of(client, newer) in ids(search(client, q="Fiona"), "customer")
    assert ids(search(client, q="Sa", kind="customer"), "customer") == []


def test_a_company_and_a_matter_are_the_matter_of_that_company(client: TestClient) -> None:
    theirs = add_issue(client, FIONA, "The label printer prints blank labels")
    for _ in range(3):
        add_issue(client, ELSE, "The label printer prints blank labels")
    add_issue(client, FIONA, "Invoice is missing")
    assert ids(search(client, q="saltbox label printer", kind="issue"))[0] == theirs


def test_a_company_with_ordinary_words_does_not_stand_before_the_matter(client: TestClient) -> None:
    house = {"name": "Ivo Rand", "email": "ivo@house.example", "attributes": {"company": "Printer & Label House"}}
    invoices = {add_issue(client, house, f"Invoice wrong {number}") for number in range(3)}
    meant = add_issue(client, ELSE, "The label printer prints blank labels")
    assert ids(search(client, q="label printer blank", kind="issue"))[0] == meant
    assert ids(search(client, q="blank label printer", kind="issue"))[0] == meant
    found = ids(search(client, q="label printer", kind="issue"))
    assert found[0] == meant
    assert found[1] in invoices  # the company may be meant as well
    assert ids(search(client, q="house invoice wrong", kind="issue"))[0] in invoices


def test_an_issue_is_told_with_whose_it_is_and_when_it_came(client: TestClient) -> None:
    issue_id = add_issue(client, {**FIONA, "plan": "business"}, "Needles arrive bent")
    client.patch(f"/v1/issues/{issue_id}", json={"severity": "high"})
    issue = client.get(f"/v1/issues/{issue_id}").json()
    for query in ("needles bent", issue["key"], "Saltbox"):
        found: Any = next(each for each in search(client, q=query) if each["id"] == issue_id)
        assert (found["key"], found["severity"], found["created_at"]) == (issue["key"], "high", issue["created_at"])
        assert found["customer"] == {
            "name": "Fiona Weber", "email": "fiona@sk.example", "company": "Saltbox Knits", "plan": "business",
        }  # fmt: skip
    person: Any = search(client, q="fiona", kind="customer")[0]
    assert (person["customer"]["company"], person["key"]) == ("Saltbox Knits", None)


def test_issues_are_narrowed_by_severity_as_it_is_now(client: TestClient) -> None:
    severe, mild = (add_issue(client, FIONA, f"Needles arrive bent {number}") for number in range(2))
    for issue_id, severity in ((severe, "critical"), (mild, "low")):
        client.patch(f"/v1/issues/{issue_id}", json={"severity": severity})
    assert ids(search(client, q="needles bent", severity="critical")) == [severe]
    assert ids(search(client, q="Saltbox", severity="critical")) == [severe]
    assert search(client, q="needles", severity="high") == []
    assert set(ids(search(client, q="needles bent", severity=["critical", "low"]))) == {severe, mild}
    corrected = client.post(f"/v1/issues/{mild}/corrections", json={"part": "severity", "value": "critical"})
    assert corrected.status_code == 201, corrected.text
    assert set(ids(search(client, q="needles bent", severity="critical"))) == {severe, mild}
    assert client.get("/v1/search", params={"q": "x", "severity": "awful"}).status_code == 422


def test_customers_are_listed_by_their_company_and_in_order(client: TestClient) -> None:
    def listed(**params: object) -> list[str]:
        answer = client.get("/v1/customers", params=params)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [each["name"] for each in answer.json()["data"]]

    for body in (FIONA, PAUL, ELSE):
        add_customer(client, **body)
    add_customer(client, name="Nobody Known")
    assert listed() == ["Nobody Known", "Ella Stern", "Paul Otter", "Fiona Weber"]
    assert listed(sort="oldest") == listed()[::-1]
    page = client.get("/v1/customers", params={"sort": "oldest", "limit": 3}).json()
    rest = client.get("/v1/customers", params={"sort": "oldest", "limit": 3, "cursor": page["next_cursor"]}).json()
    assert [each["name"] for each in page["data"] + rest["data"]] == listed(sort="oldest")

    assert set(listed(q="saltbox")) == {"Paul Otter", "Fiona Weber"}
    assert listed(q="  saltbox ", sort="newest") == ["Paul Otter", "Fiona Weber"]
    # In order first, then as many as asked.
    assert listed(q="saltbox", sort="oldest", limit=1) == ["Fiona Weber"]
    assert listed(q="saltbox", sort="newest", limit=1) == ["Paul Otter"]
    assert listed(q="nobody like this") == []
    assert len(listed(q="saltbox", limit=1)) == 1
    assert client.get("/v1/customers", params={"q": "a" * 1001}).status_code == 422
    both = client.get("/v1/customers", params={"q": "a", "email": "a@example.com"})
    assert (both.status_code, both.json()["errors"][0]["field"]) == (422, "q")
    assert client.get("/v1/customers", params={"sort": "value"}).status_code == 422


def test_a_company_that_changes_is_found_by_what_it_is_now(client: TestClient) -> None:
    issue_id = add_issue(client, FIONA, "Needles arrive bent")
    path = f"/v1/customers/{customer_of(client, issue_id)}"
    client.patch(path, json={"company": "Pepper Looms"})
    assert ids(search(client, q="Saltbox Knits", kind="customer"), "customer") == []
    assert issue_id in ids(search(client, q="Pepper Looms"))
    client.patch(path, json={"company": None})
    assert ids(search(client, q="Pepper", kind="customer"), "customer") == []
    # One who is named like the company.
    client.patch(path, json={"name": "Pepper Looms", "company": "Pepper Looms"})
    assert ids(search(client, q="pepper looms")) == [issue_id]


def test_a_merged_record_is_found_by_its_company_as_the_customer_who_goes_on(client: TestClient) -> None:
    survivor = add_customer(client, name="F. Weber", email="weber@private.example")
    issue_id = add_issue(client, FIONA, "Needles arrive bent")
    duplicate = customer_of(client, issue_id)
    merged(client, duplicate, survivor)
    found = search(client, q="Saltbox")
    assert (ids(found, "customer"), ids(found)) == ([survivor], [issue_id])
    assert unmerge(client, duplicate).status_code == 200
    assert ids(search(client, q="Saltbox", kind="customer"), "customer") == [duplicate]


@pytest.mark.parametrize("kind", ["anonymizations", "erasures"])
def test_nothing_of_a_company_finds_who_is_forgotten(
    client: TestClient, resources: Resources, worker: Worker, kind: str
) -> None:
    issue_id = add_issue(client, FIONA, "Needles arrive bent")
    customer_id = customer_of(client, issue_id)
    assert client.post(f"/v1/privacy/{kind}", json={"customer_id": customer_id}).status_code == 202
    while worker.run_once():
        pass
    assert ids(search(client, q="Saltbox Knits", kind="customer"), "customer") == []
    # What is left of the issue may be alike by its meaning, but it is nobody's.
    assert all(
        each["customer"] in (None, {"name": None, "email": None, "company": None, "plan": None})
        for each in search(client, q="Saltbox Knits")
    )
    with resources.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CustomerWord)) == 0
