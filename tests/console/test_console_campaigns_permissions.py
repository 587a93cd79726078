"""Who must not be called, who agreed to be called, and what a person's page says of both."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.case import Case, CaseState, CloseReason
from callbacks.consents import Consent
from callbacks.opt_outs import OptOut
from tests.console.conftest import NOW, CampaignDesk, sign_in
from tests.console.seeding_campaigns import add_attempt, numbers
from tickets.audit import AuditRow
from tickets.people import Person, PersonNumber
from work.happenings import Happening


def opt_out(desk: CampaignDesk, number: str) -> OptOut | None:
    with desk.values.db.read() as s:
        found = s.scalars(select(OptOut).where(OptOut.number == number)).one_or_none()
        if found is not None:
            s.expunge(found)
        return found


def test_a_number_is_found_in_any_format(campaign_desk: CampaignDesk) -> None:
    for written in ("020 7946 0958", "+44 20 7946 0958", "79460958"):
        page = campaign_desk.page(f"/do-not-call?q={written}".replace("+", "%2B").replace(" ", "%20"))
        assert "+44 20 7946 0958" in page, written
        assert "+86 139 1234 5678" not in page


def test_the_evidence_leads_into_the_call_at_its_moment(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page("/do-not-call")
    assert "Call at 0:22" in page.replace("\n", " ")
    assert "#turn-2" in page, "what was said 21 seconds after the answer belongs to the second turn"
    assert "<img src=x" not in page


def test_an_agent_adds_a_number_and_its_open_cases_are_closed(campaign_desk: CampaignDesk) -> None:
    agent = sign_in(campaign_desk.app.test_client(), "agent")
    number = numbers(40)[7]
    sent = {"number": number[3:], "purpose": "all", "evidence": "Said so at the counter"}
    assert campaign_desk.post("/do-not-call", sent, agent).status_code == 303
    kept = opt_out(campaign_desk, number)
    assert kept is not None
    assert (kept.how, kept.by, kept.purpose) == ("agent", "Lin Yue", "all")
    with campaign_desk.values.db.read() as s:
        case = s.scalars(select(Case).where(Case.number == number)).one()
        assert (case.state, case.reason) == (CaseState.CLOSED, CloseReason.OPTED_OUT)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"number": "12", "purpose": "all", "evidence": "x"}, "number"),
        ({"number": "13813900001", "purpose": "never", "evidence": "x"}, "purpose"),
        ({"number": "13813900001", "purpose": "all", "evidence": " "}, "evidence"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field(campaign_desk: CampaignDesk, sent: dict[str, str], field: str) -> None:
    answer = campaign_desk.post("/do-not-call", sent)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.get_data(as_text=True)


def test_only_administrators_revoke_and_only_with_a_reason(campaign_desk: CampaignDesk) -> None:
    kept = opt_out(campaign_desk, "+8613912345678")
    assert kept is not None
    path = f"/do-not-call/{kept.id}/revoke"
    assert campaign_desk.post(path, {"reason": "She asked for it"}).status_code == 403
    admin = sign_in(campaign_desk.app.test_client(), "admin")
    campaign_desk.post(path, {"reason": " "}, admin)
    still = opt_out(campaign_desk, "+8613912345678")
    assert still is not None
    assert still.revoked_at is None
    campaign_desk.post(path, {"reason": "She asked for it by letter"}, admin)
    after = opt_out(campaign_desk, "+8613912345678")
    assert after is not None
    assert (after.revoked_at, after.revoked_by) == (NOW, "Ada Novak")
    with campaign_desk.values.db.read() as s:
        row = s.scalars(select(AuditRow).where(AuditRow.action == "opt_out.revoke")).one()
        assert row.details == {"reason": "She asked for it by letter"}
    assert "+86 139 1234 5678" not in campaign_desk.page("/do-not-call")
    assert "+86 139 1234 5678" in campaign_desk.page("/do-not-call?state=revoked")


def test_a_list_is_added_whole_or_not_at_all(campaign_desk: CampaignDesk) -> None:
    text = "phone;note\n13813900001;a\nnobody\n'+442079460000;b\n13813900001;twice\n"

    def send(**more: str) -> str:
        sent = {"list_purpose": "marketing", "source": "Register of November", **more}
        file = (io.BytesIO(text.encode("utf-8-sig")), "list.csv")
        return campaign_desk.post("/do-not-call/list", {"file": file, **sent}).get_data(as_text=True)

    assert "line 3 holds no telephone number" in send()
    assert opt_out(campaign_desk, "+8613813900001") is None
    send(skip_bad="1")
    for number in ("+8613813900001", "+442079460000"):
        kept = opt_out(campaign_desk, number)
        assert kept is not None
        assert (kept.how, kept.purpose, kept.evidence) == ("import", "marketing", "Register of November")


def test_agents_neither_import_nor_export(campaign_desk: CampaignDesk) -> None:
    agent = sign_in(campaign_desk.app.test_client(), "agent")
    assert campaign_desk.post("/do-not-call/list", {"numbers": "13813900001"}, agent).status_code == 403
    assert agent.get("/do-not-call.csv").status_code == 403
    rows = campaign_desk.ops.get("/do-not-call.csv").get_data(as_text=True).strip().splitlines()
    assert len(rows) == 4
    assert rows[0].lstrip("\ufeff").startswith("number,purpose,how")


def test_a_consent_is_added_told_and_taken_back(campaign_desk: CampaignDesk) -> None:
    sent = {"number": "138 1390 0009", "purpose": "survey", "kind": "written", "evidence": "Form 12"}
    campaign_desk.post("/do-not-call/consents", {**sent, "until": "2026-12-31"})
    with campaign_desk.values.db.read() as s:
        kept = s.scalars(select(Consent).where(Consent.number == "+8613813900009")).one()
        assert (kept.kind, kept.source, kept.by) == ("written", "agent", "Omar Diaz")
        assert kept.until is not None
        assert kept.until.isoformat() == "2026-12-31T16:00:00+00:00", "the last day counts in full, in Shanghai"
        told = s.scalars(select(Happening).where(Happening.kind == "consent.given")).one()
        assert told.payload["purpose"] == "survey"
    campaign_desk.post(f"/do-not-call/consents/{kept.id}/revoke", {})
    assert "+86 138 1390 0009" not in campaign_desk.page("/do-not-call/consents")
    assert "Taken back" in campaign_desk.page("/do-not-call/consents?state=all&q=13813900009")


def test_a_lapsed_consent_is_not_among_those_that_hold(campaign_desk: CampaignDesk) -> None:
    assert "+49 30 901820" not in campaign_desk.page("/do-not-call/consents")
    assert "+49 30 901820" in campaign_desk.page("/do-not-call/consents?state=over")
    answer = campaign_desk.post(
        "/do-not-call/consents",
        {"number": "13813900009", "purpose": "all", "kind": "express", "evidence": "x", "until": "2026-02-30"},
    )
    assert "no day 2026-02-30" in answer.get_data(as_text=True)


def test_a_persons_page_shows_permissions_calls_and_cases(campaign_desk: CampaignDesk) -> None:
    with campaign_desk.values.db.write() as s:
        person = s.scalars(select(PersonNumber).where(PersonNumber.number == "+8613800138000")).one().person_id
        first, second = s.scalars(select(Case).order_by(Case.id).limit(2)).all()
        first.number = second.number = "+8613800138000"
        for case, age in ((first, timedelta(hours=2)), (second, timedelta(days=5))):
            add_attempt(s, case, NOW - age)
        add_attempt(s, second, NOW - timedelta(days=40), n=2)
        reference = first.reference
        s.get_one(Person, person)
    page = campaign_desk.page(f"/people/{person}")
    part = page.split('id="reach"')[1].split('id="matters"')[0]
    assert "Do not call" in part
    assert "别再打了" in part
    counted = [cell.split("<")[0] for cell in part.split('<dd class="digits">')[1:]]
    assert counted == ["1", "2", "2"]
    assert reference in page.split('id="matters"')[1]
