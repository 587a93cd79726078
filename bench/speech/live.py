"""Live calls, measured: how many at once per engine, the parts of an answer's time, the floor, and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from audio.catalogue import SpeechFolders, choose, primary
from audio.codecs import mulaw
from audio.hearing.question import AnswerKind
from bench.figures import family_rss_mb, median, rss_mb
from bench.speech import bare_vosk, plain_load
from bench.speech.live_desk import LiveDesk, live_desk
from bench.speech.load import LIMIT_S, Load, hold
from bench.speech.test_sets import TestSet
from bench.whole import tell
from ivr.turns import TurnRow

PARTS = ("endpoint", "decode", "turn_before", "voice_before", "first_audio_before")
_MENU = 20
_UNLIMITED = {"SPEECH_CALLS": "1000"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One engine and what is said to it."""

    title: str
    language: str
    engines: str
    steps: tuple[int, ...]


SUBJECTS = (
    Subject(title="Vosk, Korean menu", language="ko", engines="", steps=(1, 10, 20, 30, 40, 50, 60, 70, 80)),
    Subject(
        title="pocketsphinx, English menu",
        language="en",
        engines="en:closed=pocketsphinx",
        steps=(1, 5, 10, 20, 30, 40, 50, 60),
    ),
    Subject(title="default, English menu", language="en", engines="", steps=(1, 2, 4, 6, 8, 12, 16)),
    Subject(title="default, Chinese menu", language="zh", engines="", steps=(1, 2, 4, 6, 8, 12)),
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How long everything is held."""

    seconds: float
    most_steps: int
    plain_steps: tuple[int, ...]
    memory_calls: int
    memory_s: float


FULL = Size(seconds=12.0, most_steps=99, plain_steps=(25, 50, 60, 70, 80, 90, 100, 150), memory_calls=40, memory_s=90)
QUICK = Size(seconds=8.0, most_steps=2, plain_steps=(50, 100), memory_calls=4, memory_s=20)


def measure(sets: Sequence[TestSet], *, quick: bool) -> dict[str, Any]:
    """Everything, on these sets of answers; a subject whose set is not there is left out."""
    size = QUICK if quick else FULL
    menus = {primary(found.question.language): _small(found) for found in reversed(sets) if _is_menu(found)}
    tell("streams without a recogniser")
    plain = plain_load.ramp(size.plain_steps, min(size.seconds, 10.0))
    found: dict[str, Any] = {"plain": plain}
    if "ko" in menus:
        tell("Vosk with nothing around it")
        found["bare"] = _bare(menus["ko"], size)
    found["subjects"] = [_subject(each, menus[each.language], size) for each in SUBJECTS if each.language in menus]
    if "ko" in menus:
        tell("memory over many calls")
        found["memory"] = _memory(menus["ko"], size)
    return found


def _is_menu(found: TestSet) -> bool:
    return found.question.kind is AnswerKind.PHRASES and not found.outside


def _small(material: TestSet) -> TestSet:
    """A menu of the size a caller meets, and those who say its phrases."""
    phrases = tuple(dict.fromkeys(said.text for said in material.said))[:_MENU]
    said = tuple(one for one in material.said if one.text in phrases)
    return replace(material, question=replace(material.question, phrases=phrases), said=said)


def _utterances(material: TestSet) -> list[bytes]:
    return [mulaw.encode(said.sound) for said in material.said]


def _subject(subject: Subject, material: TestSet, size: Size) -> dict[str, Any]:
    """More and more calls until p95 passes the limit, or some find no room; then half of that, with its parts."""
    rows: list[Load] = []
    tell(subject.title)
    question = material.question
    with (
        tempfile.TemporaryDirectory(prefix="ringback-live-") as folder,
        live_desk(
            Path(folder),
            language=question.language,
            phrases=question.phrases,
            engines=subject.engines,
            more=_UNLIMITED,
        ) as desk,
    ):
        utterances = _utterances(material)
        hold(desk, utterances, 1, 6.0)  # Caches fill, and the first connection of all is made.
        for calls in subject.steps[: size.most_steps]:
            desk.wait_for_room(question.language)
            rows.append(hold(desk, utterances, calls, size.seconds))
            if rows[-1].p95_ms > LIMIT_S * 1000 or rows[-1].left_to_carrier or not rows[-1].answers:
                break
        good = [row.calls for row in rows if row.p95_ms <= LIMIT_S * 1000 and not row.left_to_carrier]
        most = max(good, default=0)
        desk.wait_for_room(question.language)
        before = _last_turn(desk)
        half = hold(desk, utterances, max(1, most // 2), size.seconds)
        parts = _parts(desk, before)
    return {
        "title": subject.title,
        "synthesized": material.synthesized,
        "rows": [asdict(row) for row in rows],
        "most": most,
        "half": asdict(half),
        "parts": parts,
    }


def _last_turn(desk: LiveDesk) -> int:
    with desk.house.db.read() as session:
        return session.scalar(select(TurnRow.id).order_by(TurnRow.id.desc()).limit(1)) or 0


def _parts(desk: LiveDesk, after: int) -> Mapping[str, float]:
    """The median of each part of an answer's time, in milliseconds, of the turns after this one."""
    with desk.house.db.read() as session:
        notes = session.scalars(select(TurnRow.heard).where(TurnRow.id > after)).all()
    found = [note["note"]["latency_ms"] for note in notes if note.get("note", {}).get("latency_ms")]
    return {part: round(median([ms[part] for ms in found if part in ms]), 1) for part in PARTS}


def _bare(material: TestSet, size: Size) -> list[dict[str, Any]]:
    """The floor, until its p95 passes the limit."""
    import vosk

    folders = SpeechFolders(models=Path("var/models"), cache=Path("var/cache"))
    spec = choose(material.question.language, folders)
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(spec.path))
    words = sorted({word for phrase in material.question.phrases for word in phrase.split()})
    rows = []
    for calls in SUBJECTS[0].steps[: size.most_steps]:
        row = bare_vosk.hold(spec, model, words, _utterances(material), calls, size.seconds)
        rows.append(asdict(row))
        if row.p95_ms > LIMIT_S * 1000:
            break
    return rows


def _memory_mb(pid: int) -> float:
    """Of the media server with its workers."""
    return rss_mb(pid) + family_rss_mb(pid)


def _memory(material: TestSet, size: Size) -> dict[str, float]:
    """Resident memory of the media server and its workers, before, half way and after so many minutes of calls."""
    question = material.question
    with (
        tempfile.TemporaryDirectory(prefix="ringback-live-") as folder,
        live_desk(Path(folder), language=question.language, phrases=question.phrases, more=_UNLIMITED) as desk,
    ):
        utterances = _utterances(material)
        hold(desk, utterances, size.memory_calls, size.memory_s / 6)
        first = _memory_mb(desk.pid)
        hold(desk, utterances, size.memory_calls, size.memory_s / 2)
        middle = _memory_mb(desk.pid)
        hold(desk, utterances, size.memory_calls, size.memory_s / 2)
        last = _memory_mb(desk.pid)
    minutes = size.memory_calls * size.memory_s / 60
    return {"call_minutes": minutes, "first_mb": first, "middle_mb": middle, "last_mb": last}


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The tables."""
    yield "### Calls at once"
    yield ""
    yield "| engine | calls | sent to the carrier | answers | p50 ms | p95 ms | p99 ms | cores a call |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for subject in found["subjects"]:
        for row in (*subject["rows"], {**subject["half"], "half": True}):
            name = f"{subject['title']}{', half of its most' if 'half' in row else ''}"
            figures = (row[key] for key in ("calls", "left_to_carrier", "answers", "p50_ms", "p95_ms", "p99_ms"))
            yield f"| {name} | {' | '.join(str(figure) for figure in figures)} | {row['cpu_per_call']:.3f} |"
    for row in found.get("bare", ()):
        alone = " | ".join(str(row[key]) for key in ("answers", "p50_ms", "p95_ms"))
        yield f"| Vosk with nothing around it | {row['calls']} | 0 | {alone} | | |"
    yield ""
    yield "### Where the time goes, at half of the most (medians, ms)"
    yield ""
    yield "| engine | end of speech known | decode | turn | voice | end of speech → first sound |"
    yield "|---|---:|---:|---:|---:|---:|"
    for subject in found["subjects"]:
        yield f"| {subject['title']} | {' | '.join(str(subject['parts'][part]) for part in PARTS)} |"
    yield ""
    if "bare" in found:
        yield from _floor_lines(found)
    yield "### Streams without a recogniser, on one core"
    yield ""
    yield "| streams | keys | p50 ms | p95 ms | p99 ms | of the core |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for row in found["plain"]:
        yield (
            f"| {row['streams']} | {row['keys']} | {row['p50_ms']} | {row['p95_ms']} | {row['p99_ms']} |"
            f" {row['core']:.2f} |"
        )
    yield ""


def _floor_lines(found: Mapping[str, Any]) -> Iterator[str]:
    ours = next(subject["most"] for subject in found["subjects"] if subject["title"].startswith("Vosk"))
    bare = max((row["calls"] for row in found["bare"] if row["p95_ms"] <= LIMIT_S * 1000), default=0)
    ratio = f"{ours / bare:.2f}" if bare else "not measured"
    yield f"Vosk with nothing around it holds {bare} calls on the same audio; ours {ours}, ratio {ratio}."
    yield ""
    memory = found["memory"]
    yield (
        f"Memory of the media server with its workers over {memory['call_minutes']:.0f} minutes of calls: "
        f"{memory['first_mb']:.0f}, {memory['middle_mb']:.0f}, {memory['last_mb']:.0f} MB."
    )
    yield ""
