"""Why a recording has no transcript or no sound, as stored in English by the rooms below, in the reader's language."""

from __future__ import annotations

import re
from typing import Any

from console.translate import lazy_gettext as _

KNOWN: tuple[tuple[str, Any], ...] = (
    (r"Demo history: the sound was not kept\.", _("Made up for the demo: words only, nobody really spoke.")),
    (r"nothing was said", _("Nothing was said.")),
    (r"The recording is empty: .*", _("The recording is empty: nobody spoke.")),
    (r"The recording holds no sound.*", _("The recording is empty: nobody spoke.")),
    (r"The provider made no recording.*", _("The telephone company made no recording: there was no sound.")),
    (r"The provider could not store the recording\.", _("The telephone company could not store the recording.")),
    (
        r"transcript unavailable: no model for (?P<language>\S+), install with `(?P<command>[^`]+)`",
        _("No transcript: there is no recogniser for %(language)s. To install one: %(command)s"),
    ),
    (
        r"transcript unavailable: the recording lasts (?P<minutes>\d+) minutes, more than (?P<most>\d+)",
        _("No transcript: the recording lasts %(minutes)s minutes, more than %(most)s."),
    ),
    (r"transcript unavailable: the recogniser failed.*", _("No transcript: the recogniser failed every time.")),
    (
        r"This call was not recorded: it was over before its recording began\.",
        _("This call was not recorded: it was over before its recording began."),
    ),
    (
        r"This call was not recorded: the telephone company refused\.",
        _("This call was not recorded: the telephone company refused."),
    ),
    (
        r"This call was not recorded: its recording could not be begun\.",
        _("This call was not recorded: its recording could not be begun."),
    ),
    (r"The recording could not be fetched.*", _("The sound could not be fetched from the telephone company.")),
    (r"The recording is over (?P<size>\d+) MB\.", _("The recording is over %(size)s MB.")),
    (
        r"(The recording is not a WAV file|The WAV file|This kind of WAV).*",
        _("The sound is in a form that cannot be read."),
    ),
)
"""Patterns of the stored sentence, and the sentence shown."""


def recording_reason(stored: str) -> str:
    """The sentence in the reader's language; one nobody foresaw is shown as it is."""
    for pattern, sentence in KNOWN:
        if found := re.fullmatch(pattern, stored, re.DOTALL):
            # The lazy text's own words are the key of the catalog; a name in them is filled in after that.
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return stored
