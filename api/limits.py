"""So many requests per key and minute; the headers say how many are left."""

from __future__ import annotations

import time

from apiflask import APIFlask
from flask import Response, g, request
from flask_limiter import Limiter

from api.deps import ApiDeps


def register(app: APIFlask, values: ApiDeps) -> None:
    """Count every operation's requests by API key, or by address where there is no key in force."""
    limiter = Limiter(
        key_func=_who,
        application_limits=[values.rate_limit],
        application_limits_exempt_when=_is_documentation,
        storage_uri=values.limiter_storage,
        strategy="fixed-window",
        key_prefix="api",
        headers_enabled=False,
    )
    limiter.init_app(app)

    @app.after_request
    def tell(answer: Response) -> Response:
        limit = limiter.current_limit
        if limit is not None:
            wait_s = max(0, limit.reset_at - int(time.time()))
            answer.headers["RateLimit-Limit"] = str(limit.limit.amount)
            answer.headers["RateLimit-Remaining"] = str(limit.remaining)
            answer.headers["RateLimit-Reset"] = str(wait_s)
            if answer.status_code == 429:
                answer.headers["Retry-After"] = str(max(1, wait_s))
        return answer


def _who() -> str:
    key = g.get("api_key")
    return f"key:{key.id}" if key is not None else f"address:{request.remote_addr}"


def _is_documentation() -> bool:
    return (request.endpoint or "").startswith(("docs.", "openapi."))
