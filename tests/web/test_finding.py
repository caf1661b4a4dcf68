"""Narrowing and ordering the inbox: filters in the address, as chips and in saved views; Copilot order, and why."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask
from tests.web.test_views_and_clocks import clear_views


def rows(page: Page) -> list[str]:
    """The subjects of the list, in its order, as the server tells them."""
    return page.locator("li[aria-posinset] a > span:nth-child(2)").all_inner_texts()


_ESTIMATED = """async () => {
    const {data} = await (await fetch('/v1/issues?view=all&limit=200')).json()
    return data.every((issue) => issue.satisfaction_risk)
}"""


def first_page(page: Page, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(f"/v1/issues?limit=100&{query}").json()["data"]
    return found


def test_filters_are_set_by_keys_kept_in_the_address_and_taken_away_as_chips(
    open_page: OpenPage, check_access: Check
) -> None:
    page = open_page("/inbox/all")
    expect(page.locator("li[aria-posinset='1'] a")).to_be_visible()
    # The worker estimates what the import brought.
    page.wait_for_function(_ESTIMATED)
    page.get_by_role("button", name="Filter", exact=True).focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Filter", exact=True)
    for group, name in (
        ("Plan of the customer", "business"),
        ("Response promise", "With a promise"),
        ("Risk of a bad rating", "Low risk"),
        ("Risk of a bad rating", "Medium risk"),
    ):
        form.get_by_role("group", name=group).get_by_role("button", name=name).press("Enter")
    check_access(page)
    page.keyboard.press("Escape")

    query = "view=all&plan=business&sla=any&risk=low&risk=medium"
    expected = [issue["subject"] for issue in first_page(page, query)]
    assert expected
    expect(page.locator("li[aria-posinset='1']")).to_have_attribute("aria-setsize", str(len(expected)))
    assert rows(page) == expected[: len(rows(page))]
    page.reload()
    for chip in ("Plan: business", "With a promise", "Low risk", "Medium risk"):
        expect(page.get_by_role("button", name=f"Remove filter: {chip}")).to_be_visible()
    page.get_by_role("button", name="Remove filter: Plan: business").press("Enter")
    expect(page.get_by_role("button", name="Remove filter: Plan: business")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("plan="))


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 664)])
def test_all_of_a_popover_is_reached_on_a_small_screen(
    open_page: OpenPage, look: Look, width: int, height: int
) -> None:
    page = open_page("/inbox/all", width=width, height=height)
    page.get_by_role("button", name="Filter", exact=True).click()
    form = page.get_by_role("dialog", name="Filter", exact=True)
    last = form.get_by_label("Tag", exact=True)
    expect(last).to_be_visible()
    expect(last).not_to_be_in_viewport()
    box = form.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height
    look(page, f"filter-{height}")

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, 2_000)

    expect(last).to_be_in_viewport(ratio=1)
    look(page, f"filter-{height}-scrolled")


def test_words_of_the_filter_are_taken_by_a_click_beside_it(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    page.get_by_role("button", name="Filter", exact=True).click()
    form = page.get_by_role("dialog", name="Filter", exact=True)
    form.get_by_label("Words in the subject").fill("invoice")
    page.mouse.click(1_000, 700)

    expect(form).to_have_count(0)
    expect(page).to_have_url(re.compile("q=invoice"))
    expect(page.get_by_role("button", name="Remove filter: invoice")).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    form.get_by_label("Words in the subject").fill("")
    form.get_by_label("Tag").fill("billing")
    form.get_by_role("button", name="High", exact=True).click()
    expect(page).to_have_url(re.compile("severity=.*tag=billing|tag=billing.*severity="))
    expect(page).not_to_have_url(re.compile("q="))


def test_the_number_of_a_list_is_of_what_is_listed(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    heading = page.get_by_role("region", name="Issues", exact=True).locator("header [data-number]")
    everything = page.request.get("/v1/issues/counts").json()["views"]["all"]
    expect(heading).to_have_text(str(everything))
    page.goto("/inbox/all?severity=%5B%22high%22%5D")
    high = len(first_page(page, "view=all&severity=high"))
    assert 0 < high < everything
    expect(heading).to_have_text(str(high))
    page.goto("/inbox/all?q=nothing-is-called-so")
    expect(heading).to_have_text("0")

    def more(route: Route) -> None:
        if "cursor=" in route.request.url:
            return  # it is on its way
        found = route.fetch().json()
        route.fulfill(json={**found, "next_cursor": "more"})

    page.route("**/v1/issues?*severity=*", more)
    page.goto("/inbox/all?severity=%5B%22high%22%5D")
    expect(heading).to_have_text(f"{high}+")


def test_points_stand_beside_the_subject_in_rows_that_are_close(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/unassigned")
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({density: 'compact'}))")
    page.reload()
    row = page.locator("li[aria-posinset='1'] a")
    expect(row.locator("> span").nth(1).get_by_text(re.compile(r"^\d+ points$"))).to_be_visible()
    expect(row.locator("> span").nth(0).locator("[data-tip]")).to_have_count(0)
    look(page, "copilot-order-compact")


def test_the_name_of_a_customer_keeps_its_room_beside_a_long_company(open_page: OpenPage, look: Look) -> None:
    page = open_page("/account")
    company = {"company": "Long and Longer Lighting of the North"}
    customer = {"name": "Bartholomew Longfellow", "email": "b.long@example.com", "attributes": company}
    ask(page, "POST", "/v1/issues", {"subject": "Lamps", "body": "The lamps stay dark.", "customer": customer})
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({density: 'compact'}))")
    page.goto("/inbox/all?sort=newest")
    row = page.get_by_role("list", name="Issues").get_by_role("link").filter(has_text="Longfellow")
    name, company = row.get_by_text("Bartholomew Longfellow"), row.get_by_text("Long and Longer Lighting")
    expect(name).to_be_visible()
    cut = "element => element.scrollWidth > element.clientWidth"
    assert (name.evaluate(cut), company.evaluate(cut)) == (False, True)
    look(page, "row-long-company")


def test_why_an_issue_is_here_is_told_to_a_finger(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/unassigned", width=390)
    points = page.locator("li[aria-posinset='1'] [data-tip-of-parent]")
    expect(points).to_be_visible()
    points.tap()
    why = page.locator("[data-tip-shown]")
    expect(why).to_contain_text("points")
    expect(page).to_have_url(re.compile("/inbox/unassigned$"))
    look(page, "why-tapped")
    why.tap()
    expect(why).to_have_count(0)
    page.locator("li[aria-posinset='1'] a").tap(position={"x": 60, "y": 20})
    expect(page).to_have_url(re.compile("/inbox/unassigned/iss_"))


def test_a_finger_that_is_faster_than_the_words_opens_no_issue_and_is_told(open_page: OpenPage) -> None:
    page = open_page("about:blank", width=390)
    words: list[Route] = []
    page.route("**/assets/TipHost*", lambda route: words.append(route))  # noqa: PLW0108 - a bound method of a list cannot be a handler
    with page.expect_request("**/assets/TipHost*"):
        page.goto("/inbox/unassigned")
    points = page.locator("li[aria-posinset='1'] [data-tip-of-parent]")
    expect(points).to_be_visible()

    points.tap()

    expect(points).to_have_attribute("data-tapped", "")
    expect(page).to_have_url(re.compile("/inbox/unassigned$"))
    for one in words:
        one.continue_()
    expect(page.locator("[data-tip-shown]")).to_contain_text("points")


def test_a_saved_view_keeps_the_new_filters_and_the_order(open_page: OpenPage) -> None:
    page = open_page("/inbox/all?plan=%5B%22business%22%5D&risk=%5B%22low%22%5D&sla=any&sort=copilot")
    clear_views(page)
    page.reload()
    expect(page.get_by_role("button", name="Save as a view")).to_be_visible()
    page.keyboard.press("v")
    page.get_by_role("dialog", name="Save as a view").get_by_label("Name").fill("Take first")
    page.keyboard.press("Enter")
    link = page.get_by_role("region", name="Views").get_by_role("link", name=re.compile("Take first"))
    expect(link).to_have_attribute("aria-current", "page")
    page.goto("/inbox/all")
    page.get_by_role("region", name="Views").get_by_role("link", name=re.compile("Take first")).click()

    for part in ("plan=", "risk=", "sla=any", "sort=copilot"):
        expect(page).to_have_url(re.compile(re.escape(part)))
    clear_views(page)


def test_the_next_to_take_comes_first_and_says_why(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/unassigned")
    expect(page.get_by_role("button", name="Sort: Copilot order")).to_be_visible()
    first = page.locator("li[aria-posinset='1'] a")
    expect(first).to_have_attribute("aria-describedby", re.compile("^why-iss_"))
    told = first_page(page, "view=unassigned&sort=copilot")
    assert rows(page)[:5] == [issue["subject"] for issue in told[:5]]
    points = [issue["order"]["points"] for issue in told]
    assert points == sorted(points, reverse=True)

    page.keyboard.press("j")
    expect(first).to_have_attribute("aria-current", "page")
    page.keyboard.press("y")
    tip = page.locator("[data-tip-shown]")
    expect(tip).to_contain_text(f"Why here: {points[0]} points")
    expect(tip).to_contain_text("severity")
    expect(first).to_be_focused()
    check_access(page)
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    expect(first).to_have_attribute("aria-current", "page")
    page.keyboard.press("j")
    expect(page.locator("li[aria-posinset='2'] a[aria-current=page]")).to_be_visible()

    page.locator("li[aria-posinset='3'] [data-tip]").hover()
    expect(tip).to_contain_text(f"Why here: {points[2]} points")


def test_all_that_match_are_selected_in_the_order_shown(open_page: OpenPage) -> None:
    page = open_page("/inbox/all?plan=%5B%22enterprise%22%5D&sort=copilot")
    expected = len(first_page(page, "view=all&plan=enterprise"))
    page.locator("li[aria-posinset='1'] a").hover()
    page.get_by_role("checkbox").first.check()
    page.keyboard.press("Control+a")
    expect(page.get_by_text(f"{expected} selected")).to_be_visible()


def test_a_change_of_severity_moves_an_issue_to_its_place(open_page: OpenPage) -> None:
    page = open_page("/inbox/all?sort=copilot")
    low = first_page(page, "view=all&severity=low&status=open&sort=copilot")[-1]
    expect(page.locator("li[aria-posinset='1'] a")).to_be_visible()
    ask(page, "PATCH", f"/v1/issues/{low['id']}", {"severity": "critical"})

    after = [issue["id"] for issue in first_page(page, "view=all&sort=copilot")]
    place = after.index(low["id"]) + 1
    expect(page.locator(f"li[aria-posinset='{place}'] a[data-row='{low['id']}']")).to_be_attached()
    ask(page, "PATCH", f"/v1/issues/{low['id']}", {"severity": "low"})


def test_a_selection_shrinks_where_it_was_extended_from(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    expect(page.locator("li[aria-posinset='1'] a")).to_be_visible()
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("Shift+J")
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.keyboard.press("Shift+K")
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("Shift+K")
    page.keyboard.press("Shift+K")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Shift+J")
    expect(page.get_by_text("2 selected")).to_be_visible()


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_the_order_and_the_filters_are_seen(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/inbox/unassigned?plan=%5B%22business%22%5D", width=width)
    expect(page.locator("li[aria-posinset='1'] a[aria-describedby]")).to_be_visible()
    look(page, f"copilot-order-{width}")
    if width > 768:
        page.keyboard.press("j")
        page.keyboard.press("y")
        expect(page.locator("[data-tip-shown]")).to_be_visible()
        look(page, "copilot-order-why")
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_role("dialog", name="Filter", exact=True).get_by_role("button", name="business")).to_be_visible()
    look(page, f"filters-{width}")
