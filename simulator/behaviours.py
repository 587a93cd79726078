"""Named behaviours, so that `{"number": "+86…", "behaviour": "busy"}` is enough."""

from simulator.person import CallBack, Outcome, Person, Reply

_HELLO = {"zh": "喂？喂？你好，哪位？", "en": "Hello? Hello, who is this?"}
_WRONG = {"zh": "你打错了，我不是。", "en": "You have the wrong number."}
_STOP = {"zh": "别再打给我了。", "en": "Stop calling me."}
_LATER = {"zh": "我现在没空，晚点再打。", "en": "I am busy now, call me later."}
_WHEN = {"zh": "明天上午十点。", "en": "Tomorrow at ten in the morning."}
_TIME_ASKED = "/几点|什么时候|何时|when|what time/"

AGREES = [Reply(press="1"), Reply(say={"zh": "好的。", "en": "Yes, please."})]
"""Keys wherever keys are taken, else a yes."""

NAMED: dict[str, Person] = {
    "answers": Person(),
    "busy": Person(outcome=Outcome.BUSY),
    "no-answer": Person(outcome=Outcome.NO_ANSWER),
    "machine": Person(outcome=Outcome.MACHINE),
    "unreachable": Person(outcome=Outcome.UNREACHABLE),
    "rejects": Person(outcome=Outcome.REJECTED),
    "agent": Person(accept_key="1"),
    "agent-declines": Person(accept_key="2"),
    "hangs-up": Person(hang_up_after_s=3.0),
    "attended": Person(outcome=Outcome.ATTENDED),
    "answers-and-agrees": Person(replies=AGREES),
    "hello-talker": Person(talks_over=_HELLO, replies=AGREES),
    "wrong-person": Person(replies=[Reply(say=_WRONG), Reply(press="7")]),
    "stop-calling": Person(replies=[Reply(say=_STOP), Reply(press="8")]),
    "stop-key": Person(replies=[Reply(press="8"), Reply(say=_STOP)]),
    "call-later": Person(
        replies=[Reply(hears=_TIME_ASKED, say=_WHEN), Reply(say=_LATER, times=1), *AGREES],
    ),
    "second-call": Person(answers_from=2, replies=AGREES),
    "calls-back": Person(outcome=Outcome.NO_ANSWER, calls_back=CallBack(replies=AGREES)),
}
