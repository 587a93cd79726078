"""The circuit breaker: a campaign whose latest calls go wrong stops itself, and says by which signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Subquery, and_, exists, func, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.campaign import Campaign, CampaignState
from callbacks.settings import BreakerLimits
from callbacks.tallies import Tally
from ivr.turns import TurnRow

SHORT_CALL_S = 6
FEWEST = 2
"""One bad call alone trips nothing, however few there were."""

Trip = Callable[[Session, Campaign, str, Mapping[str, Any], datetime], object]
"""Pauses a campaign: `lifecycle.trip`."""


class Signal(StrEnum):
    """What went wrong, in the order in which it is looked for."""

    PROVIDER_ERROR_RATE = "provider_error_rate"
    FAILED_RATE = "failed_rate"
    ABANDONED_RATE = "abandoned_rate"
    OPT_OUT_RATE = "opt_out_rate"
    SHORT_CALL_RATE = "short_call_rate"
    ANSWER_RATE = "answer_rate"


@dataclass(frozen=True, kw_only=True)
class BreakerFigures:
    """Counts of a campaign's latest ended attempts since its launch or latest resume, test calls left out.

    Attributes:
        ended: all of them; `provider_errors` never reached the telephone network, `failed` got nowhere on it.
        rang, answered: those that rang, and that somebody or something picked up.
        people: answered by people; on machines we hang up ourselves, which is no bad sign.
        short: of those, over within SHORT_CALL_S.
        opted_out: of those, who told us not to call again.
        abandoned: of those, where nothing was ever said: not one document of the flow was fetched.
        earlier_rang, earlier_answered: the same two of all attempts of the campaign before these.
    """

    ended: int = 0
    provider_errors: int = 0
    failed: int = 0
    rang: int = 0
    answered: int = 0
    people: int = 0
    short: int = 0
    opted_out: int = 0
    abandoned: int = 0
    earlier_rang: int = 0
    earlier_answered: int = 0

    def to_json(self) -> dict[str, int]:
        """For the campaign's log."""
        return asdict(self)


def tripped(figures: BreakerFigures, limits: BreakerLimits) -> Signal | None:
    """The first signal whose rate lies above its limit, once there are `least` ended attempts; None when all is well.

    Rates among people need half as many of them, since most calls of a good campaign reach nobody.
    """
    if figures.ended < limits.least:
        return None
    dialled = figures.ended - figures.provider_errors
    few = max(FEWEST, limits.least // 2)
    rates = (
        (Signal.PROVIDER_ERROR_RATE, figures.provider_errors, figures.ended, limits.provider_error_rate, FEWEST),
        (Signal.FAILED_RATE, figures.failed, dialled, limits.failed_rate, FEWEST),
        (Signal.ABANDONED_RATE, figures.abandoned, figures.people, limits.abandoned_rate, few),
        (Signal.OPT_OUT_RATE, figures.opted_out, figures.people, limits.opt_out_rate, few),
        (Signal.SHORT_CALL_RATE, figures.short, figures.people, limits.short_call_rate, few),
    )
    for signal, bad, out_of, limit, enough in rates:
        if bad >= FEWEST and out_of >= enough and bad > limit * out_of:
            return signal
    return Signal.ANSWER_RATE if _fewer_answer(figures, limits) else None


def _fewer_answer(figures: BreakerFigures, limits: BreakerLimits) -> bool:
    if figures.rang < limits.least or figures.earlier_rang < limits.least:
        return False
    baseline = figures.earlier_answered / figures.earlier_rang
    return figures.answered / figures.rang < baseline * (1 - limits.answer_rate_drop)


def figures_of(session: Session, campaign: Campaign, now: datetime) -> BreakerFigures:
    """Count the latest ended attempts of a campaign: one range of an index, and the sum of its tallies."""
    latest = _latest(campaign, now)
    answered = latest.c.answered_at.is_not(None)
    people = and_(answered, latest.c.business_outcome != BusinessOutcome.MACHINE)
    spoken = exists().where(TurnRow.call_id == latest.c.call_id).correlate(latest)
    counted = {
        "provider_errors": latest.c.carrier_outcome == CarrierOutcome.PROVIDER_ERROR,
        "failed": latest.c.carrier_outcome.in_((CarrierOutcome.FAILED, CarrierOutcome.INVALID_NUMBER)),
        "rang": latest.c.rang_at.is_not(None),
        "answered": answered,
        "people": people,
        "short": and_(people, latest.c.duration_s <= SHORT_CALL_S),
        "opted_out": and_(people, latest.c.business_outcome == BusinessOutcome.OPTED_OUT),
        "abandoned": and_(people, latest.c.call_id.is_not(None), ~spoken),
    }
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    row = session.execute(select(func.count().label("ended"), *columns).select_from(latest)).one()
    latest_counts: dict[str, int] = dict(row._mapping)
    rang, picked_up = _all_so_far(session, campaign)
    return BreakerFigures(
        **latest_counts,
        earlier_rang=max(rang - latest_counts["rang"], 0),
        earlier_answered=max(picked_up - latest_counts["answered"], 0),
    )


def _all_so_far(session: Session, campaign: Campaign) -> tuple[int, int]:
    """How many attempts of the campaign ever rang and were answered, from its tallies."""
    sums = (func.coalesce(func.sum(Tally.rang), 0), func.coalesce(func.sum(Tally.answered), 0))
    rang, answered = session.execute(select(*sums).where(Tally.campaign_id == campaign.id)).one()
    return int(rang), int(answered)


def _latest(campaign: Campaign, now: datetime) -> Subquery:
    query = select(
        Attempt.carrier_outcome,
        Attempt.business_outcome,
        Attempt.rang_at,
        Attempt.answered_at,
        Attempt.duration_s,
        Attempt.call_id,
    ).where(
        Attempt.campaign_id == campaign.id,
        Attempt.state == AttemptState.ENDED,
        Attempt.kind == "normal",
        Attempt.ended_at <= now,
    )
    if campaign.running_since is not None:
        # What tripped it before the resume was looked at by a person and does not count twice.
        query = query.where(Attempt.ended_at >= campaign.running_since)
    return query.order_by(Attempt.ended_at.desc()).limit(campaign.breaker.window).subquery("latest")


def watch(session: Session, now: datetime, *, trip: Trip) -> list[int]:
    """Trip every running campaign whose latest calls went wrong; gives their ids."""
    stopped = []
    dialling = (CampaignState.RUNNING, CampaignState.DRAINING)
    for campaign in session.scalars(select(Campaign).where(Campaign.state.in_(dialling)).order_by(Campaign.id)).all():
        figures = figures_of(session, campaign, now)
        signal = tripped(figures, campaign.breaker)
        if signal is not None:
            trip(session, campaign, signal, figures.to_json(), now)
            stopped.append(campaign.id)
    return stopped
