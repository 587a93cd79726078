"""Step 5's figures: how many are called when, who is not and why, until when, what it costs; every row as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from callbacks.campaign import Campaign
from callbacks.gate.decision import sentence
from callbacks.reports import exports
from callbacks.reports.preflight import COLUMNS, Preflight, plan_rows, preflight
from console import translate
from console.campaign_terms import term
from console.campaign_why import decision_sentence
from console.charts import Bar, columns
from console.deps import deps, now
from console.guard import needs
from console.language import local_time
from console.translate import gettext as _
from console.wizard_steps import find_campaign
from tickets.users import Role

blueprint = Blueprint("campaign_preflight", __name__)
HOUR = timedelta(hours=1)
LEAST_HOURS, MOST_HOURS = 12, 48
"""More hours than these are drawn by day."""


@blueprint.get("/campaigns/<int:campaign_id>/preflight")
@needs(Role.OPS)
def figures(campaign_id: int) -> str:
    """The figures, as a fragment: a large list takes some seconds."""
    values = deps()
    with values.db.read() as s:
        campaign = find_campaign(s, campaign_id)
        found = preflight(
            s,
            campaign,
            now(),
            policy=values.policy,
            account_calls_per_second=values.account_calls_per_second,
            account_max_live=values.account_max_live,
        )
        bars = _bars(found)
        return render_template(
            "campaign_setup_figures.html",
            campaign=campaign,
            found=found,
            bars=bars,
            chart=_chart(bars),
            takeaway=_takeaway(found),
            term=term,
            why=decision_sentence,
        )


def _bars(found: Preflight) -> list[Bar]:
    """One bar per hour, or per day when there are many, in the reader's zone."""
    zone = translate.time_zone()
    hours = _hours(found)
    style = "time" if hours else "day"
    days = {at.astimezone(zone).date() for at in hours or found.when}
    counted: dict[str, int] = {}
    for at in hours or found.when:
        count = found.when.get(at, 0)
        label = local_time(at, style if len(days) == 1 or style == "day" else "short")
        counted[label] = counted.get(label, 0) + count
    return [Bar(label=label, value=count) for label, count in counted.items()]


def _hours(found: Preflight) -> list[datetime]:
    """Every hour from the first call to the last, with those in which nobody is called, at least half a day; [] when
    there are too many to draw.
    """
    if not found.when:
        return []
    first, last = min(found.when), max(found.when)
    count = max(LEAST_HOURS, int((last - first) / HOUR) + 1)
    return [first + HOUR * n for n in range(count)] if count <= MOST_HOURS else []


def _chart(bars: list[Bar]) -> Markup:
    return columns(_("First calls over time"), bars, label_every=max(1, -(-len(bars) // 7)), chart_id="plan")


def _takeaway(found: Preflight) -> str:
    if not found.will_call or found.first_at is None or found.end_at is None:
        return _("Nobody will be called.")
    return _(
        "%(count)s people are called for the first time between %(first)s and %(last)s.",
        count=found.will_call,
        first=local_time(found.first_at),
        last=local_time(found.end_at),
    )


@blueprint.get("/campaigns/<int:campaign_id>/preflight.csv")
@needs(Role.OPS)
def export(campaign_id: int) -> Response:
    """Every waiting case with its first call or the reason why there is none."""
    values, moment = deps(), now()
    say = _sayer()

    def rows() -> Iterator[dict[str, Any]]:
        with values.db.read() as s:
            campaign = s.get_one(Campaign, campaign_id)
            yield from plan_rows(s, campaign, moment, policy=values.policy, say=say)

    with values.db.read() as s:
        find_campaign(s, campaign_id)
    headers = {"Content-Disposition": f'attachment; filename="preflight-{campaign_id}.csv"'}
    return Response(exports.stream(rows(), COLUMNS, exports.Format.CSV), mimetype="text/csv", headers=headers)


def _sayer() -> Callable[[Mapping[str, Any]], str]:
    """Sentences in the language of this request, also after it has ended."""
    language = "zh" if translate.language() == "zh" else "en"

    def say(decision: Mapping[str, Any]) -> str:
        return sentence(decision, language)

    return say
