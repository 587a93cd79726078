"""record"""

from flows.events import NotUnderstood, PersonRequested, RecordingMade
from telephony.calls import Recorded, Silence
from telephony.verbs import Record
from tests.flows.nodes.conversation import Conversation

NODE = """
type: record
prompt: {en-US: Leave a message after the tone., zh-CN: 请在提示音后留言。}
value: complaint
max_length_s: 60
exits: {next: end, empty: end}
"""
EMPTY = Recorded(url="", sid="", duration_s=0)


def made(duration_s=12, ended_by="#"):
    return Recorded(url="https://example.org/RE1", sid="RE1", duration_s=duration_s, ended_by=ended_by)


def test_it_asks_then_records_with_a_tone():
    call = Conversation(NODE)
    assert call.said == "Leave a message after the tone."
    assert call.step.verbs[-1] == Record(max_length_s=60, silence_s=5, finish_on_key="#0", beep=True)


def test_a_recording_is_reported_and_kept():
    call = Conversation(NODE).hear(made())
    assert call.exit == "next"
    assert call.seen(RecordingMade) == [
        RecordingMade(node="node", recording_sid="RE1", url="https://example.org/RE1", duration_s=12)
    ]
    assert call.values == {"complaint": {"sid": "RE1", "duration_s": 12}}


def test_an_empty_recording_is_asked_for_once_more_then_leaves_by_empty():
    call = Conversation(NODE).hear(EMPTY)
    assert call.said.startswith("I did not hear a message.")
    assert isinstance(call.step.verbs[-1], Record)
    assert call.hear(Silence()).exit == "empty"
    assert [e.count for e in call.seen(NotUnderstood)] == [1, 2]


def test_a_second_try_counts():
    assert Conversation(NODE).hear(EMPTY).hear(made()).exit == "next"


def test_zero_leads_to_a_person_and_what_was_said_is_kept():
    call = Conversation(NODE).hear(made(ended_by="0"))
    assert call.exit == "person"
    assert call.seen(RecordingMade)
    assert call.seen(PersonRequested)[0].how == "key"
    call = Conversation(NODE).hear(Recorded(url="", sid="", duration_s=0, ended_by="0"))
    assert (call.exit, call.seen(RecordingMade)) == ("person", [])


def test_at_a_sensitive_moment_silence_leads_to_a_person():
    assert Conversation(NODE + "sensitive: true\n").hear(EMPTY).exit == "person"
