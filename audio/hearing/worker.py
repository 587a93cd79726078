"""The process in which an engine of a live call runs: `python -m audio.hearing.worker SOCKET BOARD`.

One thread reads what the parent sends, others decode, one tells every half second that all is well. It ends when its
parent does, and ends itself when the engine is stuck: nothing else can stop a thread inside native code.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from audio.errors import AudioError
from audio.hearing.engine import EngineSpec
from audio.hearing.streaming_desk import StreamingDesk
from audio.hearing.utterance_desk import UtteranceDesk
from audio.hearing.wire import Kind, Message, Messages, as_seconds, written
from audio.hearing.work_board import WorkBoard

BEAT_S = 0.5
_READ_BYTES = 1 << 16

Send = Callable[[Kind, int, bytes], None]


def main() -> None:
    """Serve one engine until the parent closes the socket."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    board = WorkBoard(int(sys.argv[2]))
    lock = threading.Lock()

    def send(kind: Kind, number: int, payload: bytes) -> None:
        with lock:
            connection.sendall(written(kind, number, payload))

    try:
        _serve(connection, send, board)
    except OSError:
        pass  # The parent is gone.
    finally:
        os._exit(0)  # Threads may be inside an engine that does not come back.


def _serve(connection: socket.socket, send: Send, board: WorkBoard) -> None:
    messages = Messages()
    desk: StreamingDesk | UtteranceDesk | None = None
    while data := connection.recv(_READ_BYTES):
        for message in messages.feed(data):
            if desk is not None:
                desk.take(message)
                continue
            desk = _begin(message, send, board)
            if desk is None:
                return
            threading.Thread(target=_beat, args=(send, board, desk), daemon=True).start()


def _begin(message: Message, send: Send, board: WorkBoard) -> StreamingDesk | UtteranceDesk | None:
    """The desk for the engine of the first message; None when it cannot be had, which the parent is told."""
    spec: EngineSpec = pickle.loads(message.payload)  # noqa: S301 - from our own parent.
    try:
        engine = _made(spec)
        for language in spec.languages:
            engine.warm_up(language)
    except Exception as error:
        reason = str(error) if isinstance(error, AudioError) else f"{type(error).__name__}: {error}"
        send(Kind.UNABLE, 0, reason.encode())
        return None
    desk = (StreamingDesk if engine.capabilities.streaming else UtteranceDesk)(engine, spec, board, send)
    send(Kind.READY, 0, pickle.dumps(engine.capabilities))
    return desk


def _made(spec: EngineSpec) -> Any:
    module, _, function = spec.maker.partition(":")
    return getattr(importlib.import_module(module), function)(spec)


def _beat(send: Send, board: WorkBoard, desk: StreamingDesk | UtteranceDesk) -> None:
    """Tell that we live and how far behind we are; end the process when the engine is stuck."""
    while True:
        time.sleep(BEAT_S)
        if board.is_stuck():
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            send(Kind.BEAT, 0, as_seconds(desk.waiting_s()))
        except OSError:
            os._exit(0)


if __name__ == "__main__":
    main()
