"""`flask flows …`: lint, publish, export, graph, schema and diff from the terminal.

The group runs without Flask: whoever mounts it gives click's context object a `db` (storage.database.Database) and a
`now()`.
"""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import click

from flows.diff import diff as compare
from flows.documents import FlowDocument, build, dump, parse
from flows.drawing import draw, mermaid
from flows.errors import DocumentError, FlowError, PublishRefused
from flows.problems import Level, Problem
from flows.schema import document_schema
from flows.source import read_source
from flows.validation import lint as find_problems
from flows.versions import find_version, flow_names, latest, load_document
from flows.versions import publish as publish_document
from storage.database import Database


class Context(Protocol):
    """What the commands need from the application."""

    @property
    def db(self) -> Database:
        """The database."""

    def now(self) -> datetime:
        """The time, aware, UTC."""


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("flows")
def flows_group() -> None:
    """Call flows: check, publish, export, draw, compare."""


@flows_group.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--offline", is_flag=True, help="Do not look into the database; calls of other flows are not checked.")
@click.pass_obj
def lint(context: Context, files: tuple[Path, ...], as_json: bool, offline: bool) -> None:
    """Say everything that is wrong with flow documents; the exit code is 1 if there is an error."""
    known = None
    if not offline:
        with context.db.read() as session:
            known = flow_names(session)
    found: dict[str, list[Problem]] = {}
    for file in files:
        try:
            source = read_source(file.read_bytes())
            found[str(file)] = [source.place(p) for p in find_problems(build(source), known_flows=known)]
        except DocumentError as error:
            found[str(file)] = list(error.problems)
    if as_json:
        click.echo(json.dumps({f: [p.to_json() for p in ps] for f, ps in found.items()}, ensure_ascii=False, indent=2))
    else:
        _print(found)
    if any(p.level is Level.ERROR for problems in found.values() for p in problems):
        raise SystemExit(1)


@flows_group.command()
@click.argument("file", type=FILE)
@click.option("--note", default="", help="What changed.")
@click.option("--override", "override_reason", default="", metavar="REASON", help="Publish in spite of lint errors.")
@click.pass_obj
def publish(context: Context, file: Path, note: str, override_reason: str) -> None:
    """Make a document the version that new calls take."""
    document = _read(file)
    try:
        with context.db.write() as session:
            version = publish_document(
                session,
                document,
                by=f"terminal:{getpass.getuser()}",
                note=note,
                now=context.now(),
                override_reason=override_reason,
            )
            number = version.number
    except PublishRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{document.name}: version {number} is published.")


@flows_group.command()
@click.argument("name")
@click.option("--version", "number", type=int, help="Number of the version; the published one without it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write instead of printing.")
@click.pass_obj
def export(context: Context, name: str, number: int | None, output: Path | None) -> None:
    """Print a published flow as YAML."""
    _write(dump(_stored(context, name, number)), output)


@flows_group.command()
@click.argument("flow")
@click.option("--format", "kind", type=click.Choice(["mermaid", "svg"]), default="mermaid")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write instead of printing.")
@click.pass_obj
def graph(context: Context, flow: str, kind: str, output: Path | None) -> None:
    """Draw FLOW, a file or the name of a published flow."""
    document = _read(Path(flow)) if Path(flow).is_file() else _stored(context, flow, None)
    _write(mermaid(document) if kind == "mermaid" else draw(document, problems=find_problems(document)) + "\n", output)


@flows_group.command()
def schema() -> None:
    """Print the JSON Schema of flow documents."""
    click.echo(json.dumps(document_schema(), ensure_ascii=False, indent=2))


@flows_group.command()
@click.argument("before")
@click.argument("after")
@click.pass_obj
def diff(context: Context, before: str, after: str) -> None:
    """Compare two flows, each a file, a name, or name@version; the exit code is 1 if they differ."""
    found = compare(_find(context, before), _find(context, after))
    click.echo(str(found))
    if found:
        raise SystemExit(1)


def _find(context: Context, place: str) -> FlowDocument:
    if Path(place).is_file():
        return _read(Path(place))
    name, _, number = place.partition("@")
    if number and not number.isdecimal():
        raise click.ClickException(f"{place} is neither a file nor name@version.")
    return _stored(context, name, int(number) if number else None)


def _stored(context: Context, name: str, number: int | None) -> FlowDocument:
    try:
        with context.db.read() as session:
            return load_document(find_version(session, name, number) if number else latest(session, name))
    except FlowError as error:
        raise click.ClickException(str(error)) from error


def _read(file: Path) -> FlowDocument:
    try:
        return parse(file.read_bytes())
    except DocumentError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _write(text: str, output: Path | None) -> None:
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


def _print(found: dict[str, list[Problem]]) -> None:
    for file, problems in found.items():
        for problem in problems:
            click.echo(f"{file}: {problem}")
        if not problems:
            click.echo(f"{file}: no problems.")


__all__: list[Any] = ["Context", "flows_group"]
