"""Identifiers as Twilio spells them: two letters and 32 hex digits."""

import secrets
import uuid


def new_sid(prefix: str) -> str:
    """A fresh SID; `prefix` is CA (call), RE (recording), SM (message) and so on."""
    return prefix + secrets.token_hex(16)


def new_idempotency_token() -> str:
    """The value of I-Twilio-Idempotency-Token: one per event, the same on every retry of it."""
    return str(uuid.uuid4())
