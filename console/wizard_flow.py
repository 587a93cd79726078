"""Step 2 of a campaign: what it is for, the flow or two flows, our numbers, machines, messages, values by default."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.cases import variables_of
from callbacks.purposes import Purpose
from callbacks.settings import MachineMode
from console.form_fields import Fields, plain
from console.outbound_flows import a_case, needs, of_campaign, outbound_flows
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from ivr.lines import Line

MACHINES = (
    (MachineMode.HANG_UP.value, _("Hang up"), _("Nothing is said; the person is tried again later.")),
    (MachineMode.LEAVE_MESSAGE.value, _("Leave the message"), _("After the beep, with the number to call back.")),
    (MachineMode.SMS.value, _("Hang up and send a text"), _("The text below, in the person’s language.")),
    (MachineMode.OFF.value, _("Do not look for machines"), _("Whoever answers is talked to.")),
)


def values(campaign: Campaign) -> dict[str, str]:
    """The form's texts."""
    shown = {
        "name": campaign.name,
        "purpose": campaign.purpose,
        "flow_name": campaign.flow_name,
        "flow_b_name": campaign.flow_b_name,
        "share_b": plain(campaign.share_b * 100),
        "language": campaign.language,
        "machine": campaign.machine,
        "ring_timeout_s": str(campaign.ring_timeout_s),
    }
    shown |= {f"sms_{language}": text for language, text in campaign.sms_text.items()}
    return shown | {f"default_{name}": str(value) for name, value in campaign.defaults.items()}


def changes(fields: Fields, s: Session, campaign: Campaign) -> dict[str, Any]:
    """What the form changes; problems are noted in `fields`."""
    flows = {flow.name: flow for flow in outbound_flows(s)}
    chosen, other = fields.choice("flow_name", {"", *flows}), fields.choice("flow_b_name", {"", *flows})
    if not chosen:
        fields.refuse("flow_name", _now("Choose a flow. Only published flows with an outbound opening are offered."))
    if other and other == chosen:
        fields.refuse("flow_b_name", _now("The second flow must be another one than the first."))
    share = fields.percent("share_b", most=100, default=0)
    if other and not 0 < share < 1:
        fields.refuse("share_b", _now("Give the second flow a share from 1 to 99."))
    numbers = _numbers(fields, s)
    used = [flows[name] for name in (chosen, other) if name in flows]
    languages = list(dict.fromkeys(tag for flow in used for tag in flow.document.languages))
    machine = fields.choice("machine", {mode.value for mode in MachineMode}, MachineMode.HANG_UP)
    texts = {tag: text for tag in languages if (text := fields.lines(f"sms_{tag}", most=600))}
    if machine == MachineMode.SMS and languages and languages[0] not in texts:
        fields.refuse(f"sms_{languages[0]}", _now("Write the message that machines get instead of a call."))
    wanted = {name for flow in used for name in flow.document.variables}
    defaults = dict(campaign.defaults) | {n: fields.text(f"default_{n}", most=500) for n in sorted(wanted)}
    found = {
        "name": fields.text("name", most=120, needed=_now("Give the campaign a name.")),
        "purpose": Purpose(fields.choice("purpose", {p.value for p in Purpose}, campaign.purpose)),
        "flow_name": chosen,
        "flow_b_name": other,
        "share_b": share if other else 0.0,
        "language": fields.choice("language", {"", *languages}),
        "caller_numbers": numbers,
        "machine": MachineMode(machine),
        "ring_timeout_s": fields.whole("ring_timeout_s", least=15, most=120, default=30),
        "sms_text": texts or dict(campaign.sms_text),
        "defaults": {name: value for name, value in defaults.items() if value != ""},
    }
    return {} if fields.errors else found


def _numbers(fields: Fields, s: Session) -> list[str]:
    ours = set(s.scalars(select(Line.number)))
    chosen = [number for number in fields.many("caller_numbers") if number in ours]
    if not chosen:
        fields.refuse("caller_numbers", _now("Tick at least one of our numbers, so that people can call back."))
    return chosen


def columns_of(s: Session, campaign: Campaign) -> dict[str, str]:
    """Variables that lists of this campaign hold, with the column's name."""
    usable = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.IMPORTING, ImportState.DONE)
    wanted = select(AudienceImport.mapping).where(
        AudienceImport.campaign_id == campaign.id, AudienceImport.state.in_(usable)
    )
    found: dict[str, str] = {}
    for mapping in s.scalars(wanted):
        found |= {target[4:]: column for column, target in mapping.items() if target.startswith("var:")}
    return found


def _known(s: Session, campaign: Campaign) -> set[str]:
    """Values that the first person of the campaign has; the preflight counts who lacks one."""
    case = a_case(s, campaign.id, 1)
    return set() if case is None else {name for name, value in variables_of(s, case).items() if value not in (None, "")}


def context(s: Session, campaign: Campaign) -> dict[str, Any]:
    """What the page shows beside the form."""
    flows = outbound_flows(s)
    used = of_campaign(campaign, flows)
    languages = list(dict.fromkeys(tag for _letter, flow in used for tag in flow.document.languages))
    return {
        "flows": flows,
        "used": used,
        "spoken_languages": languages,
        "lines": list(s.scalars(select(Line).order_by(Line.number))),
        "needs": needs(campaign, used, columns_of(s, campaign), _known(s, campaign)),
        "tested": {letter: flow.version.id in campaign.tested_version_ids for letter, flow in used},
    }
