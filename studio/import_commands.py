"""`flask flows import`: a foreign flow from the terminal, as a report, a document, and a draft if wanted."""

from __future__ import annotations

import getpass
import json
from collections.abc import Collection, Mapping
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from flows.cli import Context, flows_group, write
from flows.documents import dump
from flows.importers import FORM_NAMES, Form, Imported, ImportRefused, Item, import_file
from flows.plain import to_yaml
from flows.versions import flow_names
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.imports import store_import

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TERMINAL = 0
"""No user is signed in at a terminal; the audit then names none."""


@flows_group.command("import")
@click.argument("file", type=FILE)
@click.option("--format", "form", type=click.Choice(["auto", *FORM_NAMES]), default="auto", show_default=True)
@click.option("--flow", default="", help="Which flow of the file, when it has several: its name or UUID.")
@click.option("--name", default="", help="The name the flow shall have here.")
@click.option("--language", default="", help="Its language where the file names none, or the one to take of several.")
@click.option("--json", "as_json", is_flag=True, help="Print report, lint and document as JSON.")
@click.option("--draft", is_flag=True, help="Keep it as the flow's draft.")
@click.option("--replace", is_flag=True, help="With --draft: also when there is such a flow already.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File for the document.")
@click.pass_obj
def import_command(
    context: Context,
    file: Path,
    form: Form,
    flow: str,
    name: str,
    language: str,
    as_json: bool,
    draft: bool,
    replace: bool,
    output: Path | None,
) -> None:
    """Read a flow of another program (Twilio Studio, FLOIP) or one of ours.

    The report goes to the standard error, the document to the standard output; with --json both are one object. The
    exit code is 1 when the file is refused, and then nothing is written or stored.
    """
    known = _known_flows(context, needed=draft)
    try:
        imported = import_file(
            file.read_bytes(),
            file_name=file.name,
            form=form,
            flow=flow,
            name=name,
            language=language,
            known_flows=known,
            now=context.now(),
        )
        if draft:
            _store(context, imported, replace)
    except ImportRefused as refused:
        if as_json:
            problems = [problem.to_json() for problem in refused.problems]
            click.echo(json.dumps({"error": refused.sentence, "problems": problems}, ensure_ascii=False, indent=2))
            raise SystemExit(1) from refused
        raise click.ClickException(f"{file}: {refused}") from refused
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    _tell(imported, as_json, draft, output)


def _known_flows(context: Context, *, needed: bool) -> Mapping[str, Collection[str]] | None:
    """The published flows, for the lint; None when there is no database yet and none is needed."""
    try:
        with context.db.read() as session:
            return flow_names(session)
    except DBAPIError:
        if needed:
            raise
        return None


def _store(context: Context, imported: Imported, replace: bool) -> None:
    by = StudioViewer(id=TERMINAL, name=f"terminal:{getpass.getuser()}", role="admin")
    with context.db.write() as session:
        store_import(session, imported, by=by, now=context.now(), replace=replace)


def _tell(imported: Imported, as_json: bool, draft: bool, output: Path | None) -> None:
    document = dump(imported.document) if imported.document is not None else to_yaml(imported.data)
    if as_json:
        click.echo(json.dumps(imported.to_json(), ensure_ascii=False, indent=2))
    else:
        report = imported.report
        _section("Taken over", report.taken)
        _section("Changed meaning", report.changed)
        _section("Could not be", report.refused)
        click.echo("Lint:" if imported.problems else "Lint: no problems.", err=True)
        for problem in imported.problems:
            click.echo(f"  {problem}", err=True)
    if output is not None or not as_json:
        write(document, output)
    if draft:
        click.echo(f"{imported.data['name']}: kept as draft.", err=True)


def _section(title: str, items: list[Item]) -> None:
    click.echo(f"{title}: {len(items)}", err=True)
    for item in items:
        place = ", ".join(part for part in (item.place, item.what) if part)
        click.echo(f"  {place}: {item.sentence}", err=True)
