"""What can go wrong for a program that talks to us; each becomes a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One value that cannot be used. `field` is "body.cases.3.number", "query.after", "header.Idempotency-Key"."""

    field: str
    detail: str


class ApiError(Exception):
    """A request that cannot be served. The message is the problem's detail."""

    status = 400
    kind = "bad-request"

    def __init__(
        self, detail: str, *, errors: tuple[FieldError, ...] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})


class UnauthorizedError(ApiError):
    """No key, or none that is valid."""

    status = 401
    kind = "unauthorized"


class ForbiddenError(ApiError):
    """The key lacks the scope of this operation."""

    status = 403
    kind = "missing-scope"


class MissingError(ApiError):
    """There is nothing of that id."""

    status = 404
    kind = "not-found"


class ConflictError(ApiError):
    """What is asked for does not fit what there is: a state, another request under way."""

    status = 409
    kind = "conflict"


class MediaTypeError(ApiError):
    """The body is no JSON by its own account."""

    status = 415
    kind = "unsupported-media-type"


class InvalidError(ApiError):
    """A value that cannot be used; `errors` says which."""

    status = 422
    kind = "invalid"


class KeyReusedError(InvalidError):
    """An idempotency key that was used for another request."""

    kind = "idempotency-key-reused"


def invalid(name: str, detail: str) -> InvalidError:
    """One field that cannot be used, by its full name ("body.number")."""
    return InvalidError("A value cannot be used.", errors=(FieldError(field=name, detail=detail),))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of problem, as its page says it."""

    title: str
    text: str
    status: int = field(default=400)


KINDS: Mapping[str, Kind] = {
    "bad-request": Kind(title="The request cannot be read", text="The body is not JSON, or the request is broken."),
    "unauthorized": Kind(
        title="No valid API key", text="Send Authorization: Bearer rb_<id>_<secret> with a key in force.", status=401
    ),
    "missing-scope": Kind(title="The key may not do this", text="Give the key the scope named in detail.", status=403),
    "not-found": Kind(title="Not found", text="There is no such path, or nothing of that id.", status=404),
    "method-not-allowed": Kind(title="The path has no such method", text="See the header Allow.", status=405),
    "conflict": Kind(
        title="It does not fit what there is", text="Read it again; detail says what stands against it.", status=409
    ),
    "too-large": Kind(title="The body is too large", text="Send less at once.", status=413),
    "unsupported-media-type": Kind(
        title="The body must be JSON", text="Send Content-Type: application/json.", status=415
    ),
    "invalid": Kind(title="A value cannot be used", text="Each entry of errors names a field and why.", status=422),
    "idempotency-key-reused": Kind(
        title="The idempotency key was used for another request",
        text="A key belongs to one request for ever; send another key with another body.",
        status=422,
    ),
    "too-many-requests": Kind(title="Too many requests", text="Wait for Retry-After seconds.", status=429),
    "internal": Kind(title="We failed", text="Nothing was changed; try again later.", status=500),
}
"""Every kind of problem by its slug; `type` of a problem document is /api/problems/<slug>."""
