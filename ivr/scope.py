"""One call within one transaction: its row, its session, and the columns that are to be written at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as DbSession

from ivr.session import Session
from ivr.store import CallRow
from tickets.ticket import Ticket


@dataclass(kw_only=True)
class CallScope:
    """What an effect gets to work with.

    Attributes:
        db: the transaction; whatever is stored here is stored with the turn or not at all.
        call: the call's row as it was loaded.
        talk: the engine's session; changes are stored.
        columns: columns of the call to write when the turn is done.
        held: the call's ticket once it was opened or loaded; the session itself forgets what nobody holds.
    """

    db: DbSession
    call: CallRow
    talk: Session
    now: datetime
    columns: dict[str, Any] = field(default_factory=dict)
    held: Ticket | None = None

    @property
    def ticket_id(self) -> int | None:
        """The ticket this call opened or added to last."""
        ticket_id: int | None = self.columns.get("ticket_id", self.call.ticket_id)
        return ticket_id

    @property
    def ticket(self) -> Ticket | None:
        """The same as an object."""
        if self.ticket_id is None:
            return None
        if self.held is None or self.held.id != self.ticket_id:
            self.held = self.db.get(Ticket, self.ticket_id)
        return self.held

    @property
    def caller_number(self) -> str:
        """The number of the person on the line: who calls, or who is called."""
        number: str = self.call.from_number if self.call.direction == "inbound" else self.call.to_number
        return number

    @property
    def service_number(self) -> str:
        """Our own number on this call."""
        number: str = self.call.to_number if self.call.direction == "inbound" else self.call.from_number
        return number
