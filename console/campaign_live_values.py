"""What the pages of one campaign show in figures and pictures, gathered from the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.reports.counts import CaseCounts, case_counts
from callbacks.reports.drop_off import drop_off
from callbacks.reports.funnel import Funnel, funnel
from callbacks.reports.hours import ENDS, Heat, HourRow, by_hour, heat
from callbacks.reports.numbers import caller_numbers
from callbacks.reports.variants import Comparison, compare
from callbacks.reports.why_not import waiting_by_rule
from console import campaign_charts, charts
from console.campaign_live_sentences import (
    day_names,
    funnel_sentence,
    heat_sentence,
    hours_sentence,
    percent_of,
    progress_sentence,
    verdict,
)
from console.campaign_terms import END, FUNNEL, SIGNAL, term
from console.campaign_words import grouped
from console.language import local_time
from console.naming import Names
from console.translate import gettext as _
from flows.errors import FlowError
from flows.versions import FlowVersion, load_document

LIVE_SHOWN = 24
LOG_SHOWN = 60
MANY_CASES = 50_000
"""From here on counting takes long enough that pages renew themselves every ten seconds, not every second."""

OVER = (CampaignState.FINISHED, CampaignState.STOPPED)
_LIVE = text("attempts.state NOT IN ('ended', 'released')")
"""Written as the partial index has it, so that both databases use it."""


def shared(campaign: Campaign) -> dict[str, Any]:
    """What every template of a campaign needs."""
    return {"campaign": campaign, "term": term, "grouped": grouped, "percent_of": percent_of, "share": charts.share}


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What several parts of the page are made of, counted once per request."""

    counts: CaseCounts
    steps: Funnel


def totals_of(s: Session, campaign: Campaign) -> Totals:
    """Count a campaign's cases and calls."""
    return Totals(counts=case_counts(s, campaign.id), steps=funnel(s, campaign.id))


def now_values(s: Session, campaign: Campaign, totals: Totals) -> dict[str, Any]:
    """Progress, the few live numbers, and the calls that are going on."""
    counts, steps = totals.counts, totals.steps
    live = list(
        s.execute(
            select(Attempt, Case.name, Case.reference)
            .join(Case, Case.id == Attempt.case_id)
            .where(Attempt.campaign_id == campaign.id, _LIVE)
            # Ordered by a sum, so that no database walks the whole table backwards to find the few that are live.
            .order_by((Attempt.id + 0).desc())
            .limit(LIVE_SHOWN + 1)
        )
    )
    return shared(campaign) | {
        "counts": counts,
        "steps": steps,
        "live": live[:LIVE_SHOWN],
        "live_is_cut": len(live) > LIVE_SHOWN,
        "goals": counts.of(reason=CloseReason.GOAL_MET),
        "opted_out": counts.of(reason=CloseReason.OPTED_OUT),
        "progress": _progress(counts),
        "progress_sentence": progress_sentence(counts),
        "topic": "campaigns_slow" if counts.total > MANY_CASES else "campaigns",
        "signal": SIGNAL.get(campaign.tripped, campaign.tripped),
    }


def _progress(counts: CaseCounts) -> Any:
    goals, calling = counts.of(reason=CloseReason.GOAL_MET), counts.of(state=CaseState.CALLING)
    parts = [
        ("goal", _("Goal reached"), goals),
        ("over", _("Closed otherwise"), counts.closed - goals),
        ("calling", _("Being called"), calling),
        ("rest", _("Waiting"), counts.waiting + counts.of(state=CaseState.MERGED)),
    ]
    return campaign_charts.progress(progress_sentence(counts), parts, chart_id="progress")


def log_values(s: Session, campaign: Campaign) -> dict[str, Any]:
    """What was done with the campaign, newest first."""
    query = select(CampaignEntry).where(CampaignEntry.campaign_id == campaign.id).order_by(CampaignEntry.id.desc())
    return shared(campaign) | {"log": list(s.scalars(query.limit(LOG_SHOWN)))}


def figure_values(s: Session, campaign: Campaign, totals: Totals, moment: datetime) -> dict[str, Any]:
    """Everything that is drawn, with a sentence for each picture."""
    counts, steps = totals.counts, totals.steps
    rows = by_hour(s, campaign.id, moment, is_over=campaign.state in OVER)
    week = heat(s, campaign.id, moment, zone=campaign.zone)
    compared = compare(counts) if campaign.flow_b_name else None
    return shared(campaign) | {
        "counts": counts,
        "steps": steps,
        "funnel_rows": _funnel_rows(steps),
        "funnel_sentence": funnel_sentence(steps),
        "hours": rows,
        "hours_total": sum(row.total for row in rows),
        "ends": END,
        "hours_sentence": hours_sentence(rows),
        "hours_chart": _hours_chart(rows),
        "heat": week,
        "heat_chart": _heat_chart(week),
        "heat_sentence": heat_sentence(week),
        "heat_hours": _heat_hours(week),
        "days": day_names("wide"),
        "numbers": caller_numbers(s, campaign.id, moment, campaign.breaker),
        "rules": waiting_by_rule(s, campaign.id),
        "compared": compared,
        "compared_sentence": verdict(compared) if compared else "",
        "compared_chart": _compared_chart(compared) if compared else "",
        "versions": _versions(campaign),
    }


def _funnel_rows(steps: Funnel) -> list[dict[str, Any]]:
    pairs = steps.steps
    found = []
    for i, (name, count) in enumerate(pairs):
        following = pairs[i + 1][1] if i + 1 < len(pairs) else count
        found.append(
            {
                "word": FUNNEL[name],
                "count": count,
                "band": campaign_charts.funnel_band(count, following, steps.dialled),
                "of_all": percent_of(count, steps.dialled),
                "of_before": percent_of(count, pairs[i - 1][1]) if i else "",
            }
        )
    return found


def _hours_chart(rows: list[HourRow]) -> Any:
    return campaign_charts.stacked(
        _("Calls of 24 hours by how they ended"),
        {key: str(END[key]) for key in ENDS},
        [(local_time(row.hour, "time"), row.ends) for row in rows],
        chart_id="hours",
    )


def _heat_hours(week: Heat) -> list[int]:
    hours = [hour for _day, hour in week.cells]
    return list(range(min(hours), max(hours) + 1)) if hours else []


def _heat_chart(week: Heat) -> Any:
    return campaign_charts.heat_map(
        _("Part of the calls that people picked up, by weekday and hour, in per cent"),
        day_names("abbreviated"),
        _heat_hours(week),
        week.cells,
        chart_id="heat",
    )


def _compared_chart(compared: Comparison) -> Any:
    rows = [(row.variant.upper(), row.rate) for row in (compared.a, compared.b)]
    return campaign_charts.intervals(_("Goal rates with their ranges"), rows, chart_id="ab")


def _versions(campaign: Campaign) -> list[tuple[str, int]]:
    found = [("a", campaign.flow_version_id), ("b", campaign.flow_b_version_id)]
    return [(variant, version_id) for variant, version_id in found if version_id]


def node_values(s: Session, campaign: Campaign, variant: str) -> dict[str, Any]:
    """Where conversations on one flow of the campaign end."""
    version_id = campaign.flow_b_version_id if variant == "b" else campaign.flow_version_id
    found = drop_off(s, campaign.id, version_id, variant=variant)
    version = s.get(FlowVersion, version_id) if version_id else None
    try:
        names = Names(document=load_document(version) if version else None)
    except FlowError:
        names = Names()
    worst = max(found.nodes, key=lambda row: row.hung_up, default=None)
    sentence = _("No conversation has been held yet.")
    if worst is not None:
        sentence = _(
            "Of the latest %(calls)s conversations, most were hung up at “%(node)s”: %(count)s.",
            calls=grouped(found.calls),
            node=names.label(worst.node) or worst.node,
            count=grouped(worst.hung_up),
        )
        if not worst.hung_up:
            sentence = _("Nobody hung up in the latest %(calls)s conversations.", calls=grouped(found.calls))
    return shared(campaign) | {"drop": found, "names": names, "nodes_sentence": sentence, "variant": variant}
