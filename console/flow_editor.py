"""The page that the flow editor lives on, and what the console tells the studio about page and reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy import select

from callbacks.gate.policy import GatePolicy
from console import lint_words, translate
from console.deps import deps
from console.guard import needs, viewer
from flows.validation import SpeechKnowledge
from flows.versions import Flow
from ivr.lines import Line
from storage.database import Database
from studio.deps import Speak, StudioDeps, StudioViewer, studio
from tickets.users import Role

blueprint = Blueprint("flow_editor", __name__)

SCRIPT, STYLE = "editor.js", "editor.css"


@blueprint.get("/flows/<name>/edit")
@needs(Role.OPS)
def page(name: str) -> str | tuple[str, int]:
    """The editor on one flow; ops see it read-only. 503 while the editor is not built."""
    with deps().db.read() as s:
        flow = s.scalar(select(Flow).where(Flow.name == name[:60]))
        if flow is None:
            abort(404)
        folder = studio().editor_dir
        built = _built(folder)
        shown = render_template(
            "flow_editor.html", flow=flow, mark=built, has_style=(folder / STYLE).is_file(), script=SCRIPT, style=STYLE
        )
    return shown if built else (shown, 503)


def _built(folder: Path) -> str:
    """A mark of the built script that changes with it, so that browsers take the new one; "" when there is none."""
    try:
        about = (folder / SCRIPT).stat()
    except OSError:
        return ""
    return f"{about.st_mtime_ns:x}"


def studio_deps(
    *,
    db: Database,
    clock: Callable[[], datetime],
    editor_dir: Path,
    speak: Speak | None = None,
    flow_values: Mapping[str, Any] | None = None,
    policy: GatePolicy | None = None,
    speech_knowledge: SpeechKnowledge | None = None,
) -> StudioDeps:
    """What the studio is given behind the console's guard: it reads in the page's language, for the signed-in user."""
    return StudioDeps(
        db=db,
        clock=clock,
        editor_dir=editor_dir,
        viewer=studio_viewer,
        speak=speak,
        flow_values=flow_values or {},
        policy=policy or GatePolicy(),
        speech_knowledge=speech_knowledge or SpeechKnowledge(),
        language=translate.language,
        localize=lint_words.localized,
        links=studio_links,
    )


def studio_viewer() -> StudioViewer:
    """The signed-in user, as the studio sees one."""
    user = viewer()
    return StudioViewer(id=user.id, name=user.name or user.email, role=user.role.value)


def studio_links(name: str) -> Mapping[str, str]:
    """Addresses of pages about a flow, for the editor."""
    with deps().db.read() as s:
        found = s.scalars(select(Line.number).join(Flow, Line.flow_id == Flow.id).where(Flow.name == name))
        number = min(found, default=None)
    flow_page = url_for("console.flows.page", name=name)
    return {
        "page": flow_page,
        "versions": f"{flow_page}#versions",
        "missed": f"{flow_page}/missed",
        "phone": url_for("console.phone.page", number=number),
        "calls": url_for("console.calls.listing", flow=name),
    }
