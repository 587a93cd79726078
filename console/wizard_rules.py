"""Step 4 of a campaign: tries after each result, pace, alarms, rank; and what follows from the numbers in words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from callbacks.campaign import Campaign
from callbacks.settings import BreakerLimits, Pacing, Result, RetryMatrix, RetryRow
from console.form_fields import Fields, plain
from console.translate import gettext as _now
from console.translate import lazy_gettext as _

RESULTS: dict[Result, tuple[Any, Any]] = {
    Result.BUSY: (_("Busy"), _("the line was engaged")),
    Result.NO_ANSWER: (_("No answer"), _("it rang until the ringing time was over")),
    Result.REJECTED: (_("Rejected"), _("the person pressed the call away")),
    Result.FAILED: (_("Failed"), _("the network could not deliver the call")),
    Result.MACHINE: (_("Machine"), _("an answering machine picked up")),
    Result.INCOMPLETE: (_("Unfinished"), _("a person answered but the goal was not reached")),
}
RATES = {
    "failed_rate": (_("Failed calls"), _("of the calls could not be delivered")),
    "short_call_rate": (_("Short calls"), _("of the answered calls end within 6 seconds")),
    "answer_rate_drop": (_("Fall of the answer rate"), _("below the campaign’s own earlier rate")),
    "opt_out_rate": (_("Opt-outs"), _("of the answered calls end with “do not call me again”")),
    "abandoned_rate": (_("Abandoned"), _("of the answered calls in which nobody and nothing spoke")),
    "provider_error_rate": (_("Provider errors"), _("of the calls were refused by the phone company")),
}


def values(campaign: Campaign) -> dict[str, str]:
    """The form's texts."""
    matrix, pacing, breaker = campaign.retries, campaign.pacing, campaign.breaker
    shown = {"max_tries": str(matrix.max_tries), "priority": str(campaign.priority)}
    for result in Result:
        row = matrix.rows.get(result, RetryRow(tries=0))
        shown[f"{result}_tries"], shown[f"{result}_delay_min"] = str(row.tries), str(row.delay_min)
        shown[f"{result}_growth"] = plain(row.growth)
        shown[f"{result}_other_daypart"] = "1" if row.other_daypart else ""
    for name, value in pacing.model_dump().items():
        shown[name] = plain(value)
    for name, value in breaker.model_dump().items():
        shown[name] = plain(value * 100) if name in RATES else str(value)
    shown["cost_per_minute"] = plain(campaign.cost_per_minute)
    return shown


def changes(fields: Fields, campaign: Campaign) -> dict[str, Any]:
    """What the form changes; problems are noted in `fields`."""
    del campaign
    found: dict[str, Any] = {
        "retries": _retries(fields),
        "pacing": _pacing(fields),
        "breaker": _breaker(fields),
        "priority": fields.whole("priority", least=0, most=100, default=50),
        "cost_per_minute": fields.number("cost_per_minute", least=0, most=1000, default=0),
    }
    return {} if fields.errors else found


def _retries(fields: Fields) -> RetryMatrix | None:
    rows = {}
    for result in Result:
        tries = fields.whole(f"{result}_tries", least=0, most=10, default=0)
        delay_min = fields.whole(f"{result}_delay_min", least=1, most=10_080, default=60)
        growth = fields.number(f"{result}_growth", least=1, most=10, default=1)
        other = fields.flag(f"{result}_other_daypart")
        rows[result] = RetryRow(tries=tries, delay_min=delay_min, growth=growth, other_daypart=other)
    max_tries = fields.whole("max_tries", least=1, most=20, default=3)
    return None if fields.errors else RetryMatrix(rows=rows, max_tries=max_tries)


def _pacing(fields: Fields) -> Pacing | None:
    calls_per_second = fields.number("calls_per_second", least=0.01, most=100, default=1)
    least = fields.number("min_calls_per_second", least=0, most=100, default=0)
    if least > calls_per_second:
        fields.refuse("min_calls_per_second", _now("The guaranteed pace cannot be above the campaign’s own pace."))
    max_live = fields.whole("max_live", least=1, most=10_000, default=10)
    ramp_min = fields.number("ramp_min", least=0, most=240, default=0)
    weight = fields.whole("weight", least=1, most=100, default=1)
    if fields.errors:
        return None
    return Pacing(
        calls_per_second=calls_per_second,
        max_live=max_live,
        ramp_min=ramp_min,
        weight=weight,
        min_calls_per_second=least,
    )


def _breaker(fields: Fields) -> BreakerLimits | None:
    window = fields.whole("window", least=10, most=10_000, default=100)
    least = fields.whole("least", least=5, most=10_000, default=40)
    if least > window:
        fields.refuse("least", _now("This cannot be more than the calls looked at."))
    rates = {name: fields.percent(name, least=0.1, most=100, default=0.1) for name in RATES}
    if fields.errors:
        return None
    try:
        return BreakerLimits(window=window, least=least, **rates)
    except ValidationError:
        fields.refuse("window", _now("These limits cannot be kept; check each of them."))
        return None


def waits(row: RetryRow) -> str:
    """The waits of a row in words: "after 15 min, 30 min, 1 h"."""
    if row.tries == 0:
        return _now("no further call")
    shown = [length(row.delay_min * row.growth**n) for n in range(min(row.tries, 4))]
    text = _now("after %(waits)s", waits=", ".join(shown) + (" …" if row.tries > 4 else ""))
    other = _now("at another part of the day")
    return f"{text} · {other}" if row.other_daypart else text


def length(minutes: float) -> str:
    """Minutes as min, h or days."""
    if minutes < 90:
        return _now("%(n)s min", n=f"{minutes:.0f}")
    if minutes < 48 * 60:
        return _now("%(n)s h", n=plain(round(minutes / 60, 1)))
    return _now("%(n)s days", n=plain(round(minutes / 1440, 1)))


def context(campaign: Campaign) -> dict[str, Any]:
    """What the page shows beside the form."""
    rows = campaign.retries.rows
    return {
        "results": RESULTS,
        "rates": RATES,
        "waits": {result: waits(rows.get(result, RetryRow(tries=0))) for result in Result},
    }
