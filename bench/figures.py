"""Numbers of a measurement: percentiles, CPU and memory of a process, the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; 0.0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle value; 0.0 for none."""
    return percentile(values, 0.5)


def family_cpu_s(pid: int) -> float:
    """CPU seconds used so far by a process and its children."""
    return sum(_cpu_s(p) for p in _family(pid))


def family_rss_mb(pid: int) -> float:
    """Resident memory of a process's children and theirs (the workers), in MB."""
    return sum(rss_mb(p) for p in _family(pid) if p != pid)


def rss_mb(pid: int) -> float:
    """Resident memory of one process, in MB."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def _family(pid: int) -> list[int]:
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def machine() -> str:
    """The machine and the versions in one line."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    names = ("flask", "gunicorn", "sqlalchemy", "psycopg", "transitions", "twilio")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{os.cpu_count()} x {model}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def busy() -> str:
    """How busy the machine is with other work: its load average over the last minute, a core being 1."""
    return f"{os.getloadavg()[0]:.1f}"
