"""What callers wish about calls: to be called back, or never again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from callbacks.effects import wanted_at
from callbacks.opt_outs import OptOut
from callbacks.wishes import CallbackWish
from tickets.ticket import Ticket
from tickets.timeline import Entry

LEAVE_ME_ALONE = """
format: 1
name: alone
title: {en-US: Opt out}
languages: [en-US]
start: stop
nodes:
  stop:
    type: opt_out
    exits: {next: bye}
  bye: {type: hang_up}
"""
NUMBER = "+442071838753"


def test_a_wish_for_a_call_back_is_kept_and_stands_on_a_ticket(desk: Any) -> None:
    phone = desk.call("5", "1", "1")
    assert phone.last == "Hangup"
    wish = desk.row(CallbackWish)
    ticket = desk.row(Ticket)
    assert (wish.number, wish.wanted_at, wish.state) == (phone.caller, None, "waiting")
    assert wish.ticket_id == ticket.id
    (entry,) = [e for e in desk.rows(Entry) if e.kind == "callback"]
    assert entry.payload == {"number": phone.caller, "at": ""}


def test_the_same_request_twice_is_one_wish(desk: Any) -> None:
    phone = desk.call("5", "1", "1")
    for target, event in phone.sent:
        desk.post(target, event)
    assert len(desk.rows(CallbackWish)) == 1
    assert len(desk.rows(Ticket)) == 1


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-22T15:00:00+08:00", datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("", None),
        ("2026-11-22T15:00:00", None),
        ("tomorrow", None),
    ],
)
def test_the_time_wanted_is_kept_in_utc(text: str, at: datetime | None) -> None:
    assert wanted_at(text) == at


def test_who_wants_no_more_calls_is_kept_once_with_the_evidence(desk: Any) -> None:
    desk.publish(LEAVE_ME_ALONE, NUMBER)
    for _ in range(2):
        phone = desk.call(to=NUMBER)
        while phone.last != "Hangup":
            phone.press("1")
    kept = desk.row(OptOut)
    assert kept.number == phone.caller
    assert kept.node == "stop"
    assert kept.revoked_at is None


def test_an_opt_out_that_was_revoked_can_be_given_again(desk: Any) -> None:
    desk.publish(LEAVE_ME_ALONE, NUMBER)
    for _ in range(2):
        phone = desk.call(to=NUMBER)
        while phone.last != "Hangup":
            phone.press("1")
        with desk.db.write() as db:
            before = db.query(OptOut).one().revoked_at
            db.query(OptOut).update({OptOut.revoked_at: desk.clock()})
    assert before is None


def test_a_withheld_number_cannot_be_kept(desk: Any) -> None:
    desk.publish(LEAVE_ME_ALONE, NUMBER)
    phone = desk.call(to=NUMBER, caller="")
    while phone.last != "Hangup":
        phone.press("1")
    assert desk.rows(OptOut) == []
