"""The steps of a campaign's set-up: each kept when it is sent, each error at its field."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from callbacks import lifecycle
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseKind
from callbacks.settings import CallingHours, MachineMode, Result
from console.week_grid import spans_of, text_of
from flows.versions import latest
from tests.console.conftest import NOW, CampaignDesk
from tests.console.seeding_campaigns import OUR_NUMBER

HOURS = {"week_mon": "09:00-12:00, 14-20", "week_sat": "10：00－24：00", "zone": "Asia/Shanghai", "law": ""}
FLOW: dict[str, Any] = {
    "name": "Deliveries of Friday",
    "purpose": "delivery",
    "flow_name": "parcel_call",
    "caller_numbers": OUR_NUMBER,
    "machine": "hang_up",
    "ring_timeout_s": "25",
}


def url(desk: CampaignDesk, step: str, key: str = "draft") -> str:
    return f"/campaigns/{desk.ids[key]}/setup/{step}"


def campaign_of(desk: CampaignDesk, key: str = "draft") -> Campaign:
    with desk.values.db.read() as s:
        found = s.get_one(Campaign, desk.ids[key])
        s.expunge(found)
        return found


def rules_of(desk: CampaignDesk) -> dict[str, str]:
    """What the form of the rules sends when nothing is changed."""
    page = desk.page(url(desk, "rules"))
    sent = {}
    for part in page.split("<input ")[1:]:
        if 'type="number"' in part and 'name="' in part:
            sent[part.split('name="')[1].split('"')[0]] = part.split('value="')[1].split('"')[0]
    return sent


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9-12", "09:00-12:00"),
        ("14:30-20:00, 9:00–12:00", "09:00-12:00, 14:30-20:00"),
        ("09:00至12:00、13:00到18:00", "09:00-12:00, 13:00-18:00"),
        ("9-12, 11-13, 13-14", "09:00-14:00"),
        ("0-24", "00:00-24:00"),
        ("  ", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert text_of(spans_of(text)) == kept


def test_hours_are_kept_and_the_next_step_follows(campaign_desk: CampaignDesk) -> None:
    sent = {**HOURS, "closed_dates": "2026-12-31 2026-12-24", "starts_at": "2026-11-23T09:00", "then": "next"}
    answer = campaign_desk.post(url(campaign_desk, "hours"), sent)
    assert answer.location == url(campaign_desk, "rules")
    kept = campaign_of(campaign_desk)
    assert kept.hours == CallingHours(
        week={"mon": ((540, 720), (840, 1200)), "sat": ((600, 1440),)}
        | dict.fromkeys(("tue", "wed", "thu", "fri", "sun"), ()),
        skip_holidays=False,
        closed_dates=(date(2026, 12, 24), date(2026, 12, 31)),
    )
    assert kept.starts_at == datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"week_mon": "22:00-06:00"}, "week_mon", "pass midnight"),
        ({"week_mon": "late"}, "week_mon", "Write hours like"),
        ({"week_mon": "09:00-25:00"}, "week_mon", "no such time"),
        ({"week_mon": "", "week_sat": ""}, "week", "no calling hours at all"),
        ({"zone": "Mars/Olympus"}, "zone", "no time zone Mars/Olympus"),
        ({"closed_dates": "2026-02-30"}, "closed_dates", "no day 2026-02-30"),
        ({"starts_at": "2026-12-02T09:00", "ends_at": "2026-12-01T09:00"}, "ends_at", "before the start"),
        ({"law": "nowhere"}, "law", "Choose one of the list"),
    ],
)
def test_wrong_hours_are_told_at_their_field_and_nothing_is_kept(
    campaign_desk: CampaignDesk, sent: dict[str, str], field: str, sentence: str
) -> None:
    before = campaign_of(campaign_desk)
    answer = campaign_desk.post(url(campaign_desk, "hours"), {**HOURS, **sent})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page.split(f'id="e-{field}"')[1].split("</p>")[0]
    assert campaign_of(campaign_desk).hours_json == before.hours_json
    for name, value in sent.items():
        assert name == "law" or value in page, "what was written stays in its box"


def test_law_packs_are_shown_in_words(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page(url(campaign_desk, "hours"))
    assert "Calls only every day 08:00-21:00, on the clock of Asia/Shanghai." in page
    assert "At most 3 calls to one number in 5 minutes." in page
    assert "Without consent: at most 1 call(s) for one parcel or matter." in page


def test_tries_pace_and_alarms_are_kept(campaign_desk: CampaignDesk) -> None:
    sent = rules_of(campaign_desk) | {
        "busy_tries": "4",
        "busy_growth": "1.5",
        "no_answer_other_daypart": "1",
        "max_tries": "5",
        "calls_per_second": "2.5",
        "ramp_min": "10",
        "opt_out_rate": "3.5",
        "cost_per_minute": "0.15",
    }
    answer = campaign_desk.post(url(campaign_desk, "rules"), sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    kept = campaign_of(campaign_desk)
    assert (kept.retries.rows[Result.BUSY].tries, kept.retries.rows[Result.BUSY].growth) == (4, 1.5)
    assert kept.retries.rows[Result.NO_ANSWER].other_daypart is True
    assert kept.retries.rows[Result.MACHINE].other_daypart is False, "an empty box is a no"
    assert (kept.retries.max_tries, kept.pacing.calls_per_second, kept.pacing.ramp_min) == (5, 2.5, 10)
    assert kept.breaker.opt_out_rate == pytest.approx(0.035)
    assert kept.cost_per_minute == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"calls_per_second": "0"}, "calls_per_second"),
        ({"calls_per_second": "fast"}, "calls_per_second"),
        ({"busy_delay_min": "0"}, "busy_delay_min"),
        ({"max_tries": "2.5"}, "max_tries"),
        ({"min_calls_per_second": "3", "calls_per_second": "2"}, "min_calls_per_second"),
        ({"least": "200", "window": "100"}, "least"),
        ({"failed_rate": "120"}, "failed_rate"),
        ({"priority": "nan"}, "priority"),
    ],
)
def test_wrong_rules_are_told_at_their_field(campaign_desk: CampaignDesk, sent: dict[str, str], field: str) -> None:
    before = campaign_of(campaign_desk)
    answer = campaign_desk.post(url(campaign_desk, "rules"), rules_of(campaign_desk) | sent)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.get_data(as_text=True)
    assert campaign_of(campaign_desk).pacing_json == before.pacing_json


def test_flow_numbers_machines_and_defaults_are_kept(campaign_desk: CampaignDesk) -> None:
    sent = FLOW | {"flow_b_name": "parcel_call_short", "share_b": "30", "default_day": "tomorrow", "machine": "sms"}
    sent |= {"sms_zh-CN": "您的快递 {{ parcel }} 今天派送。"}
    answer = campaign_desk.post(url(campaign_desk, "flow"), sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    kept = campaign_of(campaign_desk)
    assert (kept.flow_b_name, kept.share_b, kept.machine) == ("parcel_call_short", 0.3, MachineMode.SMS)
    assert (kept.defaults, kept.ring_timeout_s) == ({"day": "tomorrow"}, 25)
    assert kept.sms_text == {"zh-CN": "您的快递 {{ parcel }} 今天派送。"}


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"flow_name": ""}, "flow_name", "Choose a flow"),
        ({"flow_name": "courier"}, "flow_name", "Choose one of the list"),
        ({"flow_b_name": "parcel_call"}, "flow_b_name", "another one"),
        ({"flow_b_name": "parcel_call_short", "share_b": "0"}, "share_b", "1 to 99"),
        ({"caller_numbers": "+12025550199"}, "caller_numbers", "at least one of our numbers"),
        ({"machine": "sms"}, "sms_zh-CN", "Write the message"),
        ({"ring_timeout_s": "3"}, "ring_timeout_s", "from 15 to 120"),
        ({"name": ""}, "name", "Give the campaign a name"),
    ],
)
def test_a_wrong_flow_step_is_told_at_its_field(
    campaign_desk: CampaignDesk, sent: dict[str, str], field: str, sentence: str
) -> None:
    answer = campaign_desk.post(url(campaign_desk, "flow"), FLOW | sent)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True).split(f'id="e-{field}"')[1].split("</p>")[0]


def test_only_published_flows_that_call_people_are_offered(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page(url(campaign_desk, "flow"))
    assert '<option value="parcel_call"' in page
    assert '<option value="courier"' not in page


def test_the_words_of_any_row_are_read_before_anybody_is_called(campaign_desk: CampaignDesk) -> None:
    spoken = url(campaign_desk, "flow") + "/spoken"
    assert "来电是关于今天派送的快递SF0000000002" in campaign_desk.page(f"{spoken}?row=3&language=zh-CN")
    assert "parcel SF0000000011, which comes" in campaign_desk.page(f"{spoken}?row=12&language=en-US")
    assert "There is no such row" in campaign_desk.page(f"{spoken}?row=4000")
    empty = campaign_desk.page(f"{spoken}?row=4000&language=en-US")
    assert "Without a value" in empty, "nobody gives the parcel"


def test_variables_say_where_they_come_from(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page(url(campaign_desk, "flow"))
    assert "The people’s own" in page.split("<code>parcel</code>")[1].split("</tr>")[0]
    campaign_desk.post("/campaigns/new", {"name": "Empty", "purpose": "delivery"})
    with campaign_desk.values.db.read() as s:
        made = s.scalars(select(Campaign).where(Campaign.name == "Empty")).one().id
    campaign_desk.post(f"/campaigns/{made}/setup/flow", FLOW)
    page = campaign_desk.page(f"/campaigns/{made}/setup/flow")
    assert "Nowhere" in page.split("<code>parcel</code>")[1].split("</tr>")[0]
    assert "Default of the flow" in page.split("<code>day</code>")[1].split("</tr>")[0]


def test_a_test_call_is_a_case_that_the_page_follows(campaign_desk: CampaignDesk) -> None:
    number, path = campaign_desk.ids["draft"], f"/campaigns/{campaign_desk.ids['draft']}/test"
    answer = campaign_desk.post(path, {"test_number": "138 0013 8000", "language": "en-US", "flow": "a"})
    with campaign_desk.values.db.read() as s:
        case = s.scalars(select(Case).where(Case.campaign_id == number, Case.kind == CaseKind.TEST)).one()
    assert (case.number, case.language) == ("+8613800138000", "en-US")
    assert f"test={case.id}" in answer.location
    assert "Follows the call by itself." in campaign_desk.page(answer.location)
    assert "+86 138 0013 8000" in campaign_desk.page(f"{path}/{case.id}")
    assert campaign_desk.ops.get(f"/campaigns/{campaign_desk.ids['over']}/test/{case.id}").status_code == 404


def test_a_wrong_test_number_is_told_at_its_field(campaign_desk: CampaignDesk) -> None:
    answer = campaign_desk.post(f"/campaigns/{campaign_desk.ids['draft']}/test", {"test_number": "12", "flow": "a"})
    assert 'id="e-test_number"' in campaign_desk.page(answer.location)


def test_the_preflight_says_who_is_called_when_and_what_holds_it_up(campaign_desk: CampaignDesk) -> None:
    page = campaign_desk.page(url(campaign_desk, "preflight"))
    assert "Nobody has heard version 1 of the flow parcel_call yet" in page
    assert f'href="{url(campaign_desk, "flow")}#test"' in page
    assert 'class="problem"' in page.split('aria-label="Steps"')[1].split("</nav>")[0]
    figures = campaign_desk.page(f"/campaigns/{campaign_desk.ids['draft']}/preflight")
    assert "40 people are called for the first time between 20 Nov 14:30" in figures
    rows = campaign_desk.ops.get(f"/campaigns/{campaign_desk.ids['draft']}/preflight.csv").get_data(as_text=True)
    assert len(rows.strip().splitlines()) == 41


def test_a_launch_that_is_held_up_says_why_and_one_that_is_not_runs(campaign_desk: CampaignDesk) -> None:
    launch = f"/campaigns/{campaign_desk.ids['draft']}/launch"
    answer = campaign_desk.post(launch, {})
    assert campaign_of(campaign_desk).state == CampaignState.DRAFT
    assert "make a test call" in campaign_desk.page(answer.location)
    with campaign_desk.values.db.write() as s:
        version = latest(s, "parcel_call")
        lifecycle.note_tested(s, s.get_one(Campaign, campaign_desk.ids["draft"]), version.id, now=NOW)
    assert "Nothing holds it up" in campaign_desk.page(url(campaign_desk, "preflight"))
    answer = campaign_desk.post(launch, {"note": "All set"})
    assert answer.location == f"/campaigns/{campaign_desk.ids['draft']}"
    assert campaign_of(campaign_desk).state == CampaignState.RUNNING


def test_after_the_launch_only_hours_tries_and_pace_change(campaign_desk: CampaignDesk) -> None:
    sent = rules_of(campaign_desk) | {"calls_per_second": "3", "priority": "1"}
    answer = campaign_desk.post(url(campaign_desk, "rules", "running"), sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    kept = campaign_of(campaign_desk, "running")
    assert (kept.pacing.calls_per_second, kept.priority) == (3, 50)
    answer = campaign_desk.post(url(campaign_desk, "flow", "running"), FLOW | {"name": "Another"})
    assert campaign_of(campaign_desk, "running").name != "Another"
    with campaign_desk.values.db.read() as s:
        logged = select(CampaignEntry).where(CampaignEntry.campaign_id == kept.id, CampaignEntry.what == "edit")
        assert "pacing" in json.dumps([entry.details for entry in s.scalars(logged)])


@pytest.mark.parametrize(
    "path", ["/campaigns/999/setup/hours", "/campaigns/1/setup/nothing", "/campaigns/999/preflight"]
)
def test_what_is_not_there_is_not_found(campaign_desk: CampaignDesk, path: str) -> None:
    assert campaign_desk.ops.get(path).status_code == 404


@pytest.mark.parametrize("step", ["audience", "flow", "hours", "rules", "preflight"])
@pytest.mark.parametrize("key", ["draft", "empty", "running", "over", "template", "standing"])
def test_every_step_of_every_campaign_answers_in_chinese(campaign_desk: CampaignDesk, step: str, key: str) -> None:
    campaign_desk.post("/language", {"language": "zh"})
    page = campaign_desk.page(url(campaign_desk, step, key))
    assert "外呼任务" in page
