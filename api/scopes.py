"""What an API key may do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One permission. Writing does not include reading."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CONSENTS_READ = "consents:read"
    CONSENTS_WRITE = "consents:write"
    CALLS_READ = "calls:read"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    EVENTS_WRITE = "events:write"


MEANINGS: dict[Scope, str] = {
    Scope.CASES_READ: "See cases, attempts and answers.",
    Scope.CASES_WRITE: "Create, postpone and cancel cases.",
    Scope.CAMPAIGNS_READ: "See campaigns and their figures.",
    Scope.CAMPAIGNS_WRITE: "Create, edit, launch, pause, resume, drain and stop campaigns.",
    Scope.CONSENTS_READ: "See consents and opt-outs; ask whether a number may be called.",
    Scope.CONSENTS_WRITE: "Add and revoke consents and opt-outs.",
    Scope.CALLS_READ: "See calls and what was said on them.",
    Scope.TICKETS_READ: "See tickets and their timelines.",
    Scope.TICKETS_WRITE: "Open tickets, comment on them, change their status.",
    Scope.EVENTS_WRITE: "Report events, which may create or cancel cases.",
}
