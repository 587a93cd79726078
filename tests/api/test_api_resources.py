"""What each resource does, over REST and on both databases."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseState
from callbacks.event_rules import EventRule
from ivr.calls import Call
from ivr.recordings import Recording, RecordingStatus
from ivr.turns import TurnRow
from work.happenings import Happening

NUMBER = "+8613812345678"
PLAIN = ("variables", "reference", "name", "language", "zone", "priority", "purpose")


def new_case(desk, **values):
    campaign = values.pop("campaign", None) or desk.campaign()
    answer = desk.post("/v1/cases", {"campaign_id": campaign, "number": NUMBER, **values})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def run(desk, campaign, state=CampaignState.RUNNING):
    with desk.db.write() as s:
        row = s.get_one(Campaign, campaign)
        row.state, row.running_since = state, desk.clock.now


def test_a_case_goes_in_as_it_was_sent_and_is_read_back(desk):
    sent = {
        "number": "138 1234 5678",
        "purpose": "delivery",
        "variables": {"station": "东门", "count": 2, "nested": {"a": [1, None, True]}},
        "reference": "YT1",
        "name": "王小姐",
        "language": "zh-CN",
        "zone": "Asia/Urumqi",
        "not_before": "2026-11-24T09:00:00+08:00",
        "not_after": "2026-11-30T09:00:00+08:00",
        "priority": 3,
        "key": "YT1:pickup",
    }
    campaign = desk.campaign()
    made = desk.post(f"/v1/campaigns/{campaign}/cases", sent)
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/cases/1")
    case = desk.get("/v1/cases/1").get_json()
    assert case == {name: value for name, value in made.get_json().items() if name != "made"}
    assert {name: case[name] for name in PLAIN} == {name: sent[name] for name in PLAIN}
    assert (case["number"], case["source"], case["state"]) == (NUMBER, "api", "open")
    assert (case["not_before"], case["due_at"]) == ("2026-11-24T01:00:00Z", "2026-11-24T01:00:00Z")
    again = desk.post(f"/v1/campaigns/{campaign}/cases", {**sent, "name": "another"})
    assert (again.status_code, again.get_json()["made"], again.get_json()["name"]) == (200, False, "王小姐")


def test_a_case_key_of_another_campaign_is_a_conflict(desk):
    new_case(desk, key="one")
    answer = desk.post("/v1/cases", {"campaign_id": desk.campaign(), "number": NUMBER, "key": "one"})
    assert answer.status_code == 409


@pytest.mark.parametrize("state", [CampaignState.DRAINING, CampaignState.FINISHED, CampaignState.STOPPED])
def test_a_campaign_that_is_over_takes_no_more_cases(sqlite_desk, state):
    campaign = sqlite_desk.campaign()
    run(sqlite_desk, campaign, state)
    for answer in (
        sqlite_desk.post("/v1/cases", {"campaign_id": campaign, "number": NUMBER}),
        sqlite_desk.post("/v1/cases/bulk", {"campaign_id": campaign, "cases": [{"number": NUMBER}]}),
    ):
        assert answer.status_code == 409


def test_a_cancelled_case_is_closed_told_and_stays_so(desk):
    case = new_case(desk, reference="P1")
    for _ in range(2):
        answer = desk.post(f"/v1/cases/{case['id']}/cancel", {"note": "picked up at the counter"})
        assert answer.status_code == 200
        assert (answer.get_json()["state"], answer.get_json()["reason"]) == ("closed", "cancelled")
    with desk.db.read() as s:
        [told] = s.scalars(select(Happening).where(Happening.kind == "case.closed")).all()
    assert (told.reference, told.payload["note"]) == ("P1", "picked up at the counter")


def test_a_case_that_is_being_called_is_cancelled_with_its_call(desk):
    case = new_case(desk)
    with desk.db.write() as s:
        s.get_one(Case, case["id"]).state = CaseState.CALLING
    answer = desk.post(f"/v1/cases/{case['id']}/cancel", {}).get_json()
    assert (answer["state"], answer["reason"]) == ("calling", "cancelled")


def test_a_case_closed_for_another_reason_cannot_be_cancelled(sqlite_desk):
    case = new_case(sqlite_desk)
    sqlite_desk.post("/v1/opt-outs", {"number": NUMBER})
    assert sqlite_desk.post(f"/v1/cases/{case['id']}/cancel", {}).status_code == 409


def test_a_postponed_case_waits_until_then_and_not_longer_than_it_lives(desk):
    case = new_case(desk, not_after="2026-11-30T00:00:00Z")
    answer = desk.post(f"/v1/cases/{case['id']}/postpone", {"at": "2026-11-25T10:00:00+08:00"}).get_json()
    assert (answer["due_at"], answer["wish_at"]) == ("2026-11-25T02:00:00Z", "2026-11-25T02:00:00Z")
    for at in ("2026-12-01T00:00:00Z", "2026-11-20T00:00:00Z"):
        refused = desk.post(f"/v1/cases/{case['id']}/postpone", {"at": at})
        assert refused.status_code == 422
        assert refused.get_json()["errors"][0]["field"] == "body.at"
    desk.post(f"/v1/cases/{case['id']}/cancel", {})
    assert desk.post(f"/v1/cases/{case['id']}/postpone", {"at": "2026-11-25T00:00:00Z"}).status_code == 409


def test_an_event_cancels_open_cases_only_where_a_rule_says_so(desk):
    one, two = desk.campaign(), desk.campaign(name="Other")
    first, second = new_case(desk, campaign=one, reference="P1"), new_case(desk, campaign=two, reference="P1")
    with desk.db.write() as s:
        s.add(
            EventRule(
                name="picked up",
                event="parcel.arrived",
                campaign_id=one,
                cancelled_by=["parcel.picked_up"],
                created_at=desk.clock.now,
            )
        )
    assert desk.post("/v1/events", {"kind": "parcel.moved", "reference": "P1"}).get_json()["cancelled"] == 0
    answer = desk.post("/v1/events", {"kind": "parcel.picked_up", "reference": "P1", "payload": {"by": "owner"}})
    assert answer.status_code == 202
    assert answer.get_json() == {"kind": "parcel.picked_up", "reference": "P1", "cancelled": 1}
    assert desk.get(f"/v1/cases/{first['id']}").get_json()["reason"] == "cancelled"
    assert desk.get(f"/v1/cases/{second['id']}").get_json()["state"] == "open"
    with desk.db.read() as s:
        told = s.scalars(select(Happening).where(Happening.kind == "parcel.picked_up")).one()
    assert (told.reference, told.payload) == ("P1", {"by": "owner"})


def test_a_campaign_is_drafted_edited_and_read_with_figures(desk):
    made = desk.post(
        "/v1/campaigns",
        {
            "name": " Overdue parcels ",
            "purpose": "delivery",
            "region": "CN",
            "zone": "Asia/Shanghai",
            "caller_numbers": ["021 1234 5678"],
            "hours": {"week": {"mon": [[540, 720], [840, 1080]]}},
            "pacing": {"calls_per_second": 2, "max_live": 4},
            "defaults": {"station": "the station"},
            "starts_at": "2026-12-01T09:00:00+08:00",
        },
    )
    assert made.status_code == 201, made.get_json()
    campaign = made.get_json()
    assert (campaign["name"], campaign["state"], campaign["caller_numbers"]) == (
        "Overdue parcels",
        "draft",
        ["+862112345678"],
    )
    assert campaign["hours"]["week"]["mon"] == [[540, 720], [840, 1080]]
    path = f"/v1/campaigns/{campaign['id']}"
    edited = desk.call("PATCH", path, json={"starts_at": None, "share_b": 0.25, "version": campaign["version"]})
    assert edited.status_code == 200, edited.get_json()
    assert (edited.get_json()["starts_at"], edited.get_json()["share_b"]) == (None, 0.25)
    late = desk.call("PATCH", path, json={"name": "x", "version": campaign["version"]})
    assert late.status_code == 409
    new_case(desk, campaign=campaign["id"])
    figures = desk.get(path).get_json()["figures"]
    assert (figures["cases"], figures["attempts"]) == ({"open": 1}, 0)


def test_the_steps_of_a_campaign_are_taken_logged_and_refused_where_they_do_not_fit(desk):
    campaign = desk.campaign()
    path = f"/v1/campaigns/{campaign}"
    refused = desk.post(f"{path}/launch", {})
    assert refused.status_code == 409
    assert {error["field"] for error in refused.get_json()["errors"]} >= {"campaign.no_flow"}
    assert desk.post(f"{path}/pause", {}).status_code == 409
    run(desk, campaign)
    assert desk.post(f"{path}/pause", {"note": "stock count"}).get_json()["state"] == "paused"
    assert desk.get(path).get_json()["reason"] == "stock count"
    assert desk.post(f"{path}/resume", {}).get_json()["state"] == "running"
    with desk.db.write() as s:
        row = s.get_one(Campaign, campaign)
        row.state, row.tripped = CampaignState.PAUSED, "failed_rate"
    assert desk.post(f"{path}/resume", {}).status_code == 409
    assert desk.post(f"{path}/resume", {"note": "the trunk was down"}).get_json()["tripped"] == ""
    assert desk.post(f"{path}/drain", {}).get_json()["state"] == "draining"
    assert desk.post(f"{path}/stop", {}).get_json()["state"] == "stopped"
    with desk.db.read() as s:
        log = s.scalars(select(CampaignEntry).where(CampaignEntry.by.like("api:%")).order_by(CampaignEntry.id)).all()
    assert [entry.what for entry in log] == ["pause", "resume", "resume", "drain", "stop"]


def test_may_we_call_is_the_gate_s_answer_and_stores_nothing(desk):
    campaign = desk.campaign()
    run(desk, campaign)
    asked = {"number": NUMBER, "campaign_id": campaign, "purpose": "delivery"}
    with desk.db.read() as s:
        before = len(s.scalars(select(Case.id)).all())
    allowed = desk.post("/v1/permission", asked).get_json()
    desk.clock.now += timedelta(hours=11)
    night = desk.post("/v1/permission", asked).get_json()
    desk.post("/v1/opt-outs", {"number": NUMBER})
    never = desk.post("/v1/permission", asked).get_json()
    assert (night["allowed"], night["rule"]) == (False, "calling_hours")
    assert night["next_at"] > night["at"]
    assert (never["allowed"], never["rule"], never["final"]) == (False, "not_opted_out", "opted_out")
    assert allowed["rule"] in ("allowed", "consent")
    assert all(answer["sentence"] and NUMBER not in answer["sentence"] for answer in (allowed, night, never))
    with desk.db.read() as s:
        assert len(s.scalars(select(Case.id)).all()) == before


def test_consents_and_opt_outs_are_added_listed_and_revoked_and_stay_as_evidence(desk):
    made = desk.post(
        "/v1/consents",
        {
            "number": NUMBER,
            "purpose": "marketing",
            "kind": "written",
            "evidence": "form 7",
            "until": "2027-01-01T00:00:00Z",
        },
    )
    assert made.status_code == 201
    assert (made.get_json()["source"], made.get_json()["given_at"]) == ("api", "2026-11-23T03:00:00Z")
    desk.post("/v1/opt-outs", {"number": NUMBER, "purpose": "survey", "evidence": "letter"})
    for name in ("consents", "opt-outs"):
        assert len(desk.get(f"/v1/{name}?in_force=true").get_json()["items"]) == 1
        revoked = desk.post(f"/v1/{name}/1/revoke", None).get_json()
        assert revoked["revoked_at"] == "2026-11-23T03:00:00Z"
        assert desk.get(f"/v1/{name}?in_force=true").get_json()["items"] == []
        assert len(desk.get(f"/v1/{name}?number=%2B8613812345678").get_json()["items"]) == 1
    again = desk.post("/v1/opt-outs", {"number": NUMBER, "purpose": "survey"})
    assert (again.get_json()["id"], again.get_json()["revoked_at"]) == (1, None)


def test_a_consent_cannot_lapse_before_it_was_given_or_be_given_tomorrow(sqlite_desk):
    for change, field in (
        ({"until": "2026-01-01T00:00:00Z"}, "body.until"),
        ({"given_at": "2026-12-01T00:00:00Z"}, "body.given_at"),
        ({"purpose": "fun"}, "body.purpose"),
    ):
        body = {"number": NUMBER, "purpose": "all", "kind": "express", **change}
        refused = sqlite_desk.post("/v1/consents", body)
        assert [error["field"] for error in refused.get_json()["errors"]] == [field]


def test_a_ticket_is_opened_added_to_commented_moved_and_read(desk):
    first = desk.post("/v1/tickets", {"text": "The parcel is lost.", "number": NUMBER, "reference": "YT1"})
    assert (first.status_code, first.get_json()["source"]) == (201, "api")
    number = first.get_json()["number"]
    assert first.headers["Location"] == f"/api/v1/tickets/{number}"
    again = desk.post("/v1/tickets", {"text": "The parcel is lost, still.", "number": NUMBER, "reference": "YT1"})
    assert (again.status_code, again.get_json()["number"], again.get_json()["appended"]) == (200, number, True)
    comment = desk.post(f"/v1/tickets/{number}/comments", {"text": "found it", "internal": False})
    assert (comment.status_code, comment.get_json()["payload"]["text"]) == (201, "found it")
    version = desk.get(f"/v1/tickets/{number}").get_json()["version"]
    solved = desk.post(f"/v1/tickets/{number}/status", {"status": "solved", "reason": "found", "version": version})
    assert solved.get_json()["status"] == "solved"
    assert desk.post(f"/v1/tickets/{number}/status", {"status": "open", "version": version}).status_code == 409
    assert desk.post(f"/v1/tickets/{number}/status", {"status": "solved"}).status_code == 200
    assert desk.post(f"/v1/tickets/{number}/status", {"status": "open"}).get_json()["status"] == "open"
    assert desk.post(f"/v1/tickets/{number}/status", {"status": "closed"}).get_json()["status"] == "closed"
    assert desk.post(f"/v1/tickets/{number}/status", {"status": "open"}).status_code == 409
    story = desk.get(f"/v1/tickets/{number}").get_json()["timeline"]
    assert "note" in [entry["kind"] for entry in story]
    assert {entry["actor"] for entry in story if entry["kind"] == "note"} == {"api:1"}


def a_call(desk):
    now = desk.clock.now
    with desk.db.write() as s:
        call = Call(
            sid="CA1",
            token="secret-token",
            direction="inbound",
            from_number=NUMBER,
            to_number="+12025550123",
            status="completed",
            flow_name="hotline",
            outcome="completed",
            started_at=now,
            state={"frames": ["private"]},
        )
        s.add(call)
        s.flush()
        s.add(
            TurnRow(
                call_id=call.id,
                number=1,
                at=now,
                said=[{"kind": "say", "text": "Hello"}],
                reply="<Response/>",
                heard={},
            )
        )
        heard = {"kind": "recorded", "url": "https://provider.example/RE1", "duration_s": 4}
        s.add(TurnRow(call_id=call.id, number=2, at=now, said=[], reply="<Response/>", heard=heard))
        s.add(
            Recording(
                sid="RE1",
                call_id=call.id,
                url="https://provider.example/RE1",
                path="2026/RE1.wav",
                duration_s=4,
                status=RecordingStatus.TRANSCRIBED,
                transcript={"text": "my parcel"},
                created_at=now,
            )
        )
        return call.id


def test_a_call_is_read_with_what_was_said_and_without_any_way_to_its_sound_or_token(desk):
    call = a_call(desk)
    answer = desk.get(f"/v1/calls/{call}")
    story = answer.get_json()
    assert [turn["number"] for turn in story["turns"]] == [1, 2]
    assert story["turns"][0]["said"] == [{"kind": "say", "text": "Hello"}]
    assert story["recordings"][0]["text"] == "my parcel"
    text = answer.get_data(as_text=True)
    for private in ("secret-token", "provider.example", "RE1.wav", "<Response/>", "frames"):
        assert private not in text
    assert [
        item["id"] for item in desk.get("/v1/calls?number=%2B12025550123&direction=inbound").get_json()["items"]
    ] == [call]
    assert desk.get("/v1/calls?started_to=2026-11-23T03:00:00Z").get_json()["items"] == []


def test_dials_and_answers_are_listed_and_answers_exported_line_by_line(desk):
    case = new_case(desk, reference="P1")
    now = desk.clock.now
    with desk.db.write() as s:
        s.add(
            Attempt(
                case_id=case["id"],
                campaign_id=1,
                n=1,
                purpose="delivery",
                number=NUMBER,
                state=AttemptState.ENDED,
                claimed_at=now,
                slot_at=now,
                carrier_outcome="answered",
                business_outcome="goal",
                decision={"rule": "allowed"},
            )
        )
        for n in range(1_200):
            s.add(
                AnswerRecord(
                    campaign_id=1,
                    case_id=case["id"],
                    number=NUMBER,
                    reference="P1",
                    node=f"q{n}",
                    question="到门口还是驿站？",
                    answer={"choice": "door"},
                    confidence=0.9,
                    at=now,
                )
            )
    [attempt] = desk.get("/v1/attempts?campaign_id=1&carrier_outcome=answered").get_json()["items"]
    assert desk.get(f"/v1/attempts/{attempt['id']}").get_json() == attempt
    assert attempt["decision"] == {"rule": "allowed"}
    assert desk.get("/v1/answers?node=q7").get_json()["items"][0]["answer"] == {"choice": "door"}
    export = desk.get("/v1/campaigns/1/answers.jsonl")
    assert export.content_type == "application/x-ndjson"
    lines = [json.loads(line) for line in export.get_data(as_text=True).splitlines()]
    assert [line["node"] for line in lines] == [f"q{n}" for n in range(1_200)]
    assert lines[0]["question"] == "到门口还是驿站？"
    assert desk.get("/v1/campaigns/2/answers.jsonl").status_code == 404
