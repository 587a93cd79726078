"""The pages in a real browser: an agent's way, what appears by itself, the keyboard, and who cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from console.deps import Deps
from ivr.calls import Call
from ivr.lines import Line
from tests.console.conftest import NOW, enter
from tests.console.seeding import HOSTILE
from tickets import desk
from tickets.ticket import Ticket

pytestmark = pytest.mark.browser


def numbers(values: Deps) -> list[str]:
    """Every ticket's number, oldest row first."""
    with values.db.read() as s:
        return list(s.scalars(select(Ticket.number).order_by(Ticket.id)))


def test_an_agent_finds_a_ticket_notes_takes_and_solves_it(tab: Page, served: str, values: Deps) -> None:
    number = numbers(values)[10]
    enter(tab, served)
    tab.get_by_role("link", name="Tickets", exact=True).click()
    tab.locator("[data-row]", has_text=number).click()
    tab.fill("#note", "Rang the depot.\nThey look for it.")
    tab.get_by_role("button", name="Add note").click()
    expect(tab.locator("#timeline .note .body").last).to_have_text("Rang the depot.\nThey look for it.")
    expect(tab.locator("#note")).to_have_value("")
    tab.get_by_role("button", name="Take it").click()
    expect(tab.locator("#s-assignee option:checked")).to_have_text("Lin Yue")
    tab.get_by_role("button", name="Solve").click()
    expect(tab.locator("#ticket-head .chip").first).to_have_text("Solved")
    expect(tab.locator("#timeline")).to_contain_text("Status: Open")
    tab.reload()
    expect(tab.locator("#ticket-head .chip").first).to_have_text("Solved")


def test_a_refused_step_is_told_and_the_note_stays_in_its_box(tab: Page, served: str, values: Deps) -> None:
    number = numbers(values)[10]
    enter(tab, served)
    tab.goto(f"{served}/tickets/{number}")
    tab.locator("#note").evaluate("box => { box.removeAttribute('maxlength'); box.value = 'x'.repeat(20001); }")
    tab.get_by_role("button", name="Add note").click()
    expect(tab.locator("#notices")).to_contain_text("This cannot be kept")
    assert len(tab.locator("#note").input_value()) == 20001


def test_a_new_ticket_appears_without_reload(tab: Page, served: str, values: Deps) -> None:
    enter(tab, served)
    tab.goto(f"{served}/tickets")
    before = tab.locator("#rows tbody tr").count()
    tab.wait_for_timeout(1500)
    new = desk.NewTicket(subject=f"Just came in {HOSTILE}", category="other", caller_number="+8613700000000")
    with values.db.write() as s:
        desk.open_or_append(s, new, NOW)
    expect(tab.locator("#rows tbody tr")).to_have_count(before + 1)
    expect(tab.locator("#rows tr.fresh")).to_contain_text("Just came in")
    expect(tab.locator("#rows .tabs [aria-current] .count")).to_have_text(str(before + 1))


def test_a_row_that_is_pressed_while_news_comes_opens_all_the_same(tab: Page, served: str, values: Deps) -> None:
    number = numbers(values)[10]
    enter(tab, served)
    tab.goto(f"{served}/tickets")
    row = tab.locator("[data-row]", has_text=number)
    row.hover()
    tab.mouse.down()
    with tab.expect_response("**/tickets/rows*"), values.db.write() as s:
        new = desk.NewTicket(subject="Rain came in", category="complaint", caller_number="+8613911112222")
        desk.open_or_append(s, new, NOW)
    tab.wait_for_timeout(200)
    expect(tab.locator("#rows")).not_to_contain_text("Rain came in", timeout=1)
    tab.mouse.up()
    expect(tab.locator("#note")).to_be_visible()
    assert f"/tickets/{number}" in tab.url


def test_live_calls_move_by_themselves_and_can_be_paused(tab: Page, served: str, values: Deps) -> None:
    enter(tab, served)
    tab.goto(f"{served}/live")
    expect(tab.locator("[data-beat-word]")).to_have_text("Up to date")
    expect(tab.locator(".live-call")).to_have_count(2)

    def move(node: str) -> None:
        with values.db.write() as s:
            call = s.scalars(select(Call).where(Call.status == "in-progress").order_by(Call.id)).first()
            assert call is not None
            call.node, call.turn = node, call.turn + 1

    move("pick_language")
    expect(tab.locator("#live")).to_contain_text("pick_language")
    tab.get_by_role("button", name="Pause").click()
    move("another_node")
    tab.wait_for_timeout(2500)
    expect(tab.locator("#live")).not_to_contain_text("another_node")
    tab.get_by_role("button", name="Resume").click()
    expect(tab.locator("#live")).to_contain_text("another_node")


def test_a_transcripts_word_leads_to_its_sound_and_a_change_does_not_stop_it(
    tab: Page, served: str, values: Deps
) -> None:
    number = numbers(values)[0]
    enter(tab, served)
    tab.goto(f"{served}/tickets/{number}")
    tab.locator(".word", has_text="courier.").click()
    audio = tab.locator("audio")
    expect(tab.locator(".word.playing")).to_be_visible()
    assert audio.evaluate("a => a.currentTime") >= 1.25
    audio.evaluate("a => { a.loop = true }")
    with values.db.write() as s:
        ticket = desk.find_ticket(s, number)
        desk.note(s, ticket, "written elsewhere", by="user:2", now=NOW)
    expect(tab.locator("#timeline")).to_contain_text("written elsewhere")
    assert not audio.evaluate("a => a.paused")


def test_the_keyboard_alone_leads_from_the_start_to_a_note(tab: Page, served: str, values: Deps) -> None:
    enter(tab, served)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()
    tab.keyboard.press("g")
    tab.keyboard.press("t")
    tab.wait_for_url("**/tickets")
    expect(tab.locator("#rows tbody tr").first).to_be_visible()
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    expect(tab.locator("[data-row]").first).to_be_focused()
    tab.wait_for_timeout(1500)
    expect(tab.locator("[data-row]").first).to_be_focused()  # The list has renewed itself meanwhile.
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/tickets/*")
    expect(tab.locator("#timeline")).to_be_visible()
    tab.keyboard.press("n")
    expect(tab.locator("#note")).to_be_focused()
    tab.keyboard.type("g t ? written by keys")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#timeline")).to_contain_text("g t ? written by keys")
    tab.locator("#main").focus()
    tab.keyboard.press("/")
    expect(tab.locator("#search")).to_be_focused()


def test_language_and_zone_are_switched_in_the_header(tab: Page, served: str) -> None:
    enter(tab, served)
    expect(tab.locator(".page-head")).to_contain_text("14:30:00")
    tab.locator("[data-popover] summary").click()
    tab.select_option("#top-zone", "Europe/Berlin")
    tab.get_by_role("button", name="Use this zone").click()
    expect(tab.locator(".page-head")).to_contain_text("07:30:00")
    tab.get_by_role("button", name="中文").click()
    expect(tab.locator("h1")).to_have_text("概览")


def test_single_key_shortcuts_can_be_switched_off(tab: Page, served: str) -> None:
    enter(tab, served)
    tab.keyboard.press("?")
    expect(tab.locator("#help")).to_be_visible()
    tab.locator("#help [data-shortcuts-on]").uncheck()
    tab.keyboard.press("Escape")
    tab.keyboard.press("g")
    tab.keyboard.press("t")
    tab.keyboard.press("?")
    tab.wait_for_timeout(300)
    assert tab.url == f"{served}/"
    expect(tab.locator("#help")).to_be_hidden()


@pytest.fixture
def pages(values: Deps) -> list[str]:
    """Every page, as a path."""
    with values.db.read() as s:
        call = s.scalar(select(Call.id).where(Call.error != ""))
    few = [f"/tickets/{n}" for n in numbers(values)[:4]]
    plain = ["/", "/live", "/calls", "/tickets", "/people", "/flows", "/numbers", "/phone", "/users", "/settings"]
    return ["/nothing", *plain, *few, f"/calls/{call}", "/people/1", "/people/4", "/people/5", "/flows/courier"]


@pytest.fixture(params=[(1440, "light", "en"), (390, "dark", "zh")], ids=["wide light", "narrow dark chinese"])
def reader(request: pytest.FixtureRequest, chromium: Browser, served: str) -> Iterator[tuple[Page, int]]:
    """A signed-in administrator's tab, wide and light or narrow, dark and Chinese."""
    width, scheme, language = request.param
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    enter(page, served, "admin")
    if language == "zh":
        page.locator("header button[lang=zh]").click()
    yield page, width
    context.close()


def test_every_page_is_free_of_what_axe_finds_and_fits_its_width(
    reader: tuple[Page, int], served: str, pages: list[str]
) -> None:
    page, width = reader
    found: dict[str, Any] = {}
    for path in pages:
        page.goto(served + path)
        page.wait_for_timeout(150)
        problems = Axe().run(page).response["violations"]
        if problems:
            found[path] = [(p["id"], p["nodes"][0]["html"][:200]) for p in problems]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {}


def test_the_login_page_is_free_of_what_axe_finds(tab: Page, served: str) -> None:
    tab.goto(f"{served}/login")
    assert Axe().run(tab).response["violations"] == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_flow_is_seen_at_once_and_grows_shrinks_and_moves(chromium: Browser, served: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    enter(page, served)
    page.goto(f"{served}/flows/courier")
    canvas, level = page.locator("[data-canvas]"), page.locator("[data-zoom-level]")
    expect(page.locator("[data-node=welcome]")).to_be_in_viewport(ratio=0.95)
    frame, card = canvas.bounding_box(), page.locator("[data-node=welcome] .flow-card").bounding_box()
    assert frame is not None
    assert card is not None
    assert frame["x"] <= card["x"] <= frame["x"] + frame["width"] - card["width"]
    assert card["width"] > 140, "the words on the card can be read"
    before = level.inner_text()
    page.get_by_role("button", name="Larger").click()
    expect(level).not_to_have_text(before)
    canvas.focus()
    for _ in range(6):
        page.keyboard.press("+")
    assert int(level.inner_text().split()[0]) > 150
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('[data-canvas]').scrollTop > 0")
    page.keyboard.press("0")
    assert canvas.evaluate("c => c.scrollHeight <= c.clientHeight + 1 && c.scrollWidth <= c.clientWidth + 1")
    for _ in range(8):
        page.keyboard.press("+")
    page.mouse.move(frame["x"] + 100, frame["y"] + 200)
    top = canvas.evaluate("c => c.scrollTop")
    page.mouse.down()
    page.mouse.move(frame["x"] + 100, frame["y"] + 100)
    page.mouse.up()
    assert canvas.evaluate("c => c.scrollTop") > top
    page.get_by_role("button", name="To the start").click()
    expect(page.locator("[data-node=welcome]")).to_be_in_viewport()
    context.close()


def test_without_scripts_a_flow_is_drawn_to_the_width_of_the_page(chromium: Browser, served: str) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    enter(page, served)
    page.goto(f"{served}/flows/courier")
    drawing, frame = page.locator(".flow-drawing").bounding_box(), page.locator("[data-canvas]").bounding_box()
    assert drawing is not None
    assert frame is not None
    assert abs(drawing["width"] - frame["width"]) < 4
    context.close()


@pytest.mark.parametrize("width", [1440, 1024, 768, 390])
def test_the_phones_parts_stay_in_their_cards(chromium: Browser, served: str, values: Deps, width: int) -> None:
    with values.db.write() as s:
        s.add(
            Line(number="+12025550123", label="A line with a name that is longer than any column of the page is wide")
        )
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    enter(page, served)
    page.goto(f"{served}/phone")
    over = page.evaluate(
        """() => [...document.querySelectorAll('.phone-grid > *')].flatMap((card) => [...card.querySelectorAll('*')]
        .filter((x) => !x.closest('.visually-hidden, option')
          && x.getBoundingClientRect().right > card.getBoundingClientRect().right)
        .map((x) => x.outerHTML.slice(0, 80)))"""
    )
    assert over == []
    context.close()


def test_a_narrow_screen_folds_the_filters_away_and_a_wide_one_shows_them(
    tab: Page, chromium: Browser, served: str
) -> None:
    enter(tab, served)
    tab.goto(f"{served}/tickets")
    expect(tab.locator("#f-priority")).to_be_visible()
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, served)
    page.goto(f"{served}/tickets")
    expect(page.locator("#f-priority")).to_be_hidden()
    page.get_by_text("More filters").click()
    page.select_option("#f-priority", "urgent")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#f-priority")).to_be_visible()
    context.close()


def test_a_live_calls_drawing_follows_it(tab: Page, served: str, values: Deps) -> None:
    with values.db.read() as s:
        live = s.scalar(select(Call.id).where(Call.node == "leave_word"))
    enter(tab, served)
    tab.goto(f"{served}/live")
    tab.locator(f'[href="/calls/{live}#path"]').click()
    expect(tab.locator(".flow-node-here")).to_have_attribute("data-node", "leave_word")
    tab.wait_for_timeout(1500)
    with values.db.write() as s:
        call = s.get_one(Call, live)
        call.node, call.turn = "thanks", call.turn + 1
    expect(tab.locator(".flow-node-here")).to_have_attribute("data-node", "thanks")
    expect(tab.locator(".flow-node-here")).to_be_in_viewport()


def test_what_somebody_else_changes_appears_but_not_over_what_is_being_typed(
    tab: Page, served: str, values: Deps
) -> None:
    number = numbers(values)[10]
    enter(tab, served)
    tab.goto(f"{served}/tickets/{number}")
    tab.fill("#s-reason", "half a sen")
    tab.wait_for_timeout(1500)
    with values.db.write() as s:
        desk.change_status(s, desk.find_ticket(s, number), "solve", by="user:2", now=NOW)
    expect(tab.locator("#ticket-head .chip").first).to_have_text("Solved")
    expect(tab.locator("#s-reason")).to_have_value("half a sen")
    tab.get_by_role("button", name="Change", exact=True).click()
    expect(tab.locator("#notices")).to_contain_text("Somebody changed this ticket meanwhile")
    expect(tab.locator("#notices")).to_contain_text("Solved")
    expect(tab.locator("#s-reason")).to_have_value("half a sen")


def test_the_menu_opens_and_closes_on_a_narrow_screen(chromium: Browser, served: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, served)
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Calls", exact=True).click()
    page.wait_for_url("**/calls")
    page.get_by_role("button", name="Menu").click()
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    context.close()
