"""The example flows, walked through from beginning to end, by keys alone and by speech alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.documents import parse
from flows.events import CallbackRequested, LanguageChosen, MessageRequested, PersonRequested, Rated, RecordingMade
from flows.problems import Level
from flows.requests import LookupReply, TicketsFound, TicketSummary
from flows.validation.lint import lint
from telephony.calls import QueueEnded, Recorded
from tests.flows.walk import NOON, Walk

EXAMPLES = sorted((Path(__file__).parents[2] / "flows" / "examples").glob("*.yaml"))
INBOUND = [path for path in EXAMPLES if parse(path.read_bytes()).outbound is None]
NIGHT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
AT_STATION = LookupReply(
    outcome="ok",
    status=200,
    body={"status": "at_station", "station": "Riverside", "station_zh": "滨江站点", "pickup_code": "3-2-8841"},
)
MESSAGE = Recorded(url="https://example.org/RE1", sid="RE1", duration_s=9, ended_by="#")
ONE_TICKET = TicketsFound(tickets=(TicketSummary(number="572400", subject="s", status="open", updated_at=NOON),))


def flow(name):
    return parse(next(p for p in EXAMPLES if p.stem == name).read_bytes())


def courier(**given):
    return Walk(flow("courier_hotline"), **given)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_has_no_error_and_no_warning(path):
    problems = lint(parse(path.read_bytes()))
    assert [str(p) for p in problems if p.level is Level.ERROR] == []
    assert [str(p) for p in problems] == []


@pytest.mark.parametrize("path", INBOUND, ids=lambda p: p.stem)
@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
def test_a_caller_who_never_says_anything_still_gets_a_ticket_and_a_goodbye(path, now):
    call = Walk(parse(path.read_bytes()), now=now).silence(30)
    assert call.end is not None
    assert call.opened
    assert "5 7 2" in " ".join(call.said)


def test_a_parcel_at_the_station_by_keys_alone_in_chinese():
    call = courier(lookup=AT_STATION).press("1", "1", "7788#")
    assert "您的快递已经到达滨江站点，取件码是3 2 8，8 4 1。" in call.said
    call.press("1")
    assert call.seen(MessageRequested)[0].body == "【铃回快递】您的快递7788已到滨江站点，取件码3-2-8841。"
    call.press("2", "5")
    assert call.seen(Rated)[0].score == 5
    assert (call.at, call.end.outcome) == ("goodbye", "completed")


def test_a_parcel_at_the_station_by_speech_alone_in_english():
    call = courier(lookup=AT_STATION).say("English", "where is my parcel", "R B one zero zero two zero zero", "yes")
    assert call.seen(LanguageChosen)[0].language == "en-US"
    assert call.values["tracking"] == "RB100200"
    call.say("yes please", "no thank you", "four")
    assert call.seen(MessageRequested)[0].body.startswith("Ringback Couriers: parcel RB100200 is at Riverside")
    assert call.seen(Rated)[0].score == 4
    assert call.end.outcome == "completed"


@pytest.mark.parametrize(
    ("body", "node"),
    [
        ({"status": "delivered"}, "tell_delivered"),
        ({"status": "in_transit", "eta": "2026-11-23"}, "tell_on_its_way"),
        ({"status": "accepted"}, "tell_on_its_way_soon"),
        ({"status": "exception"}, "exception_ticket"),
        ({"status": "at_station", "pickup_code": "1"}, "tell_at_station"),
    ],
)
def test_every_status_is_told(body, node):
    call = courier(lookup=LookupReply(outcome="ok", status=200, body=body)).press("2", "1", "7788")
    assert node in call.path
    assert call.at in ("anything_else", "offer_sms")


@pytest.mark.parametrize("outcome", ["error", "timeout", "refused"])
def test_when_the_parcel_service_fails_a_ticket_is_opened(outcome):
    call = courier(lookup=LookupReply(outcome=outcome)).press("2", "1", "7788")
    assert call.opened[0].category == "delivery"
    assert call.opened[0].reference == "7788"
    assert call.at == "anything_else"


def test_an_unknown_number_can_be_tried_again():
    call = courier().press("2", "1", "7788", "1", "6677")
    assert call.path.count("ask_tracking") == 2
    call.press("2", "2", "3")
    assert call.end.outcome == "completed"


def test_a_collection_is_ordered_by_speech_alone_in_chinese():
    call = courier().say("中文", "我要寄快递", "浦东新区世纪大道一百号", "明天", "可以", "对", "没有了", "五分")
    assert call.opened[0].category == "collection"
    assert call.opened[0].fields == {
        "day": "2026-11-21",
        "address": "浦东新区世纪大道一百号",
        "contact": "+8613800138000",
    }
    assert call.end.outcome == "completed"


def test_a_collection_is_ordered_by_keys_alone_in_english():
    call = courier(number="").press("2", "2", "#", "1205", "13900139000", "1", "1")
    assert call.opened[0].fields == {"day": "2026-12-05", "address": "", "contact": "+8613900139000"}
    assert call.press("2", "5").end.outcome == "completed"


@pytest.mark.parametrize("language", ["1", "2"])
def test_a_complaint_is_recorded_and_its_number_told(language):
    call = courier().press(language, "3").hear(MESSAGE)
    assert call.seen(RecordingMade)[0].node == "complaint"
    assert call.opened[0].category == "complaint"
    assert "5 7 2" in " ".join(call.said)
    assert call.press("2", "1").end.outcome == "completed"


def test_a_complaint_by_speech_alone():
    call = courier().say("英语", "I want to make a complaint").hear(MESSAGE).say("no", "one")
    assert call.seen(Rated)[0].score == 1


def test_an_empty_complaint_becomes_a_call_back():
    empty = Recorded(url="", sid="", duration_s=0)
    call = courier().press("2", "3").hear(empty).hear(empty).press("1", "1")
    assert call.seen(CallbackRequested)


def test_a_ticket_is_found_by_the_caller_s_number():
    call = courier(tickets=ONE_TICKET).say("中文", "查工单")
    assert "工单5 7 2，4 0 0，正在处理。" in call.said
    assert call.at == "anything_else"


def test_questions_are_answered_by_speech_alone():
    call = courier().say("English", "I have a question", "how much does it cost to send a parcel")
    assert "from 12 yuan" in " ".join(call.said)
    call.say("are you open on Sunday", "no", "no", "five")
    assert call.end.outcome == "completed"


def test_an_unanswered_question_is_kept_and_leads_to_a_person():
    call = courier().press("2", "5").say("do you sell umbrellas", "I need an umbrella")
    assert call.opened[0].text == "I need an umbrella"
    assert call.at == "to_person"


@pytest.mark.parametrize("how", ["key", "words"])
def test_a_person_is_always_within_reach(how):
    call = courier().press("2")
    call = call.press("0") if how == "key" else call.say("I want to speak to a person")
    assert call.seen(PersonRequested)[0].how == how
    assert call.at == "to_person"
    assert call.hear(QueueEnded(result="bridged", waited_s=5)).press("5").end.outcome == "completed"


def test_when_nobody_is_free_a_call_back_is_offered():
    call = courier().press("2", "0").hear(QueueEnded(result="leave", waited_s=120)).press("1", "1", "1", "2", "4")
    assert call.seen(CallbackRequested)[0].number == "+8613800138000"
    assert call.end.outcome == "completed"


def test_when_nobody_is_free_a_message_can_be_left():
    call = courier().say("中文", "人工").hear(QueueEnded(result="queue-full")).say("留言").hear(MESSAGE)
    assert call.opened[0].reason == "call could not be finished"
    assert call.end.outcome == "completed"


def test_at_night_one_can_track_complain_and_be_called_back():
    call = courier(now=NIGHT, lookup=AT_STATION).press("1", "1", "7788", "2", "1")
    assert call.at == "after_hours_menu"
    assert courier(now=NIGHT).press("1", "2").hear(MESSAGE).opened[0].category == "complaint"
    call = courier(now=NIGHT).say("中文", "给我打电话", "明天上午十点", "可以")
    assert call.seen(CallbackRequested)[0].at == "2026-11-21T10:00:00+08:00"


def test_at_night_a_person_is_not_promised():
    call = courier(now=NIGHT).press("2", "0")
    assert "to_person" not in call.path
    assert call.at == "nobody_free"


def test_at_least_one_path_comes_through_every_node_of_the_courier_flow():
    document = flow("courier_hotline")
    wired = {target for node in document.nodes.values() for target in node.exits.values()}
    named = {document.start, document.defaults.person, document.defaults.failure}
    assert set(document.nodes) == wired | named


def test_the_korean_line_takes_a_message_by_keys_alone_and_by_speech_alone():
    for call in (Walk(flow("ticket_line_ko")).press("1"), Walk(flow("ticket_line_ko")).say("접수할게요")):
        call.hear(MESSAGE)
        assert call.opened
        assert call.end.outcome == "completed"
        assert "접수 번호는 5 7 2, 4 0 0 입니다." in call.said


def test_the_korean_line_tells_how_a_ticket_stands():
    call = Walk(flow("ticket_line_ko"), tickets=ONE_TICKET).say("조회")
    assert "접수 번호 5 7 2, 4 0 0, 처리 중입니다." in call.said


def test_the_utility_line_takes_a_power_cut_by_speech_alone():
    call = Walk(flow("utility_line")).say("there is no power", "Main Street in Springfield", "no")
    assert (call.opened[0].category, call.opened[0].urgency) == ("outage", "high")
    assert call.opened[0].text == "Main Street in Springfield"


def test_the_utility_line_takes_a_meter_reading_by_keys_alone():
    call = Walk(flow("utility_line")).press("2", "12345674", "4711", "1", "1119")
    assert call.opened[0].fields == {"account": "12345674", "reading": 4711, "day": "2026-11-19"}


def test_the_utility_line_tells_a_balance():
    reply = LookupReply(outcome="ok", status=200, body={"balance": 42.5, "due_date": "2026-12-01"})
    call = Walk(flow("utility_line"), lookup=reply).press("3", "12345674")
    assert "42.50 US dollars" in " ".join(call.said)


def test_silence_at_a_sensitive_moment_leads_to_a_person_at_once():
    assert Walk(flow("utility_line")).press("1").silence().at == "to_person"
