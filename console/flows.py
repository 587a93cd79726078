"""Flows: the list, and each with its drawing, its lint and its versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from console import drawings, flow_summaries, lint_words, translate
from console.campaign_versions import campaigns_behind
from console.deps import deps, now
from console.flow_editor import studio_viewer
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _
from flows.documents import dump
from flows.errors import FlowError
from flows.saved_tests import FlowTest
from flows.validation import Level, lint
from flows.versions import Draft, Flow, FlowVersion, find_version, flow_names, load_document
from ivr.lines import Line
from ivr.missed import count_open
from studio.dependents import dependents
from studio.errors import Refused
from studio.opening import create_flow
from studio.versions import DRAFT, VersionEntry, document_at, versions_of
from tickets.users import Role

blueprint = Blueprint("flows", __name__)

LANGUAGES = ("zh-CN", "en-US", "en-GB", "zh-TW", "ko-KR", "ja-JP", "de-DE", "fr-FR", "es-ES")
"""Offered for a new flow; the editor takes others."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A way back that was not taken: why, and what was asked for, so that it can be sent again with a reason."""

    sentence: str
    blockers: tuple[str, ...]
    number: int
    note: str


@blueprint.get("/flows")
def listing() -> str:
    """Every flow with its version in force, its draft, its numbers and its traffic."""
    with deps().db.read() as s:
        return _listing(s, FormView(values={"languages": "zh-CN"}))


def _listing(s: Session, form: FormView, chosen: tuple[str, ...] = ("zh-CN", "en-US")) -> str:
    words, state = request.args.get("q", "")[:100].strip(), request.args.get("state", "")
    state = state if state in flow_summaries.STATES else ""
    return render_template(
        "flows.html",
        summaries=flow_summaries.summaries(s, now(), words=words, state=state),
        every=s.execute(select(Flow.name, Flow.title).order_by(Flow.name)).all(),
        words=words,
        state=state,
        form=form,
        chosen=chosen,
        languages_offered=LANGUAGES,
        may_edit=viewer().may(Role.ADMIN),
    )


@blueprint.post("/flows")
@needs(Role.ADMIN)
def add() -> ResponseReturnValue:
    """A new flow, empty or a copy; the editor opens."""
    fields = Fields(request.form)
    title = fields.text("title", most=120, needed=_("Give the flow a title; callers never hear it."))
    with deps().db.read() as s:
        name = fields.raw("name") or name_of(title) or _free_name(s)
    languages = tuple(tag for tag in fields.many("language") if tag in LANGUAGES)
    try:
        if not fields.errors:
            with deps().db.write() as s:
                create_flow(
                    s,
                    name=name,
                    title=title,
                    languages=languages,
                    source=fields.raw("source"),
                    by=studio_viewer(),
                    now=now(),
                    language=translate.language(),
                )
    except Refused as refused:
        fields.refuse("name", refused.sentence)
    if fields.errors:
        with deps().db.read() as s:
            return _listing(s, fields.view(), languages), 422
    return redirect(f"/flows/{name}/edit", code=303)


def name_of(title: str) -> str:
    """A flow's name made of its title: "Parcel line 2" gives parcel_line_2; "" when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_").lstrip("0123456789_")[:60].strip("_")


def _free_name(s: Session) -> str:
    """A key for a flow whose title has no Latin letter: flow_1, flow_2, the first that is free."""
    taken = set(s.scalars(select(Flow.name).where(Flow.name.like("flow%"))))
    return next(name for number in count(1) if (name := f"flow_{number}") not in taken)


@blueprint.get("/flows/<name>")
def page(name: str) -> str:
    """One flow: the version in force, or the one asked for."""
    with deps().db.read() as s:
        return flow_page(s, name)


def flow_page(s: Session, name: str, refusal: Refusal | None = None) -> str:
    """The page of a flow; `refusal` is what stopped somebody from going back."""
    flow = find(s, name)
    versions = versions_of(s, flow.name)
    version = _version(s, versions, flow)
    draft = s.get(Draft, flow.id)
    in_force = s.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    values: dict[str, Any] = {"problems": [], "drawing": None, "document": None, "unreadable": ""}
    if version is not None:
        values |= _read(s, version)
    document = values["document"]
    lines = select(Line).where(or_(Line.flow_id == flow.id, Line.closed_flow_id == flow.id)).order_by(Line.number)
    return render_template(
        "flow.html",
        flow=flow,
        versions=versions,
        version=version,
        draft=flow_summaries.draft_state(draft, in_force, flow_names(s), now()) if draft else None,
        lines=list(s.scalars(lines)),
        used_by=[found for found in dependents(s, flow.name, document, document) if found.kind != "line"]
        if document
        else [],
        tests=s.scalar(select(func.count()).select_from(FlowTest).where(FlowTest.flow_id == flow.id)) or 0,
        behind=campaigns_behind(s, flow),
        refusal=refusal,
        may_read=viewer().may(Role.OPS),
        may_edit=viewer().may(Role.ADMIN),
        **values,
    )


@blueprint.get("/flows/<name>/missed-count")
@needs(Role.OPS)
def missed_count(name: str) -> str:
    """How much waits in the queue of what was missed: the page's button gets it later, as it looks at many calls."""
    with deps().db.read() as s:
        return render_template("_missed_count.html", waiting=count_open(s, find(s, name).name))


def find(s: Session, name: str) -> Flow:
    """The flow of this name; 404 when there is none."""
    flow = s.scalar(select(Flow).where(Flow.name == name[:100]))
    return flow if flow is not None else abort(404)


@blueprint.get("/flows/<name>.yaml")
@needs(Role.OPS)
def export(name: str) -> ResponseReturnValue:
    """The version in force, one by its number, or the draft, as a YAML file."""
    with deps().db.read() as s:
        flow = find(s, name)
        wanted = re.sub(r"[^a-z0-9]", "", request.args.get("version", ""))[:10]
        try:
            text = dump(document_at(s, flow.name, wanted or _current(s, flow)))
        except Refused as refused:
            flash(refused.sentence, "error")
            return redirect(url_for("console.flows.page", name=flow.name), code=303)
    file = f"{flow.name}_{wanted}.yaml" if wanted else f"{flow.name}.yaml"
    return Response(
        text,
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "private, no-store"},
    )


def _current(s: Session, flow: Flow) -> str:
    """What is in force, else the draft."""
    version = s.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    return str(version.number) if version else DRAFT


def _version(s: Session, versions: list[VersionEntry], flow: Flow) -> FlowVersion | None:
    wanted = request.args.get("version", type=int)
    if wanted is not None and request.method == "GET":
        return find_version(s, flow.name, wanted) if any(v.number == wanted for v in versions) else abort(404)
    shown = next((v for v in versions if v.in_force), versions[0] if versions else None)
    return s.get(FlowVersion, shown.id) if shown else None


def _read(s: Session, version: FlowVersion) -> dict[str, Any]:
    try:
        document = load_document(version)
    except FlowError as error:
        return {"unreadable": str(error)}
    problems = lint(document, known_flows=flow_names(s), now=now())
    problems = sorted(problems, key=lambda p: (p.level is not Level.ERROR, p.node, p.field))
    told = [lint_words.localized(p) for p in problems]
    return {
        "document": document,
        "problems": list(zip(told, problems, strict=True)),
        "drawing": drawings.picture(document, problems=told),
    }
