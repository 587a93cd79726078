"""Simulated callers for the measurements: they follow the documents they get and answer from a script."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench.peer import Answer, Peer
from demo.settings import SERVICE_NUMBER

ACTION = re.compile(r'<(Gather|Record|Dial|Enqueue)\b[^>]*?\baction="([^"]+)"')
REDIRECT = re.compile(r"<Redirect[^>]*>([^<]+)</Redirect>")
MAX_TURNS = 40
ACCOUNT = "AC" + "0" * 32

Script = tuple[str, ...]
"""Answers in order: keys ("1"), or words that begin with ":" (":我要投诉"). "silence" waits for the time-out."""

COMPLAINT: Script = ("2", "3", "2", "5")
"""English, complain, (record), nothing else, 5 of 5: one ticket, one recording, one rating."""

DEMO_CALLS: tuple[Script, ...] = (
    ("1", ":我要投诉", "2", "5"),
    ("2", "2", ":12 Canal Street, third floor", ":tomorrow", "1", "1", "2", "4"),
    ("1", "silence", "5", ":寄快递多少钱", ":没有了", ":没有了", "4"),
    ("2", ":hm", ":the status of my ticket", ":skip", "2", "5"),
)
"""The ways through the demo flow: complain, order a collection, ask a question, ask for one's ticket."""

SILENCE: Mapping[str, str] = {}
"""What a caller who says nothing sends: the document's own Redirect is followed."""

SHORT_CALL: Script = ("1",)
"""Choose a language, hear the menu, hang up."""


@dataclass(kw_only=True)
class Ledger:
    """What the callers of one measurement saw.

    Attributes:
        latencies_ms: of every turn, by the caller's clock.
        documents: what every call was answered, by CallSid, in order.
        bad: answers that were none.
    """

    latencies_ms: list[float] = field(default_factory=list)
    documents: dict[str, list[str]] = field(default_factory=dict)
    calls: int = 0
    turns: int = 0
    bad: list[str] = field(default_factory=list)
    keep_documents: bool = False

    def add(self, answer: Answer, sid: str = "") -> None:
        """Count one turn; anything but 200 is bad."""
        self.turns += 1
        self.latencies_ms.append(answer.ms)
        if answer.status != 200:
            self.bad.append(f"{answer.status}: {answer.body[:80]}")
        elif self.keep_documents:
            self.documents.setdefault(sid, []).append(answer.body)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One telephone: a CallSid and a number that nobody else has."""

    sid: str
    number: str

    def form(self, status: str) -> dict[str, str]:
        """The parameters that every voice webhook carries; seventeen, as seen on real calls."""
        return {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": SERVICE_NUMBER,
            "Caller": self.number,
            "Called": SERVICE_NUMBER,
            "CallStatus": status,
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            "FromCity": "",
            "FromState": "",
            "FromZip": "",
            "FromCountry": "CN",
            "ToCity": "",
            "ToState": "",
            "ToZip": "",
            "ToCountry": "CN",
        }


class Exchange:
    """Hands out callers; each has another number, since a caller's second complaint joins the first one's ticket."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def caller(self) -> Caller:
        """The next caller: a Chinese mobile number, which the demo's own people do not have."""
        n = next(self._numbers)
        return Caller(sid=f"CA{n:032x}", number=f"+86199{n:08d}")


async def place_call(
    peer: Peer, ledger: Ledger, caller: Caller, script: Script, *, pause_s: Iterator[float] | None = None
) -> None:
    """One call from the first webhook until the flow hangs up or the script's answers are used up.

    `pause_s` gives the seconds that the caller listens before each answer; None answers at once.
    """
    answers = iter(script)
    answer = await peer.post("/voice/incoming", caller.form("ringing"))
    ledger.add(answer, caller.sid)
    form = caller.form("in-progress")
    for _turn in range(MAX_TURNS):
        verb, target = next_step(answer.body)
        heard = _heard(verb, answers, caller.sid) if target else None
        if heard is None:
            break
        if heard is SILENCE:
            target = after_silence(answer.body)
        if pause_s is not None:
            await peer.wait(next(pause_s))
        answer = await peer.post(target, form | dict(heard))
        ledger.add(answer, caller.sid)
    ledger.calls += 1


async def report_end(peer: Peer, ledger: Ledger, caller: Caller) -> None:
    """The status callback at the end of a call."""
    final = caller.form("completed") | {
        "CallDuration": "42",
        "SequenceNumber": "3",
        "CallbackSource": "call-progress-events",
        "Timestamp": "Sat, 21 Nov 2026 12:00:00 +0000",
    }
    answer = await peer.post("/voice/status", final)
    if answer.status != 204:
        ledger.bad.append(f"status callback {answer.status}: {answer.body[:80]}")


def next_step(document: str) -> tuple[str, str]:
    """The verb that wants an answer and its action's path; ("", "") when the call is over."""
    asked = ACTION.search(document)
    if asked:
        return asked.group(1), _path(asked.group(2))
    target = after_silence(document)
    return ("Redirect", target) if target else ("", "")


def after_silence(document: str) -> str:
    """The path of the document's last Redirect, "" when it has none."""
    found = REDIRECT.findall(document)
    return _path(found[-1]) if found else ""


def _path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", html.unescape(url))


def _heard(verb: str, answers: Iterator[str], sid: str) -> Mapping[str, str] | None:
    """The parameters of the caller's answer; None when the script has none left."""
    if verb == "Record":
        return _recording(sid)
    if verb != "Gather":
        return {}
    said = next(answers, None)
    if said is None:
        return None
    if said == "silence":
        return SILENCE
    return {"SpeechResult": said[1:], "Confidence": "0.93"} if said.startswith(":") else {"Digits": said}


def _recording(sid: str) -> dict[str, str]:
    recording = "RE" + sid[2:]
    return {
        "RecordingUrl": f"http://127.0.0.1:9/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording}",
        "RecordingSid": recording,
        "RecordingDuration": "7",
        "Digits": "#",
    }
