"""The documentation: one document, true to the application, shown from our own files under a strict policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from api.errors import KINDS
from api.views.events import OURS
from api.webhooks_out.endpoints import KINDS as KINDS_TOLD
from tests import find_browser
from work.happenings import Happening

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def served(sqlite_desk) -> Iterator[str]:
    """The mounted application on a free port."""
    server = make_server("127.0.0.1", 0, sqlite_desk.mounted, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_document_is_openapi_3_1_for_this_server_and_every_reference_leads_somewhere(sqlite_desk):
    document = sqlite_desk.get("/openapi.json", key="").get_json()
    assert document["openapi"] == "3.1.0"
    assert [server["url"] for server in document["servers"]] == ["/api"]
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
    names = set(document["components"]["schemas"])

    def references(value):
        if isinstance(value, dict):
            yield from (v for k, v in value.items() if k == "$ref")
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    found = set(references(document))
    assert len(found) > 20
    assert {reference.removeprefix("#/components/schemas/") for reference in found} <= names
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_is_described_and_lists_what_can_go_wrong(sqlite_desk):
    document = sqlite_desk.get("/openapi.json", key="").get_json()
    ids = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            ids.append(operation["operationId"])
            assert operation["summary"].endswith((".", "?")), where
            assert operation["tags"], where
            assert {"401", "403", "429"} <= set(operation["responses"]), where
            if "requestBody" in operation:
                assert operation["requestBody"]["required"] is True, where
                assert {"400", "413", "415", "422"} <= set(operation["responses"]), where
            if "{" in path:
                assert "404" in operation["responses"], where
            for status, response in operation["responses"].items():
                good = "application/x-ndjson" if path.endswith(".jsonl") else "application/json"
                kind = good if status.startswith("2") else "application/problem+json"
                assert list(response["content"]) == [kind], (where, status)
    assert len(ids) == len(set(ids)) == 35


def test_the_api_s_own_address_leads_to_the_documentation(sqlite_desk):
    answer = sqlite_desk.get("/", key="")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/docs")


def test_every_kind_of_problem_has_a_page_at_its_type(sqlite_desk):
    for slug, kind in KINDS.items():
        answer = sqlite_desk.get(f"/problems/{slug}", key="")
        assert answer.status_code == 200
        assert kind.title in answer.get_data(as_text=True)
    assert sqlite_desk.get("/problems/none", key="").status_code == 404


def test_what_the_house_tells_cannot_be_reported_from_outside(sqlite_desk):
    """Everything that operations tell has a noun of the house, or came in as an event."""
    campaign = sqlite_desk.campaign()
    sqlite_desk.post("/v1/cases", {"campaign_id": campaign, "number": "13812345678"})
    sqlite_desk.post("/v1/opt-outs", {"number": "+8613812345678"})
    sqlite_desk.post("/v1/consents", {"number": "+8613812345678", "purpose": "all", "kind": "written"})
    sqlite_desk.post("/v1/consents/1/revoke", None)
    sqlite_desk.post("/v1/tickets", {"text": "It is lost."})
    with sqlite_desk.db.read() as s:
        kinds = {kind for (kind,) in s.query(Happening.kind)}
    assert {"case.closed", "opt_out.added", "consent.given", "consent.revoked"} <= kinds
    assert {kind.split(".")[0] for kind in kinds} <= OURS


@pytest.mark.browser
def test_the_documentation_shows_every_operation_without_anything_from_elsewhere(served, sqlite_desk):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser.find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{served}/api/docs")
        page.wait_for_selector(".opblock-summary-path")
        page.click("text=Create up to 1,000 cases of one campaign.")
        page.wait_for_selector(".opblock-body")
        shown = page.locator(".opblock").count()
        browser.close()
    assert shown == 35
    assert [url for url in asked if not url.startswith((served, "data:"))] == []
    assert said == []


@pytest.mark.parametrize("name", ["vendor/swagger-ui/LICENSE", "../app.py", "%2e%2e/app.py", "vendor/nothing.js"])
def test_only_scripts_and_styles_of_the_documentation_are_served(sqlite_desk, name):
    assert sqlite_desk.get(f"/docs/assets/{name}", key="").status_code == 404


def test_every_kind_that_the_house_tells_can_be_chosen_for_a_webhook_and_is_in_the_guide():
    """Kinds are written where they are told; the list for forms and the guide must name them all."""
    told = set()
    for room in ("api", "callbacks", "ivr", "tickets"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            told |= set(re.findall(r'\btell\(\s*\w+(?:\.\w+)?,\s*"([a-z_]+\.[a-z_]+)"', text))
            told |= {f"ticket.{verb}" for verb in re.findall(r'\btell_ticket\(\s*\w+,\s*\w+,\s*"([a-z]+)"', text)}
            told |= set(re.findall(r'"kind": "([a-z_]+\.[a-z_]+)"', text))
    assert len(told) >= 8
    assert told <= set(KINDS_TOLD)
    guide = (ROOT / "docs/how_to/api.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS_TOLD if f"`{kind}`" not in guide] == []
