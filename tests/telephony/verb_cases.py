"""One answer per verb and per way of using it; each has a golden file of the same name."""

from __future__ import annotations

from collections.abc import Sequence

from telephony.verbs import (
    Connect,
    Dial,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    InputMode,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

TURN = "https://desk.example/voice/calls/k7Gd/turns/2"
ENGLISH = Say(text="For parcels, press 1 or say parcel.", language="en-US")
CHINESE = Say(text="查询包裹请按 1，或者说“查件”。", language="zh-CN")

CASES: dict[str, Sequence[Verb]] = {
    "say": [CHINESE, ENGLISH],
    "say_in_a_named_voice": [Say(text="Hello.", language="en-GB", voice="Polly.Brian")],
    "play": [Play(url="https://desk.example/voice/prompts/abc.wav", text="Hello.", language="en-US")],
    "pause": [Pause(seconds=2)],
    "gather_keys": [
        Gather(prompts=(ENGLISH,), mode=InputMode.KEYS, language="en-US", num_digits=1, finish_on_key="", action=TURN)
    ],
    "gather_speech": [
        Gather(prompts=(CHINESE,), mode=InputMode.SPEECH, language="zh-CN", hints=("查件", "投诉"), action=TURN)
    ],
    "gather_both": [
        Gather(
            prompts=(Play(url="https://desk.example/a.wav"), Pause(), ENGLISH),
            language="en-US",
            timeout_s=8,
            hints=("parcel", "complaint, please"),
            speech_end_s=2,
            barge_in=False,
            action=TURN + "?x=1",
        )
    ],
    "record": [
        Say(text="After the tone.", language="en-US"),
        Record(action=TURN, recording_status="https://desk.example/voice/recordings/k7Gd"),
    ],
    "record_without_status": [Record(action=TURN, beep=False, finish_on_key="", max_length_s=30, silence_s=0)],
    "dial": [
        Dial(
            numbers=("+14155552671", "+8613812345678"),
            caller_id="+12025550123",
            timeout_s=20,
            whisper="https://desk.example/voice/calls/k7Gd/whisper/2",
            action=TURN,
        )
    ],
    "dial_without_whisper": [Dial(numbers=("+14155552671",), action=TURN)],
    "dial_queue": [DialQueue(queue="parcels", action=TURN)],
    "enqueue": [Enqueue(queue="parcels", wait="https://desk.example/voice/calls/k7Gd/wait/2", action=TURN)],
    "leave": [Leave()],
    "redirect": [Redirect(url=TURN)],
    "connect": [
        Connect(url="wss://desk.example/voice/stream", parameters=(("key", "k7Gd-_x"),)),
        Redirect(url="https://desk.example/voice/calls/k7Gd/streams/3/over"),
    ],
    "hangup": [ENGLISH, Hangup()],
    "reject": [Reject()],
    "reject_busy": [Reject(busy=True)],
    "nothing": [],
}
