"""What is said where a foreign flow had something that cannot be read: a sound, a text in no language of ours."""

from __future__ import annotations

from flows.phrases import primary

PLACEHOLDERS = {
    "en": "This announcement is still to be written.",
    "zh": "这段提示语尚未填写。",
    "ko": "이 안내 문구는 아직 작성되지 않았습니다.",
    "es": "Este mensaje todavía no se ha escrito.",
    "de": "Dieser Text ist noch zu schreiben.",
    "fr": "Ce message reste à écrire.",
}


def placeholder(language: str) -> str:
    """The sentence in a language, in English where there is none."""
    return PLACEHOLDERS.get(primary(language), PLACEHOLDERS["en"])
