"""Text messages: sent at most once, and followed to their end."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.messages import Message
from ivr.notices import message_moves
from telephony.calls import MessageEvent
from telephony.provider import ProviderError


def notice(desk: Any, status: str, **more: Any) -> int:
    (sent,) = desk.provider.messages
    event = MessageEvent(message_sid=sent.sid, from_number="", to_number="", status=status, **more)
    return desk.post("/voice/messages/status", event).status_code


def test_delivery_is_followed_and_a_late_notice_changes_nothing(desk: Any) -> None:
    desk.call("4")
    desk.work()
    assert desk.row(Message).status == "queued"
    assert notice(desk, "delivered") == 204
    assert notice(desk, "sent") == 204
    assert desk.row(Message).status == "delivered"


def test_a_failure_is_told_with_its_code(desk: Any) -> None:
    desk.call("4")
    desk.work()
    notice(desk, "undelivered", error_code="30005")
    assert (desk.row(Message).status, desk.row(Message).error) == ("undelivered", "The provider reports error 30005.")


def test_a_message_that_was_surely_not_sent_is_tried_again(desk: Any) -> None:
    desk.call("4")
    desk.provider.failures.append(ProviderError("too many requests", retryable=True))
    desk.work()
    assert desk.provider.messages == []
    desk.clock.pass_s(60)
    desk.work()
    assert len(desk.provider.messages) == 1


def test_a_message_that_was_refused_is_not_tried_again(desk: Any) -> None:
    desk.call("4")
    desk.provider.opted_out.add("+8613912345678")
    desk.work()
    assert desk.row(Message).status == "failed"
    assert "opted out" in desk.row(Message).error


def test_a_crash_while_sending_never_sends_twice(desk: Any) -> None:
    desk.call("4")
    with desk.db.write() as db:
        db.query(Message).update({Message.status: "sending"})
    desk.work()
    assert desk.provider.messages == []
    assert desk.row(Message).status == "unknown"


def test_a_withheld_number_gets_no_message(desk: Any) -> None:
    desk.call("4", caller="")
    desk.work()
    assert desk.provider.messages == []
    assert desk.rows(Message) == []


def test_a_notice_of_an_unknown_message_is_accepted(desk: Any) -> None:
    event = MessageEvent(message_sid="SM1", from_number="", to_number="", status="sent")
    assert desk.post("/voice/messages/status", event).status_code == 204


@pytest.mark.parametrize(
    ("status", "to", "moves"),
    [
        ("queued", "sent", True),
        ("sent", "queued", False),
        ("sent", "sent", False),
        ("failed", "delivered", False),
        ("delivered", "undelivered", False),
        ("sent", "failed", True),
        ("queued", "nonsense", False),
    ],
)
def test_a_message_only_moves_forward(status: str, to: str, moves: bool) -> None:
    assert message_moves(status, to) is moves
