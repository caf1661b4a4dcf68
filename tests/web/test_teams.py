"""Teams in the console, where they limit agents: given by keys, filtered, merged, lost from sight. On an own server."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Look, OpenPage, sign_in_by_link
from tests.web.people import ask, invite, new_issue, sign_in_colleague
from tests.web.server import Running, running_console

SETTINGS = {"SUPPORT_COPILOT_IDENTITY__TEAMS_LIMIT_AGENTS": "true"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("teams"), settings=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server)


@pytest.fixture(scope="module")
def desk(browser: Browser, server: Running, session_state: StorageState) -> Iterator[dict[str, str]]:
    """The ids of two teams, each with an agent, and of an agent and an auditor besides."""
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/account")
    ids = {name: str(ask(page, "POST", "/v1/teams", {"name": name})["id"]) for name in ("North", "South")}
    for role, name, team in (
        ("agent", "Nora Nagel", "North"), ("agent", "Sam Sauer", "South"), ("agent", "Lou Alone", None),
        ("auditor", "Otto Auditor", None),
    ):  # fmt: skip
        ids[name] = invite(page, role, name).id
        if team:
            ask(page, "PUT", f"/v1/teams/{ids[team]}/members/{ids[name]}", None)
    yield ids
    context.close()


def found(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("option")


def given(page: Page, subject: str, team: str | None = None) -> str:
    issue_id = new_issue(page, subject)
    if team:
        ask(page, "PATCH", f"/v1/issues/{issue_id}", {"team_id": team})
    return issue_id


def at(open_page: OpenPage, issue_id: str, **options: Any) -> Page:
    page = open_page(f"/inbox/all/{issue_id}", **options)
    expect(page.get_by_role("button", name=re.compile("^Resolve")).first).to_be_visible()
    return page


def test_an_issue_is_given_to_a_team_by_keys_and_taken_back(open_page: OpenPage, desk: dict[str, str]) -> None:
    issue_id = given(open_page("/account"), "The ferry does not start", desk["North"])
    page = at(open_page, issue_id)
    header = page.locator("header").filter(has=page.get_by_role("heading", level=1))
    expect(header).to_contain_text("Team: North")
    for key in ("a", *"sou", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Moved to team South", exact=False).first).to_be_visible()
    expect(header).to_contain_text("Team: South")
    expect(page.locator(f"[data-row={issue_id}]")).to_contain_text("Team: South")
    expect(page.locator("#conversation")).to_contain_text("Moved to team South.")
    page.keyboard.press("z")
    expect(header).to_contain_text("Team: North")
    expect(page.locator("#conversation")).to_contain_text("Moved to team North.")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Move to a team")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Find a team")).to_be_focused()
    expect(found(page).filter(has_text=re.compile("^(North|South|No team)$"))).to_have_count(3)
    expect(found(page).filter(has_text="Nora Nagel")).to_have_count(0)
    page.keyboard.type("no team")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In no team now")).to_be_visible()
    expect(header).not_to_contain_text("Team:")


def test_only_who_can_work_on_an_issue_is_offered(open_page: OpenPage, desk: dict[str, str]) -> None:
    admin = open_page("/account")
    page = at(open_page, given(admin, "The crane is stuck", desk["North"]))
    page.keyboard.press("a")
    people = page.get_by_role("group", name="People").get_by_role("option")
    expect(people.filter(has_text="Nora Nagel")).to_be_visible()
    expect(people.filter(has_text="(you)")).to_be_visible()
    for name in ("Sam Sauer", "Lou Alone", "Otto Auditor"):
        expect(people.filter(has_text=name)).to_have_count(0)
    page.keyboard.type("nora")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Assigned to")).to_be_visible()
    expect(page.get_by_role("button", name="Assign: Nora Nagel")).to_be_visible()
    # Where she does not see it, it is hers no more; taken back, it is again.
    for key in ("a", *"sou", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Assign", exact=True)).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Assign: Nora Nagel")).to_be_visible()
    page = at(open_page, given(admin, "A crane of nobody"))
    people = page.get_by_role("group", name="People").get_by_role("option")
    page.keyboard.press("a")
    expect(people.filter(has_text="Sam Sauer")).to_be_visible()
    expect(people.filter(has_text="Otto Auditor")).to_have_count(0)


def test_several_go_to_a_team_and_a_list_is_narrowed_by_it(open_page: OpenPage, desk: dict[str, str]) -> None:
    admin = open_page("/account")
    subjects = [f"Buoy number {number} is dark" for number in range(3)]
    for subject in subjects:
        given(admin, subject)
    page = open_page("/inbox/all?q=Buoy")
    rows = page.get_by_role("list", name="Issues").get_by_role("link")
    expect(rows).to_have_count(3)
    for key in ("j", "x", "Shift+j", "a", *"north", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text(re.compile("^2 issues: Moved to team "))).to_be_visible()
    expect(rows.filter(has_text="Team: North")).to_have_count(2)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Team", exact=True).select_option("North")
    expect(page).to_have_url(re.compile(f"team_id={desk['North']}"))
    page.keyboard.press("Escape")
    expect(rows).to_have_count(2)
    page.keyboard.press("v")
    page.get_by_label("Name").fill("Dark buoys of North")
    page.keyboard.press("Enter")
    view = page.get_by_role("link", name=re.compile("Dark buoys of North"))
    expect(view).to_contain_text("2")
    page.goto("/inbox/all")
    view.click()
    expect(page.get_by_role("button", name="Remove filter: Team: North")).to_be_visible()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Remove filter: Team: North").click()
    expect(rows).to_have_count(3)


def test_a_team_that_is_deleted_stands_in_no_list_and_in_the_address_as_gone(open_page: OpenPage) -> None:
    admin = open_page("/account")
    team = str(ask(admin, "POST", "/v1/teams", {"name": "Short-lived"})["id"])
    issue_id = given(admin, "The anchor is lost", team)
    page = open_page(f"/inbox/all?team_id={team}")
    expect(page.locator(f"[data-row={issue_id}]")).to_contain_text("Team: Short-lived")
    ask(admin, "DELETE", f"/v1/teams/{team}", None)
    expect(page.get_by_text("No issue matches these filters")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Team: a team that is no more")).to_be_visible()
    page.goto(f"/inbox/all/{issue_id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The anchor is lost")
    expect(page.locator("header").filter(has=page.get_by_role("heading", level=1))).not_to_contain_text("Short-lived")


def test_who_gives_an_issue_away_is_told_and_keeps_what_they_wrote(
    open_page: OpenPage,
    browser: Browser,
    server: Running,
    desk: dict[str, str],
    complaints: list[str],
) -> None:
    admin = open_page("/account")
    issue_id = given(admin, "The sluice of the lock leaks", desk["North"])
    state = sign_in_colleague(browser, server, admin, "Nele Nord")
    nele = next(row["id"] for row in _users(admin) if row["name"] == "Nele Nord")
    ask(admin, "PUT", f"/v1/teams/{desk['North']}/members/{nele}", None)
    page = at(open_page, issue_id, state=state)
    expect(page.get_by_role("link", name=re.compile("^North"))).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("We send somebody with a new seal.")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(found(page).filter(has_text="South")).to_contain_text("You will not see it any more")
    page.keyboard.type("south")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You do not see this issue any more")).to_be_visible()
    expect(page.get_by_text(re.compile("whose issues you do not see"))).to_be_visible()
    expect(page.get_by_role("region", name="Reply")).to_contain_text("We send somebody with a new seal.")
    expect(page.locator(f"[data-row={issue_id}]")).to_have_count(0)
    expect(page.locator("#conversation")).to_have_count(0)

    ask(admin, "PATCH", f"/v1/issues/{issue_id}", {"team_id": desk["North"]})
    # It is theirs again, at once and as it was.
    expect(page.get_by_label("Reply to customer")).to_have_value("We send somebody with a new seal.")
    page.context.close()
    complaints.clear()  # the browser tells of each answer 404 to what was asked for when it went


def _users(page: Page) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = page.evaluate(
        "fetch('/v1/users').then(answer => answer.json()).then(page => page.data)"
    )
    return users


def test_a_merge_across_teams_says_so_before(open_page: OpenPage, desk: dict[str, str], look: Look) -> None:
    admin = open_page("/account")
    ids = []
    for subject, team in (("The radar is blind", "North"), ("Again the radar is blind", "South")):
        body = {
            "subject": subject,
            "body": f"{subject}. Help.",
            "customer": {"name": "Ana", "email": "radar@example.com"},
        }
        made: Any = ask(admin, "POST", "/v1/issues", body)
        ids.append(made["issue"]["id"])
        ask(admin, "PATCH", f"/v1/issues/{ids[-1]}", {"team_id": desk[team]})
    page = at(open_page, ids[1])
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Merge into")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Merge")
    expect(dialog.get_by_role("status")).to_contain_text("These issues are of different teams. All of them go to team")
    expect(dialog.get_by_role("status")).to_contain_text("where teams limit agents")
    look(page, "merge-across-teams")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The radar is blind")


@pytest.mark.parametrize("width", WIDTHS)
def test_how_teams_look(open_page: OpenPage, desk: dict[str, str], look: Look, width: int) -> None:
    admin = open_page("/account")
    me: Any = admin.evaluate("fetch('/v1/auth/me').then(a => a.json())")
    ask(admin, "PUT", f"/v1/teams/{desk['North']}/members/{me['id']}", None)
    long = str(ask(admin, "POST", "/v1/teams", {"name": f"Second line for harbours and locks {width}"})["id"])
    rows = admin.evaluate("fetch('/v1/issues?view=critical').then(a => a.json()).then(p => p.data.map(one => one.id))")
    for place, issue_id in enumerate(rows[:6]):
        ask(admin, "PATCH", f"/v1/issues/{issue_id}", {"team_id": (desk["North"], long, None)[place % 3]})
    page = open_page("/inbox/critical", width=width)
    expect(page.get_by_role("list", name="Issues")).to_contain_text("Team: North")
    look(page, "teams-inbox")
    page.goto("/critical")
    expect(page.get_by_text("Team: North").first).to_be_visible()
    look(page, "teams-board")
    page.goto(f"/inbox/critical/{rows[1]}")
    expect(page.locator("header").filter(has=page.get_by_role("heading", level=1))).to_contain_text("Second line")
    look(page, "teams-issue")
    page.get_by_role("button", name=re.compile("^Assign")).click()
    expect(page.get_by_role("combobox", name="Find a person or team")).to_be_visible()
    look(page, "teams-assign")
    page.keyboard.press("Escape")
    page.goto(f"/inbox/all?team_id={desk['North']}")
    expect(page.get_by_role("button", name="Remove filter: Team: North")).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_label("Team", exact=True)).to_be_visible()
    look(page, "teams-filter")


def test_where_there_are_no_teams_nothing_speaks_of_them(open_page: OpenPage) -> None:
    issue_id = given(open_page("/account"), "The desk has no teams")
    page = open_page("/account")
    page.route("**/v1/issues/assignees", lambda route: route.fulfill(json=_without_teams(route.fetch().json())))
    page.goto(f"/inbox/all/{issue_id}")
    expect(page.get_by_role("button", name=re.compile("^Assign"))).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("combobox", name="Find a person", exact=True)).to_be_focused()
    expect(page.get_by_role("dialog")).not_to_contain_text("Teams")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_label("Assignee")).to_be_visible()
    expect(page.get_by_label("Team", exact=True)).to_have_count(0)


def _without_teams(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"teams": []}
