"""The account's own telephone numbers and where their calls and messages go."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import phonenumbers

from simulator.sids import new_sid


@dataclass(kw_only=True)
class PhoneNumber:
    """One IncomingPhoneNumber. An empty `voice_url` means that calls to it end at once, as on Twilio."""

    sid: str
    phone_number: str
    created: str
    updated: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    voice: bool = True
    sms: bool = True


CONFIGURABLE = frozenset(field.name for field in fields(PhoneNumber)) - {"sid", "phone_number", "created", "updated"}


class NumberBook:
    """The account's numbers by E.164."""

    def __init__(self) -> None:
        self._numbers: dict[str, PhoneNumber] = {}

    def add(self, phone_number: str, now: datetime, **settings: Any) -> PhoneNumber:
        """Buy `phone_number`, or change its settings when it is already ours."""
        number = self._numbers.get(phone_number)
        if number is None:
            stamp = now.isoformat()
            number = PhoneNumber(
                sid=new_sid("PN"), phone_number=phone_number, created=stamp, updated=stamp, friendly_name=phone_number
            )
            self._numbers[phone_number] = number
        self.change(number, now, **settings)
        return number

    def change(self, number: PhoneNumber, now: datetime, **settings: Any) -> None:
        for name, value in settings.items():
            if name not in CONFIGURABLE:
                raise ValueError(f"A number has no setting {name!r}; it has {', '.join(sorted(CONFIGURABLE))}.")
            setattr(number, name, value)
        number.updated = now.isoformat()

    def get(self, phone_number: str) -> PhoneNumber | None:
        return self._numbers.get(phone_number)

    def by_sid(self, sid: str) -> PhoneNumber | None:
        return next((number for number in self._numbers.values() if number.sid == sid), None)

    def remove(self, number: PhoneNumber) -> None:
        self._numbers.pop(number.phone_number, None)

    def all(self) -> list[PhoneNumber]:
        return list(self._numbers.values())

    def as_rows(self) -> list[dict[str, Any]]:
        return [asdict(number) for number in self._numbers.values()]

    def restore(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self._numbers[row["phone_number"]] = PhoneNumber(**row)


def normalise(address: str) -> str | None:
    """E.164 without punctuation, `client:` and `sip:` addresses as they are; None when it is no telephone number."""
    if address.startswith(("client:", "sip:", "sips:")):
        return address if len(address.split(":", 1)[1]) > 0 else None
    try:
        parsed = phonenumbers.parse(address, None if address.startswith("+") else "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def country(address: str) -> str:
    """Two-letter region of a number, or an empty string, as Twilio sends for FromCountry."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(address)) or ""
    except phonenumbers.NumberParseException:
        return ""


def is_land_line(address: str) -> bool:
    """True when the number is certainly a fixed line, which no SMS reaches."""
    parsed = phonenumbers.parse(address)
    return (
        phonenumbers.is_valid_number(parsed)
        and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE
    )
