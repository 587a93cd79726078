"""`flask speech`: which languages can be transcribed, and getting models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from audio.catalogue import list_models
from audio.errors import AudioError
from audio.install import install as install_model

if TYPE_CHECKING:
    from house import House


@click.group("speech")
def speech() -> None:
    """Recogniser models."""


@speech.command("list")
@click.pass_obj
def list_all(house: House) -> None:
    """Show every model: what is installed and which language it hears."""
    console = Console()
    rows = list_models(house.speech_folders)
    table = Table("hears", "with", "engine", "licence", title="Installed", title_justify="left", box=None)
    for row in rows:
        if row.installed:
            hears = ", ".join(row.preferred_for) or f"({', '.join(row.languages)}, another model is preferred)"
            table.add_row(hears, row.name, row.engine, row.licence)
    console.print(table)
    more = Table("language", "model", "MB", "install with", title="To be had", title_justify="left", box=None)
    for row in rows:
        if not row.installed:
            more.add_row(", ".join(row.languages), row.name, str(row.size_mb), row.install)
    console.print(more)


@speech.command("install")
@click.argument("language")
@click.option("--engine", type=click.Choice(["vosk", "whisper"]), help="Insist on one engine.")
@click.pass_obj
def install(house: House, language: str, engine: str | None) -> None:
    """Get a model for LANGUAGE (zh-CN, en, ko …)."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Looking", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        try:
            done = install_model(language, house.speech_folders, progress, engine=engine)
        except AudioError as error:
            raise click.ClickException(str(error)) from error
    click.echo(done.sentence)
