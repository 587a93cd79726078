"""The provider asks twice, late, shuffled or at once: the caller hears the same and nothing happens twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ivr.calls import Call
from ivr.recordings import Recording
from ivr.turns import TurnRow
from telephony.calls import CallStatus, Digits, Recorded, RecordingEvent, Speech
from tickets.ticket import Ticket
from tickets.timeline import Entry

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_webhook_twice_makes_one_call_with_one_answer(desk: Any) -> None:
    phone = desk.phone()
    first = phone.dial().verbs
    assert phone.dial().verbs == first
    assert len(desk.rows(Call)) == 1
    assert len(desk.rows(TurnRow)) == 1


def test_an_answer_twice_gets_the_same_document_and_opens_one_ticket(desk: Any) -> None:
    phone = desk.call("2")
    target, event = phone.action, phone.event(Speech(text="My parcel is wet", confidence=0.9))
    first = phone.ask(target, event).verbs
    assert phone.ask(target, event).verbs == first
    assert len(desk.rows(Ticket)) == 1
    assert len(desk.rows(TurnRow)) == 3
    assert len([e for e in desk.rows(Entry) if e.kind == "speech"]) == 1


def test_another_answer_to_a_turn_that_is_over_changes_nothing(desk: Any) -> None:
    phone = desk.call()
    target = phone.action
    first = phone.ask(target, phone.event(Digits(digits="2"))).verbs
    assert phone.ask(target, phone.event(Digits(digits="1"))).verbs == first
    assert desk.row(Call).node == "listen"


def test_the_same_idempotency_token_at_the_next_url_is_a_retry_and_no_answer(desk: Any) -> None:
    phone = desk.call()
    event = phone.event(Digits(digits="2"), idempotency_token="once")
    first = phone.ask(phone.action, event).verbs
    assert phone.ask(phone.action, event).verbs == first
    assert desk.row(Call).node == "listen"


def test_a_turn_that_the_call_has_not_reached_is_answered_with_an_apology_and_changes_nothing(desk: Any) -> None:
    phone = desk.call()
    before = desk.dump()
    phone.ask(phone.action.replace("/turns/1", "/turns/7"), phone.event(Digits(digits="2")))
    assert phone.last == "Record"
    assert desk.dump() == before


def test_an_answer_with_another_callsid_reaches_no_call(desk: Any) -> None:
    phone, other = desk.call(), desk.call()
    before = desk.dump()
    phone.ask(phone.action, other.event(Digits(digits="2")))
    assert phone.last == "Record"
    assert desk.dump() == before


def test_the_same_webhook_from_many_threads_at_once_is_answered_once(desk: Any) -> None:
    phone = desk.call("2")
    target, event = phone.action, phone.event(Speech(text="My parcel is wet", confidence=0.9))
    answers: list[bytes] = []
    start = threading.Barrier(6)

    def send() -> None:
        client = desk.client.application.test_client()
        start.wait()
        answers.append(desk.post(target, event, client=client).data)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert len(desk.rows(Ticket)) == 1
    assert len(desk.rows(TurnRow)) == 3


def test_the_first_webhook_from_many_threads_at_once_makes_one_call(desk: Any) -> None:
    phone = desk.phone()
    event = phone.event(status=CallStatus.RINGING)
    answers: list[bytes] = []
    start = threading.Barrier(6)

    def send() -> None:
        client = desk.client.application.test_client()
        start.wait()
        answers.append(desk.post("/voice/incoming", event, client=client).data)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert len(desk.rows(Call)) == 1


def test_the_same_webhook_from_two_processes_at_once_is_answered_once(desk: Any) -> None:
    phone = desk.call("2")
    event = phone.event(Speech(text="My parcel is wet", confidence=0.9))
    sent = desk.provider.request(phone.action, event)
    order = {
        "url": desk.db.url.render_as_string(hide_password=False),
        "target": phone.action,
        "form": dict(sent.form),
        "headers": dict(sent.headers),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "one_webhook.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert answers[0] == answers[1]
    assert b"Hangup" in answers[0]
    assert len(desk.rows(Ticket)) == 1
    assert len(desk.rows(TurnRow)) == 3


@pytest.mark.parametrize("seed", range(5))
def test_every_webhook_of_a_call_twice_more_in_any_order_leaves_the_database_as_it_was(desk: Any, seed: int) -> None:
    phone = desk.call("3", "2")
    phone.press("1")
    sid = phone.record()
    url = desk.rows(Recording)[0].url
    phone.recording_ready(url, sid)
    phone.status(CallStatus.RINGING)
    phone.status(CallStatus.IN_PROGRESS)
    phone.hang_up()
    desk.work()
    before = desk.dump()
    again = phone.sent * 2
    random.Random(seed).shuffle(again)
    for target, event in again:
        desk.post(target, event)
    desk.work()
    assert desk.dump() == before


@pytest.mark.parametrize("seed", range(6))
def test_the_last_notices_of_a_call_in_any_order_leave_the_same(desk: Any, seed: int) -> None:
    def end(order: random.Random, caller: str) -> Any:
        phone = desk.call("1", caller=caller)
        token, target = phone.token, phone.action
        listed = desk.provider.keep_recording(b"", call_sid=phone.sid, duration_s=4, created_at=desk.clock())
        notices = [
            (
                target,
                phone.event(
                    Recorded(url=listed.url, sid=listed.recording_sid, duration_s=4, ended_by="hangup"),
                    status=CallStatus.COMPLETED,
                ),
            ),
            ("/voice/status", phone.event(status=CallStatus.COMPLETED, sequence_number=2, duration_s=9)),
            ("/voice/status", phone.event(status=CallStatus.RINGING, sequence_number=0)),
            (
                f"/voice/recordings/{token}",
                RecordingEvent(
                    call_sid=phone.sid,
                    recording_sid=listed.recording_sid,
                    url=listed.url,
                    status="completed",
                    duration_s=4,
                ),
            ),
        ]
        order.shuffle(notices)
        for where, event in notices:
            desk.post(where, event)
        desk.clock.pass_s(60)
        desk.work()
        with desk.db.read() as db:
            call = db.query(Call).filter_by(sid=phone.sid).one()
            ticket = db.get(Ticket, call.ticket_id)
            recording = db.query(Recording).filter_by(sid=listed.recording_sid).one()
            kinds = sorted(str(e.kind) for e in db.query(Entry).filter_by(ticket_id=ticket.id))
            return (
                call.status,
                call.sequence_number,
                call.duration_s,
                call.outcome,
                ticket.category,
                recording.ticket_id == ticket.id,
                recording.node,
                [kind for kind in kinds if kind != "system"],
            )

    class InOrder(random.Random):
        def shuffle(self, x: Any) -> None:
            """Leave it as it is."""

    # Another caller, since a second complaint of the same one is added to the first ticket.
    assert end(random.Random(seed), "+8613912345679") == end(InOrder(), "+8613912345678")
