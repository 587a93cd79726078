"""Lists come in pages: whatever the sizes, everything once and in order, also while more is added."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

LISTS = ("cases", "campaigns", "attempts", "answers", "consents", "opt-outs", "calls", "tickets")


def walk(desk, path, limit, *, between=lambda: None):
    """Every id of a list, page by page, by the Link header."""
    ids, address = [], f"/api{path}{'&' if '?' in path else '?'}limit={limit}"
    while address:
        answer = desk.get(address.removeprefix("/api"))
        assert answer.status_code == 200
        page = answer.get_json()
        assert len(page["items"]) <= limit
        ids += [item["id"] for item in page["items"]]
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        assert (link is None) == (page["next"] is None)
        address = link.group(1) if link else ""
        between()
    return ids


def test_pages_show_every_case_once_newest_first_whatever_their_size(sqlite_desk):
    desk, campaign, made = sqlite_desk, sqlite_desk.campaign(), []

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(more=st.integers(0, 7), limit=st.integers(1, 12))
    def pages_are_whole(more, limit):
        for _ in range(more):
            number = f"138{len(made):08d}"
            made.append(desk.post("/v1/cases", {"campaign_id": campaign, "number": number}).get_json()["id"])
        assert walk(desk, "/v1/cases", limit) == sorted(made, reverse=True)

    pages_are_whole()
    assert len(made) > 10


def test_what_is_added_while_a_list_is_read_neither_shifts_nor_repeats_anything(sqlite_desk):
    campaign = sqlite_desk.campaign()

    def add():
        number = f"139{sqlite_desk.clock.now.timestamp() % 10**8:08.0f}"
        sqlite_desk.clock.forward(seconds=1)
        return sqlite_desk.post("/v1/cases", {"campaign_id": campaign, "number": number}).get_json()["id"]

    before = [add() for _ in range(9)]
    assert walk(sqlite_desk, "/v1/cases", 2, between=add) == sorted(before, reverse=True)


def test_every_list_is_empty_at_first_and_refuses_pages_and_filters_that_cannot_be(sqlite_desk):
    for name in LISTS:
        answer = sqlite_desk.get(f"/v1/{name}")
        assert answer.get_json() == {"items": [], "next": None}, name
        for query, field in (
            ("limit=0", "query.limit"),
            ("limit=501", "query.limit"),
            ("limit=x", "query.limit"),
            ("after=0", "query.after"),
            ("after=99999999999999999999", "query.after"),
            ("colour=red", "query.colour"),
        ):
            refused = sqlite_desk.get(f"/v1/{name}?{query}")
            assert refused.status_code == 422, (name, query)
            assert [error["field"] for error in refused.get_json()["errors"]] == [field]


def test_cases_are_found_by_campaign_state_reference_and_number(desk):
    first, second = desk.campaign(), desk.campaign(name="Other")
    for campaign, number, reference in (
        (first, "13812345678", "P1"),
        (first, "13812345679", "P2"),
        (second, "13812345670", "P1"),
    ):
        assert (
            desk.post("/v1/cases", {"campaign_id": campaign, "number": number, "reference": reference}).status_code
            == 201
        )
    desk.post("/v1/cases/2/cancel", {})

    def found(query):
        return sorted(item["id"] for item in desk.get(f"/v1/cases?{query}").get_json()["items"])

    assert found(f"campaign_id={first}") == [1, 2]
    assert found("reference=P1") == [1, 3]
    assert found(f"reference=P1&campaign_id={second}") == [3]
    assert found("state=closed") == [2]
    assert found("reason=cancelled") == [2]
    assert found("number=%2B8613812345670") == [3]
