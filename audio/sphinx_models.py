"""Where models for pocketsphinx come from: one is in its package, the telephone's own ones are folders to be fetched.

They serve closed questions of live calls and never transcribe a recording, so they are not in `audio.models`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audio.models import Packages

_PLACE = "https://github.com/cmusphinx/pocketsphinx at commit 5683bb58, folder model"


@dataclass(frozen=True, kw_only=True)
class SphinxModel:
    """pocketsphinx and its models.

    Attributes:
        packaged_language: the language of the model inside the package, made for 16 kHz.
        elsewhere: what to fetch for 8 kHz, by primary subtag, as a sentence.
    """

    engine: str
    package: Packages
    packaged_language: str
    elsewhere: Mapping[str, str]
    licence: str


SPHINX = SphinxModel(
    engine="pocketsphinx",
    package=Packages(
        requirements=("pocketsphinx==5.1.1",), folders=(("pocketsphinx", "model/en-us"),), size_bytes=29_000_000
    ),
    packaged_language="en",
    elsewhere={
        "en": f"For its 8 kHz model, put hmm/en_US/hub4wsj_sc_8k of {_PLACE}, into "
        "SPEECH_MODELS/pocketsphinx-en-hub4wsj-sc-8k/hmm.",
        "zh": f"Put hmm/zh/tdt_sc_8k of {_PLACE}, into SPEECH_MODELS/pocketsphinx-zh-tdt-sc-8k/hmm and "
        "lm/zh_CN/mandarin_notone.dic beside hmm.",
    },
    licence="BSD-2-Clause (CMU)",
)
