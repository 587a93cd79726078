"""Passwords: what is good enough, and how it is kept."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tickets.errors import InvalidValueError

SHORTEST = 10
LONGEST = 200

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id with 19 MiB and two passes: OWASP's recommendation (Password Storage Cheat Sheet, 2024)."""

_COMMON = ("password", "passw0rd", "qwerty", "letmein", "welcome", "iloveyou", "administrator", "ringback")


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise InvalidValueError, saying why, when a password is too easy to guess."""
    plain = password.strip().lower()
    if len(password) < SHORTEST:
        raise InvalidValueError(f"The password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise InvalidValueError(f"The password may have at most {LONGEST} characters.")
    if len(set(plain)) < 4:
        raise InvalidValueError("The password repeats too few characters.")
    if plain in (email.lower(), name.lower(), email.lower().split("@")[0]):
        raise InvalidValueError("The password must not be the name or the address.")
    if plain.strip("0123456789!@#$.") in _COMMON or plain in "01234567890123456789" or plain in "98765432109876543210":
        raise InvalidValueError("The password is one of the first that anybody would try.")


def verifies(password_hash: str | None, password: str, *, hasher: PasswordHasher = HASHER) -> bool:
    """Whether the password fits the hash; works as long when there is no hash."""
    try:
        hasher.verify(password_hash or _nobodys_hash(hasher), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None and len(password) <= LONGEST


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
