"""How pyttsx3 finds espeak-ng on a machine without it: the library of the package `espeakng-loader`, loaded first."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from audio.errors import VoiceFailed

_NAME = "libespeak-ng.so.1"


def preload() -> None:
    """Load the packaged library under the very name that pyttsx3 opens, and tell it where its data lie.

    Call it before pyttsx3 is imported. Without the variable espeak-ng ends the process ("phontab: No such file").

    Raises:
        VoiceFailed: the package is missing and the machine has no espeak-ng either.
    """
    try:
        import espeakng_loader
    except ImportError as error:
        try:
            ctypes.CDLL(_NAME)
        except OSError:
            raise VoiceFailed("espeak-ng is missing: install the package espeakng-loader.") from error
        return
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    library = Path(espeakng_loader.get_library_path()).with_name(_NAME)
    ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
