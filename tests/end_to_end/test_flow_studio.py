"""An admin draws a flow from nothing, tests and publishes it, is called on it, changes it, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app import create_app
from config import Config
from flows.editor.building import BUILT
from flows.versions import find_flow, list_versions
from house import House
from ivr.calls import Call
from ivr.lines import Line
from ivr.turns import TurnRow
from simulator import SimulatedNetwork
from storage.database import Database
from tests.console.conftest import add_users, chromium, enter, serve, tab  # noqa: F401 - fixtures
from tests.console.test_console_phone import free_port
from tests.end_to_end.rehearsal import url_of

NUMBER = "+442071838750"
ACCOUNT, TOKEN = "AC" + "2" * 32, "only for tests"
TALK = 30_000


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk with one number and no flow, reachable by browser and by telephone."""

    base: str
    house: House


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Iterator[Desk]:
    """The whole application with a simulated carrier in real time."""
    assert (BUILT / "editor.js").is_file(), "The flow editor is not built: make editor."
    add_users(sqlite_db)
    with sqlite_db.write() as s:
        s.add(Line(number=NUMBER, label="Practice"))
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with SimulatedNetwork(ACCOUNT, TOKEN, clock="real") as network:
        config = Config(
            mode="test",
            data_dir=tmp_path,
            database_url=url_of(sqlite_db),
            secret_key="a secret key for a test, long enough",
            public_base_url=base,
            simulator_url=network.base_url,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_api_base_url=network.base_url,
        )
        app = create_app(config)
        network.add_number(NUMBER, voice_url=f"{base}/voice/incoming", status_callback=f"{base}/voice/status")
        server = serve(app, port)
        next(server)
        yield Desk(base=base, house=app.extensions["house"])
        server.close()
        app.extensions["house"].close()


class Editor:
    """The editor as an admin's hands use it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def form(self):
        """The selected node's form."""
        return self.page.get_by_role("tabpanel", name="Node")

    def add(self, kind: str, name: str) -> None:
        """A node from the palette, under a name."""
        self.page.get_by_role("complementary", name="Node types").get_by_role("button", name=kind, exact=True).click()
        box = self.form.get_by_role("textbox", name="Name in the flow")
        expect(box).not_to_have_value(name)
        box.fill(name)
        box.press("Enter")
        expect(self.form.get_by_role("region", name=f"Node {name}")).to_be_visible()

    def choose(self, name: str) -> None:
        """Select a node by the finder."""
        self.page.get_by_role("button", name="Find a node").click()
        self.page.get_by_role("combobox", name="Find a node by text, name or type").fill(name)
        self.page.keyboard.press("Enter")
        expect(self.form.get_by_role("region", name=f"Node {name}")).to_be_visible()

    def say(self, text: str, field: str = "Prompt") -> None:
        """Write a prompt."""
        self.form.get_by_role("textbox", name=f"{field}, American English").first.fill(text)

    def wire(self, **targets: str) -> None:
        """Lead exits of the selected node to nodes."""
        exits = self.form.get_by_role("group", name="Exits")
        for exit_name, target in targets.items():
            exits.get_by_role("combobox", name=exit_name).select_option(target)

    def drag_exit(self, node: str, exit_name: str, target: str) -> None:
        """Draw a line from an exit to a node with the mouse."""
        handle = self.page.locator(f'.react-flow__handle.source[data-nodeid="{node}"][data-handleid="{exit_name}"]')
        start, end = handle.bounding_box(), self.page.locator(f'.react-flow__node[data-id="{target}"]').bounding_box()
        assert start is not None
        assert end is not None
        self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(end["x"] + 40, end["y"] + 40, steps=8)
        self.page.mouse.up()

    def panel(self, name: str) -> Locator:
        """Open a panel."""
        found = self.page.get_by_role("tab", name=name)
        if found.get_attribute("aria-selected") != "true":
            found.click()
        return self.page.get_by_role("tabpanel", name=name)

    def saved(self) -> None:
        """Wait until the desk has the draft."""
        expect(self.page.get_by_role("group", name="Flow editor").get_by_role("status")).to_have_text("Draft saved")

    def publish(self, note: str) -> None:
        """Publish what is drawn."""
        panel = self.panel("Publish")
        panel.get_by_role("textbox", name="Note").fill(note)
        panel.get_by_role("button", name="Publish version").click()
        expect(panel).to_contain_text("is published.")


def create(page: Page, base: str) -> Editor:
    """A new flow in English alone, in the editor."""
    page.goto(f"{base}/flows")
    page.locator("summary", has_text="New flow").click()
    page.get_by_role("textbox", name="Title").fill("Practice line")
    page.get_by_role("textbox", name="Key").fill("practice")
    page.get_by_label("Chinese", exact=False).first.uncheck()
    page.get_by_role("button", name="Create and open the editor").click()
    expect(page.get_by_role("heading", name="Practice line")).to_be_visible()
    return Editor(page)


def draw(editor: Editor) -> None:
    """Ten nodes: a greeting, a menu of three, what follows each, and an end."""
    editor.choose("welcome")
    editor.say("Welcome to the practice.")
    editor.add("Menu", "menu")
    editor.say("How can we help?")
    first = editor.form.get_by_role("group", name="Choices")
    first.get_by_role("button", name="Add: Choices").click()
    first.get_by_role("button", name="Add: Choices").click()
    for n, (name, label) in enumerate(
        (("visit", "an appointment"), ("hours", "opening hours"), ("trouble", "a complaint"))
    ):
        row = first.get_by_role("listitem").filter(has=editor.page.get_by_role("toolbar")).nth(n)
        if not row.get_by_role("textbox", name="Name").is_visible():
            row.locator("summary").first.click()
        row.get_by_role("textbox", name="Key").fill(str(n + 1))
        row.get_by_role("textbox", name="Name").fill(name)
        row.get_by_role("textbox", name="Called, American English").fill(label)
    editor.add("Collect a value", "day")
    editor.form.get_by_role("combobox", name="What is asked for").select_option("Date")
    editor.say("On which day would you like to come?")
    editor.add("Message", "open_when")
    editor.say("We are here from eight to five.")
    editor.add("Record a message", "story")
    editor.say("Tell us what happened, after the tone.")
    for name in ("visit_ticket", "trouble_ticket", "person_ticket"):
        editor.add("Open a ticket", name)
        editor.wire(next="welcome")
    editor.add("Message", "thanks")
    editor.say("Thank you.")
    editor.add("Hang up", "goodbye")
    editor.say("Goodbye.")


def wire(editor: Editor) -> None:
    """Every exit but one: the menu's way to the complaint."""
    for name, targets in {
        "welcome": {"next": "menu"},
        "menu": {
            "an appointment": "day",
            "opening hours": "open_when",
            "person": "person_ticket",
            "failed": "person_ticket",
        },
        "day": {"next": "visit_ticket", "person": "person_ticket", "failed": "person_ticket"},
        "open_when": {"next": "thanks"},
        "story": {
            "next": "trouble_ticket",
            "empty": "person_ticket",
            "person": "person_ticket",
            "failed": "person_ticket",
        },
        "visit_ticket": {"next": "thanks"},
        "trouble_ticket": {"next": "thanks"},
        "person_ticket": {"next": "thanks"},
        "thanks": {"next": "goodbye"},
    }.items():
        editor.choose(name)
        editor.wire(**targets)


@pytest.mark.browser
@pytest.mark.slow
def test_a_flow_is_drawn_tested_published_called_changed_and_taken_back(tab: Page, desk: Desk) -> None:  # noqa: F811
    enter(tab, desk.base, "admin")
    editor = create(tab, desk.base)
    draw(editor)
    wire(editor)

    problems = editor.panel("Problems")
    expect(tab.get_by_role("tab", name="Problems 1")).to_be_visible(timeout=TALK)
    problems.get_by_role("button").filter(has_text="trouble is not wired").click()
    expect(editor.form.get_by_role("region", name="Node menu")).to_be_visible()
    tab.get_by_role("button", name="Put in order").click()
    tab.get_by_role("button", name="Show all").first.click()
    tab.wait_for_timeout(600)
    editor.drag_exit("menu", "trouble", "story")
    expect(tab.get_by_role("button", name="problem")).not_to_contain_text("error")
    editor.saved()
    axe(tab)

    talk = editor.panel("Try")
    talk.get_by_role("button", name="Start the call").click()
    expect(talk).to_contain_text("How can we help?")
    talk.get_by_role("combobox", name="What the caller says").fill("opening hours")
    talk.get_by_role("button", name="Say it").click()
    expect(talk).to_contain_text("Goodbye.")
    axe(tab)
    talk.get_by_role("button", name="Save as test").click()
    talk.get_by_role("textbox", name="Name of the test").fill("Somebody asks for the hours")
    talk.get_by_role("button", name="Save the test").click()
    tests = tab.get_by_role("tabpanel", name="Tests")
    expect(tests).to_contain_text("Somebody asks for the hours")
    tests.get_by_role("button", name="Run all").click()
    expect(tests).to_contain_text("passed")
    editor.publish("The first version.")
    axe(tab)

    tab.goto(f"{desk.base}/numbers")
    tab.get_by_role("link", name="Change").first.click()
    tab.get_by_role("combobox", name="Flow").first.select_option("Practice line")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("#main")).to_contain_text("Practice line")

    phone = tab.context.new_page()
    phone.goto(f"{desk.base}/phone")
    phone.get_by_role("button", name="Dial").click()
    said = phone.locator("[data-talk]")
    expect(said).to_contain_text("How can we help?", timeout=TALK)

    tab.goto(f"{desk.base}/flows/practice/edit")
    editor.choose("open_when")
    editor.say("We are here from nine to six.")
    editor.saved()
    editor.publish("New hours.")

    phone.locator("[data-key='2']").click()
    expect(said).to_contain_text("from eight to five", timeout=TALK)
    expect(phone.locator("[data-state]")).to_have_text("Call ended", timeout=TALK)
    with desk.house.db.read() as s:
        call = s.scalars(select(Call)).one()
        versions = {v.id: v.number for v in list_versions(s, "practice")}
        assert versions[call.flow_version_id] == 1, "the call ended on the version it began with"
        heard = " ".join(line["text"] for turn in s.scalars(select(TurnRow)) for line in turn.said)
        assert "nine to six" not in heard

    phone.get_by_role("button", name="Dial").click()
    expect(phone.locator("[data-state]")).to_have_text("Talking", timeout=TALK)
    expect(said).to_contain_text("How can we help?", timeout=TALK)
    phone.locator("[data-key='2']").click()
    expect(said).to_contain_text("from nine to six", timeout=TALK)

    tab.goto(f"{desk.base}/flows/practice/compare?before=1&after=2")
    expect(tab.locator("#main")).to_contain_text("open_when")
    expect(tab.locator("del").first).to_contain_text("eight")
    expect(tab.locator("ins").first).to_contain_text("nine")
    axe(tab)
    tab.goto(f"{desk.base}/flows/practice")
    tab.locator("summary", has_text="Put in force again").first.click()
    tab.get_by_role("button", name="Put version 1 in force").click()
    expect(tab.locator("#main")).to_contain_text("In force again since")
    axe(tab)
    with desk.house.db.read() as s:
        flow = find_flow(s, "practice")
        assert next(v.number for v in list_versions(s, "practice") if v.id == flow.published_version_id) == 1
    phone.close()


def axe(page: Page) -> None:
    """No serious or critical finding of axe-core."""
    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []
