"""Nobody waits in silence, and nobody is talked to who does not wait."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.streams.company import TONE, Company
from telephony.verbs import Say

FILLER = Say(text="Let me look.", language="en-US")


@dataclass
class Player:
    """Whether something is being played."""

    is_speaking: bool = False


@dataclass
class Waiting:
    """A caller who waits, as `Talking` tells it."""

    is_slow: bool = True
    player: Player = field(default_factory=Player)


def spent(company: Company, seconds: float) -> list[str]:
    """What is said while so much sound passes, in frames of 20 ms."""
    said = []
    for _ in range(round(seconds * 50)):
        said += [getattr(prompt, "text", "") or "tone" for prompt in company.passed(20.0)]
    return said


def test_the_first_filler_is_the_turns_own_then_tones_with_a_sentence_now_and_then() -> None:
    company = Company(Waiting(), after_s=1.5, again_s=1.8)
    company.turn("en-US", (FILLER,))
    assert spent(company, 1.4) == []
    assert spent(company, 0.2) == ["Let me look."]
    assert spent(company, 5.5) == ["tone", "tone", "One more moment, please."]
    assert TONE.url == "tone:waiting"


def test_silence_counts_from_the_end_of_what_was_played() -> None:
    waiting = Waiting()
    company = Company(waiting, after_s=1.5, again_s=1.8)
    company.turn("zh-CN", ())
    waiting.player.is_speaking = True
    assert spent(company, 3) == []
    waiting.player.is_speaking = False
    assert spent(company, 1.6) == ["请再稍等一下。"]


def test_who_does_not_wait_and_who_has_not_been_let_in_hears_nothing() -> None:
    company = Company(Waiting(), after_s=1.5, again_s=1.8)
    assert spent(company, 5) == []
    waiting = Waiting(is_slow=False)
    company = Company(waiting, after_s=1.5, again_s=1.8)
    company.turn("en-US", (FILLER,))
    assert spent(company, 5) == []
    waiting.is_slow = True
    assert spent(company, 1.4) == []
