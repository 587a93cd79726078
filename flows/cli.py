"""`flask flows …`: lint, export, graph, schema and diff from the terminal. Other rooms add to the group.

The group runs without Flask: whoever mounts it gives click's context object a `db` (storage.database.Database) and a
`now()`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import click

from flows.diff import diff as compare
from flows.documents import FlowDocument, build, dump, from_json, parse
from flows.drafts import load_draft
from flows.drawing import draw, mermaid
from flows.errors import DocumentError, FlowError
from flows.plain import to_yaml
from flows.problems import Level, Problem
from flows.schema import document_schema
from flows.source import Source, read_source
from flows.validation import lint as find_problems
from flows.validation.speech_knowledge import speech_knowledge_of
from flows.versions import find_version, flow_names, latest, load_document
from storage.database import Database


class Context(Protocol):
    """What the commands need from the application."""

    @property
    def db(self) -> Database:
        """The database."""

    @property
    def flow_values(self) -> Mapping[str, Any]:
        """The organisation's values that every call starts with."""

    def now(self) -> datetime:
        """The time, aware, UTC."""


OUTPUT = click.Path(dir_okay=False, path_type=Path)
DRAFT = "draft"


@click.group("flows")
def flows_group() -> None:
    """Call flows: import, check, publish, export, draw, compare."""


@flows_group.command()
@click.argument("flows", nargs=-1, required=True, metavar="FILE|NAME...")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--offline", is_flag=True, help="Do not look into the database; calls of other flows are not checked.")
@click.pass_obj
def lint(context: Context, flows: tuple[str, ...], as_json: bool, offline: bool) -> None:
    """Say everything that is wrong with flows; the exit code is 1 if there is an error.

    A flow is a file, or the NAME of a stored one: its draft, or what is published where it has none.
    """
    known = None
    if not offline:
        with context.db.read() as session:
            known = flow_names(session)
    found: dict[str, list[Problem]] = {}
    for place in flows:
        try:
            source = _source(context, place)
            problems = find_problems(build(source), known_flows=known, speech=speech_knowledge_of(context))
            found[place] = [source.place(problem) for problem in problems]
        except DocumentError as error:
            found[place] = list(error.problems)
    if as_json:
        click.echo(json.dumps({f: [p.to_json() for p in ps] for f, ps in found.items()}, ensure_ascii=False, indent=2))
    else:
        _print(found)
    if any(p.level is Level.ERROR for problems in found.values() for p in problems):
        raise SystemExit(1)


@flows_group.command()
@click.argument("name")
@click.option("--version", "number", type=int, help="Number of the version; the published one without it.")
@click.option("--draft", is_flag=True, help="The draft instead of a version, half-made as it may be.")
@click.option("--output", type=OUTPUT, help="File to write instead of printing.")
@click.pass_obj
def export(context: Context, name: str, number: int | None, draft: bool, output: Path | None) -> None:
    """Print a stored flow as YAML."""
    if draft and number:
        raise click.UsageError("Give either --draft or --version.")
    write(to_yaml(_draft(context, name)) if draft else dump(_stored(context, name, number)), output)


@flows_group.command()
@click.argument("flow", metavar="FILE|NAME[@VERSION|@draft]")
@click.option("--format", "kind", type=click.Choice(["mermaid", "svg"]), default="mermaid")
@click.option("--output", type=OUTPUT, help="File to write instead of printing.")
@click.pass_obj
def graph(context: Context, flow: str, kind: str, output: Path | None) -> None:
    """Draw FLOW: a file, a published flow, or name@version, or name@draft."""
    document = _find(context, flow)
    write(mermaid(document) if kind == "mermaid" else draw(document, problems=find_problems(document)) + "\n", output)


@flows_group.command()
def schema() -> None:
    """Print the JSON Schema of flow documents."""
    click.echo(json.dumps(document_schema(), ensure_ascii=False, indent=2))


@flows_group.command()
@click.argument("before")
@click.argument("after")
@click.pass_obj
def diff(context: Context, before: str, after: str) -> None:
    """Compare two flows, each a file, a name, name@version or name@draft; the exit code is 1 if they differ."""
    found = compare(_find(context, before), _find(context, after))
    click.echo(str(found))
    if found:
        raise SystemExit(1)


def write(text: str, output: Path | None) -> None:
    """Write a text to the file, or to the terminal."""
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    else:
        click.echo(text, nl=False)


def _source(context: Context, place: str) -> Source:
    """The data of a file, or of a stored flow. Raises DocumentError for a file that cannot be read."""
    file = Path(place)
    if file.is_file():
        return read_source(file.read_bytes())
    with context.db.read() as session:
        try:
            draft = load_draft(session, place)
            data = draft.document if draft is not None else latest(session, place).document
        except FlowError as error:
            raise click.ClickException(f"{place} is neither a file nor a stored flow. {error}") from error
        return Source(data=dict(data))


def _find(context: Context, place: str) -> FlowDocument:
    if Path(place).is_file():
        try:
            return parse(Path(place).read_bytes())
        except DocumentError as error:
            raise click.ClickException(f"{place}: {error}") from error
    name, _, number = place.partition("@")
    if number == DRAFT:
        try:
            return from_json(_draft(context, name))
        except DocumentError as error:
            raise click.ClickException(f"The draft of {name} is not a flow that can run yet. {error}") from error
    if number and not number.isdecimal():
        raise click.ClickException(f"{place} is neither a file nor name@version.")
    return _stored(context, name, int(number) if number else None)


def _stored(context: Context, name: str, number: int | None) -> FlowDocument:
    try:
        with context.db.read() as session:
            return load_document(find_version(session, name, number) if number else latest(session, name))
    except FlowError as error:
        raise click.ClickException(str(error)) from error


def _draft(context: Context, name: str) -> dict[str, Any]:
    try:
        with context.db.read() as session:
            found = load_draft(session, name)
            data = None if found is None else dict(found.document)
    except FlowError as error:
        raise click.ClickException(str(error)) from error
    if data is None:
        raise click.ClickException(f"The flow {name} has no draft.")
    return data


def _print(found: dict[str, list[Problem]]) -> None:
    for place, problems in found.items():
        for problem in problems:
            click.echo(f"{place}: {problem}")
        if not problems:
            click.echo(f"{place}: no problems.")


__all__: list[Any] = ["Context", "flows_group", "write"]
