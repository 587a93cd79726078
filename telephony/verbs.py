"""What a caller hears and is asked to do: neutral verbs that a provider renders in its own dialect.

A verb is a frozen value. Where a verb asks for something, the provider posts the answer to the verb's `action`, an
absolute URL that the call's host fills in with `with_actions` before rendering; nodes leave it empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class InputMode(StrEnum):
    """What a Gather listens for."""

    KEYS = "dtmf"
    SPEECH = "speech"
    BOTH = "dtmf speech"


class Expects(StrEnum):
    """What kind of answer a question wants spoken; an ear of our own chooses grammar and patience by it.

    PHRASES is one of the hints, CODE is letters and digits, OPEN is anything at all.
    """

    PHRASES = "phrases"
    YES_NO = "yes_no"
    DIGITS = "digits"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Say:
    """Text spoken by a synthesized voice.

    Attributes:
        text: plain text, never markup; a provider escapes it.
        language: BCP-47 tag of the text, e.g. "zh-CN"; the provider maps it to its own code.
        voice: name of a provider voice, or "" for the provider's default for the language.
        must_hear: neither words nor keys interrupt it.
    """

    text: str
    language: str
    voice: str = ""
    must_hear: bool = False


@dataclass(frozen=True, kw_only=True)
class Play:
    """A sound file. `url` is absolute or a path below the application's public base URL; `text` is what it says.

    Neither words nor keys interrupt one that `must_hear`.
    """

    url: str
    text: str = ""
    language: str = ""
    must_hear: bool = False


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Silence of `seconds` (1 or more, whole)."""

    seconds: int = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True, kw_only=True)
class Gather:
    """A question: prompts during which the caller may press keys or speak.

    Attributes:
        prompts: what is heard while listening; keys always interrupt, speech only when `barge_in`.
        mode: keys, speech or both.
        language: BCP-47 tag for the recogniser.
        timeout_s: silence after the prompts before the answer counts as none, 1 to 60.
        num_digits: stop after so many keys; None for any number.
        finish_on_key: key that ends the input and is not sent; "" for none.
        hints: words and phrases to expect, at most 500 of at most 100 characters.
        speech_end_s: silence that ends speech; None lets the provider decide.
        expects: the kind of answer that may be spoken.
        action: absolute URL for the answer; filled in by the host.
    """

    prompts: tuple[Prompt, ...]
    mode: InputMode = InputMode.BOTH
    language: str
    timeout_s: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    hints: tuple[str, ...] = ()
    speech_end_s: int | None = None
    barge_in: bool = True
    expects: Expects = Expects.PHRASES
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A recording of the caller. `recording_status` is the URL told when the file is ready (host fills both URLs)."""

    max_length_s: int = 120
    silence_s: int = 5
    finish_on_key: str = "#"
    beep: bool = True
    action: str = ""
    recording_status: str = ""


@dataclass(frozen=True, kw_only=True)
class Dial:
    """A second party joined to the call.

    Attributes:
        numbers: E.164 numbers rung at once, 1 to 10.
        caller_id: number shown to them; "" keeps the caller's own where the provider allows it.
        timeout_s: seconds to ring.
        whisper: URL of what the second party hears before being joined ("press 1 to accept"); "" joins at once.
    """

    numbers: tuple[str, ...]
    caller_id: str = ""
    timeout_s: int = 30
    time_limit_s: int = 14_400
    whisper: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class DialQueue:
    """Join the call to the first caller waiting in a queue (an agent's side of Enqueue)."""

    queue: str
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Enqueue:
    """The caller waits in a named queue and hears what `wait` answers until somebody takes the call."""

    queue: str
    wait: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """The caller leaves the queue and goes on with the Enqueue's action."""


@dataclass(frozen=True, kw_only=True)
class Connect:
    """The call's sound goes both ways through a live stream until our side closes it; then the next verb runs.

    Attributes:
        url: wss address without a query.
        parameters: told to the stream as it starts; name and value together under 500 characters.
    """

    url: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Go on with the instructions at `url` (host fills it in when empty: the next turn)."""

    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Hangup:
    """The end of the call."""


@dataclass(frozen=True, kw_only=True)
class Reject:
    """Do not answer; `busy` gives a busy tone instead of a not-in-service message. Must be the only verb."""

    busy: bool = False


Verb = Say | Play | Pause | Gather | Record | Dial | DialQueue | Enqueue | Leave | Connect | Redirect | Hangup | Reject


@dataclass(frozen=True, kw_only=True)
class Actions:
    """The absolute URLs of one turn, as the host knows them."""

    next_turn: str
    recording_status: str
    whisper: str
    queue_wait: str
    media_base: str


def with_actions(verb: Verb, actions: Actions) -> Verb:
    """Return the verb with every empty URL filled in; prompts get absolute media URLs."""
    match verb:
        case Play(url=url) if not url.startswith(("http://", "https://")):
            return replace(verb, url=actions.media_base.rstrip("/") + "/" + url.lstrip("/"))
        case Gather():
            prompts = tuple(with_actions(p, actions) for p in verb.prompts)
            return replace(verb, prompts=prompts, action=verb.action or actions.next_turn)  # type: ignore[arg-type]
        case Record():
            return replace(
                verb,
                action=verb.action or actions.next_turn,
                recording_status=verb.recording_status or actions.recording_status,
            )
        case Dial():
            whisper = actions.whisper if verb.whisper == "default" else verb.whisper
            return replace(verb, action=verb.action or actions.next_turn, whisper=whisper)
        case Enqueue():
            return replace(verb, action=verb.action or actions.next_turn, wait=verb.wait or actions.queue_wait)
        case DialQueue():
            return replace(verb, action=verb.action or actions.next_turn)
        case Redirect():
            return replace(verb, url=verb.url or actions.next_turn)
        case _:
            return verb
