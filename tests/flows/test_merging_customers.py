"""Two records of one person: merged into one customer, written to by either address, taken apart again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.connect.importer import ImportPlan, import_file
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.people import actions

ANA = {"name": "Ana Example", "email": "ana@example.com", "plan": "gold"}
ANNA = {
    "name": "Anna Example",
    "email": "anna@private.example",
    "phone": "+49 30 1234567",
    "language": "de",
    "attributes": {"company": "Hafen GmbH", "floor": 3},
    "external_ref": {"source": "crm", "id": "C-2"},
}


def add_customer(client: TestClient, **fields: Any) -> str:
    answer = client.post("/v1/customers", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def add_issue(client: TestClient, customer: Any, subject: str = "The label printer prints blank labels") -> str:
    body = {"subject": subject, "body": f"{subject}. Please help.", "customer": customer}
    answer = client.post("/v1/issues", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issue"]["id"])


def pair(client: TestClient, clock: StepClock) -> tuple[str, str]:
    """A customer and the same person's second record, an hour younger."""
    first = add_customer(client, **ANA)
    clock.advance(hours=1)
    return first, add_customer(client, **ANNA)


def merge(client: TestClient, customer_id: str, into: str, **options: Any) -> Any:
    return client.post(f"/v1/customers/{customer_id}/merge", json={"into": into}, **options)


def merged(client: TestClient, customer_id: str, into: str) -> dict[str, Any]:
    answer = merge(client, customer_id, into)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def unmerge(client: TestClient, customer_id: str, **body: Any) -> Any:
    return client.post(f"/v1/customers/{customer_id}/unmerge", **({"json": body} if body else {}))


def read(client: TestClient, customer_id: str) -> dict[str, Any]:
    answer = client.get(f"/v1/customers/{customer_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def issues_of(client: TestClient, customer_id: str) -> set[str]:
    return {each["id"] for each in client.get("/v1/issues", params={"customer_id": customer_id}).json()["data"]}


def whose(client: TestClient, issue_id: str) -> str:
    return str(client.get(f"/v1/issues/{issue_id}").json()["customer"]["id"])


def run_all(worker: Worker) -> None:
    while worker.run_once():
        pass


def test_the_customer_who_goes_on_has_the_issues_of_both_and_what_was_missing(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    own, other = add_issue(client, {"id": first}), add_issue(client, {"id": second})

    answer = merged(client, second, first)

    assert issues_of(client, first) == issues_of(client, second) == {own, other}
    assert {whose(client, own), whose(client, other)} == {first}
    into = answer["into"]
    assert (into["name"], into["email"], into["plan"]) == ("Ana Example", "ana@example.com", "gold")
    assert (into["phone"], into["language"]) == ("+49 30 1234567", "de")
    assert into["attributes"] == {"company": "Hafen GmbH", "floor": 3}
    assert into["external_ref"] is None
    [part] = into["merged"]
    assert (part["id"], part["name"], part["email"], part["issues"]) == (second, *list(ANNA.values())[:2], 1)
    assert part["external_ref"] == ANNA["external_ref"]
    assert part["merged_at"]
    assert answer["customer"]["merged_into"] == {"id": first, "name": "Ana Example"}
    assert read(client, first) == into


def test_what_comes_by_the_address_the_reference_or_the_id_of_the_merged_record_is_the_customers(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    merged(client, second, first)

    came = [
        add_issue(client, {"email": "Anna@Private.example"}),
        add_issue(client, {"name": "A. E.", "external_ref": ANNA["external_ref"]}),
        add_issue(client, {"id": second}),
    ]

    assert {whose(client, each) for each in came} == {first}
    assert [each["issues"] for each in read(client, first)["merged"]] == [3]
    assert client.post("/v1/customers", json=ANNA).json()["id"] == first
    panel = client.post("/v1/analyze", json={"body": "Hello", "customer": {"email": "anna@private.example"}}).json()
    assert (panel["customer"]["customer_id"], panel["customer"]["issues_total"]) == (first, 3)
    sentiment = client.get(f"/v1/customers/{second}/sentiment").json()["data"]
    assert {each["issue_id"] for each in sentiment} == set(came)


def test_taken_out_again_a_record_has_what_came_by_it_and_gives_nothing_else(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    own, other = add_issue(client, {"id": first}), add_issue(client, {"id": second})
    before = read(client, first), read(client, second)
    merged(client, second, first)
    since_own, since_other = add_issue(client, {"email": ANA["email"]}), add_issue(client, {"email": ANNA["email"]})

    answer = unmerge(client, second).json()

    changed = {"version", "updated_at"}
    for was, now in zip(before, (answer["into"], answer["customer"]), strict=True):
        assert {name: value for name, value in now.items() if name not in changed} == {
            name: value for name, value in was.items() if name not in changed
        }
    assert issues_of(client, first) == {own, since_own}
    assert issues_of(client, second) == {other, since_other}
    assert whose(client, add_issue(client, {"email": ANNA["email"]})) == second
    assert unmerge(client, second).json()["into"] is None


def test_what_somebody_changed_since_is_not_given_back(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    merged(client, second, first)
    client.patch(f"/v1/customers/{first}", json={"phone": "+49 40 7654321", "attributes": {"company": "Kai GmbH"}})

    after = unmerge(client, second).json()["into"]

    assert (after["phone"], after["language"]) == ("+49 40 7654321", None)
    assert after["attributes"] == {"company": "Kai GmbH"}


def test_merging_once_more_changes_nothing(client: TestClient, clock: StepClock, resources: Resources) -> None:
    first, second = pair(client, clock)
    once = merged(client, second, first)

    assert merged(client, second, first) == once
    assert [action for action, _, _ in actions(resources)].count("customer.merged") == 2
    edits = client.get("/v1/audit", params={"action": "customer.edited"}).json()["data"]
    assert [each["target"] for each in edits] == [first], "what was filled, and nothing twice"
    trail = client.get("/v1/audit", params={"action": "customer.merged"}).json()["data"]
    assert {(each["target"], each["after"].get("into"), each["after"].get("merged")) for each in trail} == {
        (second, first, None),
        (first, None, second),
    }


def test_a_record_is_not_taken_out_of_where_somebody_else_merged_it(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    third = add_customer(client, name="Ana E.")
    merged(client, second, first)
    unmerge(client, second)
    merged(client, second, third)

    refused = unmerge(client, second, out_of=first)

    assert (refused.status_code, refused.json()["code"]) == (409, "customer_merged_elsewhere")
    assert read(client, second)["merged_into"]["id"] == third
    assert unmerge(client, second, out_of=third).status_code == 200


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [("itself", 422, "invalid_request"), ("circle", 409, "customer_merge_circle"),
     ("third", 409, "customer_merged"), ("unknown", 404, "customer_not_found"), ("no id", 422, "invalid_request")],
)  # fmt: skip
def test_what_cannot_be_merged_is_refused(
    client: TestClient, clock: StepClock, target: str, status: int, code: str
) -> None:
    first, second = pair(client, clock)
    if target in ("circle", "third"):
        merged(client, first, second)
    targets = {
        "itself": (first, first),
        "circle": (second, first),
        "third": (first, add_customer(client, name="Bo")),
        "unknown": (first, "cus_01j9z3k6w8f5v9m2q4x7c1b0ad"),
        "no id": (first, "somebody"),
    }

    refused = merge(client, *targets[target])

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_merged_record_is_not_edited_and_not_listed(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    merged(client, second, first)

    edit = client.patch(f"/v1/customers/{second}", json={"name": "Somebody"})
    assert (edit.status_code, edit.json()["code"]) == (409, "customer_merged")
    for params in ({}, {"email": "ana@example.com"}, {"email": "anna@private.example"}):
        assert [each["id"] for each in client.get("/v1/customers", params=params).json()["data"]] == [first]
    for words in ("Anna", "anna@private.example", "+49 (30) 123 45 67", "C-2", "Example"):
        found = client.get("/v1/search", params={"q": words, "kind": "customer"}).json()["data"]
        assert [each["id"] for each in found] == [first], words


def test_a_record_of_a_record_belongs_to_the_last_and_comes_out_with_the_one_it_came_by(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    third = add_customer(client, email="ana@third.example")
    issues = [add_issue(client, {"id": each}) for each in (first, second, third)]
    merged(client, second, first)
    answer = merged(client, first, third)
    assert {each["id"] for each in answer["into"]["merged"]} == {first, second}
    assert answer["into"]["phone"] == ANNA["phone"]
    assert issues_of(client, third) == set(issues)

    out = unmerge(client, first).json()

    assert [each["id"] for each in out["customer"]["merged"]] == [second]
    assert (out["customer"]["phone"], out["into"]["phone"], out["into"]["name"]) == (ANNA["phone"], None, None)
    assert issues_of(client, first) == set(issues[:2])
    assert issues_of(client, third) == {issues[2]}
    assert unmerge(client, second).json()["into"]["phone"] is None
    assert issues_of(client, second) == {issues[1]}


def test_a_record_taken_out_from_under_another_one_takes_its_own_with_it(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    third = add_customer(client, email="ana@third.example")
    issues = [add_issue(client, {"id": each}) for each in (first, second, third)]
    merged(client, second, first)
    merged(client, first, third)

    out = unmerge(client, second).json()

    assert (out["into"]["id"], out["into"]["phone"], out["into"]["name"]) == (third, None, "Ana Example")
    assert [each["id"] for each in out["into"]["merged"]] == [first]
    assert issues_of(client, second) == {issues[1]}
    assert issues_of(client, third) == {issues[0], issues[2]}
    after = unmerge(client, first).json()["customer"]
    assert (after["name"], after["phone"], after["merged"]) == ("Ana Example", None, [])


def test_a_merged_record_stands_for_the_customer_it_is_merged_into(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    third = add_customer(client, name="Ana E.")
    merged(client, second, first)

    assert merged(client, third, second)["customer"]["merged_into"]["id"] == first


def test_two_who_merge_each_into_the_other_leave_one(client: TestClient, clock: StepClock) -> None:
    for _ in range(5):
        first, second = add_customer(client, name="Ana"), add_customer(client, name="Anna")
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda ids: merge(client, *ids), [(first, second), (second, first)]))
        # Busy (503) is a lock that both waited for: whoever tries again is told what has become of them.
        codes = sorted(each.status_code for each in answers)
        assert codes in ([200, 409], [200, 503])
        into = [(read(client, each)["merged_into"] or {}).get("id") for each in (first, second)]
        assert into in ([None, first], [second, None])


def test_issues_that_arrive_while_the_customer_is_merged_are_at_the_right_place(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)

    def arrive(number: int) -> str | None:
        if number % 3 == 0:
            (merge(client, second, first) if number % 2 else unmerge(client, second))
            return None
        body = {"subject": f"Number {number}", "body": "Help.", "customer": {"email": ANNA["email"]}}
        answer = client.post("/v1/issues", json=body)
        return str(answer.json()["issue"]["id"]) if answer.status_code == 201 else None

    with ThreadPoolExecutor(4) as pool:
        arrived = {issue for issue in pool.map(arrive, range(24)) if issue}

    assert arrived
    merge(client, second, first)
    assert arrived <= issues_of(client, first)
    assert [each["issues"] for each in read(client, first)["merged"]] == [len(issues_of(client, first))]
    unmerge(client, second)
    assert (issues_of(client, first), arrived <= issues_of(client, second)) == (set(), True)


def test_issues_of_both_that_are_merged_are_taken_apart_first(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    own, other = add_issue(client, {"id": first}), add_issue(client, {"id": second})
    merged(client, second, first)
    assert client.post(f"/v1/issues/{other}/merge", json={"into": own}).status_code == 200

    refused = unmerge(client, second)

    assert (refused.status_code, refused.json()["code"]) == (409, "customer_issues_merged")
    assert other in refused.json()["detail"]
    client.post(f"/v1/issues/{other}/unmerge")
    assert unmerge(client, second).status_code == 200


def test_an_import_updates_the_record_it_names_and_what_is_filled_from_it(
    client: TestClient, clock: StepClock, resources: Resources, tmp_path: Any
) -> None:
    first, second = pair(client, clock)
    merged(client, second, first)
    path = tmp_path / "customers.csv"
    path.write_text("id,name,email,phone,plan\nC-2,Anna Example,anna@private.example,+49 30 999999,silver\n")

    import_file(resources, path, ImportPlan("customers", "crm"))

    assert (read(client, second)["phone"], read(client, second)["plan"]) == ("+49 30 999999", "silver")
    assert (read(client, first)["phone"], read(client, first)["plan"]) == ("+49 30 999999", "gold")
    assert unmerge(client, second).json()["into"]["phone"] is None


def test_an_imported_issue_of_the_merged_record_is_the_customers(
    client: TestClient, clock: StepClock, resources: Resources, tmp_path: Any
) -> None:
    first, second = pair(client, clock)
    merged(client, second, first)
    path = tmp_path / "issues.csv"
    path.write_text("id,subject,body,customer_id,customer_email\nT-1,Old question,Where is it?,C-2,\n")

    import_file(resources, path, ImportPlan("issues", "crm"))

    [issue] = issues_of(client, first)
    assert whose(client, issue) == first
    unmerge(client, second)
    assert issues_of(client, second) == {issue}


def test_who_refused_models_by_one_address_refused_them_by_all(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    third = add_customer(client, name="Ana E.", language_model_allowed=False)
    merged(client, second, first)
    merged(client, third, first)
    assert [read(client, each)["language_model_allowed"] for each in (first, second, third)] == [False] * 3

    client.patch(f"/v1/customers/{first}", json={"language_model_allowed": True})
    assert [read(client, each)["language_model_allowed"] for each in (first, second, third)] == [True] * 3
    add_issue(client, {"email": ANNA["email"], "language_model_allowed": False})
    unmerge(client, second)
    assert [read(client, each)["language_model_allowed"] for each in (first, second)] == [False] * 2


def test_targets_are_likely_duplicates_first_and_others_by_words(client: TestClient, clock: StepClock) -> None:
    own = add_customer(client, name="Ana Schmidt", email="ana.schmidt@example.com", phone="+49 30 1234567")
    phone = add_customer(client, name="A.", phone="0049 (30) 123 45 67")
    name = add_customer(client, name="Schmidt, Ana", email="office@hafen.example")
    like = add_customer(client, email="anaschmidt@other.example")
    add_customer(client, name="Ana Berg", email="berg@example.com")
    issue = add_issue(client, {"id": name})

    def targets(customer_id: str = own, **params: str) -> list[tuple[str, str | None]]:
        answer = client.get(f"/v1/customers/{customer_id}/merge-targets", params=params).json()
        assert answer["next_cursor"] is None
        return [(each["id"], each["why"]) for each in answer["data"]]

    assert targets() == [(phone, "same_phone"), (name, "same_name"), (like, "like_email")]
    found = client.get(f"/v1/customers/{own}/merge-targets", params={"q": "Schmidt"}).json()["data"]
    assert [(each["id"], each["issues"]) for each in found][:1] == [(name, 1)]
    assert [
        each["name"] for each in client.get(f"/v1/customers/{own}/merge-targets", params={"q": "Berg"}).json()["data"]
    ] == ["Ana Berg"]
    merged(client, phone, name)
    assert targets() == [(name, "same_phone"), (like, "like_email")]
    assert whose(client, issue) == name


def test_the_panels_of_open_issues_tell_of_the_past_of_both(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    first, second = pair(client, clock)
    own = add_issue(client, {"id": first})
    clock.advance(hours=1)
    other = add_issue(client, {"id": second})
    run_all(worker)
    merged(client, second, first)
    run_all(worker)

    panels = [client.get(f"/v1/issues/{each}/panel").json()["customer"] for each in (own, other)]
    assert [(each["customer_id"], each["issues_total"]) for each in panels] == [(first, 1)] * 2
