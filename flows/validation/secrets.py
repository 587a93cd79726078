"""The rule that keeps passwords, tokens and keys out of documents."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from flows.validation.inspection import Inspection, walk
from flows.validation.rule import Finding, Rule

_PUT_IN = r"(?!secret:)(?!\{\{)"
"""What may stand where a secret would: the name of one, or a value of the call."""

_MIXED = r"(?=\S*(?:\d|[a-z][A-Z]))"
"""What tells a token from a word."""

FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:AC|SK)[0-9a-f]{32}\b"), "a Twilio account or key SID"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "an auth token"),
    (
        re.compile(rf"\b(?:Bearer|Basic)\s+{_PUT_IN}(?=\S*(?:\d|[a-z][A-Z]))[A-Za-z0-9+/_.=-]{{8,}}"),
        "an Authorization value",
    ),
    (re.compile(r"\b(?:sk|pk|rk)_(?:live|test)_[0-9A-Za-z]{10,}"), "a Stripe key"),
    (re.compile(r"\bgh[pousr]_[0-9A-Za-z]{20,}|\bgithub_pat_\w{20,}"), "a GitHub token"),
    (re.compile(r"\bAKIA[0-9A-Z]{16}\b"), "an AWS key"),
    (re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"), "a Slack token"),
    (re.compile(r"\bsk-[0-9A-Za-z_-]{20,}"), "an API key"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}"), "a signed token (JWT)"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(rf"(?i:\b[a-z][a-z0-9+.-]{{1,20}}://[^/\s:@]+:{_PUT_IN}[^/\s@]+@)"), "a password in a URL"),
    (
        re.compile(rf"(?i:[?&](?:api_?key|key|token|access_token|secret|password|sig)={_PUT_IN}[^&\s]{{6,}})"),
        "a key in a URL",
    ),
)
"""Shapes of secrets that are known."""

_ANY = re.compile("|".join(f"(?:{form.pattern})" for form, _ in FORMS))
"""One search for all of them: nearly every string has none."""

_NAMED = re.compile(
    r"(?i)(?:^|[._-])(?:authorization|password|passwd|pwd|secret|(?:x-)?api[_-]?key|(?:auth|access)[_-]?token|token|cookie)$"
)
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
LONG_KEY = "a long random key"
_MIN_ENTROPY = 3.9
"""Bits per character: 32 random base64 characters have about 4.4, English words without spaces about 3.6."""


def secret_in_document(flow: Inspection) -> Iterator[Finding]:
    """A string that looks like a secret."""
    document = flow.document
    places = [
        *flow.strings,
        *(("", f"variables.{name}.default", s) for name, v in document.variables.items() for _, s in walk(v.default)),
        *(("", f"notes.{place}.{path}", s) for place, note in enumerate(document.notes) for path, s in walk(note)),
        ("", "description", document.description),
    ]
    for node, path, text in places:
        what = describe_secret(path, text)
        if what:
            yield Finding(
                node=node,
                field=path,
                message=f"This looks like {what}; everybody who may see the flow can read it.",
                fix="Keep it in the environment and write secret:NAME here.",
            )


def describe_secret(path: str, text: str) -> str:
    """What kind of secret the string of a field looks like, "" if none."""
    if len(text) < 6 or text.startswith("secret:"):
        return ""
    shape = _shape_of(text)
    literal = " " not in text.strip() and not re.search(r"secret:\w|\{\{", text)
    if shape in ("", LONG_KEY) and literal and _NAMED.search(path):
        return "a literal " + path.rpartition(".")[2].lower()
    return "" if shape == LONG_KEY and path.endswith("audio") else shape


@lru_cache(maxsize=16_384)
def _shape_of(text: str) -> str:
    """What the text looks like by itself, "" for nothing special."""
    if _ANY.search(text):
        return next((what for form, what in FORMS if form.search(text)), "")
    return LONG_KEY if any(_is_random(match[0]) for match in _LONG.finditer(text)) else ""


def _is_random(text: str) -> bool:
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if kinds < 2 or text.count("-") + text.count("_") > len(text) / 6:
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return entropy >= _MIN_ENTROPY


RULES = (
    Rule(
        name="secret_in_document",
        title={"en": "A password, token or key stands in the document", "zh": "文档中含有密码、令牌或密钥"},
        check=secret_in_document,
    ),
)
