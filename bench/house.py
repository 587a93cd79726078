"""The real desk, made ready to be measured: migrated, demo flows published, numbers set, prompts spoken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from config import Config
from demo import organisation
from demo.flow_loading import EXAMPLES, load_flows
from demo.settings import LOGINS, PASSWORD, DemoSettings
from flows.documents import FlowDocument, parse
from flows.versions import FlowVersion, load_document, publish
from house import House
from ivr.house_prompts import prompts_of
from storage import migrate

FLOW = "courier_hotline"


def settings(data_dir: Path, *, port: int) -> DemoSettings:
    """Settings of a demo in `data_dir` whose web app listens on `port`; there is no carrier."""
    return DemoSettings(
        data_dir=data_dir,
        secret_key="bench" * 8,
        account_sid="AC" + "0" * 32,
        auth_token="0123456789abcdef" * 2,
        control_token="bench",
        web_port=port,
        carrier_port=9,
        media_port=9,
    )


def environment(found: DemoSettings, database_url: str) -> dict[str, str]:
    """Environment of the measured server."""
    return {**found.environment(), "DATABASE_URL": database_url}


@contextmanager
def opened(environ: Mapping[str, str]) -> Iterator[House]:
    """The house of these settings in this process."""
    house = House(Config.from_environment(environ))
    try:
        yield house
    finally:
        house.close()


def prepare(environ: Mapping[str, str], *, speak: bool = True) -> None:
    """Bring up the database, load the demo and speak its prompts.

    Without `speak` documents name the same sounds; they are only made when somebody fetches them.
    """
    now = datetime.now(UTC)
    with opened(environ) as house:
        migrate.upgrade(house.db)
        with house.db.write() as session:
            load_flows(session, now)
            publish(session, always_open(), by="bench", note="open at any hour", now=now, demo=True)
            organisation.load(session, now, logins=LOGINS, password=PASSWORD)
        with house.db.read() as session:
            documents = [load_document(version) for version in session.scalars(select(FlowVersion)).all()]
        items = list(dict.fromkeys(item for document in documents for item in prompts_of(document)))
        if speak and not all(house.sound.prompts.has(item) for item in items):
            house.sound.prompts.prepare(items)


def always_open() -> FlowDocument:
    """The demo flow with its opening hours round the clock, so that a measurement at night takes the same way."""
    text = (EXAMPLES / f"{FLOW}.yaml").read_text(encoding="utf-8")
    opened_text = text.replace("08:00-21:00", "00:00-24:00")
    if opened_text == text:
        raise ValueError(f"The flow {FLOW} no longer states the hours that the measurement widens.")
    return parse(opened_text)
