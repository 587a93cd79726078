"""The audience of a campaign: a list comes in, its columns are named, it is checked, imported, taken back."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from callbacks import campaigns
from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.cases import NewCase, create_case
from callbacks.errors import CallbacksError, ImportFileError
from callbacks.importing.running import dry_run, run_import
from callbacks.importing.starting import receive, set_header, set_mapping, start_import
from callbacks.importing.undoing import undo
from console import import_sentences
from console.deps import deps, now
from console.form_fields import Fields
from console.guard import needs, viewer
from console.translate import gettext as _
from console.wizard_audience import (
    BUSY,
    RESULTS,
    error_path,
    languages_of,
    regions,
    row_errors,
    targets,
    variables_of_flow,
)
from console.wizard_steps import LABELS, find_campaign, locked, steps
from tickets.users import Role

blueprint = Blueprint("audience", __name__)


@blueprint.post("/campaigns/<int:campaign_id>/audience")
@needs(Role.OPS)
def upload(campaign_id: int) -> ResponseReturnValue:
    """Keep a file, or what was pasted, and go on to its columns."""
    sent = request.files.get("file")
    pasted = request.form.get("pasted", "")
    region = request.form.get("region", "")
    if sent is not None and sent.filename:
        name, stream = sent.filename, cast(BinaryIO, sent.stream)
    elif pasted.strip():
        name, stream = "pasted.csv", BytesIO(pasted.encode())
    else:
        return _back(campaign_id, _("Choose a file, or paste some rows."))
    try:
        received = receive(stream, deps().data_dir)
    except CallbacksError as error:
        return _back(campaign_id, import_sentences.local(str(error)))
    with deps().db.write() as s:
        campaign = find_campaign(s, campaign_id)
        try:
            if region in dict(regions()) and region != campaign.region:
                campaigns.edit(s, campaign, {"region": region}, by=viewer().name, now=now())
            made = start_import(
                s,
                campaign,
                file_name=name,
                stream=received,
                data_dir=deps().data_dir,
                by=viewer().name,
                now=now(),
            )
        except CallbacksError as error:
            s.rollback()
            return _back(campaign_id, import_sentences.local(str(error)))
        return redirect(url_for(".page", campaign_id=campaign_id, import_id=made.id), code=303)


def _back(campaign_id: int, sentence: str, kind: str = "error") -> ResponseReturnValue:
    flash(sentence, kind)
    return redirect(url_for("console.campaign_wizard.page", campaign_id=campaign_id, step="audience"), code=303)


def _find(s: Session, campaign_id: int, import_id: int) -> tuple[Campaign, AudienceImport]:
    campaign, made = find_campaign(s, campaign_id), s.get(AudienceImport, import_id)
    if made is None or made.campaign_id != campaign.id:
        abort(404)
    return campaign, made


@blueprint.get("/campaigns/<int:campaign_id>/audience/<int:import_id>")
@needs(Role.OPS)
def page(campaign_id: int, import_id: int) -> ResponseReturnValue:
    """One list: its columns while they can be named, its progress, its counts and errors."""
    with deps().db.read() as s:
        campaign, made = _find(s, campaign_id, import_id)
        if request.headers.get("HX-Request"):
            if made.state not in BUSY:
                return "", 200, {"HX-Refresh": "true"}
            return render_template("audience_progress.html", campaign=campaign, made=made)
        return _page(s, campaign, made)


def _page(s: Session, campaign: Campaign, made: AudienceImport, *, wrong: str = "") -> str:
    mapping: dict[str, str] = dict(made.mapping)
    if wrong:
        mapping |= {name: request.form.get(f"column_{i}", "") for i, name in enumerate(made.header)}
    samples = [[row[i] if i < len(row) else "" for row in made.sample] for i in range(len(made.header))]
    return render_template(
        "audience_list.html",
        campaign=campaign,
        made=made,
        step="audience",
        steps=steps(s, campaign, "audience"),
        labels=LABELS,
        locked=locked(campaign),
        columns=list(zip(made.header, samples, strict=True)),
        mapping=mapping,
        targets=targets(s, campaign, made),
        missing=_missing(s, campaign, mapping),
        errors=row_errors(made),
        has_error_file=error_path(made) is not None,
        results=RESULTS,
        busy=BUSY,
        wrong=wrong,
        local=import_sentences.local,
    )


def _missing(s: Session, campaign: Campaign, mapping: dict[str, str]) -> list[str]:
    """Variables that the flow wants and that neither a column nor a default gives."""
    given = {target.removeprefix("var:") for target in mapping.values()}
    return [
        name
        for name, wanted in variables_of_flow(s, campaign).items()
        if name not in given and wanted.default is None and campaign.defaults.get(name) in (None, "")
    ]


@blueprint.post("/campaigns/<int:campaign_id>/audience/<int:import_id>")
@needs(Role.OPS)
def act(campaign_id: int, import_id: int) -> ResponseReturnValue:
    """Say whether there is a header, name the columns, check, import, take back."""
    deed = request.form.get("deed", "")
    with deps().db.write() as s:
        campaign, made = _find(s, campaign_id, import_id)
        try:
            _do(s, made, deed)
        except CallbacksError as error:
            s.rollback()
            campaign, made = _find(s, campaign_id, import_id)
            return _page(s, campaign, made, wrong=import_sentences.local(str(error))), 422
    return redirect(url_for(".page", campaign_id=campaign_id, import_id=import_id), code=303)


def _do(s: Session, made: AudienceImport, deed: str) -> None:
    if deed == "header":
        set_header(s, made, has_header=not made.has_header, data_dir=deps().data_dir)
    elif deed == "undo":
        undo(s, made, by=viewer().name, now=now())
    elif deed in ("check", "import"):
        if any(name.startswith("column_") for name in request.form):
            sent = {name: request.form.get(f"column_{i}", "") for i, name in enumerate(made.header)}
            own = {name: _own(target, name) for name, target in sent.items()}
            set_mapping(s, made, own, duplicates="allow" if request.form.get("allow") else "skip")
        if deed == "check":
            dry_run(s, made, now=now())
        else:
            run_import(s, made, now=now())
    elif deed == "again":
        if made.state != ImportState.CHECKED:
            raise ImportFileError("Upload the list again.")
        made.state = ImportState.UPLOADED
    else:
        abort(400)


def _own(target: str, name: str) -> str:
    """A column that becomes a variable of its own gets a name that a flow can say."""
    if target != "own":
        return target
    plain = "".join(c if c.isalnum() else "_" for c in name.casefold()).strip("_")[:60]
    return f"var:{plain}" if plain and not plain[0].isdigit() else f"var:column_{plain}"[:64]


@blueprint.get("/campaigns/<int:campaign_id>/audience/<int:import_id>/errors.csv")
@needs(Role.OPS)
def error_file(campaign_id: int, import_id: int) -> Response:
    """The refused rows as they were, with the column and the reason before them."""
    with deps().db.read() as s:
        _campaign, made = _find(s, campaign_id, import_id)
        path = error_path(made)
        if path is None:
            abort(404)
        stem = made.file_name.rpartition(".")[0] or made.file_name
    return send_file(path, mimetype="text/csv", as_attachment=True, download_name=f"{stem}-errors.csv")


@blueprint.post("/campaigns/<int:campaign_id>/audience/person")
@needs(Role.OPS)
def add_person(campaign_id: int) -> ResponseReturnValue:
    """Add one person."""
    fields = Fields(request.form)
    with deps().db.write() as s:
        campaign = find_campaign(s, campaign_id)
        number = fields.telephone("person_number", region=campaign.region or deps().region)
        wanted = variables_of_flow(s, campaign)
        values: dict[str, Any] = {n: v for n in wanted if (v := fields.text(f"var_{n}", most=500))}
        language = fields.choice("person_language", {"", *languages_of(s, campaign)})
        new = NewCase(
            number=number,
            name=fields.text("person_name", most=200),
            reference=fields.text("person_reference", most=200),
            language=language,
            variables=values,
            key=f"manual:{campaign.id}:{uuid.uuid4()}",
            source="manual",
        )
        if not fields.errors:
            try:
                create_case(s, campaign, new, now())
            except CallbacksError as error:
                fields.refuse("person_number", import_sentences.local(str(error)))
        if fields.errors:
            s.rollback()
            return _back(campaign_id, next(iter(fields.errors.values())))
    return _back(campaign_id, _("The person was added."), "done")
