"""Import a flow: a file is chosen, the report says what becomes of it, and only then a draft is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import lint_words
from console.deps import deps, now
from console.flow_editor import studio_viewer
from console.guard import needs, viewer
from console.kept_uploads import KeptUpload, Wish, drop_upload, find_upload, keep_upload
from console.translate import gettext as _
from flows.importers import Form, Imported, ImportRefused, Item, import_file
from flows.importers.reading import MAX_BYTES
from flows.problems import Level
from flows.versions import flow_names
from studio import file_problems
from studio.errors import Refused
from studio.imports import standing_in_the_way, store_import
from studio.sentences import told
from tickets.users import Role

blueprint = Blueprint("flow_import", __name__)

FORMS = ("auto", "ringback", "studio", "floip")
MOST_SHOWN = 300
"""Lines of a list that the page shows; a flow of thousands of widgets has thousands of lines."""


@blueprint.get("/flows/import")
@needs(Role.ADMIN)
def page() -> str:
    """Choose a file."""
    return _form(Wish())


@blueprint.post("/flows/import")
@needs(Role.ADMIN)
def read() -> ResponseReturnValue:
    """Read the file and show the report. Nothing is stored but the file itself, until it is confirmed."""
    sent = request.files.get("file")
    wish = _wish(sent.filename if sent else "")
    if sent is None or not sent.filename:
        return _form(wish, error=_("Choose a file.")), 422
    data = sent.stream.read(MAX_BYTES + 1)
    try:
        imported = _import(wish, data)
    except ImportRefused as refused:
        return _form(wish, error=_said(refused.english, refused.values), refused=refused), 422
    token = keep_upload(deps().data_dir, wish, data, user_id=viewer().id, now=now())
    return _report(imported, KeptUpload(token=token, wish=wish, data=data))


@blueprint.post("/flows/import/<token>")
@needs(Role.ADMIN)
def keep(token: str) -> ResponseReturnValue:
    """Keep the imported flow as a draft and open the editor, or read it again under another name."""
    kept = find_upload(deps().data_dir, token, user_id=viewer().id)
    if kept is None:
        flash(_("The file is not kept any more; choose it again."), "error")
        return redirect(url_for(".page"), code=303)
    wish = replace(kept.wish, name=request.form.get("name", kept.wish.name).strip()[:80])
    kept = replace(kept, wish=wish)
    try:
        imported = _import(wish, kept.data)
    except ImportRefused as refused:
        return _form(wish, error=_said(refused.english, refused.values), refused=refused), 422
    try:
        with deps().db.write() as s:
            store_import(s, imported, by=studio_viewer(), now=now(), replace=request.form.get("replace") == "1")
    except Refused as refusal:
        return _report(imported, kept, error=refusal.sentence), refusal.status
    drop_upload(deps().data_dir, token)
    flash(_("The flow is kept as a draft. Callers hear nothing of it before it is published."), "success")
    return redirect(f"/flows/{imported.data['name']}/edit", code=303)


def _wish(file_name: str | None) -> Wish:
    form = request.form.get("form", "auto")
    texts = {key: request.form.get(key, "").strip()[:200] for key in ("name", "flow", "language")}
    return Wish(file_name=(file_name or "")[:200], form=form if form in FORMS else abort(400), **texts)


def _import(wish: Wish, data: bytes) -> Imported:
    with deps().db.read() as s:
        known = flow_names(s)
    return import_file(
        data,
        file_name=wish.file_name,
        form=cast(Form, wish.form),
        name=wish.name,
        flow=wish.flow,
        language=wish.language,
        known_flows=known,
        now=now(),
    )


def _form(wish: Wish, *, error: str = "", refused: ImportRefused | None = None) -> str:
    return render_template(
        "flow_import.html",
        wish=wish,
        forms=_forms(),
        error=error,
        refused=[file_problems.localized(lint_words.localized(p)) for p in refused.problems] if refused else (),
        imported=None,
    )


def _report(imported: Imported, kept: KeptUpload, *, error: str = "") -> str:
    name = str(imported.data.get("name", ""))
    with deps().db.read() as s:
        before = standing_in_the_way(s, name)
    problems = [lint_words.localized(problem) for problem in imported.problems]
    report = imported.report
    return render_template(
        "flow_import.html",
        wish=kept.wish,
        forms=_forms(),
        error=error,
        refused=(),
        imported=imported,
        token=kept.token,
        name=name,
        before=before,
        lists=[_listed("taken", report.taken), _listed("changed", report.changed), _listed("refused", report.refused)],
        problems=problems[:MOST_SHOWN],
        errors=sum(problem.level is Level.ERROR for problem in problems),
        warnings=sum(problem.level is Level.WARNING for problem in problems),
        form_name=dict(_forms())[report.format],
    )


def _listed(key: str, items: list[Item]) -> dict[str, Any]:
    """A list of the report as the page shows it, its sentences in the reader's language."""
    shown = [
        {"place": item.place, "what": item.what, "sentence": _said(item.english, item.values)}
        for item in items[:MOST_SHOWN]
    ]
    return {"key": key, "count": len(items), "items": shown, "more": max(0, len(items) - MOST_SHOWN)}


def _said(english: str, values: Mapping[str, str]) -> str:
    """A sentence in the reader's language, and the few words of ours among what it speaks of."""
    return told(english, **{n: file_problems.first_told(v) if n == "first" else told(v) for n, v in values.items()})


def _forms() -> list[tuple[str, str]]:
    return [
        ("auto", _("Find out by itself")),
        ("ringback", _("Ringback (YAML or JSON)")),
        ("studio", "Twilio Studio (JSON)"),
        ("floip", "FLOIP (JSON)"),
    ]
