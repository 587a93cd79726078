"""transfer"""

import pytest

from flows.documents import DocumentError
from flows.events import TransferEnded
from telephony.calls import DialEnded, Nothing, QueueEnded
from telephony.verbs import Dial, Enqueue, Leave
from tests.flows.nodes.conversation import Conversation

NUMBERS = """
type: transfer
numbers: ["+8610100100", "{{ agent }}"]
timeout_s: 20
exits: {answered: end, no_answer: end}
"""
QUEUE = """
type: transfer
queue: service
hold: {en-US: Please hold., zh-CN: 请稍候。}
max_wait_s: 60
exits: {answered: end, no_answer: end}
"""


def test_numbers_are_rung_at_once_with_a_whisper():
    call = Conversation(NUMBERS, values={"agent": "+8613900139000"})
    assert call.step.verbs[-1] == Dial(numbers=("+8610100100", "+8613900139000"), timeout_s=20, whisper="default")
    assert call.said == "Please hold, I am connecting you."


def test_without_whisper_whoever_answers_is_joined():
    assert Conversation(NUMBERS + "whisper: false\n").step.verbs[-1].whisper == ""


@pytest.mark.parametrize(
    ("heard", "exit_name"),
    [
        (DialEnded(status="completed", duration_s=30, bridged=True), "answered"),
        (DialEnded(status="completed", bridged=False), "no_answer"),
        (DialEnded(status="busy"), "no_answer"),
        (DialEnded(status="no-answer"), "no_answer"),
        (DialEnded(status="canceled"), "no_answer"),
        (DialEnded(status="failed"), "failed"),
        (Nothing(), "failed"),
    ],
)
def test_a_dial_leaves_by_how_it_ended(heard, exit_name):
    call = Conversation(NUMBERS).hear(heard)
    assert call.exit == exit_name


def test_the_outcome_is_reported_even_where_the_exit_is_another():
    call = Conversation(NUMBERS).hear(DialEnded(status="busy"))
    assert call.seen(TransferEnded)[0].outcome == "busy"
    wired = NUMBERS.replace("no_answer: end}", "no_answer: end, busy: end}")
    assert Conversation(wired).hear(DialEnded(status="busy")).exit == "busy"


@pytest.mark.parametrize(
    ("result", "exit_name"),
    [("bridged", "answered"), ("leave", "no_answer"), ("queue-full", "no_answer"), ("error", "failed")],
)
def test_a_queue_leaves_by_how_it_ended(result, exit_name):
    call = Conversation(QUEUE)
    assert call.step.verbs[-1] == Enqueue(queue="service")
    assert call.hear(QueueEnded(result=result)).exit == exit_name


def test_the_queue_plays_the_hold_prompt_until_the_wait_is_too_long():
    call = Conversation(QUEUE)
    assert [p.text for p in call.node.hold_verbs(call.context, 10)] == ["Please hold."]
    assert call.node.hold_verbs(call.context, 60) == (Leave(),)


def test_no_number_at_all_fails_at_once():
    node = NUMBERS.replace('"+8610100100", ', "")
    assert Conversation(node).exit == "failed"


@pytest.mark.parametrize("node", [NUMBERS + "queue: service\n", QUEUE.replace("queue: service\n", "")])
def test_a_transfer_needs_one_target(node):
    with pytest.raises(DocumentError, match="either numbers or a queue"):
        Conversation(node)
