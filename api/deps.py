"""What the API needs from outside; `app` fills it in once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import current_app

from callbacks.gate.policy import GatePolicy
from storage.database import Database

EXTENSION = "ringback_api"


@dataclass(frozen=True, kw_only=True)
class ApiDeps:
    """Everything a request needs.

    Attributes:
        clock: gives aware times in UTC.
        region: ISO 3166 country of numbers written without one, where neither request nor campaign says; "" for none.
        language: language of sentences for people, "en" or "zh".
        policy: the organisation's own limits, for "may we call?".
        rate_limit: per key, in the words of Flask-Limiter: "600 per minute".
        limiter_storage: where requests are counted; with several web processes not "memory://".
        max_body_bytes: larger bodies are refused.
        is_https: adds Strict-Transport-Security.
    """

    db: Database
    clock: Callable[[], datetime]
    region: str = ""
    language: str = "en"
    policy: GatePolicy = field(default_factory=GatePolicy)
    rate_limit: str = "600 per minute"
    limiter_storage: str = "memory://"
    max_body_bytes: int = 4 * 1024 * 1024
    is_https: bool = False


def deps() -> ApiDeps:
    """The dependencies of the application that serves this request."""
    return cast(ApiDeps, current_app.extensions[EXTENSION])
