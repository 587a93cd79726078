"""`flask flows publish` and `flask flows roll-back`: the same checks in the terminal as in the editor."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from flows.cli import Context, flows_group
from flows.documents import parse
from flows.errors import DocumentError
from flows.problems import Level
from flows.validation.speech_knowledge import speech_knowledge_of
from studio.errors import Refused
from studio.previewing import preview
from studio.publishing import publish_document
from studio.versions import roll_back

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@flows_group.command("publish")
@click.argument("file", type=FILE)
@click.option("--note", default="", help="What changed.")
@click.option(
    "--override",
    "override_reason",
    default="",
    metavar="REASON",
    help="Publish in spite of lint errors, failing tests and what would break.",
)
@click.pass_obj
def publish(context: Context, file: Path, note: str, override_reason: str) -> None:
    """Make a document the version that new calls take. The flow's saved tests run first."""
    try:
        document = parse(file.read_bytes())
    except DocumentError as error:
        raise click.ClickException(f"{file}: {error}") from error
    now, speech = context.now(), speech_knowledge_of(context)
    with context.db.read() as session:
        looked = preview(session, document, now=now, flow_values=context.flow_values, speech=speech)
    if looked.blockers and not override_reason.strip():
        errors = [str(problem) for problem in looked.problems if problem.level is Level.ERROR]
        raise click.ClickException("\n  ".join(["Nothing was published.", *looked.blockers, *errors]))
    try:
        with context.db.write() as session:
            version = publish_document(
                session,
                document,
                by=_me(),
                note=note,
                now=now,
                override_reason=override_reason,
                looked=looked,
                flow_values=context.flow_values,
                speech=speech,
            )
            number = version.number
    except Refused as error:
        raise click.ClickException(_whole(error)) from error
    click.echo(f"{document.name}: version {number} is published.")


@flows_group.command("roll-back")
@click.argument("name")
@click.argument("number", type=int)
@click.option("--note", default="", help="Why.")
@click.option("--override", "override_reason", default="", metavar="REASON", help="In spite of what would break.")
@click.pass_obj
def go_back(context: Context, name: str, number: int, note: str, override_reason: str) -> None:
    """Let new calls of the flow NAME take its version NUMBER again."""
    try:
        with context.db.write() as session:
            roll_back(
                session,
                name,
                number,
                by=_me(),
                user_id=None,
                note=note,
                now=context.now(),
                override_reason=override_reason,
            )
    except Refused as error:
        raise click.ClickException(_whole(error)) from error
    click.echo(f"{name}: version {number} is in force.")


def _me() -> str:
    return f"terminal:{getpass.getuser()}"


def _whole(error: Refused) -> str:
    return "\n  ".join([error.sentence, *map(str, error.more.get("blockers", ()))])
