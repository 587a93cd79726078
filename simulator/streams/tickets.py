"""Tickets for the live sound of a phone: a browser gets one from whoever may hold the phone, and shows it once."""

import secrets
import time

VALID_S = 60.0


class Tickets:
    """Valid for one use within a minute of real time."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, float]] = {}

    def issue(self, phone_id: str) -> str:
        """A new ticket for a phone."""
        now_s = time.monotonic()
        self._open = {ticket: row for ticket, row in self._open.items() if row[1] > now_s}
        ticket = secrets.token_urlsafe(24)
        self._open[ticket] = (phone_id, now_s + VALID_S)
        return ticket

    def use(self, ticket: str, phone_id: str) -> bool:
        """True once, for the phone that it was issued for; whatever was shown is void afterwards."""
        whose, until_s = self._open.pop(ticket, ("", 0.0))
        return whose == phone_id and until_s > time.monotonic()
