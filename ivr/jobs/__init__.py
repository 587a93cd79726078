"""What the background worker does for calls: one file per kind of job, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audio.prompts import PromptItem, PromptReport
from ivr.deps import Deps
from ivr.jobs.adopting import adopt_recording
from ivr.jobs.closing import close_call
from ivr.jobs.fetching import fetch_gave_up, fetch_recording
from ivr.jobs.looking_up import look_up
from ivr.jobs.prompting import Prepare, make_prompts
from ivr.jobs.recording import record_call, record_gave_up
from ivr.jobs.sending import message_gave_up, send_message
from ivr.jobs.transcribing import Transcribe, transcribe, transcribe_gave_up
from ivr.lookup import LookupPolicy
from ivr.machines import redirect_call
from work.worker import JobCall


def _no_prompts(_items: Iterable[PromptItem]) -> PromptReport:
    return PromptReport(keys={}, made=0, failures=())


@dataclass(frozen=True, kw_only=True)
class JobDeps:
    """What the handlers need beside `Deps`.

    Attributes:
        recordings_dir: where recordings are kept; made when missing.
        transcribe: hears a WAV file in a language, as `audio.transcription.Transcriber.transcribe_file`.
        prepare_prompts: speaks prompts ahead of calls, as `audio.house_voice.HouseVoice.prepare`.
        longest_transcribed_s: longer recordings are kept but not transcribed.
    """

    deps: Deps
    recordings_dir: Path
    transcribe: Transcribe
    prepare_prompts: Prepare = _no_prompts
    lookups: LookupPolicy = field(default_factory=LookupPolicy)
    longest_transcribed_s: int = 600


Handler = Callable[[JobCall], None]


def handlers(jobs: JobDeps) -> Mapping[str, Handler]:
    """Job kind to handler, for `work.worker.Worker`."""
    deps = jobs.deps

    def bound(function: Callable[..., None], **given: Any) -> Handler:
        return lambda call: function(deps, call, **given)

    return {
        "fetch_recording": bound(fetch_recording, recordings_dir=jobs.recordings_dir),
        "transcribe": bound(
            transcribe,
            recordings_dir=jobs.recordings_dir,
            hear=jobs.transcribe,
            longest_s=jobs.longest_transcribed_s,
        ),
        "send_message": bound(send_message),
        "lookup": bound(look_up, policy=jobs.lookups),
        "close_call": bound(close_call),
        "record_call": bound(record_call),
        "adopt_recording": bound(adopt_recording),
        "redirect_call": bound(redirect_call),
        "make_prompts": bound(make_prompts, prepare=jobs.prepare_prompts),
    }


def gave_up(jobs: JobDeps) -> Mapping[str, Callable[[JobCall, str], None]]:
    """What is noted when a job has failed for good."""
    deps = jobs.deps
    return {
        "fetch_recording": lambda call, reason: fetch_gave_up(deps, call, reason),
        "record_call": lambda call, reason: record_gave_up(deps, call, reason),
        "transcribe": lambda call, reason: transcribe_gave_up(deps, call, reason),
        "send_message": lambda call, reason: message_gave_up(deps, call, reason),
    }
