"""Why we call: the purpose decides which consent a call needs and which rules hold for it."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a call is for. An opt-out names one of these, or "all"."""

    DELIVERY = "delivery"
    INFORMATION = "information"
    FOLLOW_UP = "follow_up"
    SURVEY = "survey"
    MARKETING = "marketing"


ALL_PURPOSES = "all"
"""Stands for every purpose in an opt-out or a consent."""
