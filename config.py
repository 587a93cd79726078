"""Every setting once: its name, default and meaning, read from the environment into one frozen object."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SECRET_PREFIX = "LOOKUP_SECRET_"  # noqa: S105 - a prefix of names


class ConfigError(Exception):
    """The configuration cannot be used; the message says which setting and what to do."""


class Mode(StrEnum):
    """What the application is started for."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class Config(BaseModel):
    """The settings of one process. Environment variables carry the field's name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = Field(Mode.PRODUCTION, description="demo allows known passwords and plain http; production does not.")
    secret_key: str = Field("", description="Signs session cookies. 32 or more random characters.")
    database_url: str = Field("", description="sqlite:///path or postgresql://user@host/name. Empty: DATA_DIR.")
    data_dir: Path = Field(Path("var"), description="Folder for database, recordings, prompts and models.")
    public_base_url: str = Field("", description="How the phone company reaches this application: https://host[/path].")
    twilio_account_sid: str = Field("", description="Account SID: AC and 32 hexadecimal digits.")
    twilio_auth_token: str = Field("", description="Primary auth token; it signs webhooks and REST requests.")
    twilio_api_base_url: str = Field("https://api.twilio.com", description="REST address; the simulator's in the demo.")
    simulator_url: str = Field("", description="Address of the simulated carrier; empty when there is none.")
    simulator_token: str = Field("", description="Token of the simulated carrier's control interface.")
    organisation_name: str = Field("", description="The organisation's name, as text messages give it.")
    default_region: str = Field("CN", pattern="^[A-Z]{2}$", description="Country of numbers written without one.")
    default_language: str = Field("zh-CN", description="Language of callers we know nothing about (BCP-47).")
    time_zone: str = Field("Asia/Shanghai", description="The organisation's time zone (IANA name).")
    transfer_caller_id: str = Field("", description="Number shown to agents on transfers; empty: the service number.")
    message_sender: str = Field("", description="Number that SMS are sent from; empty: the service number called.")
    lookup_allowed_hosts: str = Field(
        "", description="Comma-separated host[:port] that lookups may reach although they are private or local."
    )
    flow_values: dict[str, Any] = Field(
        default_factory=dict, description='Values every flow starts with, as JSON: {"parcel_service": "https://…"}.'
    )
    stream_url: str = Field(
        "",
        description="Where the phone company opens live streams of calls: wss://host[/path] of the media server. "
        "Empty: no streams; calls keep the phone company's recogniser.",
    )
    media_bind: str = Field("127.0.0.1:8082", pattern=r"^.+:\d{1,5}$", description="host:port of the media server.")
    stream_captions: bool = Field(
        False, description="Marks in streams carry the words of each prompt, for the simulated carrier to show."
    )
    speech_engines: str = Field(
        "",
        description="Which engine hears what, where it is not to be the best one installed: "
        '"en:closed=pocketsphinx+whisper, zh:open=whisper".',
    )
    speech_models: Path | None = Field(None, description="Folder of further pocketsphinx models, one folder each.")
    speech_calls: int = Field(
        0, ge=0, le=10_000, description="Calls that are listened to at once; 0 for as many as the processors can."
    )
    http_voice_url: str = Field("", description="Address of a voice over HTTP, which flows name http; empty: none.")
    http_voice_token: str = Field("", description="Bearer token of that voice.")
    worker_threads: int = Field(2, ge=1, le=32, description="Jobs that the background worker does at once.")
    calls_per_second: float = Field(
        1.0, gt=0, le=100, description="Calls the provider account may start each second, over all campaigns."
    )
    max_live_calls: int = Field(50, ge=1, le=10_000, description="Calls the account may hold at once.")
    inbound_reserve: int = Field(5, ge=0, le=10_000, description="Of these, how many are kept free for callers.")
    dial_threads: int = Field(
        0, ge=0, le=128, description="Calls that one dialer asks for at once; 0 for as many as the pace needs."
    )
    api_rate_limit: str = Field("600 per minute", description="Requests that one API key may send.")
    queue_url: str = Field(
        "", description="Who carries work to workers: empty for Huey in the database, celery+<broker URL> for Celery."
    )
    web_threads: int = Field(32, ge=1, le=256, description="Requests that one web process serves at once.")
    proxy_hops: int = Field(
        0, ge=0, le=5, description="Reverse proxies in front that set X-Forwarded-For; for login limits by address."
    )
    clock_shift_s: int = Field(
        0, ge=0, le=86_400, description="Demo only: the desk's clock runs so far ahead, to show daytime at night."
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least severe level logged.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings. Raises ConfigError naming the variable that does not fit."""
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {
            name: environ[name.upper()] for name in cls.model_fields if environ.get(name.upper(), "") != ""
        }
        if "flow_values" in given:
            given["flow_values"] = _json_object("FLOW_VALUES", given["flow_values"])
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper()
            raise ConfigError(f"{name}: {first['msg']}. Set it as described in docs/reference/settings.md.") from error

    @property
    def effective_database_url(self) -> str:
        """The database URL, or the SQLite file below `data_dir`."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'ringback.db').resolve()}"

    @property
    def allowed_lookup_hosts(self) -> frozenset[str]:
        """Hosts (with port where given) that lookups may reach although they are private."""
        return frozenset(h.strip() for h in self.lookup_allowed_hosts.split(",") if h.strip())

    @property
    def organisation_names(self) -> dict[str, str]:
        """The name by language, for replies to text messages."""
        return {"en": self.organisation_name} if self.organisation_name else {}

    @property
    def clock_shift(self) -> timedelta:
        """How far the desk's clock is ahead; nothing outside demo mode."""
        return timedelta(seconds=self.clock_shift_s if self.mode is Mode.DEMO else 0)

    def require_ready(self) -> None:
        """Raise ConfigError for secrets that are missing or known, unless the mode is demo or test."""
        if self.mode is not Mode.PRODUCTION:
            return
        missing = [
            name.upper()
            for name in ("secret_key", "public_base_url", "twilio_account_sid", "twilio_auth_token")
            if not getattr(self, name)
        ]
        if missing:
            raise ConfigError(f"Set {', '.join(missing)} before starting (or MODE=demo to look around).")
        if len(self.secret_key) < 32 or len(set(self.secret_key)) < 10:
            raise ConfigError("SECRET_KEY is too easy to guess; give it 32 or more random characters.")


def _json_object(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{name} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise ConfigError(f"{name} must be a JSON object such as {{}}.")
    return value


def lookup_secrets(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Secrets for lookups: LOOKUP_SECRET_NAME=value becomes {"NAME": "value"}; flows say secret:NAME."""
    environ = os.environ if environ is None else environ
    return {key.removeprefix(SECRET_PREFIX): value for key, value in environ.items() if key.startswith(SECRET_PREFIX)}
