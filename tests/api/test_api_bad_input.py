"""Bad input is answered by a problem document that names the field; nothing of it is stored."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from callbacks.case import Case


def problem(answer, status):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    body = json.loads(answer.data)
    assert body["status"] == status
    assert body["type"].startswith("/api/problems/")
    assert body["title"]
    assert body["detail"].endswith(".")
    return body


def fields(answer, status=422):
    return [error["field"] for error in problem(answer, status)["errors"]]


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("13812345678", ""),  # no country
        ("+86 1", "CN"),  # too short
        ("+999123456789", "CN"),  # no such country
        ("hello", "CN"),
        ("+4490912345678", "GB"),  # no range in use, or premium rate
        ("+19002345678", "US"),  # premium rate
        ("9" * 64, "CN"),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_by_its_field(sqlite_desk, number, region):
    campaign = sqlite_desk.campaign(region=region)
    answer = sqlite_desk.post("/v1/cases", {"campaign_id": campaign, "number": number})
    assert fields(answer) == ["body.number"]
    assert number not in answer.get_data(as_text=True)
    with sqlite_desk.db.read() as s:
        assert s.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Olympus"}, "body.zone"),
        ({"not_before": "2026-02-30T10:00:00Z"}, "body.not_before"),
        ({"not_before": "2026-12-01T10:00:00"}, "body.not_before"),  # no zone
        ({"not_before": 1764583200}, "body.not_before"),
        ({"not_before": "0001-01-01T00:00:00+14:00"}, "body.not_before"),
        ({"not_after": "2026-11-01T10:00:00Z"}, "body.not_after"),  # over already
        ({"not_before": "2026-12-02T10:00:00Z", "not_after": "2026-12-01T10:00:00Z"}, "body.not_after"),
        ({"priority": 101}, "body.priority"),
        ({"priority": "5"}, "body.priority"),
        ({"variables": []}, "body.variables"),
        ({"variables": {"a": "\x00"}}, "body.variables.a"),
        ({"variables": {"a": {"b": ["\ud800"]}}}, "body.variables.a.b.0"),
        ({"reference": "x" * 201}, "body.reference"),
        ({"colour": "red"}, "body.colour"),
        ({"campaign_id": 2**40}, "body.campaign_id"),
    ],
)
def test_a_wrong_value_of_a_case_is_named(sqlite_desk, change, field):
    body = {"campaign_id": sqlite_desk.campaign(), "number": "13812345678", **change}
    answer = sqlite_desk.call("POST", "/v1/cases", data=json.dumps(body), content_type="application/json")
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pacing": {"calls_per_second": 0}}, "body.pacing.calls_per_second"),
        ({"starts_at": "2026-12-02T10:00:00Z", "ends_at": "2026-12-01T10:00:00Z"}, "body"),
        ({"hours": {"week": {"mon": [[1320, 360]]}}}, "body.hours"),  # over midnight
        ({"zone": "Mars/Olympus"}, "body.zone"),
        ({"caller_numbers": ["123"]}, "body.caller_numbers.0"),
        ({"region": "china"}, "body.region"),
        ({"region": "ZZ"}, "body.region"),
        ({"law": "moon"}, "body.law"),
        ({"share_b": 2}, "body.share_b"),
        ({"name": "  "}, "body.name"),
    ],
)
def test_a_wrong_value_of_a_campaign_is_named(sqlite_desk, change, field):
    assert fields(sqlite_desk.post("/v1/campaigns", {"name": "Parcels", **change})) == [field]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"[" * 100_000, "application/json", 400),
        (b"text=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
        (b"{}", "", 415),
        (b'{"text": "' + b"x" * 10_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_good_json_object_is_a_problem(sqlite_desk, data, kind, status):
    problem(sqlite_desk.call("POST", "/v1/tickets", data=data, content_type=kind), status)


def test_text_that_is_too_long_is_named_although_the_body_is_allowed(sqlite_desk):
    assert fields(sqlite_desk.post("/v1/tickets", {"text": "x" * 1_000_000})) == ["body.text"]


@pytest.mark.parametrize(
    "path", ["/v1/cases/1", "/v1/cases/99999999999999999999", "/v1/tickets/1", "/v1/nothing", "/nothing"]
)
def test_what_is_not_there_is_a_problem_too(sqlite_desk, path):
    problem(sqlite_desk.get(path), 404)


def test_a_method_that_a_path_has_not_is_answered_with_those_it_has(sqlite_desk):
    answer = sqlite_desk.call("DELETE", "/v1/cases")
    problem(answer, 405)
    assert {"GET", "POST"} <= {method.strip() for method in answer.headers["Allow"].split(",")}


def test_an_item_of_many_that_is_wrong_is_named_and_stops_no_other(desk):
    cases = [
        {"number": "13812345678", "key": "a"},
        {"number": "1"},
        {"number": "13812345679", "key": "b", "colour": "red"},
        {"number": "13812345679", "variables": {"x": "\x00"}},
        {"number": "13812345670", "key": "a"},
        {"number": "+442079460000", "zone": "Nowhere/Land"},
        {"number": "13812345671"},
    ]
    answer = desk.post("/v1/cases/bulk", {"campaign_id": desk.campaign(), "cases": cases})
    assert answer.status_code == 200
    body = answer.get_json()
    assert [item["status"] for item in body["items"]] == [
        *("created", "invalid", "invalid", "invalid", "known", "invalid", "created")
    ]
    assert [[error["field"] for error in item["errors"]] for item in body["items"]] == [
        [],
        ["body.cases.1.number"],
        ["body.cases.2.colour"],
        ["body.cases.3.variables.x"],
        [],
        ["body.cases.5.zone"],
        [],
    ]
    assert (body["created"], body["known"], body["invalid"]) == (2, 1, 4)
    assert body["items"][0]["case_id"] == body["items"][4]["case_id"]


def test_a_thousand_cases_go_in_at_once_and_one_more_does_not(sqlite_desk):
    campaign = sqlite_desk.campaign()
    cases = [{"number": f"138{n:08d}", "key": f"row-{n}"} for n in range(1_000)]
    assert sqlite_desk.post("/v1/cases/bulk", {"campaign_id": campaign, "cases": cases}).get_json()["created"] == 1_000
    again = sqlite_desk.post("/v1/cases/bulk", {"campaign_id": campaign, "cases": cases}).get_json()
    assert (again["created"], again["known"]) == (0, 1_000)
    refused = sqlite_desk.post("/v1/cases/bulk", {"campaign_id": campaign, "cases": [*cases, {"number": "1"}]})
    assert fields(refused) == ["body.cases"]


def test_events_with_the_house_s_own_nouns_are_refused(sqlite_desk):
    for kind in ("ticket.solved", "opt_out.added", "case.closed"):
        assert fields(sqlite_desk.post("/v1/events", {"kind": kind})) == ["body.kind"]


def test_a_fault_of_ours_is_a_problem_without_a_word_of_what_broke(sqlite_desk, caplog):
    @sqlite_desk.app.get("/breaks")
    def breaks():
        raise RuntimeError("+8613812345678 said something")

    body = problem(sqlite_desk.get("/breaks"), 500)
    assert "138" not in json.dumps(body)
    assert "RuntimeError" in caplog.text
    assert "13812345678" not in caplog.text


def test_a_key_may_ask_so_often_and_is_then_told_how_long_to_wait(build_desk):
    desk = build_desk(rate_limit="5 per minute")
    other = desk.key_for("cases:read")
    left = [desk.get("/v1/cases").headers["RateLimit-Remaining"] for _ in range(5)]
    assert left == ["4", "3", "2", "1", "0"]
    refused = desk.get("/v1/cases")
    assert problem(refused, 429)["type"] == "/api/problems/too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert desk.get("/v1/cases", key=other).status_code == 200
    assert desk.get("/docs").status_code == 200
