"""What stands in the side bar, in which order, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from console.guard import viewer
from console.translate import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry. `shortcut` is the key after "g"; `role` the least role that sees it; `pages` are further blueprints
    whose pages belong to it.
    """

    endpoint: str
    label: Any
    icon: str
    shortcut: str = ""
    role: str = "agent"
    pages: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """True when the present page belongs to this entry."""
        here = (request.endpoint or "").rpartition(".")[0]
        return here == self.endpoint.rpartition(".")[0] or here.removeprefix("console.") in self.pages


CAMPAIGN_PAGES = (
    *("campaign_wizard", "audience", "test_calls", "campaign_preflight", "campaign_live", "campaign_results"),
)

SECTIONS: tuple[tuple[Any, tuple[Link, ...]], ...] = (
    (
        _("Desk"),
        (
            Link(endpoint="console.overview.page", label=_("Overview"), icon="overview", shortcut="o"),
            Link(endpoint="console.tickets.listing", label=_("Tickets"), icon="tickets", shortcut="t"),
            Link(endpoint="console.people.listing", label=_("People"), icon="people", shortcut="p"),
        ),
    ),
    (
        _("Telephone"),
        (
            Link(endpoint="console.live.page", label=_("Live calls"), icon="live", shortcut="l"),
            Link(endpoint="console.calls.listing", label=_("Calls"), icon="calls", shortcut="c"),
            Link(endpoint="console.phone.page", label=_("Phone"), icon="phone", shortcut="d"),
        ),
    ),
    (
        _("Calls we make"),
        (
            Link(
                endpoint="console.campaigns.listing",
                label=_("Campaigns"),
                icon="campaigns",
                shortcut="m",
                role="ops",
                pages=(
                    "campaign_wizard",
                    "audience",
                    "test_calls",
                    "campaign_preflight",
                    "campaign_live",
                    "campaign_results",
                ),
            ),
            Link(
                endpoint="console.campaign_calendar.page",
                label=_("Calendar"),
                icon="calendar",
                shortcut="a",
                role="ops",
            ),
            Link(
                endpoint="console.event_rules.listing",
                label=_("Event rules"),
                icon="rules",
                shortcut="r",
                role="ops",
            ),
            Link(
                endpoint="console.do_not_call.listing",
                label=_("Do not call"),
                icon="blocked",
                shortcut="b",
                pages=("consents",),
            ),
        ),
    ),
    (
        _("Set-up"),
        (
            Link(
                endpoint="console.flows.listing",
                label=_("Flows"),
                icon="flows",
                shortcut="f",
                pages=("flow_editor", "flow_versions", "flow_import", "missed"),
            ),
            Link(endpoint="console.lines.listing", label=_("Numbers"), icon="lines", shortcut="n"),
            Link(endpoint="console.users.listing", label=_("Users"), icon="users", shortcut="u", role="admin"),
            Link(
                endpoint="console.integrations.listing",
                label=_("Integrations"),
                icon="plug",
                shortcut="i",
                role="admin",
            ),
            Link(endpoint="console.settings.page", label=_("Settings"), icon="settings", shortcut="s"),
        ),
    ),
)


def navigation() -> list[tuple[Any, list[Link]]]:
    """The sections and entries that the viewer may see."""
    shown = ((title, [link for link in links if viewer().may(link.role)]) for title, links in SECTIONS)
    return [(title, links) for title, links in shown if links]
