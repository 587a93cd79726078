"""Law packs in words: what the gate holds a call of one purpose to, for the form and for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callbacks.consents import ConsentKind
from callbacks.gate.caps import Cap
from callbacks.gate.laws import NONE, LawRules, law_for, law_packs
from callbacks.purposes import Purpose
from callbacks.settings import DAYS
from console import words
from console.translate import gettext as _
from console.week_grid import DAY_NAMES, text_of


@dataclass(frozen=True, kw_only=True)
class LawView:
    """A pack as the page shows it."""

    name: str
    title: str
    version: str
    sentences: tuple[str, ...]
    unchecked: tuple[str, ...]


def law_views(purpose: Purpose, *, none_allowed: bool) -> list[LawView]:
    """Every pack that may be chosen, with its sentences for calls of this purpose; "none" where the house allows it."""
    found = []
    for law in law_packs().values():
        if law.id == NONE and not none_allowed:
            continue
        sentences = tuple(law_sentences(law_for(purpose, "", "", law.id, none_allowed=none_allowed)))
        title = words.local_title(dict(law.title), law.id)
        found.append(
            LawView(name=law.id, title=title, version=law.version, sentences=sentences, unchecked=law.unchecked)
        )
    return found


def law_sentences(rules: LawRules) -> list[str]:
    """What a pack asks, one sentence each."""
    said = [_hours(rules)]
    if rules.skip_holidays:
        said.append(_("No calls on public holidays."))
    if rules.consent is not None:
        kinds = {
            ConsentKind.IMPLIED: _("The person must have given cause for the call, such as an order."),
            ConsentKind.EXPRESS: _("The person must have agreed to such calls, in words or in writing."),
            ConsentKind.WRITTEN: _("The person must have agreed to such calls in writing."),
        }
        said.append(kinds[rules.consent])
    if without := rules.without_consent:
        if without.calls_per_reference is not None:
            said.append(
                _(
                    "Without consent: at most %(count)s call(s) for one parcel or matter.",
                    count=without.calls_per_reference,
                )
            )
        said += [_("Without consent: %(cap)s", cap=text) for text in cap_sentences(without.caps)]
    return said + cap_sentences(rules.caps)


def _hours(rules: LawRules) -> str:
    by_text: dict[str, list[str]] = {}
    for day, spans in zip(DAYS, rules.week, strict=True):
        by_text.setdefault(text_of(tuple(spans)), []).append(str(DAY_NAMES[day]))
    parts = []
    for text, days in by_text.items():
        named = _("every day") if len(days) == len(DAYS) else _("%(first)s to %(last)s", first=days[0], last=days[-1])
        parts.append(f"{named if len(days) != 1 else days[0]} {text or _('closed')}")
    clock = _("on the clock of %(zone)s", zone=rules.zone) if rules.zone else _("on the person’s own clock")
    return _("Calls only %(hours)s, %(clock)s.", hours="; ".join(parts), clock=clock)


def cap_sentences(caps: Iterable[Cap]) -> list[str]:
    """Each cap as a sentence."""
    said = []
    for cap in caps:
        if cap.minutes % 1440 == 0 and cap.minutes > 1440:
            span = _("%(n)s days", n=cap.minutes // 1440)
        elif cap.minutes % 60 == 0:
            span = _("%(n)s hours", n=cap.minutes // 60)
        else:
            span = _("%(n)s minutes", n=cap.minutes)
        if cap.same_purpose:
            said.append(
                _("At most %(calls)s calls of the same purpose to one number in %(span)s.", calls=cap.calls, span=span)
            )
        else:
            said.append(_("At most %(calls)s calls to one number in %(span)s.", calls=cap.calls, span=span))
    return said
