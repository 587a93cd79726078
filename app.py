"""The application: webhooks, pages and the API on one house. Nothing below imports it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from api.app import create_api
from commands import register
from config import Config, ConfigError, Mode
from console import scenario, wiring
from house import House, utc_now
from ivr import webhooks
from studio import wiring as studio_wiring


def create_app(config: Config | None = None, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """Build the web application; its house stands in `app.extensions["house"]`.

    Raises ConfigError when a secret is missing outside demo mode. Commands such as `flask doctor` then run all the
    same, without any page.
    """
    config = config or Config.from_environment()
    logging.basicConfig(level=config.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    house = House(config, clock)
    app = Flask(__name__, static_folder=None)
    app.extensions["house"] = house
    register(app, house)
    try:
        config.require_ready()
    except ConfigError:
        if not _runs_a_command():
            raise
        return app
    _open_doors(app, house)
    return app


def _open_doors(app: Flask, house: House) -> None:
    """Webhooks and pages."""
    app.secret_key = house.config.secret_key
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/api": create_api(house.programs)})  # type: ignore[method-assign]
    if house.config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=house.config.proxy_hops, x_proto=0)  # type: ignore[method-assign]
    app.register_blueprint(webhooks.create_blueprint(house.calls))
    studio_wiring.install(app, house.studio)
    wiring.install(app, house.pages, pages=studio_wiring.BLUEPRINTS)
    if house.config.mode is not Mode.PRODUCTION:
        app.register_blueprint(scenario.create_blueprint(house.db))


def _runs_a_command() -> bool:
    """Whether this is `flask --app app <command>` and not a server."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true" and "run" not in sys.argv[1:]
