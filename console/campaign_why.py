"""Why a case is not called now, and what the gate decided, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from callbacks.errors import CallbacksError, NotReadyError
from callbacks.gate.decision import sentence
from callbacks.reports.why_not import Reason, Why
from console import campaign_terms, translate
from console.campaign_sentences import of_blocker, of_error
from console.language import local_time
from console.translate import gettext as _

CLOSED = {
    "goal_met": lambda: _("Over: the goal was reached."),
    "done": lambda: _("Over: the conversation came to its end."),
    "handed_over": lambda: _("Over: a person or a ticket takes care of it."),
    "expired": lambda: _("Over: its last day has passed."),
    "cancelled": lambda: _("Over: it was cancelled, so nobody needs to be called."),
    "opted_out": lambda: _("Over: the person wants no more calls."),
    "wrong_person": lambda: _("Over: the number belongs to somebody else."),
    "tries_used": lambda: _("Over: all tries are used up."),
    "invalid_number": lambda: _("Over: the number does not exist."),
    "not_allowed": lambda: _("Over: a rule forbids the call for good."),
    "campaign_stopped": lambda: _("Over: the campaign was stopped."),
    "undone": lambda: _("Over: its list was taken back."),
}


def decision_sentence(decision: Mapping[str, Any]) -> str:
    """The gate's decision as stored with an attempt; "" when there is none."""
    return sentence(decision, "zh" if translate.language() == "zh" else "en") if decision.get("rule") else ""


def why_sentence(reason: Reason) -> str:
    """One sentence for people."""
    if reason.why == Why.CLOSED:
        return _closed(reason)
    if reason.why == Why.RULE:
        return _denied(reason, reason.until)
    return _waiting(reason)


def _closed(reason: Reason) -> str:
    said = CLOSED.get(reason.close_reason)
    text = (
        said()
        if said
        else _("Over: %(reason)s.", reason=campaign_terms.term("close_reason", reason.close_reason).label)
    )
    denied = _denied(reason, None) if reason.close_reason in ("not_allowed", "invalid_number") and reason.rule else ""
    return f"{text} {denied}".strip()


def _denied(reason: Reason, until: datetime | None) -> str:
    record = {
        "allowed": False,
        "rule": reason.rule,
        "inputs": dict(reason.inputs or {}),
        "next_at": until.isoformat() if until else None,
    }
    return decision_sentence(record)


def _waiting(reason: Reason) -> str:
    until = local_time(reason.until, "short") if reason.until else ""
    sentences = {
        Why.CALLING: lambda: _("It is being called at this moment."),
        Why.MERGED: lambda: _("It is told in the same call as another case of this person."),
        Why.NOT_RUNNING: lambda: _("The campaign is not dialling."),
        Why.WISHED: lambda: _("The person asked to be called at another time: %(time)s.", time=until),
        Why.RETRY: lambda: _("The next try is planned for %(time)s.", time=until),
        Why.NOT_YET: lambda: _("It is not due before %(time)s.", time=until),
        Why.IN_TURN: lambda: _("It may be called and waits for its turn."),
    }
    return sentences[reason.why]()


def refusal(error: CallbacksError) -> str:
    """What was refused, for people."""
    if isinstance(error, NotReadyError):
        return " ".join(of_blocker(blocker) for blocker in error.blockers)
    return of_error(error)
