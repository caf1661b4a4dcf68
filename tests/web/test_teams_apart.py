"""Where teams limit agents: what goes to another team goes from the screen, at once and with all that stood there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import sign_in_by_link
from tests.web.people import ask, invite, new_issue, sign_in_as
from tests.web.server import Running, running_console


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Running]:
    settings = {"SUPPORT_COPILOT_IDENTITY__TEAMS_LIMIT_AGENTS": "true"}
    with running_console(tmp_path, sample=False, settings=settings) as running:
        yield running


def test_an_issue_that_goes_to_another_team_goes_from_the_screen(browser: Browser, apart: Running) -> None:
    admin = browser.new_page(base_url=apart.address, storage_state=sign_in_by_link(browser, apart, empty=True))
    admin.goto("/inbox/all")
    agent = invite(admin, "agent", "Nora North")
    teams: list[Any] = [ask(admin, "POST", "/v1/teams", {"name": name}) for name in ("North", "South")]
    ask(admin, "PATCH", f"/v1/users/{agent.id}", {"team_ids": [teams[0]["id"]]})
    moved, kept = (
        new_issue(admin, "The lift of the old mill is stuck"),
        new_issue(admin, "A lamp of the harbour is dark"),
    )
    for issue_id in (moved, kept):
        ask(admin, "PATCH", f"/v1/issues/{issue_id}", {"team_id": teams[0]["id"]})
    page = browser.new_page(base_url=apart.address, locale="en-GB")
    sign_in_as(page, agent)
    page.goto(f"/inbox/all/{moved}")
    expect(page.locator("#conversation")).to_contain_text("The dashboard stays grey.")
    expect(page.get_by_role("list", name="Issues")).to_contain_text("The lift of the old mill is stuck")

    ask(admin, "PATCH", f"/v1/issues/{moved}", {"team_id": teams[1]["id"]})

    expect(page.get_by_role("heading", name="You do not see this issue any more")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("old mill")
    expect(page.locator("#conversation")).to_have_count(0)
    expect(page.get_by_role("list", name="Issues")).to_contain_text("A lamp of the harbour is dark")
    page.context.close()
    admin.context.close()
