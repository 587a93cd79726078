"""A made-up past that nobody is told of: no rule calls about it, no webhook reports it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from work.happenings import Happening


@contextmanager
def untold(session: Session) -> Iterator[None]:
    """What the block does happened without a happening. The block's transaction has not been seen by any reader."""
    before = session.scalar(select(func.max(Happening.id))) or 0
    yield
    session.flush()
    session.execute(delete(Happening).where(Happening.id > before))
