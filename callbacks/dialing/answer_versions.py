"""Which version of its flow a call of a campaign takes when it is answered."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from callbacks.attempt import ATTEMPTS, Attempt
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind
from flows.versions import Flow
from ivr.scope import CallScope
from storage.database import connection_of

_PINNED = (
    select(
        Attempt.id,
        Attempt.flow_version_id.label("prepared"),
        Case.kind,
        Case.variant,
        Campaign.flow_version_id.label("a"),
        Campaign.flow_b_version_id.label("b"),
        Campaign.flow_name.label("name_a"),
        Campaign.flow_b_name.label("name_b"),
    )
    .join(Case, Case.id == Attempt.case_id)
    .join(Campaign, Campaign.id == Attempt.campaign_id)
    .where(Attempt.call_id == bindparam("call"))
)
_IN_FORCE = select(Flow.published_version_id).where(Flow.name == bindparam("name"))
_TAKE = update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt"))


def version_at_answer(scope: CallScope) -> int | None:
    """The id of the version; None for a call that no campaign made.

    A campaign says what it was launched with, or what it took since: publishing alone changes nothing that nobody has
    heard in a test call. A test call says what is in force. The attempt keeps what was said.
    """
    connection = connection_of(scope.db)
    found = connection.execute(_PINNED, {"call": scope.call.id}).first()
    if found is None:
        return None
    second = found.variant == "b"
    if found.kind == CaseKind.TEST:
        name = found.name_b if second and found.name_b else found.name_a
        version = connection.scalar(_IN_FORCE, {"name": name})
    else:
        version = (found.b if second else None) or found.a
    if version is not None and version != found.prepared:
        connection.execute(_TAKE, {"attempt": found.id, "flow_version_id": version})
    chosen: int | None = version or found.prepared
    return chosen
