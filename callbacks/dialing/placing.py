"""One dial: the intent is stored and synced, then the phone company is asked, then what it said is stored.

This is the only file that asks for a call. A crash at any line leaves a state from which the reconciler goes on: before
the first commit a claim that lapses, after it an attempt that may have rung and is looked up, never repeated.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.dialing.answering import detection_for
from callbacks.dialing.claiming import deny
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.durable import durable_write, hasty_write
from callbacks.dialing.intent import store_intent
from callbacks.dialing.machine import move
from callbacks.dialing.pace_store import hold_back, slot_again
from callbacks.dialing.pacing import tolerance
from callbacks.dialing.releasing import end_unplaced, hold, release
from callbacks.dialing.sids import take_sid
from callbacks.gate.policy import decide
from telephony.errors import InvalidNumberError, OutcomeUnknownError
from telephony.provider import MachineDetection, PlacedCall, ProviderError

log = logging.getLogger(__name__)

LATEST = timedelta(seconds=0.9)
"""What the gate said holds so long: a pause is to stop every dial within a second."""

PATIENCE = timedelta(seconds=10)
"""A dial that found no slot it could keep for so long is given back."""

SLOW_QUEUE_MS = 1500
"""A provider that keeps calls back for longer is asked too fast."""

_CLAIMED = (
    select(Attempt, Case, Campaign)
    .join(Case, Case.id == Attempt.case_id)
    .join(Campaign, Campaign.id == Attempt.campaign_id)
    .where(Attempt.id == bindparam("attempt"), Attempt.state == AttemptState.CLAIMED)
    .with_for_update(of=(Attempt, Case))
)


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A dial that is stored and about to be asked for."""

    attempt_id: int
    campaign_id: int
    call_id: int
    to: str
    from_: str
    answer_url: str
    status_url: str
    ring_timeout_s: int
    detection: MachineDetection | None
    slot_at: datetime
    asked_at: datetime


def dial(deps: DialDeps, attempt_id: int) -> None:
    """Dial a claimed attempt in its slot. Nothing happens to one that is not claimed any more."""
    with deps.preparing:
        intent = prepare(deps, attempt_id)
    if intent is None or not keep_slot(deps, intent):
        return
    try:
        placed = place(deps, intent)
    except OutcomeUnknownError:
        lose(deps, attempt_id)
    except ProviderError as error:
        refuse(deps, attempt_id, error)
    except Exception as error:
        log.exception("Attempt %d: what became of the dial is unknown (%s).", attempt_id, type(error).__name__)
        lose(deps, attempt_id)
    else:
        confirm(deps, intent, placed)


def prepare(deps: DialDeps, attempt_id: int) -> Intent | None:
    """Ask the gate once more, and store call and intent; None when it is not to be dialled now."""
    with durable_write(deps.db) as session:
        found = session.execute(_CLAIMED, {"attempt": attempt_id}).first()
        if found is None:
            return None
        attempt, case, campaign = found
        now = deps.clock.now()
        if attempt.lease_until is not None and attempt.lease_until < now:
            release(session, attempt, "the claim had lapsed", now=now)
            return None
        if not _let_pass(deps, session, attempt, case, campaign, now):
            return None
        with session.no_autoflush:  # The attempt's row is written once, with everything that is new.
            call = store_intent(deps, session, attempt, case, campaign, now)
        call_url = f"{deps.calls.public_base_url}/voice/calls/{call.token}"
        return Intent(
            attempt_id=attempt_id,
            campaign_id=campaign.id,
            call_id=call.id,
            to=attempt.number,
            from_=attempt.caller_number,
            answer_url=f"{call_url}/turns/0",
            status_url=f"{call_url}/status",
            ring_timeout_s=campaign.ring_timeout_s,
            detection=detection_for(campaign.machine, call_url),
            slot_at=attempt.slot_at,
            asked_at=now,
        )


def keep_slot(deps: DialDeps, intent: Intent) -> bool:
    """Wait for the slot; one that was missed stays empty and another is taken.

    False when the gate said no meanwhile, or no slot could be kept: the attempt is given back then.
    """
    slot_at, allowed_at, late = intent.slot_at, intent.asked_at, tolerance(deps.account.calls_per_second)
    while True:
        deps.clock.wait_until(slot_at)
        now = deps.clock.now()
        if now <= slot_at + late and now <= allowed_at + LATEST:
            return True
        if now > intent.asked_at + PATIENCE:
            give_back(deps, intent.attempt_id, "no slot could be kept in time")
            return False
        found = _new_slot(deps, intent, allowed_at)
        if found is None:
            return False
        slot_at, allowed_at = found


def _new_slot(deps: DialDeps, intent: Intent, allowed_at: datetime) -> tuple[datetime, datetime] | None:
    """Another slot, and when the gate was asked for it; None when it said no."""
    with hasty_write(deps.db) as session:  # By itself, since everybody waits for the rows of the pace.
        campaign = session.get_one(Campaign, intent.campaign_id)
        slot_at = slot_again(session, deps.account, campaign, deps.clock.read(session))
    with deps.db.write() as session:
        now = deps.clock.now()
        attempt = hold(session, intent.attempt_id)
        if attempt.state != AttemptState.DIALING:
            return None
        attempt.slot_at = slot_at
        if slot_at > allowed_at + LATEST:
            allowed_at = now
            # Claimed again for the question: else its own dial would be the call that keeps the number busy.
            move(attempt, "miss")
            case = session.get_one(Case, attempt.case_id, with_for_update=True)
            campaign = session.get_one(Campaign, intent.campaign_id)
            if not _let_pass(deps, session, attempt, case, campaign, now):
                return None
            move(attempt, "dial")
            attempt.dialled_at = now
    return slot_at, allowed_at


def _let_pass(
    deps: DialDeps, session: Session, attempt: Attempt, case: Case, campaign: Campaign, now: datetime
) -> bool:
    """Ask the gate at the moment of dialling; a denial gives the attempt back and is written to the case."""
    decision = decide(session, case, campaign, now, policy=deps.policy)
    attempt.decision = decision.to_json()
    if not decision.allowed:
        release(session, attempt, f"the gate: {decision.rule}", now=now, reopen=False)
        deny(session, case, decision, now)
    return decision.allowed


def place(deps: DialDeps, intent: Intent) -> PlacedCall:
    """Ask the phone company, once. Raises ProviderError."""
    return deps.provider.place_call(
        to=intent.to,
        from_=intent.from_,
        answer_url=intent.answer_url,
        status_url=intent.status_url,
        timeout_s=intent.ring_timeout_s,
        machine_detection=intent.detection,
    )


def confirm(deps: DialDeps, intent: Intent, placed: PlacedCall) -> None:
    """Store the sid, unless a webhook of the call was faster; end a call that had been given up as never placed."""
    with deps.db.write() as session:
        given_up = not take_sid(session, intent.attempt_id, intent.call_id, placed.call_sid)
        queued_ms = placed.queue_time_ms or 0
        if queued_ms > SLOW_QUEUE_MS:
            log.warning("The provider keeps calls back for %d ms: the pace is above the account's.", queued_ms)
            hold_back(session, timedelta(milliseconds=queued_ms), deps.clock.read(session))
    if given_up:
        log.error("Attempt %d had been given up and was placed after all; its call is ended.", intent.attempt_id)
        deps.provider.update_call(placed.call_sid, hang_up=True)


def lose(deps: DialDeps, attempt_id: int) -> None:
    """No answer came: from now on only the reconciler moves the attempt, or a webhook of its call."""
    with deps.db.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        if move(attempt, "lose"):
            attempt.error = "The provider did not answer; the call may be ringing."


def refuse(deps: DialDeps, attempt_id: int, error: ProviderError) -> None:
    """The provider said no: it did not ring. What may be asked again is given back, the rest is over."""
    if error.retryable:
        give_back(deps, attempt_id, str(error))
        return
    with deps.db.write() as session:
        now = deps.clock.read(session)
        attempt = hold(session, attempt_id)
        end_unplaced(session, attempt, str(error), now=now, invalid=isinstance(error, InvalidNumberError))


def give_back(deps: DialDeps, attempt_id: int, why: str) -> None:
    """The attempt never left the house; its case is due again soon and has one try as many as before."""
    with deps.db.write() as session:
        now = deps.clock.read(session)
        release(session, hold(session, attempt_id), why, now=now)
