"""Check digits, through python-stdnum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from stdnum import damm, luhn, verhoeff
from stdnum.iso7064 import mod_11_2

CheckDigit = Literal["none", "luhn", "damm", "verhoeff", "mod11"]

_CHECKS: dict[str, Callable[[str], bool]] = {
    "none": lambda digits: True,
    "luhn": luhn.is_valid,
    "damm": damm.is_valid,
    "verhoeff": verhoeff.is_valid,
    "mod11": mod_11_2.is_valid,
}


def check_digit_fits(text: str, check: CheckDigit) -> bool:
    """True when the last character of the number fits the digits before it; letters are passed over.

    "mod11" is ISO 7064 MOD 11-2, whose check character may be X.
    """
    kept = "".join(c for c in text.upper() if c.isdigit() or (check == "mod11" and c == "X"))
    return check == "none" or bool(kept and _CHECKS[check](kept))
