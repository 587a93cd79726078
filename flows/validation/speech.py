"""Rules about our own ear and voices: words that it knows, languages that it hears, voices that are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from flows.problems import Level
from flows.understanding.normal import contains, normal
from flows.validation.inspection import Inspection
from flows.validation.menus import words_of
from flows.validation.rule import Finding, Rule
from flows.validation.speech_knowledge import NO_EAR


def unknown_words(flow: Inspection) -> Iterator[Finding]:
    """Words of a choice that our own recogniser does not know, and languages that it does not hear.

    Only where our own ear listens. The offers of a language are said in any, so they are left out.
    """
    ask = flow.speech.unknown_words
    if ask is None or not flow.heard_by_house:
        return
    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, choices in flow.choices.items():
        for place, choice in enumerate(choices if flow.nodes[name].type != "language" else ()):
            for language, path, phrase in words_of(choice):
                said[language].append((name, f"choices.{place}.{path}", phrase))
    for language in flow.document.languages:
        unknown = ask(tuple(dict.fromkeys(phrase for _, _, phrase in said[language])), language)
        if NO_EAR in unknown:
            yield Finding(
                field="ear",
                message=f"No recogniser here understands {language}, so the carrier's listens to calls in it.",
                fix=f"Install one (flask speech install {language}), or set ear to carrier.",
            )
            continue
        yield from _findings(said[language], unknown)


def _findings(said: list[tuple[str, str, str]], unknown: tuple[str, ...]) -> Iterator[Finding]:
    for node, field, phrase in said:
        plain = normal(phrase)
        if word := next((word for word in unknown if contains(plain, normal(word))), ""):
            yield Finding(
                node=node,
                field=field,
                message=f"The recogniser does not know “{word[:40]}”, so whoever says it is not understood.",
                fix="Say it in other words, or add a way to say it that it knows.",
            )


def voice_missing(flow: Inspection) -> Iterator[Finding]:
    """A voice that cannot speak its language on this machine."""
    ask = flow.speech.voice_problem
    if ask is None:
        return
    for language, name in flow.document.voice.items():
        if problem := ask(name, language):
            yield Finding(
                field=f"voice.{language}",
                message=f"The voice “{name[:40]}” cannot speak {language[:20]} here: {problem}",
                fix="Install it, or name another; until then the house voice speaks.",
            )


RULES = (
    Rule(
        name="unknown_words",
        level=Level.WARNING,
        title={"en": "Words that our own recogniser does not know", "zh": "自有识别不认识的词"},
        check=unknown_words,
    ),
    Rule(
        name="voice_missing",
        level=Level.WARNING,
        title={"en": "A voice that is not there", "zh": "声音不可用"},
        check=voice_missing,
    ),
)
