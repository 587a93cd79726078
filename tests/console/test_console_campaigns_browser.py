"""A campaign set up in a real browser, by mouse and by keyboard, wide and narrow; and who cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.importing.running import check_list, import_list
from console.week_grid import text_of
from tests.console.conftest import NOW, CampaignDesk, enter

pytestmark = pytest.mark.browser

PASTED = (
    "手机号\t收件人\t单号\n"
    + "\n".join(f"138139000{n:02}\t王小明{n}\tSF{n:04}" for n in range(12))
    + "\n12\t太短\tSF99"
)


def work(desk: CampaignDesk) -> None:
    """Do what the worker would do with the latest list."""
    values = desk.values
    with values.db.read() as s:
        made = s.scalars(select(AudienceImport).order_by(AudienceImport.id.desc())).first()
    assert made is not None
    run = check_list if made.state == ImportState.CHECKING else import_list
    run(values.db, made.id, values.data_dir, lambda: NOW)


def week(desk: CampaignDesk, name: str) -> dict[str, str]:
    """The campaign's hours as text by day."""
    with desk.values.db.read() as s:
        hours = s.scalars(select(Campaign).where(Campaign.name == name)).one().hours
    return {str(day): text_of(spans) for day, spans in hours.week.items()}


def cell(page: Page, day: int, hour: int) -> Any:
    """A cell of the week grid; 0 is Monday."""
    return page.locator(f'.week-cell[data-d="{day}"][data-h="{hour}"]')


def test_operations_set_a_campaign_up_from_pasted_rows_to_preflight(
    tab: Page, served_campaigns: str, campaign_desk: CampaignDesk
) -> None:
    enter(tab, served_campaigns, "ops")
    tab.get_by_role("link", name="Campaigns", exact=True).click()
    tab.get_by_role("link", name="New campaign").click()
    tab.get_by_label("Name").fill("Deliveries of Monday")
    tab.get_by_role("button", name="Create it").click()

    tab.get_by_label("Paste rows from a table").fill(PASTED)
    tab.get_by_role("button", name="Go on to the columns").click()
    expect(tab.get_by_label("手机号")).to_have_value("number")
    tab.get_by_label("单号").select_option("reference")
    tab.get_by_role("button", name="Check every row").click()
    expect(tab.get_by_text("Every row is being checked")).to_be_visible()
    work(campaign_desk)
    expect(tab.get_by_role("button", name="Import 12 rows")).to_be_visible()
    expect(tab.get_by_text("too short")).to_be_visible()
    tab.get_by_role("button", name="Import 12 rows").click()
    expect(tab.get_by_text("The list is being imported")).to_be_visible()
    work(campaign_desk)
    expect(tab.get_by_text("What was imported")).to_be_visible()
    tab.get_by_role("link", name="Go on").click()

    tab.get_by_label("Flow", exact=True).select_option("parcel_call")
    tab.get_by_label("+86 400 800 1234").check()
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.get_by_label("Default for parcel").fill("your parcel")
    tab.get_by_role("button", name="Save and go on").click()

    expect(tab.locator(".week-grid")).to_be_visible()
    tab.get_by_role("button", name="Clear").click()
    first, last = cell(tab, 0, 10).bounding_box(), cell(tab, 4, 15).bounding_box()
    tab.mouse.move(first["x"] + 6, first["y"] + 6)
    tab.mouse.down()
    tab.mouse.move(last["x"] + 6, last["y"] + 6, steps=6)
    tab.mouse.up()
    expect(tab.locator("[data-week-total]")).to_have_text("30")
    cell(tab, 0, 12).click()
    expect(cell(tab, 0, 12)).to_have_attribute("data-state", "closed")
    tab.get_by_role("button", name="Save and go on").click()
    expect(tab.get_by_role("heading", name="Tries after each result")).to_be_visible()
    kept = week(campaign_desk, "Deliveries of Monday")
    assert (kept["mon"], kept["fri"], kept["sat"]) == ("10:00-12:00, 13:00-16:00", "10:00-16:00", "")

    tab.get_by_role("button", name="Save and go on").click()
    expect(tab.get_by_text("12 people are called for the first time")).to_be_visible()
    expect(tab.get_by_text("Nobody has heard version 1")).to_be_visible()
    expect(tab.get_by_role("button", name="Launch")).to_be_disabled()
    tab.locator(".blockers").get_by_role("link", name="Flow and voice").click()
    expect(tab).to_have_url(re.compile("setup/flow#test$"))


def test_the_week_is_painted_by_keyboard_alone(tab: Page, served_campaigns: str, campaign_desk: CampaignDesk) -> None:
    enter(tab, served_campaigns, "ops")
    tab.goto(f"{served_campaigns}/campaigns/{campaign_desk.ids['draft']}/setup/hours")
    tab.get_by_role("button", name="Clear").focus()
    tab.keyboard.press("Enter")
    cell(tab, 0, 9).focus()
    tab.keyboard.press("Space")
    for _ in range(3):
        tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    assert cell(tab, 1, 12).get_attribute("aria-label") == "Tuesday 12:00, open"
    tab.get_by_text("As times").click()
    expect(tab.get_by_label("Monday", exact=True)).to_have_value("09:00-13:00")
    tab.get_by_label("Sunday", exact=True).fill("10:30-11")
    expect(cell(tab, 6, 10)).to_have_attribute("data-state", "part")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_text("Saved.", exact=True)).to_be_visible()
    kept = week(campaign_desk, "Deliveries of Friday")
    assert (kept["mon"], kept["tue"], kept["sun"]) == ("09:00-13:00", "12:00-13:00", "10:30-11:00")


def test_the_hours_are_set_without_scripts(
    chromium: Browser, served_campaigns: str, campaign_desk: CampaignDesk
) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    enter(page, served_campaigns, "ops")
    page.goto(f"{served_campaigns}/campaigns/{campaign_desk.ids['draft']}/setup/hours")
    page.get_by_label("Monday", exact=True).fill("22:00-06:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Monday", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Monday", exact=True).fill("8-12, 13-17")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Monday", exact=True)).to_have_value("08:00-12:00, 13:00-17:00")
    context.close()


@pytest.fixture(params=[(1440, "light", "en"), (390, "dark", "zh")], ids=["wide light", "narrow dark chinese"])
def reader(request: pytest.FixtureRequest, chromium: Browser, served_campaigns: str) -> Iterator[tuple[Page, int]]:
    """A signed-in administrator's tab, wide and light or narrow, dark and Chinese."""
    width, scheme, language = request.param
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    enter(page, served_campaigns, "admin")
    if language == "zh":
        page.locator("header button[lang=zh]").click()
    yield page, width
    context.close()


def test_every_page_is_free_of_what_axe_finds_and_fits_its_width(
    reader: tuple[Page, int], served_campaigns: str, campaign_desk: CampaignDesk
) -> None:
    page, width = reader
    draft = f"/campaigns/{campaign_desk.ids['draft']}/setup"
    paths = [
        "/campaigns",
        "/campaigns/new",
        *(f"{draft}/{s}" for s in ("audience", "flow", "hours", "rules", "preflight")),
    ]
    paths += ["/do-not-call", "/do-not-call/consents", "/event-rules", "/integrations", "/people/1"]
    found: dict[str, Any] = {}
    for path in paths:
        page.goto(served_campaigns + path)
        page.wait_for_load_state("networkidle") if path.endswith("preflight") else page.wait_for_timeout(150)
        problems = Axe().run(page).response["violations"]
        if problems:
            found[path] = [(p["id"], p["nodes"][0]["html"][:200]) for p in problems]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {}
