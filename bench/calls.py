"""Simulated callers for the benchmarks: they follow the TwiML they get and answer from a list."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.peer import Answer, Peer

ACTION = re.compile(r'<(Gather|Record|Dial|Enqueue)\b[^>]*?\baction="([^"]+)"')
REDIRECT = re.compile(r"<Redirect[^>]*>([^<]+)</Redirect>")
MAX_TURNS = 40


@dataclass(kw_only=True)
class Ledger:
    """What the callers of one measurement saw."""

    latencies_ms: list[float] = field(default_factory=list)
    calls: int = 0
    turns: int = 0
    bad: list[str] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count one turn; anything but 200 is bad."""
        self.turns += 1
        self.latencies_ms.append(answer.ms)
        if answer.status != 200:
            self.bad.append(f"{answer.status}: {answer.body[:80]}")


def call_parameters(sid: str, caller: str, service: str, status: str) -> dict[str, str]:
    """The parameters that every voice webhook carries; seventeen, as seen on real calls."""
    return {
        "CallSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": caller,
        "To": service,
        "Caller": caller,
        "Called": service,
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


def next_step(document: str) -> tuple[str, str]:
    """The verb that wants an answer and its action's path; ("Hangup", "") when the call is over."""
    asked = ACTION.search(document)
    if asked:
        return asked.group(1), _path(asked.group(2))
    redirect = REDIRECT.search(document)
    return ("Redirect", _path(redirect.group(1))) if redirect else ("Hangup", "")


def _path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", html.unescape(url))


async def place_call(peer: Peer, ledger: Ledger, *, sid: str, caller: str, service: str, keys: list[str]) -> None:
    """One whole call: first webhook, an answer to every question, final status."""
    answers = iter(keys)
    form = call_parameters(sid, caller, service, "ringing")
    answer = await peer.post("/voice/incoming", form)
    ledger.add(answer)
    form["CallStatus"] = "in-progress"
    for _turn in range(MAX_TURNS):
        verb, target = next_step(answer.body)
        if not target:
            break
        answer = await peer.post(target, form | _heard(verb, answers, sid))
        ledger.add(answer)
    final = call_parameters(sid, caller, service, "completed") | {
        "CallDuration": "42",
        "SequenceNumber": "3",
        "CallbackSource": "call-progress-events",
        "Timestamp": "Sat, 21 Nov 2026 12:00:00 +0000",
    }
    await peer.post("/voice/status", final)
    ledger.calls += 1


def _heard(verb: str, answers: Iterator[str], sid: str) -> dict[str, str]:
    if verb == "Gather":
        return {"Digits": next(answers, "1")}
    if verb == "Record":
        recording = "RE" + sid[2:]
        return {
            "RecordingUrl": f"http://127.0.0.1:9/2010-04-01/Accounts/AC{'0' * 32}/Recordings/{recording}",
            "RecordingSid": recording,
            "RecordingDuration": "7",
            "Digits": "#",
        }
    return {}
