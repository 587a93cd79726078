"""`flask doctor`: check a configuration and say what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from audio.catalogue import best_installed
from audio.errors import AudioError
from audio.voices.base import HOUSE as VOICE_OF_THE_HOUSE
from audio.voices.book import is_own, voice_problem
from config import ConfigError, Mode
from flows.versions import Flow, FlowVersion, load_document
from ivr.lines import Line
from ivr.streams.doors import media_servers
from ivr.streams.offering import ALIVE_WITHIN, HOUSE
from storage import migrate
from telephony.checks import Finding, Level, check_clock, check_numbers, check_signature_base_url
from telephony.provider import ProviderError
from work.heartbeats import Heartbeat

if TYPE_CHECKING:
    from house import House

LEAST_FREE_BYTES = 1_000_000_000
WORKER_SILENT = timedelta(seconds=30)
MARKS = {Level.OK: ("ok     ", "green"), Level.WARNING: ("warning", "yellow"), Level.PROBLEM: ("problem", "red")}
TEST_SENTENCES = {"zh": "您好", "en": "Hello", "ko": "안녕하세요"}


@click.command("doctor")
@click.pass_obj
def doctor(house: House) -> None:
    """Check configuration, database, worker, speech, phone company, clock and disk; 1 if something stops a call."""
    found = list(examine(house))
    for finding in found:
        mark, colour = MARKS[finding.level]
        click.echo(f"{click.style(mark, fg=colour)}  {finding.subject}: {finding.message}")
    if any(finding.level is Level.PROBLEM for finding in found):
        raise SystemExit(1)


def examine(house: House) -> Iterator[Finding]:
    """Every finding, worst not first: in the order in which one would mend them."""
    yield from _secrets(house)
    yield from check_signature_base_url(house.config.public_base_url, production=house.config.mode is Mode.PRODUCTION)
    reachable = list(_database(house))
    yield from reachable
    yield from _disk(house)
    if any(finding.level is Level.PROBLEM for finding in reachable):
        return
    yield from _worker(house)
    yield from _media(house)
    yield from _speech(house)
    yield from _phone_company(house)


def _finding(level: Level, subject: str, message: str) -> Finding:
    return Finding(level=level, subject=subject, message=message)


def _secrets(house: House) -> Iterator[Finding]:
    try:
        house.config.require_ready()
    except ConfigError as error:
        yield _finding(Level.PROBLEM, "settings", str(error))
    else:
        yield _finding(Level.OK, "settings", f"complete for {house.config.mode} mode")


def _database(house: House) -> Iterator[Finding]:
    try:
        with house.db.read() as session:
            session.execute(text("SELECT 1"))
        at, newest = migrate.current(house.db), migrate.head()
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        yield _finding(Level.PROBLEM, "database", f"not reachable ({reason}). Check DATABASE_URL.")
        return
    if at != newest:
        yield _finding(
            Level.PROBLEM, "database", f"at revision {at or 'none'}, wanted {newest}. Run flask --app app db upgrade."
        )
    else:
        yield _finding(Level.OK, "database", f"{house.db.url.get_backend_name()}, revision {at}")


def _disk(house: House) -> Iterator[Finding]:
    house.config.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(house.config.data_dir).free
    if free < LEAST_FREE_BYTES:
        yield _finding(Level.PROBLEM, "disk", f"{free // 1_000_000} MB free for recordings; keep at least 1 GB.")
    else:
        yield _finding(Level.OK, "disk", f"{free / 1e9:.0f} GB free")


def _worker(house: House) -> Iterator[Finding]:
    with house.db.read() as session:
        newest = session.scalar(select(Heartbeat.at).order_by(Heartbeat.at.desc()).limit(1))
    if newest is None or house.now() - newest > WORKER_SILENT:
        since = f"since {newest:%Y-%m-%d %H:%M:%S} UTC" if newest else "so far"
        yield _finding(Level.PROBLEM, "worker", f"not heard of {since}; recordings wait. Run flask --app app worker.")
    else:
        yield _finding(Level.OK, "worker", "at work")


def _media(house: House) -> Iterator[Finding]:
    """Live streams: whether anybody would carry them, where calls are to be heard by us."""
    with house.db.read() as session:
        wanted = session.scalar(select(Line.id).where(Line.ear == HOUSE).limit(1)) is not None or any(
            load_document(version).ear == HOUSE
            for version in session.scalars(select(FlowVersion).join(Flow, Flow.published_version_id == FlowVersion.id))
        )
        servers = media_servers(session, house.now() - ALIVE_WITHIN)
        rooms = [room for server in servers for room in server.room.items()]
    if not wanted and not house.config.stream_url:
        return
    if not house.config.stream_url:
        yield _finding(Level.WARNING, "live streams", "STREAM_URL is not set; the phone company's recogniser listens.")
    elif not servers:
        yield _finding(Level.WARNING, "live streams", "no media server runs. Run flask --app app media.")
    else:
        room = ", ".join(f"{language} {calls}" for language, calls in sorted(rooms))
        yield _finding(Level.OK, "live streams", f"room for more calls: {room or 'none'}")


def _speech(house: House) -> Iterator[Finding]:
    with house.db.read() as session:
        query = select(FlowVersion).join(Flow, Flow.published_version_id == FlowVersion.id)
        documents = [load_document(version) for version in session.scalars(query)]
    for language in sorted({language for document in documents for language in document.languages}):
        model = best_installed(language, house.sound.folders)
        if model is None:
            yield _finding(
                Level.WARNING,
                "speech",
                f"no model for {language}: no transcripts. Run flask --app app speech install {language}.",
            )
        else:
            yield _finding(Level.OK, "speech", f"{language} by {model.name} ({model.engine})")
    spoken = {(tag, name) for document in documents for tag, name in document.voice.items() if is_own(name)}
    for language, name in sorted(spoken):
        yield _voice(house, language, name)


def _voice(house: House, language: str, name: str) -> Finding:
    problem = voice_problem(name, language, house.sound.voices.settings)
    if problem is not None:
        return _finding(Level.WARNING, "voice", f"{problem} Callers hear another voice in {language}.")
    if name != VOICE_OF_THE_HOUSE:
        return _finding(Level.OK, "voice", f"{language}: {name}")
    try:
        sound = house.sound.speaker.synthesize(TEST_SENTENCES.get(language[:2], "1 2 3"), language)
    except AudioError as error:
        return _finding(Level.WARNING, "voice", f"{error} Callers hear the phone company's voice in {language}.")
    return _finding(Level.OK, "voice", f"{language}: {sound.duration_s:.1f} s spoken")


def _phone_company(house: House) -> Iterator[Finding]:
    with house.db.read() as session:
        numbers = list(session.scalars(select(Line.number)))
    checks: tuple[Callable[[], list[Finding]], ...] = (
        lambda: check_numbers(house.provider, house.config.public_base_url, numbers),
        lambda: check_clock(house.provider, house.now()),
    )
    for check in checks:
        try:
            yield from check()
        except ProviderError as error:
            yield _finding(Level.PROBLEM, "phone company", str(error))
            return
