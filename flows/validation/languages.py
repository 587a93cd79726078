"""Rules about languages: every prompt in each of them, and tags that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from flows.problems import Level
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule

_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def missing_translation(flow: Inspection) -> Iterator[Finding]:
    """A prompt that lacks one of the flow's languages, or is empty in it."""
    for name, node in flow.nodes.items():
        for path, localized in node.spoken().items():
            for language in flow.document.languages:
                spoken = localized.get(language)
                if spoken is None or not (spoken.text.strip() or spoken.audio):
                    yield Finding(
                        node=name,
                        field=f"{path}.{language}",
                        message=f"{path} has no text in {language}.",
                        fix=f"Write what is said in {language}, or take {language} out of the flow's languages.",
                    )


def unused_translation(flow: Inspection) -> Iterator[Finding]:
    """A text in a language that the flow does not speak."""
    languages = frozenset(flow.document.languages)
    for prompt in flow.prompts:
        if prompt.language not in languages:
            yield Finding(
                node=prompt.node,
                field=f"{prompt.path}.{prompt.language}",
                message=f"The flow does not speak {prompt.language[:20]}, so nobody hears this.",
                fix=f"Add {prompt.language[:20]} to the flow's languages, or remove the text.",
            )


def unknown_language(flow: Inspection) -> Iterator[Finding]:
    """A language tag that is none, or stands twice."""
    seen: set[str] = set()
    for place, tag in enumerate(flow.document.languages):
        if not is_language(tag) or tag in seen:
            yield Finding(
                field=f"languages.{place}",
                message=f"“{tag[:20]}” " + ("stands twice." if tag in seen else "is not a language tag."),
                fix="Write tags like zh-CN, en-US, ko-KR: language in small letters, country in capitals.",
            )
        seen.add(tag)
    for tag in flow.document.voice:
        if tag not in seen:
            yield Finding(
                field=f"voice.{tag}",
                message=f"A voice is set for “{tag[:20]}”, which the flow does not speak.",
                fix="Use one of the flow's languages.",
            )


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """The codes of languages and territories that the Unicode locale data (CLDR) knows."""
    english = Locale.parse("en")
    return frozenset(english.languages), frozenset(english.territories)


def is_language(tag: str) -> bool:
    """True for a BCP-47 tag of language, script and region that exist, spelled as usual."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    languages, territories = _names()
    return match[1] in languages and (match[4] is None or match[4] in territories)


RULES = (
    Rule(
        name="missing_translation",
        title={"en": "A prompt is missing in a language", "zh": "提示语缺少某种语言"},
        check=missing_translation,
    ),
    Rule(
        name="unused_translation",
        level=Level.WARNING,
        title={"en": "A text in a language the flow does not speak", "zh": "提示语使用了流程未启用的语言"},
        check=unused_translation,
    ),
    Rule(
        name="unknown_language",
        title={"en": "A language tag that does not exist", "zh": "语言标签不存在"},
        check=unknown_language,
    ),
)
