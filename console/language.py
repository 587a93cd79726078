"""The language and time zone of a page: the user's own, else what the browser asks for."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.dates import format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, request
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_login import current_user

from console import translate

LANGUAGES: Final = {"en": "English", "zh": "中文"}
COOKIE: Final = "ringback_language"
CATALOGS: Final = ("messages", "campaigns", "reports", "studio", "speech")
"""A catalogue per group of pages, so that each stays a file one can read; the first one also serves the others."""
TRANSLATIONS: Final = Path(__file__).parent / "translations"


def compile_catalogs(folder: Path = TRANSLATIONS) -> list[Path]:
    """Write the .mo beside every .po that is newer or has none yet; returns the files written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        buffer = BytesIO()
        write_mo(buffer, catalog)
        part = target.with_suffix(f".{id(buffer)}.part")
        part.write_bytes(buffer.getvalue())
        part.replace(target)
        written.append(target)
    return written


def choose_language() -> str:
    """Language of this request: the user's, else the cookie's, else the best the browser asks for."""
    if current_user.is_authenticated:
        return current_user.language if current_user.language in LANGUAGES else "en"
    cookie = request.cookies.get(COOKIE, "")
    return cookie if cookie in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or "en"


def choose_zone() -> str:
    """IANA time zone of this request: the user's, else UTC."""
    zone = getattr(current_user, "time_zone", "") if current_user.is_authenticated else ""
    return zone if zone in zones() else "UTC"


@cache
def zones() -> frozenset[str]:
    """Every IANA zone name this machine knows."""
    return frozenset(zoneinfo.available_timezones())


@cache
def offered_zones() -> tuple[str, ...]:
    """Zone names offered for choice, sorted: places and UTC, without historic aliases."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(z for z in zones() if z.startswith(areas)))


def local_time(moment: datetime | None, style: str = "short") -> str:
    """A moment in the user's zone. `style`: "time", "seconds", "day", "short" (date and time) or "full" (with zone)."""
    if moment is None:
        return ""
    locale, zone = translate.language(), translate.time_zone()
    chinese = locale == "zh"
    patterns = {
        "time": "HH:mm",
        "seconds": "HH:mm:ss",
        "day": "M月d日" if chinese else "d MMM",
        "short": "M月d日 HH:mm" if chinese else "d MMM HH:mm",
        "full": "y年M月d日 HH:mm:ss zzz" if chinese else "d MMM y, HH:mm:ss zzz",
    }
    return format_datetime(moment, patterns[style], tzinfo=zone, locale=locale)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the user's words: "3 minutes ago"."""
    if moment is None:
        return ""
    return format_timedelta(moment.astimezone(UTC) - now, add_direction=True, locale=translate.language())


def clock_length(seconds: float | None) -> str:
    """A length as m:ss or h:mm:ss; "" when unknown."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def configure(app: Flask) -> None:
    """Compile catalogs and give pages their language and zone."""
    compile_catalogs()
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=";".join(str(TRANSLATIONS) for _ in CATALOGS),
        BABEL_DOMAIN=";".join(CATALOGS),
        BABEL_DEFAULT_LOCALE="en",
    )
    Babel(app, locale_selector=choose_language, timezone_selector=choose_zone)
    app.add_template_filter(local_time, "local_time")
    app.add_template_filter(clock_length, "clock_length")
    app.add_template_filter(ago, "ago")
