"""Campaign pages in a real browser: they renew themselves, can be worked by keyboard, and everybody can read them."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from callbacks import lifecycle
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState
from console.deps import Deps
from tests.console.campaign_fixtures import READY, RUNNING, TRIPPED, campaign_desk_file, values
from tests.console.conftest import NOW, enter

__all__ = ["campaign_desk_file", "values"]

pytestmark = pytest.mark.browser


def test_the_live_page_follows_calls_and_a_pause_by_somebody_else(tab: Page, served: str, values: Deps) -> None:
    enter(tab, served, "ops")
    tab.goto(f"{served}/campaigns/{RUNNING}")
    expect(tab.locator("[data-beat-word]")).to_have_text("Up to date")
    expect(tab.locator(".live-rows li")).to_have_count(5)
    with values.db.write() as s:
        live = s.scalars(select(Attempt).where(Attempt.state == AttemptState.RINGING)).one()
        live.state, live.ended_at, live.carrier_outcome = AttemptState.ENDED, NOW, "busy"
        s.get_one(Case, live.case_id).state = CaseState.OPEN
    expect(tab.locator(".live-rows li")).to_have_count(4)
    with values.db.write() as s:
        lifecycle.pause(s, s.get_one(Campaign, RUNNING), by="Ada Novak", now=NOW, note="The depot is closed.")
    expect(tab.locator("#actions .chip").first).to_have_text("Paused")
    expect(tab.locator("#now .notice")).to_contain_text("The depot is closed.")
    expect(tab.locator("#log li").first).to_contain_text("Ada Novak")
    expect(tab.locator("#actions summary", has_text="Resume")).to_be_visible()


def test_a_note_that_is_being_written_is_not_lost_when_the_page_renews_itself(
    tab: Page, served: str, values: Deps
) -> None:
    enter(tab, served, "ops")
    tab.goto(f"{served}/campaigns/{TRIPPED}")
    tab.locator("#actions summary", has_text="Resume").click()
    tab.fill("#note-resume", "I looked at the list and")
    with values.db.write() as s:
        lifecycle.log(s, s.get_one(Campaign, TRIPPED), "edit", by="Ada Novak", now=NOW)
    expect(tab.locator("#log li")).to_have_count(1)
    expect(tab.locator("#note-resume")).to_have_value("I looked at the list and")
    tab.locator("#note-resume").press("Control+Enter")
    expect(tab.locator("#actions .chip").first).to_have_text("Running")


def test_pause_and_stop_work_by_keyboard(tab: Page, served: str) -> None:
    enter(tab, served, "ops")
    tab.goto(f"{served}/campaigns/{RUNNING}")
    tab.get_by_role("button", name="Pause", exact=True).focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#actions .chip").first).to_have_text("Paused")
    tab.locator("summary", has_text="Stop").focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.locator("#note-stop")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#actions .chip").first).to_have_text("Stopped")


def test_where_conversations_end_comes_with_the_page(tab: Page, served: str) -> None:
    enter(tab, served, "ops")
    tab.goto(f"{served}/campaigns/{RUNNING}")
    expect(tab.locator("table.nodes").first).to_contain_text("welcome")
    expect(tab.locator("table.nodes")).to_have_count(2)


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1440, "light", "en"), (390, "dark", "zh")],
    ids=["wide light", "narrow dark chinese"],
)
def test_every_campaign_page_is_free_of_what_axe_finds_and_fits_its_width(
    chromium: Browser, served: str, values: Deps, width: int, scheme: Any, language: str
) -> None:
    with values.db.read() as s:
        case = s.scalar(select(Attempt.case_id).where(Attempt.business_outcome == "goal"))
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    enter(page, served, "ops")
    if language == "zh":
        page.locator("header button[lang=zh]").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    base = f"/campaigns/{RUNNING}"
    paths = [base, f"/campaigns/{TRIPPED}", f"/campaigns/{READY}", f"{base}/cases", f"/campaigns/{READY}/cases"]
    paths += [
        f"{base}/cases/{case}",
        f"{base}/results",
        f"{base}/nodes",
        "/campaigns/calendar",
        "/campaigns/calendar?view=week",
    ]
    found: dict[str, Any] = {}
    for path in paths:
        page.goto(served + path)
        if path == base:
            expect(page.locator("table.nodes")).to_have_count(2)
        page.wait_for_timeout(150)
        if problems := Axe().run(page).response["violations"]:
            found[path] = [(p["id"], [n["html"][:160] for n in p["nodes"][:3]]) for p in problems]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert found == {}


def test_actions_open_within_the_screen_of_a_phone(chromium: Browser, served: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, served, "ops")
    page.goto(f"{served}/campaigns/{RUNNING}")
    for word in ("Pace", "Run out", "Stop"):
        summary = page.locator("#actions summary", has_text=word)
        summary.click()
        expect(page.locator("#actions details[open] form")).to_be_in_viewport(ratio=0.99)
        page.keyboard.press("Escape")
    context.close()
