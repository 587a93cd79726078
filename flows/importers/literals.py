"""Foreign texts and numbers as literals of our expressions, which nothing in them can leave."""

from __future__ import annotations

import re


def quoted(text: str) -> str:
    """A text literal. Holes end at the first closing braces outside quotes, so both kinds of quotes never meet."""
    plain = (
        no_holes(text)
        .replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\0", "")
    )
    if '"' in plain and "'" in plain:
        plain = plain.replace('"', "\u201d")
    quote = "'" if '"' in plain else '"'
    return f"{quote}{plain}{quote}"


def argument(text: str) -> str:
    """A text as the argument of a filter: without quotes of its own, and without a backslash's magic."""
    plain = re.sub(r'["\n\r]', " ", text)
    return f'"{plain}"'


def number_literal(text: str) -> str:
    """A number literal; "" for a text that is none."""
    plain = text.strip()
    return plain if re.fullmatch(r"-?(0|[1-9]\d{0,29})(\.\d{1,30})?", plain) else ""


def no_holes(text: str) -> str:
    """A text in which nothing is a hole."""
    return text.replace("{{", "{ {")
