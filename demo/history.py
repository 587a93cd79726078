"""A week of the demo organisation's past: calls with their turns, and the tickets that came of them."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.callers import CALLERS, Caller
from demo.settings import SERVICE_NUMBER
from demo.stories import HELLO, STORIES, Step, Story
from demo.work_on_tickets import work_on
from flows.versions import Flow
from ivr.calls import Call
from ivr.lines import Line
from ivr.recordings import Recording, RecordingStatus
from ivr.turns import TurnRow
from tickets import desk
from tickets.people import person_for_number
from tickets.ticket import Ticket
from tickets.timeline import EntryKind

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 7
CALLS = 126
SEED = 20_261_114
FLOW = "courier_hotline"
HOURS = (1, 0, 0, 0, 0, 1, 2, 4, 9, 14, 16, 13, 8, 9, 13, 15, 12, 10, 8, 7, 5, 3, 2, 1)
"""How many calls come in each hour of the day, in proportion: a peak before noon and one in the afternoon."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One call to be: who, when, what about. `again` is true for a further call on an earlier matter."""

    at: datetime
    caller: Caller | None
    language: str
    story: Story
    reference: str
    text: str
    again: bool = False


def load(session: Session, now: datetime, *, calls: int = CALLS, seed: int = SEED) -> list[Ticket]:
    """Store the week before `now`; the same seed and time give the same week."""
    chance = random.Random(seed)
    line = session.scalar(select(Line).where(Line.number == SERVICE_NUMBER))
    flow = session.scalar(select(Flow).where(Flow.name == FLOW))
    found: dict[int, Ticket] = {}
    for plan in plans(chance, now, calls):
        call = _call(session, plan, chance)
        call.line_id = line.id if line else None
        call.flow_version_id = flow.published_version_id if flow else None
        ticket = _ticket(session, plan, call) if plan.story.ticket is not None else None
        if ticket is not None:
            found[ticket.id] = ticket
            _record(session, plan, call, ticket, chance)
        _turns(session, plan, call, ticket, chance)
    work_on(session, list(found.values()), now, chance)
    session.flush()
    return list(found.values())


def plans(chance: random.Random, now: datetime, calls: int) -> list[Plan]:
    """The week's calls in order of time. Every eighth call is about a matter of an earlier one."""
    made: list[Plan] = []
    for number, at in enumerate(sorted(_moment(chance, now) for _ in range(calls))):
        earlier = [p for p in made if p.story.ticket is not None and p.caller is not None and not p.again]
        if number % 8 == 7 and earlier:
            first = chance.choice(earlier[-12:])
            made.append(
                Plan(
                    at=at,
                    caller=first.caller,
                    language=first.language,
                    story=first.story,
                    reference=first.reference,
                    text=first.text,
                    again=True,
                )
            )
        else:
            made.append(_new_plan(chance, at))
    return made


def _moment(chance: random.Random, now: datetime) -> datetime:
    """Some time in the week before `now`, at an hour at which people call."""
    today = now.astimezone(ZONE).date()
    while True:
        day = today - timedelta(days=chance.randrange(DAYS + 1))
        hour = chance.choices(range(24), HOURS)[0]
        local = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), ZONE)
        at = local.astimezone(now.tzinfo)
        if now - timedelta(days=DAYS) <= at <= now - timedelta(minutes=10):
            return at


def _new_plan(chance: random.Random, at: datetime) -> Plan:
    night = not 8 <= at.astimezone(ZONE).hour < 21
    stories = [story for story in STORIES if story.at_night or not night]
    story = chance.choices(stories, [story.weight for story in stories])[0]
    caller = None if chance.random() < 0.04 else chance.choice(CALLERS)
    language = caller.language if caller else chance.choice(("zh-CN", "en-US"))
    reference = f"RB{chance.randrange(10**9, 10**10)}"
    text = chance.choice(story.texts)[language].format(ref=reference) if story.texts else ""
    return Plan(at=at, caller=caller, language=language, story=story, reference=reference, text=text)


def _call(session: Session, plan: Plan, chance: random.Random) -> Call:
    number = plan.caller.number if plan.caller else ""
    person = person_for_number(session, number, now=plan.at, language=plan.language)
    duration_s = sum(9 + chance.randrange(16) + step.recorded_s for step in plan.story.steps)
    if any(step.dial for step in plan.story.steps):
        duration_s += 60 + chance.randrange(200)
    call = Call(
        sid=f"CA{chance.getrandbits(128):032x}",
        token=secrets.token_urlsafe(24),
        direction="inbound",
        from_number=number,
        to_number=SERVICE_NUMBER,
        person_id=person.id if person else None,
        status="completed",
        sequence_number=3,
        language=plan.language,
        flow_name=FLOW,
        node=plan.story.steps[-1].to,
        outcome=plan.story.outcome,
        ended_by=plan.story.ended_by,
        turn=len(plan.story.steps) + 1,
        started_at=plan.at,
        answered_at=plan.at,
        ended_at=plan.at + timedelta(seconds=duration_s),
        duration_s=duration_s,
        demo=True,
    )
    session.add(call)
    session.flush()
    return call


def _ticket(session: Session, plan: Plan, call: Call) -> Ticket:
    wanted = plan.story.ticket or {}
    opened = desk.open_or_append(
        session,
        desk.NewTicket(
            **wanted,
            text=plan.text if not any(step.recorded_s for step in plan.story.steps) else "",
            reference=plan.reference if plan.story.name in ("exception", "complain") else "",
            caller_number=call.from_number,
            person_id=call.person_id,
            language=plan.language,
            call_sid=call.sid or "",
            flow_name=FLOW,
            key=f"demo:{call.sid}",
            demo=True,
        ),
        plan.at + timedelta(seconds=max(30, (call.duration_s or 60) - 20)),
    )
    call.ticket_id = opened.ticket.id
    return opened.ticket


def _record(session: Session, plan: Plan, call: Call, ticket: Ticket, chance: random.Random) -> None:
    """What the caller left after the tone: a transcript; of a past that nobody spoke there is no sound."""
    recorded = next((step for step in plan.story.steps if step.recorded_s), None)
    if recorded is None:
        return
    at = call.ended_at or plan.at
    pieces = list(plan.text) if plan.language.startswith("zh") else plan.text.split()
    pace_s = recorded.recorded_s / max(len(pieces), 1)
    words = [
        {
            "text": piece,
            "start_s": round(n * pace_s, 2),
            "end_s": round((n + 0.9) * pace_s, 2),
            "confidence": round(chance.uniform(0.62, 0.98), 2),
        }
        for n, piece in enumerate(pieces)
    ]
    confidence = round(sum(float(str(word["confidence"])) for word in words) / max(len(words), 1), 2)
    recording = Recording(
        sid=f"RE{chance.getrandbits(128):032x}",
        call_id=call.id,
        ticket_id=ticket.id,
        node=recorded.at,
        status=RecordingStatus.TRANSCRIBED,
        reason="Demo history: the sound was not kept.",
        duration_s=recorded.recorded_s,
        language=plan.language,
        transcript={"text": plan.text, "confidence": confidence, "words": words, "engine": "demo", "model": ""},
        created_at=at,
        fetched_at=at + timedelta(seconds=4),
        transcribed_at=at + timedelta(seconds=16),
        demo=True,
    )
    session.add(recording)
    session.flush()
    payload = {"recording_id": recording.id}
    desk.add_entry(
        session, ticket, EntryKind.RECORDING, payload, at=at, actor="caller", key=f"recording:{recording.id}"
    )
    told = {**payload, "text": plan.text, "confidence": confidence}
    later = at + timedelta(seconds=16)
    desk.add_entry(session, ticket, EntryKind.TRANSCRIPT, told, at=later, key=f"transcript:{recording.id}")
    desk.reconsider(session, ticket, plan.text, later)


def _turns(session: Session, plan: Plan, call: Call, ticket: Ticket | None, chance: random.Random) -> None:
    values = {"ref": plan.reference, "number": " ".join(ticket.number) if ticket else "", "text": plan.text}
    language, at = plan.language, plan.at
    hello = {"kind": "ask", "text": HELLO[language], "language": language}
    rows = [TurnRow(number=1, at=at, node_after="choose_language", heard={"kind": "nothing"}, said=[hello])]
    rows[0].events = [{"type": "NodeEntered", "node": "choose_language"}]
    for number, step in enumerate(plan.story.steps, start=2):
        at += timedelta(seconds=9 + chance.randrange(16) + step.recorded_s)
        heard, understood = _heard(step, language, values)
        last = number == len(plan.story.steps) + 1
        kind = "say" if last else "ask"
        rows.append(
            TurnRow(
                number=number,
                at=min(at, call.ended_at or at),
                node_before=step.at,
                node_after=step.to,
                heard=heard,
                said=[{"kind": kind, "text": step.says[language].format(**values), "language": language}],
                events=[*understood, {"type": "NodeEntered", "node": step.to}],
            )
        )
    for row in rows:
        row.call_id, row.ms, row.reply = call.id, round(chance.uniform(6, 30), 1), ""
    session.add_all(rows)
    session.flush()


def _heard(step: Step, language: str, values: dict[str, str]) -> tuple[dict[str, object], list[dict[str, object]]]:
    """What was heard at a step, as turns keep it, and the event it made."""
    if step.dial:
        ended: dict[str, object] = {"type": "TransferEnded", "node": step.at, "to": "service", "outcome": "answered"}
        return {"kind": "dial", "status": step.dial}, [ended]
    if step.silence:
        return {"kind": "silence"}, [{"type": "NotUnderstood", "node": step.at, "kind": "no-input", "count": 1}]
    if step.recorded_s:
        return {"kind": "recorded", "url": "", "sid": "", "duration_s": step.recorded_s}, []
    value = (step.value or step.to).format(**values)
    understood: dict[str, object] = {"type": "Understood", "node": step.at, "value": value}
    if step.words is not None:
        text = step.words[language].format(**values)
        understood |= {"mode": "speech", "confidence": step.confidence}
        return {"kind": "speech", "text": text, "confidence": step.confidence}, [understood]
    keys = "2" if step.at == "choose_language" and language == "en-US" else step.keys
    return {"kind": "digits", "digits": keys}, [understood | {"mode": "keys"}]
