"""The people who answer: users with roles, and the groups they work in."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.types import Json, UtcDateTime
from tickets.errors import InvalidValueError
from tickets.passwords import HASHER, check_password, verifies
from tickets.texts import clean

_EMAIL = re.compile(r"[^@\s\"<>,;]+@[^@\s\"<>,;]+\.[^@\s\"<>,;.]+|[^@\s\"<>,;]+@localhost")


class Role(StrEnum):
    """What a user may do: agents work on tickets, ops also run campaigns, admins also change flows and users."""

    AGENT = "agent"
    OPS = "ops"
    ADMIN = "admin"


class Group(Base):
    """A team that tickets can be given to. `name` is {"en": …, "zh": …}."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    demo: Mapped[bool] = mapped_column(default=False)


class User(Base):
    """Somebody with a login. `email` is kept in lower case; `language` is that of the pages ("en" or "zh")."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[Role] = mapped_column(String(16), default=Role.AGENT)
    password_hash: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(35), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"), default=None)
    phone: Mapped[str] = mapped_column(String(20), default="")
    demo: Mapped[bool] = mapped_column(default=False)

    group: Mapped[Group | None] = relationship()

    @property
    def actor(self) -> str:
        """How timelines and histories name this user."""
        return f"user:{self.id}"


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
    language: str = "en",
    time_zone: str = "UTC",
    group_id: int | None = None,
    demo: bool = False,
    hasher: PasswordHasher = HASHER,
) -> User:
    """Add a user. Raises InvalidValueError when the address is taken or none, or the password too weak."""
    address = plain_email(email)
    if find_user(session, address) is not None:
        raise InvalidValueError(f"There is already a user {address}.")
    if not demo:
        check_password(password, email=address, name=name)
    user = User(
        email=address,
        name=clean(name, 200),
        role=Role(role),
        password_hash=hasher.hash(password),
        language=language,
        time_zone=time_zone,
        group_id=group_id,
        created_at=now,
        demo=demo,
    )
    session.add(user)
    session.flush()
    return user


def find_user(session: Session, email: str) -> User | None:
    """The user with this address in any case, active or not."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def list_users(session: Session, *, active_only: bool = False) -> list[User]:
    """Every user by name."""
    query = select(User).order_by(User.name, User.id)
    return list(session.scalars(query.where(User.active) if active_only else query))


def set_password(session: Session, user: User, password: str, *, hasher: PasswordHasher = HASHER) -> None:
    """Change a password. Raises InvalidValueError when it is too weak."""
    check_password(password, email=user.email, name=user.name)
    user.password_hash = hasher.hash(password)
    session.flush()


def authenticate(
    session: Session, email: str, password: str, now: datetime, *, hasher: PasswordHasher = HASHER
) -> User | None:
    """The active user with this address and password, else None; takes as long for an unknown address.

    Notes the login and renews a hash that was made with older parameters.
    """
    user = find_user(session, email)
    fits = verifies(user.password_hash if user else None, password, hasher=hasher)
    if user is None or not fits or not user.active:
        return None
    if hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hasher.hash(password)
    user.last_login_at = now
    session.flush()
    return user


def plain_email(email: str) -> str:
    """An address as it is kept: trimmed, in lower case. Raises InvalidValueError when it is none."""
    address = clean(email, 300).strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise InvalidValueError("This is not an e-mail address.")
    return address
