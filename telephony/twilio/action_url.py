"""The mark by which an answer that never came is told from one that did.

When a caller neither presses nor says anything, Twilio goes on with the verb after `<Gather>`; when a recording stays
empty, with the verb after `<Record>`. The verb that stands there is a `<Redirect>` to the same action with
`heard=nothing` in its query, so that every way out of a question arrives at one URL. The mark holds only ASCII letters,
because a signed URL with percent-encoded characters does not survive every proxy unchanged.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit, urlunsplit

NAME = "heard"
VALUE = "nothing"


def unanswered(action: str) -> str:
    """The action's URL with the mark added to its query; a fragment stays at the end."""
    parts = urlsplit(action)
    mark = f"{NAME}={VALUE}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{mark}" if parts.query else mark))


def is_unanswered(target: str) -> bool:
    """True when a request target (path and query, as sent) carries the mark."""
    query = target.partition("#")[0].partition("?")[2]
    return (NAME, VALUE) in parse_qsl(query, keep_blank_values=True)
