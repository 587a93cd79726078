"""A text message instead of speaking to a machine."""

from __future__ import annotations

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.cases import variables_of
from callbacks.settings import MachineMode, Result
from flows.text import render
from ivr.messages import queue_message
from ivr.scope import CallScope

MOST_CHARACTERS = 1_600


def text_machine(scope: CallScope, attempt: Attempt, case: Case, campaign: Campaign) -> bool:
    """Text the callee whose machine answered, once per case; False when the campaign has no text for it."""
    first = case.tries_by.get(Result.MACHINE.value, 0) <= 1
    if campaign.machine != MachineMode.SMS or not first:
        return False
    language = scope.talk.language
    template = text_for(campaign, language)
    body = render(template, variables_of(scope.db, case), language, scope.now).text.strip()[:MOST_CHARACTERS]
    if not body:
        return False
    queue_message(
        scope.db,
        call_id=scope.call.id,
        from_number=attempt.caller_number,
        to=attempt.number,
        body=body,
        now=scope.now,
    )
    return True


def text_for(campaign: Campaign, language: str) -> str:
    """The text in a language, in one of the same tongue, or in the campaign's first; "" when there is none."""
    texts = campaign.sms_text
    tongue = language.split("-")[0]
    alike = next((text for known, text in texts.items() if known.split("-")[0] == tongue), None)
    return texts.get(language) or alike or next(iter(texts.values()), "")
