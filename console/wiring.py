"""The console as one blueprint behind one guard, and its place in the application."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Flask, get_flashed_messages, request

from console import (
    audience,
    calls,
    campaign_calendar,
    campaign_live,
    campaign_preflight,
    campaign_results,
    campaign_wizard,
    campaign_words,
    campaigns,
    consents,
    do_not_call,
    entrance,
    errors,
    event_rules,
    flow_campaigns,
    flow_editor,
    flow_import,
    flow_versions,
    flows,
    guard,
    integrations,
    language,
    lines,
    live,
    missed,
    naming,
    overview,
    people,
    phone,
    recordings,
    security,
    settings,
    speech_words,
    streams,
    test_calls,
    ticket_changes,
    translate,
    users,
    words,
)
from console.deps import EXTENSION, Deps
from console.navigation import navigation
from console.streams import Feed

PAGES = (
    entrance.blueprint,
    overview.blueprint,
    live.blueprint,
    calls.blueprint,
    recordings.blueprint,
    ticket_changes.blueprint,
    people.blueprint,
    flow_import.blueprint,
    flows.blueprint,
    flow_editor.blueprint,
    flow_versions.blueprint,
    flow_campaigns.blueprint,
    missed.blueprint,
    lines.blueprint,
    phone.blueprint,
    users.blueprint,
    settings.blueprint,
    streams.blueprint,
    campaigns.blueprint,
    campaign_wizard.blueprint,
    audience.blueprint,
    test_calls.blueprint,
    campaign_preflight.blueprint,
    campaign_live.blueprint,
    campaign_results.blueprint,
    campaign_calendar.blueprint,
    do_not_call.blueprint,
    consents.blueprint,
    event_rules.blueprint,
    integrations.blueprint,
)


def create_blueprint(pages: Iterable[Blueprint] = ()) -> Blueprint:
    """All pages under one name, "console", behind login, forgery check and headers.

    `pages` are further blueprints of the application that belong behind the same guard.
    """
    console = Blueprint(
        "console", __name__, static_folder="static", static_url_path="/assets", template_folder="templates"
    )
    console.before_request(guard.require_login)
    console.before_request(security.check_forgery)
    console.after_request(security.add_headers)
    for page in (*PAGES, *pages):
        console.register_blueprint(page)
    return console


def install(app: Flask, values: Deps, *, pages: Iterable[Blueprint] = ()) -> None:
    """Put the console into an application. The application's secret key must already be set."""
    app.extensions[EXTENSION] = values
    app.extensions[Feed.EXTENSION] = Feed(values.db, clock=values.clock, max_streams=values.max_streams)
    app.config.setdefault("RATELIMIT_STORAGE_URI", values.limiter_storage)
    app.config.setdefault("MAX_CONTENT_LENGTH", 32 * 1024 * 1024)
    security.configure(app, values)
    guard.configure(app)
    language.configure(app)
    entrance.limiter.init_app(app)
    errors.register(app)
    app.register_blueprint(create_blueprint(pages))
    app.context_processor(_page_values(values))
    words.register(app)
    campaign_words.register(app)
    speech_words.register(app)
    naming.register(app)
    settings.register(app)


def _page_values(values: Deps) -> Callable[[], dict[str, object]]:
    """What every template may use."""

    def add() -> dict[str, object]:
        return {
            "demo": values.demo,
            "languages": language.LANGUAGES,
            "navigation": navigation,
            "page_language": translate.language(),
            # Only a first guess, so that what a small screen folds away does not jump; the script then measures.
            "is_phone": "Mobi" in request.headers.get("User-Agent", ""),
            "now": values.clock(),
            "notices": get_flashed_messages,
        }

    return add
