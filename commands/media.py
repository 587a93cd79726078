"""`flask media`: the process that carries live streams of calls."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from sqlalchemy import select

from audio.catalogue import primary
from audio.hearing.activity import SileroActivity
from audio.hearing.choice import ChoiceError, read_engines
from audio.hearing.house_ears import HouseEars
from audio.models import MODELS
from audio.prompts import PromptItem
from audio.speaking.house_speaker import HouseSpeaker
from config import ConfigError
from flows.understanding.choices import best_choice
from flows.versions import Flow, FlowVersion, load_document
from ivr.media import MediaDeps, run
from ivr.sentences import say

if TYPE_CHECKING:
    from house import House

LISTENS_FOR_NEW_LANGUAGES_EVERY_S = 30.0
LANGUAGES = tuple(sorted({language for model in MODELS for language in model.languages}))
"""Every language that some engine may hear; room is told of those that one does."""


@click.command("media")
@click.pass_obj
def media(house: House) -> None:
    """Carry live streams: hear callers and speak to them. Stops cleanly on SIGTERM or Ctrl-C."""
    try:
        house.config.require_ready()
        read_engines(house.config.speech_engines)
    except (ConfigError, ChoiceError) as error:
        raise click.ClickException(str(error)) from error
    if not house.config.stream_url:
        raise click.ClickException("Set STREAM_URL before starting: where the phone company opens streams.")
    run(lambda: _opened(house))
    house.close()
    click.echo("The media server stopped.")


@contextlib.asynccontextmanager
async def _opened(house: House) -> AsyncIterator[MediaDeps]:
    """Ears, voice and the server's other needs, ready for the first call, and given back at the end."""
    ears = HouseEars(house.sound.hearing)
    await ears.start(spoken_languages(house))
    await asyncio.to_thread(_read_dictionaries)
    speaker = HouseSpeaker(house.sound.voices, house.sound.prompts_dir)
    await speaker.warm_up()
    await speaker.prepare(_fillers(house))
    learning = asyncio.create_task(_learn_languages(house, ears))
    host, _, port = house.config.media_bind.rpartition(":")

    needs = MediaDeps(
        calls=house.calls,
        ears=ears,
        make_activity=SileroActivity,
        speaker=speaker,
        bind=(host, int(port)),
        path=urlsplit(house.config.stream_url).path,
        audio_dir=house.calls.audio_dir,
        captions=house.config.stream_captions,
        name=f"{socket.gethostname()[:40]} {os.getpid()}",
        languages=LANGUAGES,
        on_ready=lambda _port: click.echo("The media server carries streams."),
    )
    try:
        yield needs
    finally:
        learning.cancel()
        await ears.close()
        await speaker.close()


def spoken_languages(house: House) -> tuple[str, ...]:
    """Primary subtags of the languages of every published flow."""
    with house.db.read() as session:
        query = select(FlowVersion).join(Flow, Flow.published_version_id == FlowVersion.id)
        documents = [load_document(version) for version in session.scalars(query)]
    return tuple(sorted({primary(tag) for document in documents for tag in document.languages}))


async def _learn_languages(house: House, ears: HouseEars) -> None:
    """A flow in another language may be published while the server runs."""
    known = set(await asyncio.to_thread(spoken_languages, house))
    while True:
        await asyncio.sleep(LISTENS_FOR_NEW_LANGUAGES_EVERY_S)
        spoken = await asyncio.to_thread(spoken_languages, house)
        if new := set(spoken) - known:
            await ears.start(new)
            known |= new


def _read_dictionaries() -> None:
    """Load what the first answer of all would wait for: sounds of characters, and words."""
    for text, language in (("您好", "zh-CN"), ("hello", "en-US")):
        best_choice(text, {"greeting": (text, f"{text} {text}")}, language)


def _fillers(house: House) -> Iterable[PromptItem]:
    verbs = (say("still_there", language) for language in spoken_languages(house))
    return [PromptItem(text=verb.text, language=verb.language) for verb in verbs]
