"""Refusals of a phone company that a caller of `Provider` treats in its own way."""

from __future__ import annotations

from telephony.provider import ProviderError


class OptedOutError(ProviderError):
    """The recipient has told the phone company STOP. Store it as an opt-out; never send again."""


class InvalidNumberError(ProviderError):
    """The number that was to be called does not exist or can never be reached. Do not call it again."""


class OutcomeUnknownError(ProviderError):
    """The phone company may or may not have done what was asked: a time-out, a cut connection, a server error.

    Never retryable: ask the phone company what became of the request before asking again.
    """
