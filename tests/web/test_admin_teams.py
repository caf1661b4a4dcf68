"""Teams in the administration: made, renamed, filled and deleted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask, invite, new_issue, sign_in_as


def teams_of(page: Page) -> dict[str, Any]:
    rows: list[dict[str, Any]] = page.evaluate("fetch('/v1/teams').then(a => a.json()).then(p => p.data)")
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_team_is_made_filled_renamed_and_deleted(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/account", width=width)
    person = invite(page, "agent", f"Tilda Tide {width}")
    name, renamed = f"Terminal {width}", f"Terminals of the second line {width}"
    page.goto("/admin/users")
    page.get_by_role("button", name="New team").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    side = page.get_by_role("dialog", name=name)
    side.get_by_label(person.name).click()
    expect(side.get_by_label(person.name)).to_be_checked()
    row = page.get_by_role("table", name="Teams").get_by_role("row").filter(has_text=name)
    look(page, "admin-team")
    side.get_by_label("Name").fill(renamed)
    side.get_by_role("button", name="Save").click()
    expect(side).to_have_count(0)
    row = page.get_by_role("table", name="Teams").get_by_role("row").filter(has_text=renamed)
    expect(row).to_contain_text("1")
    team_id = teams_of(page)[renamed]["id"]
    for subject in ("The gate is shut", "The gate is open"):
        ask(page, "PATCH", f"/v1/issues/{new_issue(page, subject)}", {"team_id": team_id})
    page.get_by_role("table", name="Teams").scroll_into_view_if_needed()
    look(page, "admin-teams")

    row.get_by_role("button", name=f"Edit {renamed}").click()
    page.get_by_role("button", name="Delete the team").click()
    question = page.get_by_role("dialog", name=re.compile("^Delete the team"))
    expect(question).to_contain_text("2 issues and 1 person will be without this team.")
    look(page, "admin-team-delete")
    question.get_by_role("button", name="Delete the team").click()

    expect(page.get_by_text(re.compile("^Team .*deleted$"))).to_be_visible()
    expect(row).to_have_count(0)
    assert renamed not in teams_of(page)
    page.goto("/admin/audit")
    expect(page.get_by_role("table").get_by_text("Team deleted").first).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Person put into a team").first).to_be_visible()


def test_a_team_that_somebody_else_changed_is_not_written_over(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/admin/users")
    made: Any = ask(page, "POST", "/v1/teams", {"name": "Quay"})
    page.reload()
    page.get_by_role("button", name="Edit Quay").click()
    side = page.get_by_role("dialog", name="Quay")
    expect(side.get_by_label("Name")).to_have_value("Quay")
    ask(page, "PATCH", f"/v1/teams/{made['id']}", {"name": "Quays"})
    side.get_by_label("Name").fill("Mine")
    side.get_by_role("button", name="Save").click()

    expect(side.get_by_role("alert")).to_contain_text("changed meanwhile")
    assert "Quays" in teams_of(page)
    ask(page, "DELETE", f"/v1/teams/{made['id']}", None)
    complaints.clear()  # the browser tells of the answer 412


def test_an_auditor_reads_the_teams_and_changes_none(open_page: OpenPage) -> None:
    admin = open_page("/account")
    made: Any = ask(admin, "POST", "/v1/teams", {"name": "Pier"})
    auditor = invite(admin, "auditor", "Olga Osprey")
    page = open_page("/sign-in", signed_in=False)
    sign_in_as(page, auditor)
    page.goto("/admin/users")
    expect(page.get_by_role("table", name="Teams")).to_contain_text("Pier")
    expect(page.get_by_role("button", name="New team")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit Pier")).to_have_count(0)
    ask(admin, "DELETE", f"/v1/teams/{made['id']}", None)
