"""The sound of a recording, for those who are signed in."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from console import conversation
from console.deps import deps
from ivr.recordings import Recording

blueprint = Blueprint("recordings", __name__)


@blueprint.get("/recordings/<int:recording_id>.wav")
def sound(recording_id: int) -> ResponseReturnValue:
    """The WAV file; a Range request gets its part, so that a player can jump."""
    with deps().db.read() as s:
        recording = s.get(Recording, recording_id)
        stored = recording.path if recording else ""
    if not stored:
        abort(404)
    path = stored_sound(stored)
    if path is None:
        abort(404)
    response = send_file(path, mimetype="audio/wav", conditional=True, max_age=3600)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def stored_sound(stored: str) -> Path | None:
    """The file of a stored path, when it is there. The path is data: nothing outside of the folder is ever read."""
    folder = deps().recordings_dir.resolve()
    path = (folder / stored).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


@blueprint.get("/recordings/<int:recording_id>/player")
def player(recording_id: int) -> str:
    """The player alone, so that a page can put in the transcript when it is ready."""
    with deps().db.read() as s:
        recording = s.get(Recording, recording_id)
        if recording is None:
            abort(404)
        return render_template("_recording.html", recording=recording, lines=conversation.lines)
