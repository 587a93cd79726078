"""A week of the demo organisation's past: calls that the real engine led, and the tickets that came of them."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from demo.callers import CALLERS, Caller
from demo.flow_loading import load_flows
from demo.past_call import PastCall
from demo.settings import SERVICE_NUMBER
from demo.stories import STORIES, Story
from demo.untold import unworked
from demo.work_on_tickets import work_on
from flows.versions import latest, load_document
from ivr.calls import Call
from ivr.deps import Deps
from ivr.lines import Line
from ivr.machine import compile_flow
from ivr.messages import Message
from ivr.ratings import Rating
from ivr.recordings import Recording, RecordingStatus
from ivr.ticketing import tell_transcript
from simulator.parcels import find_parcel
from storage.database import Database
from telephony.memory import MemoryProvider
from tickets.people import person_for_number
from tickets.ticket import Ticket

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 7
CALLS = 126
SEED = 20_261_126
FLOW = "courier_hotline"
HOURS = (1, 0, 0, 0, 0, 1, 2, 4, 9, 14, 16, 13, 8, 9, 13, 15, 12, 10, 8, 7, 5, 3, 2, 1)
"""How many calls come in each hour of the day, in proportion: a peak before noon and one in the afternoon."""

WAITING = "waiting"
"""Of a message that no worker has taken yet."""

LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One call to be: who, when, what about. `again` is true for a further call on an earlier matter."""

    at: datetime
    caller: Caller | None
    language: str
    story: Story
    reference: str
    text: str
    rating: int
    again: bool = False


def load(session: Session, now: datetime, *, calls: int = CALLS, seed: int = SEED) -> list[Ticket]:
    """Store the week before `now`; the same seed and time give the same week.

    The flows and numbers that were called are loaded when they are not there.
    """
    chance = random.Random(seed)
    with unworked(session):
        load_flows(session, now)
        deps = Deps(
            db=_of(session), provider=MemoryProvider(secrets.token_hex(16)), public_base_url="https://demo.invalid"
        )
        version = latest(session, FLOW)
        flow = compile_flow(version.id, load_document(version))
        line_id = session.scalar(select(Line.id).where(Line.number == SERVICE_NUMBER))
        ids = set()
        for plan in plans(chance, now, calls):
            number = plan.caller.number if plan.caller else ""
            call = PastCall(
                session=session,
                deps=deps,
                flow=flow,
                line_id=line_id,
                chance=chance,
                at=plan.at,
                language=plan.language,
                story=plan.story,
                reference=plan.reference,
                text=plan.text,
                number=number,
                person=person_for_number(session, number, now=plan.at, language=plan.language),
                rating=plan.rating,
            ).play()
            _finish(session, call, plan.text, chance)
            ids.add(call.ticket_id)
        query = select(Ticket).where(Ticket.id.in_(ids - {None})).order_by(Ticket.id)
        tickets = list(session.scalars(query.execution_options(populate_existing=True)))
        work_on(session, tickets, now, chance)
    return tickets


def _of(session: Session) -> Database:
    """The session's database, for the parts that name one; everything here happens in the session that is given."""
    return Database(session.get_bind().engine.url.render_as_string(hide_password=False))


def plans(chance: random.Random, now: datetime, calls: int) -> list[Plan]:
    """The week's calls in order of time. Every eighth call is about a matter of an earlier one."""
    made: list[Plan] = []
    for number, at in enumerate(sorted(_moment(chance, now) for _ in range(calls))):
        earlier = [p for p in made if p.story.ticket and p.caller is not None and not p.again]
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
                    rating=first.rating,
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
        if now - timedelta(days=DAYS) <= at <= now - LONGEST:
            return at


def _new_plan(chance: random.Random, at: datetime) -> Plan:
    night = not 8 <= at.astimezone(ZONE).hour < 21
    stories = [story for story in STORIES if story.at_night or not night]
    story = chance.choices(stories, [story.weight for story in stories])[0]
    caller = None if chance.random() < 0.04 else chance.choice(CALLERS)
    language = caller.language if caller else chance.choice(("zh-CN", "en-US"))
    reference = _reference(chance, story, at)
    text = chance.choice(story.texts)[language].format(ref=reference) if story.texts else ""
    rating = chance.choice((0, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5))
    return Plan(at=at, caller=caller, language=language, story=story, reference=reference, text=text, rating=rating)


def _reference(chance: random.Random, story: Story, at: datetime) -> str:
    """A tracking number whose parcel is where the story wants it: the demo's parcels are always at the same place."""
    while True:
        reference = f"RB{chance.randrange(10**9, 10**10)}"
        parcel = find_parcel(reference, at)
        if not story.parcel or (parcel is not None and parcel.status in story.parcel):
            return reference


def _finish(session: Session, call: Call, text: str, chance: random.Random) -> None:
    """Mark what the call left as demo data, and do what workers did after it."""
    for model in (Message, Rating, Recording):
        session.execute(update(model).where(model.call_id == call.id).values(demo=True))
    sent = {"status": "delivered", "sent_at": call.ended_at}
    session.execute(update(Message).where(Message.call_id == call.id, Message.status == WAITING).values(**sent))
    for recording in session.scalars(select(Recording).where(Recording.call_id == call.id)).all():
        _transcribe(session, recording, text, chance)


def _transcribe(session: Session, recording: Recording, text: str, chance: random.Random) -> None:
    """What the caller left after the tone: a transcript; of a past that nobody spoke there is no sound."""
    pieces = list(text) if recording.language.startswith("zh") else text.split()
    pace_s = recording.duration_s / max(len(pieces), 1)
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
    recording.status, recording.reason = RecordingStatus.TRANSCRIBED, "Demo history: the sound was not kept."
    recording.url = ""
    recording.transcript = {"text": text, "confidence": confidence, "words": words, "engine": "demo", "model": ""}
    recording.fetched_at = recording.created_at + timedelta(seconds=4)
    recording.transcribed_at = recording.created_at + timedelta(seconds=16)
    session.flush()
    ticket = session.get(Ticket, recording.ticket_id) if recording.ticket_id else None
    if ticket is not None:
        tell_transcript(session, recording, ticket, recording.transcribed_at)
