"""One sentence for each picture of a campaign: what it shows, for those who do not see it or have no time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from babel.dates import get_day_names

from callbacks.reports.counts import CaseCounts
from callbacks.reports.funnel import Funnel
from callbacks.reports.hours import Heat, HourRow
from callbacks.reports.variants import Comparison, Verdict
from console import translate
from console.campaign_words import grouped
from console.language import local_time
from console.translate import gettext as _
from console.translate import ngettext
from console.words import percent


def percent_of(part: int, whole: int) -> str:
    """ "34 %", "–" when there is nothing to take a part of."""
    return percent(part / whole) if whole else "–"


def progress_sentence(counts: CaseCounts) -> str:
    """How many cases are over."""
    if not counts.total:
        return _("There are no cases yet.")
    return _(
        "%(closed)s of %(total)s cases are over: %(percent)s.",
        closed=grouped(counts.closed),
        total=grouped(counts.total),
        percent=percent(counts.progress),
    )


def funnel_sentence(steps: Funnel) -> str:
    """What became of the calls."""
    if not steps.dialled:
        return _("Nobody has been called yet.")
    return _(
        "%(answered)s of %(rang)s calls that rang were picked up; %(goal)s reached the goal.",
        answered=grouped(steps.answered),
        rang=grouped(steps.rang),
        goal=grouped(steps.goal),
    )


def hours_sentence(rows: list[HourRow]) -> str:
    """When most calls were made."""
    top = max(rows, key=lambda row: row.total)
    total = sum(row.total for row in rows)
    if not total:
        return _("No call ended in these 24 hours.")
    return ngettext(
        "One call, in the hour from %(hour)s.",
        "%(num)s calls, most of them in the hour from %(hour)s (%(top)s).",
        total,
        hour=local_time(top.hour, "short"),
        top=grouped(top.total),
    )


def day_names(width: Literal["abbreviated", "wide"]) -> list[str]:
    """The days of the week, Monday first; `width` is "wide" or "abbreviated"."""
    names: Mapping[int, str] = get_day_names(width, locale=translate.language())
    return [names[i] for i in range(7)]


def heat_sentence(week: Heat) -> str:
    """When people answer best."""
    if week.best is None:
        return _("Too few calls to say when people answer best.")
    rang, answered = week.cells[week.best]
    return _(
        "People answer best on %(day)s from %(hour)s: %(percent)s.",
        day=day_names("wide")[week.best[0]],
        hour=f"{week.best[1]:02}:00",
        percent=percent_of(answered, rang),
    )


def verdict(compared: Comparison) -> str:
    """Which of two flows does better, or that nobody knows yet."""
    if compared.verdict == Verdict.TOO_EARLY:
        return _("Too early to tell: each flow needs about %(count)s more decided cases.", count=grouped(compared.more))
    if compared.verdict == Verdict.ALIKE or compared.difference is None:
        return _("No difference worth knowing: a gap of three points or more would have shown by now.")
    points = f"{abs(compared.difference.value) * 100:.1f}"
    better = "B" if compared.verdict == Verdict.B_BETTER else "A"
    return _("Flow %(flow)s reaches the goal more often, by %(points)s points.", flow=better, points=points)
