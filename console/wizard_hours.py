"""Step 3 of a campaign: the week, closed days, zone, dates, and the law that limits them further."""

from __future__ import annotations

from typing import Any

from callbacks.campaign import Campaign
from callbacks.settings import DAYS
from console import language
from console.form_fields import Fields, local_text
from console.translate import gettext as _
from console.week_grid import DAY_NAMES, hours_in_week, read_hours, values_of


def zone_of(campaign: Campaign, own: str) -> str:
    """The zone in which the campaign's dates are written: its own, else the reader's."""
    return campaign.zone if campaign.zone in language.zones() else own


def values(campaign: Campaign, own_zone: str) -> dict[str, str]:
    """The form's texts."""
    zone = zone_of(campaign, own_zone)
    return values_of(campaign.hours) | {
        "zone": zone,
        "starts_at": local_text(campaign.starts_at, zone),
        "ends_at": local_text(campaign.ends_at, zone),
        "law": campaign.law,
    }


def changes(fields: Fields, campaign: Campaign, laws: dict[str, str]) -> dict[str, Any]:
    """What the form changes; problems are noted in `fields`."""
    del campaign
    hours = read_hours(fields)
    zone = fields.raw("zone")
    if zone not in language.zones():
        fields.refuse("zone", _("There is no time zone %(zone)s. Choose one of the list.", zone=zone[:60] or "—"))
        zone = "UTC"
    starts_at, ends_at = fields.moment("starts_at", zone), fields.moment("ends_at", zone)
    if starts_at and ends_at and ends_at <= starts_at:
        fields.refuse("ends_at", _("The end lies before the start."))
    law = fields.choice("law", {"", *laws})
    if fields.errors or hours is None:
        return {}
    return {"hours": hours, "zone": zone, "starts_at": starts_at, "ends_at": ends_at, "law": law}


def context(campaign: Campaign) -> dict[str, Any]:
    """What the page shows beside the form."""
    return {"days": [(day, DAY_NAMES[day]) for day in DAYS], "open_hours": f"{hours_in_week(campaign.hours):g}"}
