"""One rehearsal of the document and scenario that a request brings, among the desk's flows, samples and categories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ivr.rehearsal.errors import ScenarioError
from studio.deps import now, studio
from studio.doors.answers import document_of, flow_or_404, json_body
from studio.errors import Refused
from studio.library import published_documents
from studio.samples import with_samples
from studio.sentences import told
from studio.tests_of_flow import categories, read_scenario

T = TypeVar("T")


def rehearsed(name: str, play: Callable[..., T], **how: object) -> T:
    """What `play` of `ivr.rehearsal` makes of this request. Raises Refused when the scenario cannot be understood."""
    body = json_body()
    document, scenario = document_of(body, name), read_scenario(given_scenario(body))
    with studio().db.read() as s:
        try:
            return play(
                document,
                with_samples(s, flow_or_404(s, name), scenario),
                others=published_documents(s),
                now=now(),
                flow_values=studio().flow_values,
                categories=categories(s),
                **how,
            )
        except ScenarioError as error:
            raise Refused(error.sentence.told(told)) from error


def given_scenario(body: dict[str, Any]) -> dict[str, Any] | str:
    """The scenario of a request: as data, or as YAML. Raises Refused (422)."""
    found = body.get("scenario", body.get("yaml"))
    if not isinstance(found, dict | str):
        raise Refused(told("The request has no scenario."))
    return found
