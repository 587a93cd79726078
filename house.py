"""The house: every room's door, built when it is first needed. With `app` the only module that knows everyone."""

from __future__ import annotations

import importlib
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from api.deps import ApiDeps
from api.webhooks_out.delivering import Deliverer
from callbacks import jobs as callback_jobs
from callbacks.call_backs import recogniser
from callbacks.call_times import call_time
from callbacks.dialing.account import AccountPace
from callbacks.dialing.answer_versions import version_at_answer
from callbacks.dialing.clocks import clock_for
from callbacks.dialing.dialer import Dialer
from callbacks.dialing.following import follow
from callbacks.effects import EFFECTS as CALLBACK_EFFECTS
from callbacks.gate.policy import GatePolicy
from callbacks.texting import TextReceiver
from config import Config, Mode, lookup_secrets
from console import deps as console_deps
from console.flow_editor import studio_deps
from demo.settings import LOGINS, PASSWORD
from flows.validation.speech_knowledge import SpeechKnowledge
from house_sound import Sound
from ivr import jobs as call_jobs
from ivr.deps import Deps, PromptFile
from ivr.effects import EFFECTS, with_effects
from ivr.jobs import JobDeps
from ivr.lookup import LookupPolicy
from storage.database import Database
from storage.model_modules import MODEL_MODULES
from studio.deps import StudioDeps
from studio.sound import spoken_by
from telephony.twilio.provider import TwilioProvider
from work.transport import DIALS, JOBS, Transport, attach, for_url
from work.worker import GaveUp, Handler

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

    @property
    def flow_values(self) -> Mapping[str, Any]:
        """What every flow starts with."""
        return self.config.flow_values

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self.clock() + self.config.clock_shift

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

    def _transport_of(self, db: Database) -> Transport:
        return for_url(db, self.config.queue_url, JOBS)

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
    def sound(self) -> Sound:
        """What hears and speaks."""
        return Sound(self.config)

    @property
    def speech_knowledge(self) -> SpeechKnowledge:
        """What the lint may know of ears and voices here."""
        return self.sound.knowledge

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
            prompt_key=self.sound.prompts.key,
            prompt_file=self._prompt_file,
            audio_dir=(self.config.data_dir / "audio").resolve(),
            flow_values=self.flow_values,
            stream_url=self.config.stream_url,
            followers=(follow,),
            receptions=(recogniser(),),
            text_received=TextReceiver(
                clock=self.now,
                name=self.config.organisation_names,
                contact=self.config.message_sender,
                language=self.config.default_language.partition("-")[0],
            ),
            call_time=call_time(self.policy),
            versions_at_answer=(version_at_answer,),
        )

    @cached_property
    def policy(self) -> GatePolicy:
        """What the organisation itself asks of every call."""
        return GatePolicy(
            region=self.config.default_region,
            zone=self.config.time_zone,
            none_allowed=self.config.mode is not Mode.PRODUCTION,
        )

    def dialer(self) -> Dialer:
        """A dialer for this process; any number of processes may have one."""
        account = AccountPace(
            calls_per_second=self.config.calls_per_second,
            max_live=self.config.max_live_calls,
            inbound_reserve=self.config.inbound_reserve,
        )
        return Dialer(
            self.db,
            self.provider,
            # Every dialer claims for itself; a queue between its pacer and its threads need not leave the process.
            for_url(self.db, self.config.queue_url or "memory:", DIALS),
            self.calls,
            self.policy,
            account,
            clock_for(self.db, self.now, ahead=self.config.clock_shift),
            f"{socket.gethostname()[:40]} {os.getpid()}",
            workers=self.config.dial_threads or None,
        )

    def _prompt_file(self, key: str) -> PromptFile | None:
        found = self.sound.prompts.sound(key)
        return None if found is None else PromptFile(path=found[0].resolve(), text=found[1])

    @cached_property
    def jobs(self) -> JobDeps:
        """What the worker's handlers need."""
        return JobDeps(
            deps=self.calls,
            recordings_dir=self.recordings_dir,
            transcribe=self.sound.transcriber.transcribe_file,
            prepare_prompts=self.sound.prompts.prepare,
            lookups=self.lookups,
        )

    @cached_property
    def lookups(self) -> LookupPolicy:
        """Which other systems may be asked and told."""
        return LookupPolicy(secrets=lookup_secrets(), allowed_hosts=self.config.allowed_lookup_hosts)

    def job_handlers(self) -> Mapping[str, Handler]:
        """What the worker does, by kind of job."""
        return {
            **call_jobs.handlers(self.jobs),
            **callback_jobs.handlers(db=self.db, data_dir=self.config.data_dir.resolve(), clock=self.now),
            "deliver_webhook": Deliverer(db=self.db, clock=self.now, policy=self.lookups),
        }

    def job_endings(self) -> Mapping[str, GaveUp]:
        """What is noted when a job has failed for good, by kind."""
        return {
            **call_jobs.gave_up(self.jobs),
            **callback_jobs.gave_up(db=self.db, data_dir=self.config.data_dir.resolve(), clock=self.now),
        }

    @cached_property
    def programs(self) -> ApiDeps:
        """What the API needs."""
        return ApiDeps(
            db=self.db,
            clock=self.now,
            region=self.config.default_region,
            language=self.config.default_language.partition("-")[0],
            policy=self.policy,
            rate_limit=self.config.api_rate_limit,
            is_https=self.config.public_base_url.startswith("https://"),
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
            data_dir=self.config.data_dir.resolve(),
            region=self.config.default_region,
            policy=self.policy,
            account_calls_per_second=self.config.calls_per_second,
            account_max_live=self.config.max_live_calls - self.config.inbound_reserve,
            simulator_url=self.config.simulator_url or None,
            simulator_token=self.config.simulator_token,
            public_base_url=self.config.public_base_url,
            prompt_text=self.sound.prompts.text,
            max_streams=max(2, self.config.web_threads // 3),
            demo=is_demo,
            demo_logins=tuple((email, PASSWORD, role) for email, role in LOGINS) if is_demo else (),
        )

    @cached_property
    def studio(self) -> StudioDeps:
        """What the flow editor's doors need."""
        return studio_deps(
            db=self.db,
            clock=self.now,
            editor_dir=Path(__file__).resolve().parent / "flows" / "editor" / "dist",
            speak=spoken_by(self.sound.new_prompts()),
            flow_values=self.flow_values,
            policy=self.policy,
            speech_knowledge=self.speech_knowledge,
        )

    def close(self) -> None:
        """End child processes and connections that this process opened."""
        if "sound" in self.__dict__:
            self.sound.close()
        for undo in self._to_undo:
            undo()
        if "db" in self.__dict__:
            self.db.dispose()
