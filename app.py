"""The application: the only module that knows every room. It wires them; nothing below imports it."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from audio.catalogue import SpeechFolders
from audio.house_voice import HouseVoice
from audio.transcription import Transcriber
from audio.voices.base import Voice
from audio.voices.pyttsx3 import Pyttsx3Voice
from callbacks.effects import EFFECTS as CALLBACK_EFFECTS
from commands import register
from config import Config, ConfigError, Mode, lookup_secrets
from console import deps as console_deps
from console import scenario, wiring
from demo.settings import LOGINS, PASSWORD
from ivr import webhooks
from ivr.deps import Deps, PromptFile
from ivr.effects import EFFECTS, with_effects
from ivr.jobs import JobDeps
from ivr.lookup import LookupPolicy
from storage.database import Database
from storage.model_modules import MODEL_MODULES
from telephony.twilio.provider import TwilioProvider
from work.transport import Transport, attach, for_database

for _name in MODEL_MODULES:
    importlib.import_module(_name)


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Every room's door, each built when it is first needed, once per process.

    `clock` gives aware times in UTC; rehearsals and tests run on the clock of a simulated network.
    """

    config: Config
    clock: Callable[[], datetime] = utc_now

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self.clock()

    @cached_property
    def db(self) -> Database:
        """The database; jobs asked for in it are sent to the worker after each commit."""
        self.config.data_dir.mkdir(parents=True, exist_ok=True)
        db = Database(self.config.effective_database_url)
        self._to_undo.append(attach(db, self._transport_of(db)))
        return db

    @cached_property
    def _to_undo(self) -> list[Callable[[], None]]:
        return []

    @cached_property
    def transport(self) -> Transport:
        """What carries jobs to the worker."""
        return self._transport_of(self.db)

    @staticmethod
    def _transport_of(db: Database) -> Transport:
        return for_database(db)

    @cached_property
    def provider(self) -> TwilioProvider:
        """The phone company. Raises ProviderError when account or token is missing."""
        return TwilioProvider(
            self.config.twilio_account_sid,
            self.config.twilio_auth_token,
            self.config.public_base_url,
            self.config.twilio_api_base_url,
        )

    @cached_property
    def speaker(self) -> Voice:
        """The engine behind the house voice."""
        return Pyttsx3Voice()

    @cached_property
    def voice(self) -> HouseVoice:
        """The house voice, with what it has spoken so far."""
        return HouseVoice(self.config.data_dir / "prompts", self.speaker)

    @cached_property
    def speech_folders(self) -> SpeechFolders:
        """Where recogniser models are kept."""
        return SpeechFolders(models=self.config.data_dir / "models", cache=self.config.data_dir / "cache")

    @cached_property
    def transcriber(self) -> Transcriber:
        """Hears recordings."""
        return Transcriber(self.speech_folders)

    @cached_property
    def calls(self) -> Deps:
        """What calls need."""
        return Deps(
            db=self.db,
            provider=self.provider,
            public_base_url=self.config.public_base_url.rstrip("/"),
            clock=self.now,
            language=self.config.default_language,
            effects=with_effects(EFFECTS, CALLBACK_EFFECTS),
            prompt_key=self.voice.key,
            prompt_file=self._prompt_file,
            audio_dir=(self.config.data_dir / "audio").resolve(),
            flow_values=self.config.flow_values,
        )

    def _prompt_file(self, key: str) -> PromptFile | None:
        found = self.voice.sound(key)
        return None if found is None else PromptFile(path=found[0].resolve(), text=found[1])

    @cached_property
    def jobs(self) -> JobDeps:
        """What the worker's handlers need."""
        policy = LookupPolicy(secrets=lookup_secrets(), allowed_hosts=self.config.allowed_lookup_hosts)
        return JobDeps(
            deps=self.calls,
            recordings_dir=self.recordings_dir,
            transcribe=self.transcriber.transcribe_file,
            prepare_prompts=self.voice.prepare,
            lookups=policy,
        )

    @cached_property
    def recordings_dir(self) -> Path:
        """Where recordings are kept."""
        return (self.config.data_dir / "recordings").resolve()

    @cached_property
    def pages(self) -> console_deps.Deps:
        """What the pages need."""
        is_demo = self.config.mode is Mode.DEMO
        return console_deps.Deps(
            db=self.db,
            clock=self.now,
            recordings_dir=self.recordings_dir,
            simulator_url=self.config.simulator_url or None,
            simulator_token=self.config.simulator_token,
            public_base_url=self.config.public_base_url,
            prompt_text=self.voice.text,
            max_streams=max(2, self.config.web_threads // 3),
            demo=is_demo,
            demo_logins=tuple((email, PASSWORD, role) for email, role in LOGINS) if is_demo else (),
        )

    def close(self) -> None:
        """End child processes and connections that this process opened."""
        for name in ("speaker", "transcriber"):
            if name in self.__dict__:
                getattr(self, name).close()
        for undo in self._to_undo:
            undo()
        if "db" in self.__dict__:
            self.db.dispose()


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
    if house.config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=house.config.proxy_hops, x_proto=0)  # type: ignore[method-assign]
    app.register_blueprint(webhooks.create_blueprint(house.calls))
    wiring.install(app, house.pages)
    if house.config.mode is not Mode.PRODUCTION:
        app.register_blueprint(scenario.create_blueprint(house.db))


def _runs_a_command() -> bool:
    """Whether this is `flask --app app <command>` and not a server."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true" and "run" not in sys.argv[1:]
