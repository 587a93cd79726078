"""Widgets that speak and record."""

from __future__ import annotations

from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job

MIN_RECORDING_S, MAX_RECORDING_S = 5, 840


def say_play(job: Job, widget: Widget) -> None:
    """Something said, a sound file, or keys pressed for the other side."""
    onward = widget.target("audioComplete")
    if widget.text("digits") and not widget.text("say") and not widget.text("play"):
        job.board.pass_by(widget.name, onward)
        job.refuse(
            widget, "It presses keys ({keys}) on the line; the call goes on without.", keys=widget.text("digits")
        )
        return
    job.board.put(widget.name, "message", prompt=job.prompt(widget), exits={"next": onward})
    if widget.text("say"):
        job.board.report.take(widget.name, widget.type, "Is a message.")


def record_voicemail(job: Job, widget: Widget) -> None:
    """A voice message after a tone. Studio's widget says nothing itself; what stands before it does."""
    report = job.board.report
    seconds = widget.number("max_length") or MAX_RECORDING_S
    length = max(MIN_RECORDING_S, min(seconds, MAX_RECORDING_S))
    silence = widget.number("timeout")
    primary = job.board.language.partition("-")[0]
    job.board.put(
        widget.name,
        "record",
        prompt=job.board.say(_PLEASE_SPEAK.get(primary, _PLEASE_SPEAK["en"])),
        value=job.board.names.value(f"{widget.name} recording"),
        max_length_s=length,
        silence_s=max(2, min(silence, 30)) if silence else None,
        beep=False if widget.text("play_beep") == "false" else None,
        exits={"next": widget.target("recordingComplete", "hangup"), "empty": widget.target("noAudio")},
    )
    if widget.text("play_beep") == "false":
        report.change(widget.name, "play_beep", "The tone stays off, though callers wait for one.")
    report.take(widget.name, widget.type, "Is a recording of up to {length} s.", length=length)
    report.change(widget.name, "prompt", "A short sentence was added before the tone; Studio said nothing there.")
    if length != seconds and widget.number("max_length"):
        report.change(
            widget.name,
            "max_length",
            "It ends after {here} s; Studio would take {there} s.",
            here=length,
            there=seconds,
        )
    callbacks = [k for k in ("recording_status_callback_url", "transcription_callback_url") if widget.text(k)]
    if callbacks:
        report.refuse(
            widget.name,
            callbacks[0],
            "The address that Studio told of the recording is left out: the desk keeps and transcribes it itself.",
        )


def record_call(job: Job, widget: Widget) -> None:
    """Recording of the whole call."""
    job.board.pass_by(widget.name, widget.target("success", "failed"))
    job.refuse(widget, "Whole calls are not recorded by a flow here; use a recording node where it is needed.")


_PLEASE_SPEAK = {
    "en": "Please speak after the tone.",
    "zh": "请在提示音后留言。",
    "ko": "삐 소리가 난 뒤 말씀해 주세요.",
    "es": "Hable después de la señal.",
    "de": "Bitte sprechen Sie nach dem Ton.",
    "fr": "Parlez après le signal sonore.",
}
