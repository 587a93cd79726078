"""Speaking the prompts of a newly published flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from audio.prompts import PromptItem, PromptReport
from flows.versions import FlowVersion, load_document
from ivr.deps import Deps
from ivr.house_prompts import prompts_of
from work.worker import JobCall, Retry

Prepare = Callable[[Iterable[PromptItem]], PromptReport]
AGAIN_S = 60.0


def make_prompts(deps: Deps, call: JobCall, *, prepare: Prepare) -> None:
    """Make the sounds of a version. Those that fail are tried again; callers hear the provider's voice meanwhile."""
    with deps.db.read() as db:
        version = db.get(FlowVersion, call.payload["version_id"])
        if version is None:
            return
        items = prompts_of(load_document(version))
    report = prepare(items)
    if any(failure.retryable for failure in report.failures):
        raise Retry(AGAIN_S, f"{len(report.failures)} prompts could not be spoken: {report.failures[0].reason}")
