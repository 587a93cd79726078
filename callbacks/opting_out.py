"""Taking somebody off the list and putting them back on it: the one way in which an opt-out is written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.case import CloseReason
from callbacks.cases import refuse
from callbacks.dialing.inserting import insert_unless_there
from callbacks.opt_outs import OptOut
from work.happenings import tell


def add_opt_out(
    session: Session,
    *,
    number: str,
    purpose: str,
    how: str,
    now: datetime,
    evidence: str = "",
    node: str = "",
    call_id: int | None = None,
    audio_offset_ms: int | None = None,
    by: str = "",
    demo: bool = False,
) -> OptOut:
    """Never call a number again for a purpose ("all" for any): from this moment on, and its open cases are closed.

    `number` is E.164, `how` is key, words, flow, sms, agent, api or import. Asked for again, the first evidence stays;
    a revoked opt-out is given anew. The row and the end of the cases are of one transaction.
    """
    values = {"number": number, "purpose": purpose, "demo": demo, "created_at": now}
    made = insert_unless_there(session, OptOut, (OptOut.id,), [values])
    found = session.scalars(
        select(OptOut).where(OptOut.number == number, OptOut.purpose == purpose).with_for_update()
    ).one()
    stood = not made and found.revoked_at is None
    if not stood:
        found.call_id, found.node, found.how, found.by = call_id, node[:80], how, by[:120]
        found.evidence, found.audio_offset_ms = evidence, audio_offset_ms
        found.created_at, found.revoked_at, found.revoked_by = now, None, ""
    session.flush()
    refuse(session, number=number, purpose=purpose, now=now, reason=CloseReason.OPTED_OUT)
    if not stood:
        payload = {"number": number, "purpose": purpose, "how": how, "node": node, "at": now.isoformat()}
        tell(session, "opt_out.added", payload, now=now)
    return found


def revoke_opt_out(session: Session, opt_out: OptOut, *, by: str, now: datetime) -> None:
    """Calls are allowed again; the row stays as evidence. Nothing happens to one that was revoked before."""
    if opt_out.revoked_at is None:
        opt_out.revoked_at, opt_out.revoked_by = now, by[:120]
        session.flush()
