"""A made-up past that nobody is told of: no rule calls about it, no webhook reports it, no worker works for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from work.happenings import Happening
from work.jobs import ASKED, Job


@contextmanager
def untold(session: Session) -> Iterator[None]:
    """What the block does happened without a happening. The block's transaction has not been seen by any reader."""
    before = session.scalar(select(func.max(Happening.id))) or 0
    yield
    session.flush()
    session.execute(delete(Happening).where(Happening.id > before))


@contextmanager
def unworked(session: Session) -> Iterator[None]:
    """What the block asks of workers was done long ago. The block's transaction has not been seen by any worker."""
    before = session.scalar(select(func.max(Job.id))) or 0
    asked = list(session.info.get(ASKED, ()))
    yield
    session.flush()
    session.execute(delete(Job).where(Job.id > before))
    session.info[ASKED] = asked
