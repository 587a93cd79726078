"""The studio's blueprints, and its place in the application. The console puts them behind its guard."""

from __future__ import annotations

from flask import Blueprint, Flask

from studio.deps import EXTENSION, StudioDeps
from studio.doors import documents, heating, publishing, replaying, testing, trying
from studio.doors.answers import failed_as_json, refused_as_json
from studio.errors import Refused

BLUEPRINTS: tuple[Blueprint, ...] = (
    documents.blueprint,
    publishing.blueprint,
    trying.blueprint,
    testing.blueprint,
    replaying.blueprint,
    heating.blueprint,
)
"""Every door of the studio, all below /studio."""

ERRORS = (400, 401, 403, 404, 405, 413, 415, 429, 500)

for _blueprint in BLUEPRINTS:
    _blueprint.register_error_handler(Refused, refused_as_json)
    # By code: the application's own handlers by code would come before one for every HTTPException.
    for _code in ERRORS:
        _blueprint.register_error_handler(_code, failed_as_json)


def install(app: Flask, values: StudioDeps) -> None:
    """Give the application's studio its values."""
    app.extensions[EXTENSION] = values
    # The order of a flow's nodes and languages has a meaning; Flask would sort the keys of every answer.
    app.json.sort_keys = False  # type: ignore[attr-defined]
