"""The flow editor in a real Chromium: how long a large flow takes to open, and how smoothly a node is dragged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figures import percentile
from demo.settings import LOGINS, PASSWORD

CARD = ".react-flow__node"
HEAD = f"{CARD} .fe-head"
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline.frame", "benchmark", "cc", "viz"]
BARE = "<!doctype html><div id=card style='position:absolute;width:190px;height:90px;background:#ccc'>card</div>"
FOLLOW = """
document.addEventListener("mousemove", event => {
  document.getElementById("card").style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
});
"""
DRAG = """
([x, y, milliseconds]) => new Promise(done => {
  const began = performance.now();
  const move = (kind, dx, dy) => {
    const target = kind === "mousedown" ? document.elementFromPoint(x, y) : window;
    const place = { clientX: x + dx, clientY: y + dy, screenX: x + dx, screenY: y + dy };
    target.dispatchEvent(new MouseEvent(kind, { ...place, view: window, bubbles: true, button: 0, buttons: 1 }));
    if (kind === "mousemove") document.dispatchEvent(new MouseEvent(kind, { ...place, bubbles: false }));
  };
  move("mousedown", 0, 0);
  const step = () => {
    const spent = performance.now() - began;
    if (spent > milliseconds) { move("mouseup", 0, 0); done(true); return; }
    move("mousemove", 60 * Math.sin(spent / 200), 60 * (1 - Math.cos(spent / 200)));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})
"""
"""Moves the mouse in a circle, once a frame, as a steady hand does; a driver outside would wait for each event."""


@dataclass(frozen=True, kw_only=True)
class Editor:
    """What was measured in the browser.

    Attributes:
        open_ms, page_ms: from the start of the navigation to the first cards drawn; and until a plain page of the
            console has loaded, the floor. Medians.
        frames_per_second, bare_frames_per_second: frames drawn while a card is dragged, by the browser's own trace; and
            while a bare box follows the same mouse, the floor.
    """

    nodes: int
    open_ms: float
    page_ms: float
    frames_per_second: float
    bare_frames_per_second: float


def measure(base_url: str, flow: str, *, nodes: int, chromium: str, times: int, seconds: float) -> Editor:
    """Open the flow so often, then drag a card for some seconds."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        _sign_in(page, base_url)
        opened = [_open(page, f"{base_url}/flows/{flow}/edit", CARD) for _ in range(times + 1)][1:]
        plain = [_open(page, f"{base_url}/settings", "main") for _ in range(times + 1)][1:]
        _open(page, f"{base_url}/flows/{flow}/edit", CARD)
        page.wait_for_timeout(1_000)
        dragged = _drag(browser, page, _place_of_a_card(page), seconds)
        bare = _bare(browser, seconds)
        browser.close()
    return Editor(
        nodes=nodes,
        open_ms=percentile(opened, 0.5),
        page_ms=percentile(plain, 0.5),
        frames_per_second=dragged,
        bare_frames_per_second=bare,
    )


def _sign_in(page: Page, base_url: str) -> None:
    email = next(email for email, role in LOGINS if role == "admin")
    page.goto(f"{base_url}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def _open(page: Page, url: str, selector: str) -> float:
    """Milliseconds from the start of the navigation until the selector is there and has been drawn."""
    page.goto(url, wait_until="commit")
    page.wait_for_selector(selector)
    drawn = "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"
    return float(page.evaluate(drawn))


def _place_of_a_card(page: Page) -> tuple[float, float]:
    """The head of a card that stands in the middle."""
    boxes = [head.bounding_box() for head in page.locator(HEAD).all()]
    middle = [box for box in boxes if box and 300 < box["x"] < 800 and 150 < box["y"] < 600]
    box = middle[0]
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(browser: Browser, page: Page, place: tuple[float, float], seconds: float) -> float:
    """Frames a second while the mouse is moved with the button down."""
    with _traced(browser, page) as trace:
        page.evaluate(DRAG, [*place, seconds * 1_000])
    drawn = [e["ts"] for e in trace["traceEvents"] if e["name"] == "DrawFrame"]
    return (len(drawn) - 1) / ((max(drawn) - min(drawn)) / 1e6) if len(drawn) > 1 else 0.0


def _bare(browser: Browser, seconds: float) -> float:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(BARE)
    page.evaluate(FOLLOW)
    return _drag(browser, page, (100, 100), seconds)


@contextmanager
def _traced(browser: Browser, page: Page) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The trace of what happens within, filled in at the end."""
    found: dict[str, list[dict[str, Any]]] = {}
    browser.start_tracing(page=page, categories=CATEGORIES)
    yield found
    found.update(json.loads(browser.stop_tracing()))
