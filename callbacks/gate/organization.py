"""What the organisation itself asks of every call, above campaigns and law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from callbacks.gate.caps import Cap

_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True)
class GatePolicy:
    """The organisation's own rules.

    Attributes:
        region: ISO 3166 country whose holidays hold for callees of no known country.
        zone: IANA zone of callees of whom neither case, person, number nor campaign know one; "" denies the call.
        closed_dates: days without any call, in the callee's zone.
        caps: calls to one number over all campaigns, beside those of the law.
        none_allowed: campaigns may take the law pack "none".
        unknown_line: what a line is taken for where fixed lines and mobiles look alike (North America).
        recheck_s: how long a denial waits whose end nobody can tell (a paused campaign, a callee in another call).
    """

    region: str = ""
    zone: str = ""
    closed_dates: frozenset[date] = frozenset()
    caps: tuple[Cap, ...] = (
        Cap(calls=5, minutes=_DAY),
        Cap(calls=10, minutes=7 * _DAY),
        Cap(calls=20, minutes=30 * _DAY),
    )
    none_allowed: bool = False
    unknown_line: str = "mobile"
    recheck_s: int = 60
