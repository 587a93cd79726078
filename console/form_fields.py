"""Forms read field by field: each value checked, each problem a sentence kept beside its field."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from console.translate import gettext as _
from telephony.numbers import NumberError, parse


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A form as a template shows it: a text per field, and a sentence per field that could not be taken.

    `locked` names the groups of fields that cannot be changed now, "all" for every one.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    locked: Collection[str] = ()


class Fields:
    """What was sent, read once. `errors` holds a sentence per field that cannot be taken; nothing is raised."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent
        self.errors: dict[str, str] = {}

    def view(self, before: Mapping[str, str] | None = None) -> FormView:
        """The form as it was sent, over what it showed before, with its problems."""
        return FormView(values={**(before or {}), **self.sent.to_dict()}, errors=self.errors)

    def many(self, name: str) -> list[str]:
        """Every value of a field that may be ticked several times."""
        return [value.strip() for value in self.sent.getlist(name) if value.strip()]

    def raw(self, name: str) -> str:
        """The text as it came, without blanks around it and with full-width characters made plain."""
        return unicodedata.normalize("NFKC", self.sent.get(name, "")).strip()

    def refuse(self, name: str, sentence: str) -> None:
        """Note a problem of a field; the first one stays."""
        self.errors.setdefault(name, sentence)

    def text(self, name: str, *, most: int = 200, needed: str = "") -> str:
        """One line of text. `needed` is the sentence when it is empty."""
        value = " ".join(self.sent.get(name, "").split())
        if not value and needed:
            self.refuse(name, needed)
        if len(value) > most:
            self.refuse(name, _("This is longer than %(count)s characters.", count=most))
        return value[:most]

    def lines(self, name: str, *, most: int = 2000) -> str:
        """Text of several lines."""
        value = self.sent.get(name, "").replace("\r\n", "\n").strip()
        if len(value) > most:
            self.refuse(name, _("This is longer than %(count)s characters.", count=most))
        return value[:most]

    def number(self, name: str, *, least: float, most: float, default: float) -> float:
        """A decimal number within bounds."""
        text = self.raw(name).replace(",", ".")
        try:
            value = float(text) if text else default
        except ValueError:
            value = math.nan
        if math.isnan(value) or not least <= value <= most:
            self.refuse(name, _("Give a number from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:g}"))
            return default
        return value

    def whole(self, name: str, *, least: int, most: int, default: int) -> int:
        """A whole number within bounds."""
        value = self.number(name, least=least, most=most, default=default)
        if value != int(value):
            self.refuse(name, _("Give a whole number."))
        return int(value)

    def percent(self, name: str, *, least: float = 0, most: float = 100, default: float = 0) -> float:
        """A percentage as a part of 1."""
        return self.number(name, least=least, most=most, default=default * 100) / 100

    def choice(self, name: str, allowed: Collection[str], default: str = "") -> str:
        """One of the offered values."""
        value = self.sent.get(name, default)
        if value not in allowed:
            self.refuse(name, _("Choose one of the list."))
            return default
        return value

    def flag(self, name: str) -> bool:
        """A box that is ticked."""
        return self.sent.get(name, "") not in ("", "0")

    def day(self, name: str) -> date | None:
        """A day, None when the field is empty."""
        return self._day(name, self.raw(name))

    def _day(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(name, _("There is no day %(day)s. Write year, month and day: 2026-12-24.", day=text[:20]))
            return None

    def days(self, name: str, *, most: int = 60) -> tuple[date, ...]:
        """Days, separated by commas, blanks or lines; sorted, each once."""
        words = self.raw(name).replace(",", " ").replace("、", " ").replace(";", " ").split()
        found = {day for word in words[: most + 1] if (day := self._day(name, word)) is not None}
        if len(words) > most:
            self.refuse(name, _("At most %(count)s days.", count=most))
        return tuple(sorted(found))

    def moment(self, name: str, zone: str) -> datetime | None:
        """A date and time of a `datetime-local` field in `zone`, as UTC; None when empty."""
        text = self.raw(name)
        if not text:
            return None
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(name, _("There is no time %(time)s. Write it like 2026-12-24 09:30.", time=text[:20]))
            return None
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if local.tzinfo is None else local.astimezone(UTC)

    def telephone(self, name: str, *, region: str = "", needed: bool = True) -> str:
        """A telephone number as E.164, "" when it cannot be read."""
        text = self.raw(name)
        if not text and not needed:
            return ""
        try:
            return parse(text, region=region)
        except NumberError:
            self.refuse(
                name,
                _("This is not a telephone number that exists. Write + and the country code, then the number.")
                if text
                else _("Give a telephone number."),
            )
            return ""


def local_text(moment: datetime | None, zone: str) -> str:
    """A moment as the text of a `datetime-local` field in `zone`."""
    return "" if moment is None else moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def plain(value: float) -> str:
    """A number as people write it: no needless zeros, no binary noise."""
    return f"{round(value, 4):g}"
