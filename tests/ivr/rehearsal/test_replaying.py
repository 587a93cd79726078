"""Past calls through another document: what is the same, what would still be asking, what is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.documents import FlowDocument, from_json
from flows.requests import LookupReply, TicketSummary
from ivr.heard import heard_to_json
from ivr.rehearsal.past_call import Ending, PastCall, PastTurn, Place
from ivr.rehearsal.past_house import Past, PastLookup, PastTicket
from ivr.rehearsal.replaying import Replayed, replay, replay_call
from telephony.calls import Digits, Heard, Recorded, Silence, Speech

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Friday, 11:00 in Shanghai."""

FLOW: dict[str, Any] = {
    "name": "line",
    "languages": ["en-US"],
    "start": "open_now",
    "defaults": {"failure": "bye", "person": "bye"},
    "nodes": {
        "open_now": {
            "type": "business_hours",
            "zone": "Asia/Shanghai",
            "hours": {"every_day": ["08:00-21:00"]},
            "exits": {"open": "menu", "closed": "night"},
        },
        "menu": {
            "type": "menu",
            "prompt": {"en-US": "How can I help?"},
            "choices": [
                {"key": "1", "name": "track", "label": {"en-US": "tracking"}},
                {"key": "2", "name": "complain", "label": {"en-US": "a complaint"}},
                {"key": "3", "name": "ticket", "label": {"en-US": "your ticket"}},
            ],
            "exits": {"track": "number", "complain": "leave_word", "ticket": "status"},
        },
        "number": {
            "type": "collect",
            "kind": "digits",
            "value": "parcel",
            "min_length": 4,
            "max_length": 8,
            "confirm": "never",
            "prompt": {"en-US": "Which number?"},
            "exits": {"next": "find"},
        },
        "find": {
            "type": "lookup",
            "url": "https://parcels.example.org/{{ parcel }}",
            "take": {"state": "state"},
            "exits": {"ok": "tell", "error": "bye"},
        },
        "tell": {"type": "message", "prompt": {"en-US": "It is {{ state }}."}, "exits": {"next": "more"}},
        "leave_word": {
            "type": "record",
            "prompt": {"en-US": "After the tone, please."},
            "value": "voice",
            "exits": {"next": "keep", "empty": "more"},
        },
        "keep": {"type": "open_ticket", "category": "complaint", "exits": {"next": "more"}},
        "status": {"type": "ticket_status", "exits": {"found": "more", "none": "more"}},
        "more": {"type": "confirm", "prompt": {"en-US": "Anything else?"}, "exits": {"yes": "menu", "no": "bye"}},
        "night": {"type": "hang_up", "prompt": {"en-US": "We are closed."}},
        "bye": {"type": "hang_up", "prompt": {"en-US": "Goodbye."}},
    },
}


def document(change: Any = None) -> FlowDocument:
    data = deepcopy(FLOW)
    if change is not None:
        change(data["nodes"])
    return from_json(data)


def past(*answers: tuple[str, Heard | None], ending: Ending, at: datetime = NOW, world: Past | None = None) -> PastCall:
    """A call that gave these answers, each at a node; the paths are what the test does not look at."""
    turns = [turn(1, at, ("", ""), Silence())]
    turns += [
        turn(n, at + timedelta(seconds=20 * n), ("", node), heard) for n, (node, heard) in enumerate(answers, start=2)
    ]
    return PastCall(
        id=1, started_at=at, caller="+8613800000001", caller_name="", vip=False, service_number="+862100000000",
        language="", outbound=False, values={}, turns=tuple(turns), past=world or Past(), ending=ending,
    )  # fmt: skip


def turn(number: int, at: datetime, asked_at: Place, heard: Heard | None) -> PastTurn:
    heard_as = {"kind": "hangup"} if heard is None else heard_to_json(heard)
    return PastTurn(
        number=number, at=at, asked_at=asked_at, heard=heard, heard_as=heard_as, said=(), path=(), place=asked_at
    )


def found(url: str, state: str) -> PastLookup:
    reply = LookupReply(outcome="ok", status=200, body={"state": state})
    return PastLookup(node="find", method="GET", url=url, body=None, reply=reply)


def key(digits: str) -> Digits:
    return Digits(digits=digits)


DONE = Ending(outcome="completed", place=("", "bye"))
TRACKED = past(
    ("menu", key("1")), ("number", key("4711")), ("more", key("2")), ending=DONE,
    world=Past(lookups=[found("https://parcels.example.org/4711", "on its way")]),
)  # fmt: skip
COMPLAINED = past(
    ("menu", Speech(text="a complaint", confidence=0.9)),
    ("leave_word", Recorded(url="https://x.example/r", sid="RE1", duration_s=9, ended_by="#")),
    ("more", key("2")),
    ending=replace(DONE, tickets=("complaint",)),
)
GAVE_UP = past(("menu", Silence()), ("menu", None), ending=Ending(outcome="abandoned", place=("", "menu")))
AT_NIGHT = past(ending=Ending(outcome="completed", place=("", "night")), at=NOW + timedelta(hours=12))
EVERY: Sequence[PastCall] = (TRACKED, COMPLAINED, GAVE_UP, AT_NIGHT)


def through(call: PastCall, change: Any = None) -> Replayed:
    return replay_call(call, document(change))


def test_the_unchanged_flow_ends_every_call_as_it_ended():
    assert [replayed.same for replayed in replay(EVERY, document())] == [True, True, True, True]
    assert "It is on its way." in str([turn.said for turn in through(TRACKED).turns])


def test_a_removed_option_leaves_its_callers_at_the_menu_and_no_others():
    def without_complaints(nodes: dict[str, Any]) -> None:
        nodes["menu"]["choices"] = [c for c in nodes["menu"]["choices"] if c["name"] != "complain"]
        del nodes["menu"]["exits"]["complain"]

    replays = list(replay(EVERY, document(without_complaints)))
    assert [replayed.same for replayed in replays] == [True, False, True, True]
    assert replays[1].ending is None
    assert replays[1].asking_at == ("", "menu")
    assert len(replays[1].turns) == 2


def test_a_new_question_is_where_the_call_would_still_be_asking():
    def asks_first(nodes: dict[str, Any]) -> None:
        exits = {"yes": "number", "no": "bye"}
        nodes["sure"] = {"type": "confirm", "prompt": {"en-US": "Do you have the number?"}, "exits": exits}
        nodes["menu"]["exits"]["track"] = "sure"

    assert through(TRACKED, asks_first).asking_at == ("", "sure")
    assert through(COMPLAINED, asks_first).same


def test_an_answer_to_a_question_that_is_gone_is_passed_over():
    def straight_to_the_end(nodes: dict[str, Any]) -> None:
        del nodes["more"]
        nodes["tell"]["exits"] = nodes["keep"]["exits"] = {"next": "bye"}
        nodes["leave_word"]["exits"]["empty"] = "bye"
        nodes["status"]["exits"] = {"found": "bye", "none": "bye"}

    assert [replayed.same for replayed in replay(EVERY, document(straight_to_the_end))] == [True, True, True, True]


def test_words_that_were_missed_and_are_understood_now_lead_on_past_the_second_try():
    broken = ("menu", Speech(text="my lamp is in pieces", confidence=0.9))
    call = past(broken, ("menu", key("2")), *tail(COMPLAINED), ending=COMPLAINED.ending)

    def learned(nodes: dict[str, Any]) -> None:
        nodes["menu"]["choices"][1]["words"] = {"en-US": ["my lamp is in pieces"]}

    assert len(through(call).turns) == 5
    assert through(call).same
    assert through(call, learned).same
    assert len(through(call, learned).turns) == 4


def tail(call: PastCall) -> list[tuple[str, Heard | None]]:
    return [(turn.asked_at[1], turn.heard) for turn in call.turns[2:]]


def test_a_lookup_that_was_never_made_stops_the_replay():
    def asks_the_desk(nodes: dict[str, Any]) -> None:
        nodes["known"] = {
            "type": "lookup", "url": "https://desk.example.org/callers", "exits": {"ok": "menu", "error": "menu"}
        }  # fmt: skip
        nodes["open_now"]["exits"]["open"] = "known"

    assert through(TRACKED, asks_the_desk).asking_at == ("", "known")
    assert through(AT_NIGHT, asks_the_desk).same


def test_each_lookup_gets_the_reply_to_its_own_request():
    two = past(
        ("menu", key("1")), ("number", key("4711")), ("more", key("1")),
        ("menu", key("1")), ("number", key("5822")), ("more", key("2")), ending=DONE,
        world=Past(lookups=[found("https://parcels.example.org/5822", "second"),
                            found("https://parcels.example.org/4711", "first")]),
    )  # fmt: skip
    told = [str(turn.said) for turn in through(two).turns]
    assert "first" in told[2]
    assert "second" in told[5]
    assert through(two).same


def test_the_same_ending_with_another_ticket_is_another_ending():
    def of_delivery(nodes: dict[str, Any]) -> None:
        nodes["keep"]["category"] = "delivery"

    replayed = through(COMPLAINED, of_delivery)
    assert not replayed.same
    assert replayed.ending == replace(DONE, tickets=("delivery",))


def test_hours_decide_by_the_time_of_the_real_call():
    def later(nodes: dict[str, Any]) -> None:
        nodes["open_now"]["hours"] = {"every_day": ["08:00-24:00"]}

    assert through(AT_NIGHT, later).asking_at == ("", "menu")
    assert through(GAVE_UP, later).same


def test_a_caller_who_hung_up_does_not_hang_up_at_another_question():
    def to_the_number(nodes: dict[str, Any]) -> None:
        nodes["open_now"]["exits"]["open"] = "number"

    assert through(GAVE_UP, to_the_number).asking_at == ("", "number")


def test_a_draft_that_waits_for_a_recording_takes_no_words():
    def records(nodes: dict[str, Any]) -> None:
        nodes["more"] = {**nodes["leave_word"], "exits": {"next": "bye", "empty": "bye"}}

    assert through(TRACKED, records).asking_at == ("", "more")


def test_the_caller_hears_of_the_tickets_there_were_then():
    summary = TicketSummary(number="100013", subject="Lamp", status="open", updated_at=NOW)
    earlier = PastTicket(summary=summary, created_at=NOW - timedelta(days=1), of_caller=True)
    answers = (("menu", key("3")), ("more", key("2")))
    assert through(past(*answers, ending=DONE, world=Past(tickets=(earlier,)))).same
    later = replace(earlier, created_at=NOW + timedelta(days=1))
    assert through(past(*answers, ending=DONE, world=Past(tickets=(later,)))).asking_at == ("", "status")
