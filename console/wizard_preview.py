"""The spoken text for one row of a campaign, before anybody is called."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.cases import variables_of
from console.deps import now
from console.outbound_flows import Outbound, a_case, of_campaign, outbound_flows
from console.spoken_preview import spoken

MOST_ROWS = 1_000_000


def preview(s: Session, campaign: Campaign) -> dict[str, Any]:
    """Row, language and flow as the address asks, and what is said; without a row, defaults are used."""
    used = dict(of_campaign(campaign, outbound_flows(s)))
    row = max(1, min(request.args.get("row", default=1, type=int), MOST_ROWS))
    letter = request.args.get("flow", "a")
    flow = used.get(letter) or used.get("a") or next(iter(used.values()), None)
    case = a_case(s, campaign.id, row)
    wanted = request.args.get("language", "")
    language = _language(flow, wanted or (case.language if case else "") or campaign.language)
    shown: dict[str, Any] = {
        "spoken_row": row,
        "spoken_flow": letter,
        "spoken_language": language,
        "spoken_case": case,
        "spoken": [],
        "example_hole": "{{ name }}",
    }
    if flow is not None:
        own = {name: v.default for name, v in flow.document.variables.items() if v.default is not None}
        values = own | (variables_of(s, case) if case else dict(campaign.defaults))
        shown["spoken"] = spoken(flow.document, values, _case(campaign, case), language, now())
        shown["example_hole"] = f"{{{{ {next(iter(flow.document.variables), 'name')} }}}}"
    return shown


def _case(campaign: Campaign, case: Case | None) -> dict[str, Any]:
    """The case as a call's values name it."""
    return {
        "id": case.id if case else 0,
        "attempt": None,
        "campaign": campaign.id,
        "purpose": str(campaign.purpose),
        "reference": case.reference if case else "",
        "tries": 0,
        "inbound": False,
    }


def _language(flow: Outbound | None, wanted: str) -> str:
    """The language tag of the flow that fits best."""
    tags = flow.document.languages if flow else ()
    if wanted in tags:
        return wanted
    near = [tag for tag in tags if wanted and tag.split("-")[0] == wanted.split("-")[0]]
    return (near or list(tags) or [""])[0]
