"""`flask fallback`: the document that the phone company keeps for the time when we are down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from telephony.twilio.fallback import SORRY, static_fallback_document

if TYPE_CHECKING:
    from house import House


@click.command("fallback")
@click.option("--language", "languages", multiple=True, type=click.Choice(sorted(SORRY)), help="Default: all.")
@click.pass_obj
def fallback(house: House, languages: tuple[str, ...]) -> None:
    """Print TwiML for a TwiML Bin: it takes a voicemail without our help."""
    click.echo(fallback_xml(house, languages))


def fallback_xml(house: House, languages: tuple[str, ...] = ()) -> str:
    """The static fallback document in the given languages, or in all there are."""
    texts = {language: text for language, text in SORRY.items() if not languages or language in languages}
    return static_fallback_document(texts, f"{house.config.public_base_url}/voice/recordings/fallback")
